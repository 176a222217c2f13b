package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

func ExampleRetry() {
	attempts := 0
	flaky := workflow.Func("ask", func(context.Context, string) (string, error) {
		if attempts++; attempts < 3 {
			return "", errors.New("too many requests")
		}
		return "done", nil
	})
	step := workflow.Retry(flaky, workflow.Attempts(5), workflow.Backoff(time.Millisecond, time.Second))
	out, err := step.Run(context.Background(), "world")
	fmt.Println(out, err, "after", attempts, "attempts")
	// Output: done <nil> after 3 attempts
}

func ExamplePermanent() {
	attempts := 0
	ask := workflow.Func("ask", func(context.Context, string) (string, error) {
		attempts++
		return "", workflow.Permanent(errors.New("the key is not valid"))
	})
	_, err := workflow.Retry(ask).Run(context.Background(), "world")
	fmt.Println(err, "- after", attempts, "attempt")
	// Output: step ask: the key is not valid - after 1 attempt
}

func ExampleFallback() {
	step := workflow.Fallback(workflow.Func("model", unreachable), workflow.Func("template", greet))
	fmt.Println(step.Run(context.Background(), "world"))
	// Output: hello world <nil>
}

func ExampleTimeout() {
	slow := workflow.Func("slow", func(ctx context.Context, _ string) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	})
	_, err := workflow.Timeout(slow, 10*time.Millisecond).Run(context.Background(), "world")
	fmt.Println(err, errors.Is(err, context.DeadlineExceeded))
	// Output: not done within 10ms: step slow: context deadline exceeded true
}

func ExampleCache() {
	calls := 0
	ask := workflow.Func("ask", func(ctx context.Context, s string) (string, error) {
		calls++
		return greet(ctx, s)
	})
	byText := func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
	step := workflow.Cache(ask, byText, workflow.NewLRU[string](1000, time.Hour))
	for _, s := range []string{"world", " World"} {
		fmt.Println(step.Run(context.Background(), s))
	}
	fmt.Println(calls, "call")
	// Output:
	// hello world <nil>
	// hello world <nil>
	// 1 call
}

func ExampleSaga() {
	book := func(what string) workflow.Step[string, string] {
		return workflow.Compensate(
			workflow.Func("book "+what, func(_ context.Context, trip string) (string, error) {
				fmt.Println("book", what)
				return trip, nil
			}),
			func(_ context.Context, trip, _ string) error {
				fmt.Println("cancel", what, "of", trip)
				return nil
			})
	}
	trip := workflow.Saga("trip", workflow.Then3(book("flight"), book("hotel"), workflow.Func("pay", unreachable)))
	_, err := trip.Run(context.Background(), "Oslo")
	fmt.Println(err)
	// Output:
	// book flight
	// book hotel
	// cancel hotel of Oslo
	// cancel flight of Oslo
	// step pay: not reachable
}

func ExampleMemory() {
	notes := workflow.NewMemory("notes", workflow.RunScope, workflow.NewLRU[int](1000, time.Hour))
	count := workflow.Func("count", func(ctx context.Context, s string) (string, error) {
		return s, notes.Put(ctx, "letters", len(s))
	})
	report := workflow.Func("report", func(ctx context.Context, s string) (string, error) {
		letters, _, err := notes.Get(ctx, "letters")
		return fmt.Sprintf("%s has %d letters", s, letters), err
	})
	fmt.Println(workflow.New("w", workflow.Then(count, report)).Run(context.Background(), "world"))
	// Output: world has 5 letters <nil>
}

func ExampleConversation() {
	bySession := func(context.Context) string { return "session 7" }
	said := workflow.NewConversation("said", bySession, workflow.NewLRU[[]string](1000, time.Hour), 3)
	chat := workflow.New("chat", workflow.Func("reply", func(ctx context.Context, s string) ([]string, error) {
		if err := said.Append(ctx, "user: "+s, "agent: hello"); err != nil {
			return nil, err
		}
		return said.Entries(ctx)
	}))
	_, _ = chat.Run(context.Background(), "hi")
	entries, err := chat.Run(context.Background(), "is it late?")
	fmt.Printf("%q %v\n", entries, err)
	// Output: ["agent: hello" "user: is it late?" "agent: hello"] <nil>
}
