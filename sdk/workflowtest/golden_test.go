package workflowtest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	apitrace "go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

var update = flag.Bool("update", false, "write the trees in testdata instead of comparing with them")

// conditions are what may happen in the leaf and around the run.
var conditions = []struct {
	name  string
	leaf  work
	bound func(context.Context) (context.Context, context.CancelFunc)
}{
	{"success", takes(time.Second, inc), context.WithCancel},
	{"error", takes(time.Second, fails), context.WithCancel},
	{"timeout", waits, func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, 90*time.Second)
	}},
	{"cancel", waits, func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(3*time.Second/2, cancel)
		return ctx, cancel
	}},
	{"panic", takes(time.Second, panics), context.WithCancel},
}

// Every primitive under every condition makes the tree of its file: a wrong
// parent, place, decision, outcome or status changes a line, and so does an
// exception too many, or a result.
func TestTrees(t *testing.T) {
	rec := workflowtest.NewRecorder()
	for _, p := range primitives(workflow.WithTracerProvider(rec.TracerProvider())) {
		t.Run(p.name, func(t *testing.T) {
			var b strings.Builder
			for _, c := range conditions {
				synctest.Test(t, func(t *testing.T) {
					rec.Reset()
					ctx, cancel := c.bound(t.Context())
					defer cancel()
					fmt.Fprintf(&b, "-- %s --\n%s", c.name, runOnce(ctx, t, rec, p.build(c.leaf)))
				})
			}
			compare(t, p.name, b.String())
		})
	}
}

// A remote parent makes the same tree in its own trace.
func TestTreesBelowRemoteParent(t *testing.T) {
	parent := apitrace.NewSpanContext(apitrace.SpanContextConfig{
		TraceID: apitrace.TraceID{1}, SpanID: apitrace.SpanID{2}, TraceFlags: apitrace.FlagsSampled, Remote: true,
	})
	rec := workflowtest.NewRecorder()
	for _, p := range primitives(workflow.WithTracerProvider(rec.TracerProvider())) {
		synctest.Test(t, func(t *testing.T) {
			rec.Reset()
			ctx := apitrace.ContextWithRemoteSpanContext(t.Context(), parent)
			got := runOnce(ctx, t, rec, p.build(conditions[0].leaf))
			if want := section(t, p.name, "success"); got != want {
				t.Errorf("%s: got\n%swant\n%s", p.name, got, want)
			}
			for _, s := range rec.Spans() {
				if s.SpanContext.TraceID() != parent.TraceID() && s.Name != "workflow_running w" && s.Name != "workflow_running inner" {
					t.Errorf("%s: %s left the trace", p.name, s.Name)
				}
			}
		})
	}
}

// Without spans, for want of an SDK or of a sample, every result is the same.
func TestResultsWithoutSpans(t *testing.T) {
	for name, opts := range map[string][]workflow.Option{
		"no SDK":    nil,
		"unsampled": {workflow.WithTracerProvider(trace.NewTracerProvider(trace.WithSampler(trace.NeverSample())))},
	} {
		for _, p := range primitives(opts...) {
			for _, c := range conditions {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := c.bound(t.Context())
					defer cancel()
					got := result(workflow.New("w", p.build(c.leaf), opts...).Run(ctx, 1))
					if all := section(t, p.name, c.name); !strings.HasSuffix(all, got) {
						t.Errorf("%s, %s, %s: got %s\nwant the end of\n%s", p.name, c.name, name, got, all)
					}
				})
			}
		}
	}
}

// runOnce returns the tree of a run, its exceptions and its result.
func runOnce(ctx context.Context, t *testing.T, rec *workflowtest.Recorder, root workflow.Step[int, int]) string {
	t.Helper()
	out, err := workflow.New("w", root, workflow.WithTracerProvider(rec.TracerProvider())).Run(ctx, 1)
	spans := slices.DeleteFunc(rec.Spans(), func(s tracetest.SpanStub) bool {
		return strings.HasPrefix(s.Name, "workflow_running")
	})
	for _, s := range spans {
		if s.SpanContext.TraceID() != spans[0].SpanContext.TraceID() {
			t.Errorf("%s is in a trace of its own", s.Name)
		}
	}
	return workflowtest.Draw(spans) + exceptions(spans) + result(out, err)
}

// exceptions draws one line for each, in the order of the names of their spans.
func exceptions(spans tracetest.SpanStubs) string {
	var lines []string
	for _, s := range spans {
		for _, e := range s.Events {
			class, message := e.Attributes[0].Value, e.Attributes[1].Value
			lines = append(lines, fmt.Sprintf("! %s: %s %s\n", s.Name, class.AsString(), message.AsString()))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// result leaves out which step was cancelled first: of parallel ones, any may be.
func result(out int, err error) string {
	if errors.Is(err, context.Canceled) {
		return "= context canceled\n"
	}
	if err != nil {
		return fmt.Sprintf("= %v\n", err)
	}
	return fmt.Sprintf("= %d\n", out)
}

func goldenFile(name string) string { return filepath.Join("testdata", "trees", name+".txt") }

func compare(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(goldenFile(name), []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(goldenFile(name))
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// section returns the part of a golden file below "-- title --".
func section(t *testing.T, name, title string) string {
	t.Helper()
	all, err := os.ReadFile(goldenFile(name))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(all), "-- "+title+" --\n")
	if !found {
		t.Fatalf("%s has no section %s", name, title)
	}
	part, _, _ := strings.Cut(after, "-- ")
	return part
}
