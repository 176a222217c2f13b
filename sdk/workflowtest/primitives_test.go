package workflowtest_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// takes makes work that needs d, and stops early when it is told to.
func takes(d time.Duration, then work) work {
	return func(ctx context.Context, in int) (int, error) {
		select {
		case <-time.After(d):
			return then(ctx, in)
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// task is a step that needs 2 s, twice as long as what it stands beside.
func task(name string) workflow.Step[int, int] { return workflow.Func(name, takes(2*time.Second, inc)) }

func odd(_ context.Context, in int) (bool, error) { return in%2 == 1, nil }

func even(_ context.Context, in int) (bool, error) { return in%2 == 0, nil }

func parity(_ context.Context, in int) (string, error) {
	if in%2 == 0 {
		return "even", nil
	}
	return "odd", nil
}

func key(in int) string { return strconv.Itoa(in) }

func undo(context.Context, int, int) error { return nil }

func undoFails(context.Context, int, int) error { return errors.New("no way back") }

func spread(_ context.Context, in int) ([]int, error) { return []int{in, in + 10, in + 20}, nil }

func total(_ context.Context, in workflow.Pair[int, int]) (int, error) {
	return in.First + in.Second, nil
}

// second makes work that is leaf for the second of three elements, and else as slow as task.
func second(leaf work) work {
	return func(ctx context.Context, in int) (int, error) {
		if in == 11 {
			return leaf(ctx, in)
		}
		return takes(2*time.Second, inc)(ctx, in)
	}
}

// steady is a retry whose waits are the same every time: 1 s, 2 s.
func steady(step workflow.Step[int, int], opts ...workflow.RetryOption) workflow.Step[int, int] {
	return workflow.Retry(step, append([]workflow.RetryOption{
		workflow.Backoff(time.Second, time.Minute), workflow.Jitter(0),
	}, opts...)...)
}

// primitive builds a step around a leaf, which every condition replaces.
type primitive struct {
	name  string
	build func(leaf work) workflow.Step[int, int]
}

// primitives are all of them; the options are for workflows inside of the workflow.
func primitives(opts ...workflow.Option) []primitive {
	nested := func(leaf work) workflow.Step[int, int] {
		return workflow.Then(workflow.Step[int, int](workflow.New("inner", workflow.Func("leaf", leaf), opts...)), task("after"))
	}
	return slices.Concat([]primitive{{"nested", nested}}, simple, called)
}

// simple are the primitives that need no options.
var simple = []primitive{
	{"func", func(leaf work) workflow.Step[int, int] { return workflow.Func("leaf", leaf) }},
	{"then", chain},
	{"do", func(leaf work) workflow.Step[int, int] {
		return workflow.Func("outer", func(ctx context.Context, in int) (int, error) {
			return workflow.Do(ctx, "inner", func(ctx context.Context) (int, error) { return leaf(ctx, in) })
		})
	}},
	{"sequential", func(leaf work) workflow.Step[int, int] {
		return workflow.Sequential("all", task("step1"), workflow.Func("step2", leaf), task("step3"))
	}},
	{"parallel", func(leaf work) workflow.Step[int, int] {
		return fan(takes(2*time.Second, inc), leaf, takes(2*time.Second, inc))
	}},
	{"both", func(leaf work) workflow.Step[int, int] {
		return workflow.Then(workflow.Both("pair", workflow.Func("leaf", leaf), task("other")), workflow.Func("total", total))
	}},
	{"map", func(leaf work) workflow.Step[int, int] {
		return workflow.Then3(workflow.Func("spread", spread), workflow.Map("each", workflow.Func("leaf", second(leaf)), 2),
			workflow.Func("sum", sum))
	}},
	{"if", func(leaf work) workflow.Step[int, int] {
		return workflow.If("odd?", odd, workflow.Func("leaf", leaf), task("other"))
	}},
	{"when", func(leaf work) workflow.Step[int, int] {
		return workflow.Then(workflow.When("even?", even, task("other")), workflow.When("odd?", odd, workflow.Func("leaf", leaf)))
	}},
	{"switch", func(leaf work) workflow.Step[int, int] {
		return workflow.Switch("parity", parity, map[string]workflow.Step[int, int]{
			"odd": workflow.Func("leaf", leaf), "even": task("other"),
		}, nil)
	}},
	{"router", func(leaf work) workflow.Step[int, int] {
		choose := func(context.Context, int) (workflow.Choice, error) {
			return workflow.Choice{Route: "small", Reason: "short text"}, nil
		}
		return workflow.Router("model", choose,
			workflow.Route[int, int]{Name: "small", Step: workflow.Func("leaf", leaf), Tier: "cheap"},
			workflow.Route[int, int]{Step: task("large")})
	}},
	{"retry", func(leaf work) workflow.Step[int, int] { return steady(workflow.Func("leaf", leaf)) }},
	{"fallback", func(leaf work) workflow.Step[int, int] {
		return workflow.Fallback(workflow.Func("leaf", leaf), task("other"))
	}},
	{"timeout", func(leaf work) workflow.Step[int, int] {
		return workflow.Timeout(workflow.Func("leaf", leaf), time.Minute)
	}},
	{"cache", func(leaf work) workflow.Step[int, int] {
		return workflow.Cache(workflow.Func("leaf", leaf), key, workflow.NewLRU[int](10, time.Hour))
	}},
	{"saga", func(leaf work) workflow.Step[int, int] {
		return workflow.Saga("order", workflow.Then3(
			workflow.Compensate(workflow.Func("reserve", inc), undo),
			workflow.Compensate(workflow.Func("charge", inc), undo),
			workflow.Func("leaf", leaf)))
	}},
	{"memory", func(leaf work) workflow.Step[int, int] {
		notes := workflow.NewMemory("notes", workflow.RunScope, workflow.NewLRU[int](10, 0))
		said := workflow.NewConversation("said", workflow.RunScope, workflow.NewLRU[[]int](10, 0), 2)
		return workflow.Func("leaf", func(ctx context.Context, in int) (int, error) {
			if err := errors.Join(notes.Put(ctx, "in", in), said.Append(ctx, in, in, in)); err != nil {
				return 0, err
			}
			noted, _, err := notes.Get(ctx, "in")
			all, listed := said.Entries(ctx)
			if len(all) != 2 || noted != in {
				return 0, errors.Join(errors.New("forgotten"), err, listed)
			}
			return leaf(ctx, in)
		})
	}},
}
