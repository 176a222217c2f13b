package workflowtest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Tree draws the recorded spans, a line each, children below their parent by
// step index and then by name. A line says the name, then where they are set
// the index, path and kind of the step, what it decided (attempt, attempts, branch,
// choice, fallback, hit, circuit, undoes), the outcome, the error type and the status:
//
//	invoke_workflow support outcome=error error.type=panic status=Error
//	  run_step validate index=0 path=validate kind=task outcome=success
//	  run_step answer index=1 path=answer kind=task outcome=error error.type=panic status=Error
func (r *Recorder) Tree() string { return Draw(r.Spans()) }

// Draw is Tree for spans that were recorded elsewhere.
func Draw(spans tracetest.SpanStubs) string {
	known := make(map[trace.SpanID]bool, len(spans))
	for _, s := range spans {
		known[s.SpanContext.SpanID()] = true
	}
	below := make(map[trace.SpanID][]tracetest.SpanStub)
	for _, s := range spans {
		parent := s.Parent.SpanID()
		if !known[parent] {
			parent = trace.SpanID{}
		}
		below[parent] = append(below[parent], s)
	}
	var b strings.Builder
	draw(&b, below, trace.SpanID{}, "")
	return b.String()
}

func draw(b *strings.Builder, below map[trace.SpanID][]tracetest.SpanStub, parent trace.SpanID, indent string) {
	children := below[parent]
	slices.SortStableFunc(children, func(x, y tracetest.SpanStub) int {
		return cmp.Or(cmp.Compare(index(x), index(y)), cmp.Compare(x.Name, y.Name))
	})
	for _, s := range children {
		b.WriteString(indent + line(s) + "\n")
		draw(b, below, s.SpanContext.SpanID(), indent+"  ")
	}
}

func line(s tracetest.SpanStub) string {
	words := []string{s.Name}
	for _, f := range []struct{ label, key string }{
		{"index", semconv.WorkflowStepIndex},
		{"path", semconv.WorkflowStepPath},
		{"kind", semconv.WorkflowStepKind},
		{"attempt", semconv.WorkflowAttemptNumber},
		{"attempts", semconv.WorkflowRetryAttempts},
		{"branch", semconv.WorkflowBranchName},
		{"choice", semconv.WorkflowRouterChoice},
		{"fallback", semconv.WorkflowFallbackIndex},
		{"hit", semconv.WorkflowCacheHit},
		{"circuit", semconv.WorkflowCircuitState},
		{"undoes", semconv.WorkflowCompensationOf},
		{"outcome", semconv.WorkflowOutcome},
		{"error.type", semconv.ErrorType},
	} {
		if v, ok := Attribute(s, f.key); ok {
			words = append(words, fmt.Sprintf("%s=%s", f.label, v.String()))
		}
	}
	if s.Status.Code != codes.Unset {
		words = append(words, "status="+s.Status.Code.String())
	}
	return strings.Join(words, " ")
}

// Attribute returns the value of one attribute of a span.
func Attribute(s tracetest.SpanStub, key string) (attribute.Value, bool) {
	for _, kv := range s.Attributes {
		if string(kv.Key) == key {
			return kv.Value, true
		}
	}
	return attribute.Value{}, false
}

func index(s tracetest.SpanStub) int64 {
	v, _ := Attribute(s, semconv.WorkflowStepIndex)
	return v.AsInt64()
}
