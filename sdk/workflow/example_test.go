package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

func upper(_ context.Context, s string) (string, error) { return strings.ToUpper(s), nil }

func greet(_ context.Context, s string) (string, error) { return "hello " + s, nil }

func length(_ context.Context, s string) (int, error) { return len(s), nil }

func unreachable(context.Context, string) (string, error) { return "", errors.New("not reachable") }

func ExampleNew() {
	greeter := workflow.New("greeter", workflow.Func("greet", greet), workflow.Version("1.2.0"))
	fmt.Println(greeter.Run(context.Background(), "world"))
	// Output: hello world <nil>
}

func ExampleFunc() {
	step := workflow.Func("greet", greet)
	fmt.Println(step.Run(context.Background(), "world"))
	// Output: hello world <nil>
}

func ExampleDo() {
	step := workflow.Func("answer", func(ctx context.Context, s string) (string, error) {
		return workflow.Do(ctx, "look up", func(ctx context.Context) (string, error) { return upper(ctx, s) })
	})
	fmt.Println(step.Run(context.Background(), "world"))
	// Output: WORLD <nil>
}

func ExampleThen() {
	step := workflow.Then(workflow.Func("greet", greet), workflow.Func("length", length))
	fmt.Println(step.Run(context.Background(), "world"))
	// Output: 11 <nil>
}

func ExampleThen3() {
	step := workflow.Then3(workflow.Func("upper", upper), workflow.Func("greet", greet), workflow.Func("length", length))
	fmt.Println(step.Run(context.Background(), "world"))
	// Output: 11 <nil>
}

func ExampleThen4() {
	step := workflow.Then4(
		workflow.Func("upper", upper), workflow.Func("greet", greet),
		workflow.Func("greet again", greet), workflow.Func("length", length))
	fmt.Println(step.Run(context.Background(), "world"))
	// Output: 17 <nil>
}

func ExampleSequential() {
	step := workflow.Sequential("polish", workflow.Func("greet", greet), workflow.Func("upper", upper))
	fmt.Println(step.Run(context.Background(), "world"))
	// Output: HELLO WORLD <nil>
}

func ExampleParallel() {
	step := workflow.Parallel("gather", workflow.Func("greet", greet), workflow.Func("upper", upper))
	outs, err := step.Run(context.Background(), "world")
	fmt.Printf("%q %v\n", outs, err)
	// Output: ["hello world" "WORLD"] <nil>
}

func ExampleBoth() {
	step := workflow.Both("gather", workflow.Func("greet", greet), workflow.Func("length", length))
	pair, err := step.Run(context.Background(), "world")
	fmt.Println(pair.First, pair.Second, err)
	// Output: hello world 5 <nil>
}

func ExampleMap() {
	step := workflow.Map("greet all", workflow.Func("greet", greet), 8)
	outs, err := step.Run(context.Background(), []string{"you", "me"})
	fmt.Printf("%q %v\n", outs, err)
	// Output: ["hello you" "hello me"] <nil>
}

func ExampleIf() {
	long := func(_ context.Context, s string) (bool, error) { return len(s) > 5, nil }
	step := workflow.If("long?", long, workflow.Func("upper", upper), workflow.Func("greet", greet))
	fmt.Println(step.Run(context.Background(), "world"))
	// Output: hello world <nil>
}

func ExampleWhen() {
	shouting := func(_ context.Context, s string) (bool, error) { return strings.HasSuffix(s, "!"), nil }
	step := workflow.When("shout", shouting, workflow.Func("upper", upper))
	fmt.Println(step.Run(context.Background(), "world!"))
	fmt.Println(step.Run(context.Background(), "world"))
	// Output:
	// WORLD! <nil>
	// world <nil>
}

func ExampleSwitch() {
	intent := func(_ context.Context, s string) (string, error) {
		word, _, _ := strings.Cut(s, " ")
		return word, nil
	}
	step := workflow.Switch("intent", intent, map[string]workflow.Step[string, string]{
		"greet": workflow.Func("greet", greet),
		"shout": workflow.Func("upper", upper),
	}, nil)
	fmt.Println(step.Run(context.Background(), "shout world"))
	_, err := step.Run(context.Background(), "sing world")
	fmt.Println(err)
	// Output:
	// SHOUT WORLD <nil>
	// step intent: no branch for "sing"
}

func ExampleRouter() {
	choose := func(_ context.Context, s string) (workflow.Choice, error) {
		if len(s) > 1000 {
			return workflow.Choice{Route: "large", Reason: "long question"}, nil
		}
		return workflow.Choice{Route: "small", Reason: "short question"}, nil
	}
	step := workflow.Router("model", choose,
		workflow.Route[string, string]{Step: workflow.Func("small", greet), Tier: "cheap"},
		workflow.Route[string, string]{Step: workflow.Func("large", upper), Tier: "dear", Default: true})
	fmt.Println(step.Run(context.Background(), "world"))
	// Output: hello world <nil>
}
