package workflow_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

func double(_ context.Context, in int) (int, error) { return 2 * in, nil }

// With no SDK a run does its work, and knows who it is.
func TestRunWithoutSDK(t *testing.T) {
	info := workflow.Func("info", func(ctx context.Context, in int) (workflow.Info, error) {
		got, ok := workflow.FromContext(ctx)
		if !ok || in != 4 {
			t.Errorf("in %d, inside a run %t", in, ok)
		}
		return got, nil
	})
	w := workflow.New("w", workflow.Then(workflow.Func("double", double), info), workflow.Version("1"),
		workflow.Tenant(func(context.Context) string { return "acme" }))
	got, err := w.Run(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if got.Workflow != "w" || got.Version != "1" || got.Tenant != "acme" || len(got.RunID) != 32 || got.CorrelationID != "" {
		t.Errorf("got %+v", got)
	}
	if again, _ := w.Run(t.Context(), 2); again.RunID == got.RunID {
		t.Error("two runs share an id")
	}
}

// The error names the innermost step by its path, once.
func TestStepErrorPath(t *testing.T) {
	cause := errors.New("no luck")
	outer := workflow.Func("outer", func(ctx context.Context, _ int) (int, error) {
		return workflow.Do(ctx, "inner", func(context.Context) (int, error) { return 0, cause })
	})
	_, err := workflow.New("w", workflow.Parallel("all", outer)).Run(t.Context(), 1)
	if got, want := err.Error(), "workflow w: step all/outer/inner: no luck"; got != want || !errors.Is(err, cause) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPanicBecomesError(t *testing.T) {
	w := workflow.New("w", workflow.Func("p", func(context.Context, int) (int, error) { panic("broken") }))
	_, err := w.Run(t.Context(), 1)
	p, ok := errors.AsType[*workflow.PanicError](err)
	if !ok || p.Value != "broken" || len(p.Stack) == 0 {
		t.Errorf("got %v", err)
	}
}
