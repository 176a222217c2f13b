package workflowtest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

// complaints collects what an assertion has to say.
type complaints struct{ text strings.Builder }

func (*complaints) Helper() {}

func (c *complaints) Errorf(format string, args ...any) { fmt.Fprintf(&c.text, format+"\n", args...) }

func recorded(t *testing.T) *workflowtest.Recorder {
	t.Helper()
	rec := workflowtest.NewRecorder()
	fallback := workflow.Fallback(workflow.Func("a", fails), workflow.Func("b", inc))
	if _, err := workflow.New("w", fallback, workflow.WithTracerProvider(rec.TracerProvider())).Run(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return rec
}

const recordedTree = `
	invoke_workflow w outcome=success
	  run_step a index=0 path=a kind=fallback fallback=1 outcome=success
	    run_step a index=0 path=a/a kind=task outcome=error error.type=_OTHER status=Error
	    run_step b index=1 path=a/b kind=task outcome=success
`

func TestAssertTree(t *testing.T) {
	rec := recorded(t)
	rec.AssertTree(t, recordedTree)
	for name, tc := range map[string]struct{ tree, want string }{
		"another outcome": {
			strings.Replace(recordedTree, "fallback=1 outcome=success", "fallback=0 outcome=success", 1),
			"got\n  run_step a index=0 path=a kind=fallback fallback=1",
		},
		"a line is missing": {strings.TrimSuffix(recordedTree, "    run_step b index=1 path=a/b kind=task outcome=success\n"), "got\n    run_step b"},
		"a line too many":   {recordedTree + "\t    run_step c", "want\n    run_step c"},
		"nothing":           {"", "want\n"},
	} {
		c := &complaints{}
		rec.AssertTree(c, tc.tree)
		if !strings.Contains(c.text.String(), tc.want) {
			t.Errorf("%s: %q, want %q in it", name, c.text.String(), tc.want)
		}
	}
}

func TestAssertStep(t *testing.T) {
	rec := recorded(t)
	rec.AssertStep(t, "a", attribute.Bool(semconv.WorkflowFallbackUsed, true), attribute.Int(semconv.WorkflowFallbackIndex, 1))
	for _, tc := range []struct {
		path string
		attr attribute.KeyValue
		want string
	}{
		{"a", attribute.Bool(semconv.WorkflowFallbackUsed, false), "step a has workflow.fallback.used=true, want false"},
		{"a", attribute.Int(semconv.WorkflowFallbackUsed, 1), "step a has workflow.fallback.used=true, want 1"},
		{"a/b", attribute.Bool(semconv.WorkflowCacheHit, true), "step a/b has no workflow.cache.hit, want true"},
		{"b", attribute.Bool(semconv.WorkflowCacheHit, true), "there is no step b among:\ninvoke_workflow w"},
	} {
		c := &complaints{}
		rec.AssertStep(c, tc.path, tc.attr)
		if !strings.HasPrefix(c.text.String(), tc.want) {
			t.Errorf("got %q, want %q", c.text.String(), tc.want)
		}
	}
}

func ExampleRecorder() {
	rec := workflowtest.NewRecorder()
	load := workflow.Func("load", func(context.Context, string) (string, error) { return "text", nil })
	w := workflow.New("w", load, workflow.WithTracerProvider(rec.TracerProvider()))
	_, _ = w.Run(context.Background(), "file")
	fmt.Print(rec.Tree())
	// Output:
	// invoke_workflow w outcome=success
	//   run_step load index=0 path=load kind=task outcome=success
}
