package workflowtest

import (
	"fmt"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// TB is what assertions need of a testing.TB.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// AssertTree fails the test unless the recorded spans are drawn as want, see
// Tree. Empty lines at both ends and the indentation of the first line do not
// count, so that a tree can be written where the test is:
//
//	rec.AssertTree(t, `
//		invoke_workflow w outcome=success
//		  run_step a index=0 path=a kind=task outcome=success
//	`)
func (r *Recorder) AssertTree(tb TB, want string) {
	tb.Helper()
	got, expected := r.Tree(), dedent(want)
	if got != expected {
		tb.Errorf("the spans are not as expected:\n%s", diff(got, expected))
	}
}

// AssertStep fails the test unless a step of that path was recorded and bears
// the attributes. Of several with one path, the last to end counts.
func (r *Recorder) AssertStep(tb TB, path string, want ...attribute.KeyValue) {
	tb.Helper()
	step, ok := r.Step(path)
	if !ok {
		tb.Errorf("there is no step %s among:\n%s", path, r.Tree())
		return
	}
	for _, kv := range want {
		got, ok := Attribute(step, string(kv.Key))
		if !ok {
			tb.Errorf("step %s has no %s, want %s", path, kv.Key, kv.Value.String())
		} else if got != kv.Value {
			tb.Errorf("step %s has %s=%s, want %s", path, kv.Key, got.String(), kv.Value.String())
		}
	}
}

// Step returns the step of a path that was the last to end.
func (r *Recorder) Step(path string) (tracetest.SpanStub, bool) {
	var found tracetest.SpanStub
	ok := false
	for _, s := range r.Spans() {
		if v, has := Attribute(s, semconv.WorkflowStepPath); has && v.AsString() == path {
			found, ok = s, true
		}
	}
	return found, ok
}

// dedent removes empty lines at both ends and the first line's indentation from all.
func dedent(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	if last := len(lines) - 1; strings.TrimSpace(lines[last]) == "" {
		lines = lines[:last]
	}
	if len(lines) == 0 {
		return ""
	}
	margin := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], " \t"))]
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimPrefix(line, margin) + "\n")
	}
	return b.String()
}

// diff marks the lines from the first on that differs:
//
//	  invoke_workflow w outcome=success
//	got
//	    run_step a …
//	want
//	    run_step b …
func diff(got, want string) string {
	gotLines, wantLines := strings.SplitAfter(got, "\n"), strings.SplitAfter(want, "\n")
	same := 0
	for same < min(len(gotLines), len(wantLines)) && gotLines[same] == wantLines[same] {
		same++
	}
	return fmt.Sprintf("%sgot\n%swant\n%s", strings.Join(gotLines[:same], ""),
		strings.Join(gotLines[same:], ""), strings.Join(wantLines[same:], ""))
}
