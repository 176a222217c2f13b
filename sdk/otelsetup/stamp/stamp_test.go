package stamp_test

import (
	"bytes"
	"context"
	"testing"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
	apitrace "go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/carrier"
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

// What another process does for a replay is marked there too, in runs and outside of
// them, if both sides let the word pass.
func TestCallsOfReplaysAreStamped(t *testing.T) {
	for _, tc := range []struct {
		baggage string
		allowed []string
		want    bool
	}{
		{"workflow.replay=true", []string{semconv.WorkflowReplay}, true},
		{"workflow.replay=true", nil, false},
		{"workflow.replay=false", []string{semconv.WorkflowReplay}, false},
		{"", []string{semconv.WorkflowReplay}, false},
	} {
		rec := workflowtest.NewRecorder(trace.WithSpanProcessor(stamp.Processor{}))
		tracer := rec.TracerProvider().Tracer("foreign")
		headers := carrier.Metadata{
			"traceparent": {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}, "baggage": {tc.baggage},
		}
		ctx := workflow.NewPropagator(tc.allowed...).Extract(t.Context(), headers)
		ctx, server := tracer.Start(ctx, "POST /tickets")
		_, query := tracer.Start(ctx, "SELECT")
		query.End()
		root := workflow.Func("s", func(_ context.Context, in int) (int, error) { return in, nil })
		if _, err := workflow.New("w", root, workflow.WithTracerProvider(rec.TracerProvider())).Run(ctx, 1); err != nil {
			t.Fatal(err)
		}
		// The SDK's own calls outside of a run go to the global provider.
		before := otel.GetTracerProvider()
		otel.SetTracerProvider(rec.TracerProvider())
		_, err := workflow.LLM(ctx, "openai", "gpt-4o", func(context.Context, *workflow.Call) (int, error) { return 1, nil })
		otel.SetTracerProvider(before)
		if err != nil {
			t.Fatal(err)
		}
		server.End()
		for _, s := range rec.Spans() {
			if v, _ := workflowtest.Attribute(s, semconv.WorkflowReplay); v.AsBool() != tc.want {
				t.Errorf("%q, allowed %q: %s has replay %t", tc.baggage, tc.allowed, s.Name, v.AsBool())
			}
		}
		if n := len(rec.Spans()); n != 5 {
			t.Errorf("%d spans", n)
		}
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
	if err := rec.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
