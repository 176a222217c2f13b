package stamp_test

import (
	"bytes"
	"context"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
	apitrace "go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup/stamp"
	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

// Every span of a replay says so, whoever makes it and whatever it says already: the
// collector may see it before any other.
func TestReplaysAreStamped(t *testing.T) {
	rec := workflowtest.NewRecorder(trace.WithSpanProcessor(stamp.Processor{}))
	ask := workflow.Func("ask", func(ctx context.Context, in int) (int, error) {
		tracer := rec.TracerProvider().Tracer("foreign")
		_, plain := tracer.Start(ctx, "plain")
		plain.End()
		_, named := tracer.Start(ctx, "named", apitrace.WithAttributes(attribute.String(semconv.WorkflowName, "its own")))
		named.End()
		return in, nil
	})
	var tape bytes.Buffer
	w := workflow.New("w", ask, workflow.WithTracerProvider(rec.TracerProvider()), workflow.Record(&tape))
	if _, err := w.Run(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for _, s := range rec.Spans() {
		if v, ok := workflowtest.Attribute(s, semconv.WorkflowReplay); ok {
			t.Errorf("%s of a run has replay %v", s.Name, v)
		}
	}
	runs, err := recording.Read(&tape)
	if err != nil {
		t.Fatal(err)
	}
	rec.Reset()
	if _, err := workflow.Replay(t.Context(), w, runs[0], workflow.OnlyExternal()); err != nil {
		t.Fatal(err)
	}
	for _, s := range rec.Spans() {
		if v, _ := workflowtest.Attribute(s, semconv.WorkflowReplay); !v.AsBool() {
			t.Errorf("%s of a replay does not say so", s.Name)
		}
	}
	if n := len(rec.Spans()); n != 4 {
		t.Errorf("%d spans", n)
	}
}

// A foreign span belongs to the innermost run and step; a nested run keeps its own name.
func TestForeignSpansAreStamped(t *testing.T) {
	rec := workflowtest.NewRecorder(trace.WithSpanProcessor(stamp.Processor{}))
	provider := workflow.WithTracerProvider(rec.TracerProvider())
	chat := workflow.Func("ask", func(ctx context.Context, in int) (int, error) {
		_, span := rec.TracerProvider().Tracer("foreign").Start(ctx, "chat")
		span.End()
		return in, nil
	})
	inner := workflow.New("inner", chat, provider)
	if _, err := workflow.New("outer", inner, provider).Run(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	_, outside := rec.TracerProvider().Tracer("foreign").Start(t.Context(), "outside")
	outside.End()

	want := map[string]string{
		"chat": "inner", "run_step ask": "inner", "invoke_workflow inner": "inner",
		"invoke_workflow outer": "outer", "outside": "",
	}
	for _, s := range rec.Spans() {
		if v, _ := workflowtest.Attribute(s, semconv.WorkflowStepName); s.Name == "chat" && v.AsString() != "ask" {
			t.Errorf("%s lies in step %q, want ask", s.Name, v.AsString())
		}
		if v, _ := workflowtest.Attribute(s, semconv.WorkflowName); v.AsString() != want[s.Name] {
			t.Errorf("%s belongs to %q, want %q", s.Name, v.AsString(), want[s.Name])
		}
	}
	if n := len(rec.Spans()); n != len(want) {
		t.Errorf("%d spans, want %d", n, len(want))
	}
}
