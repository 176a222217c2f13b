package workflowtest_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
	apitrace "go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/carrier"
	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

func fixed(text string) func(context.Context) string {
	return func(context.Context) string { return text }
}

// Session, user, cause and checkpoints are on the span of the run; tags on all.
func TestContextOnSpans(t *testing.T) {
	rec := workflowtest.NewRecorder()
	load := func(ctx context.Context, in int) (int, error) {
		workflow.Checkpoint(ctx, "loaded")
		workflow.Checkpoint(ctx, "checked")
		return in, nil
	}
	inner := workflow.New("inner", workflow.Func("in", inc), workflow.WithTracerProvider(rec.TracerProvider()))
	w := workflow.New("w", workflow.Then[int, int, int](workflow.Func("s", load), inner), workflow.WithTracerProvider(rec.TracerProvider()),
		workflow.Session(fixed("chat 9")), workflow.User(fixed("ada")), workflow.CausationID(fixed("message 3")),
		workflow.Tags(func(context.Context) map[string]string { return map[string]string{"region": "eu"} }))
	if _, err := w.Run(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	run := span(t, rec, "invoke_workflow w")
	id, _ := workflowtest.Attribute(run, semconv.WorkflowRunID)
	attributes(t, run, map[string]any{
		semconv.SessionID: "chat 9", semconv.UserID: "ada", semconv.WorkflowCausationID: "message 3",
		semconv.WorkflowCheckpoints: []string{"loaded", "checked"}, "workflow.tag.region": "eu", semconv.WorkflowReplay: nil,
	})
	attributes(t, span(t, rec, "run_step s"), map[string]any{
		semconv.SessionID: nil, semconv.UserID: nil, semconv.WorkflowCausationID: nil, semconv.WorkflowCheckpoints: nil, "workflow.tag.region": "eu",
	})
	attributes(t, span(t, rec, "invoke_workflow inner"), map[string]any{
		semconv.SessionID: "chat 9", semconv.WorkflowCausationID: id.AsString(), semconv.WorkflowCheckpoints: nil, "workflow.tag.region": "eu",
	})
}

// A redactor sees whatever an error says on a span.
func TestStatusIsRedacted(t *testing.T) {
	rec := workflowtest.NewRecorder()
	leak := workflow.Func("s", func(context.Context, int) (int, error) { return 0, errors.New("key-123 refused") })
	_, _ = workflow.New("w", leak, workflow.WithTracerProvider(rec.TracerProvider()),
		workflow.Redact(func(s string) string { return strings.ReplaceAll(s, "key-123", "[key]") })).Run(t.Context(), 1)
	for _, s := range rec.Spans() {
		if !strings.HasSuffix(s.Status.Description, "[key] refused") {
			t.Errorf("%s: %s", s.Name, s.Status.Description)
		}
		for _, e := range s.Events {
			for _, kv := range e.Attributes {
				if strings.Contains(kv.Value.String(), "key-123") {
					t.Errorf("%s: event %s: %s=%s", s.Name, e.Name, kv.Key, kv.Value.String())
				}
			}
		}
	}
}

// The trace of a caller goes through a run, in by environment and out by gRPC;
// one that is not sampled stays so, whatever this process would like.
func TestTraceThroughARun(t *testing.T) {
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-"
	for _, tc := range []struct {
		flags string
		spans int
	}{{"01", 3}, {"00", 0}} {
		rec := workflowtest.NewRecorder(trace.WithSampler(trace.ParentBased(trace.AlwaysSample())))
		p := workflow.NewPropagator()
		out := make(carrier.Metadata)
		step := chatting(func(ctx context.Context, in int) (int, error) {
			p.Inject(ctx, out)
			return in, nil
		})
		env := carrier.Environ{"TRACEPARENT=" + parent + tc.flags, "TRACESTATE=ot=th:8"}
		w := workflow.New("w", step, workflow.WithTracerProvider(rec.TracerProvider()))
		if _, err := w.Run(p.Extract(t.Context(), &env), 1); err != nil {
			t.Fatal(err)
		}
		got := out.Get("traceparent")
		if !strings.HasPrefix(got, parent[:36]) || !strings.HasSuffix(got, "-"+tc.flags) || out.Get("tracestate") != "ot=th:8" {
			t.Errorf("flags %s: out went %q, %q", tc.flags, got, out.Get("tracestate"))
		}
		if len(rec.Spans()) != tc.spans {
			t.Errorf("flags %s: %d spans", tc.flags, len(rec.Spans()))
		}
		if tc.spans > 0 && !strings.Contains(got, span(t, rec, "chat gpt-4o").SpanContext.SpanID().String()) {
			t.Errorf("the callee's parent is in %q, not the call", got)
		}
	}
}

// A replay has a trace of its own, linked to the run it repeats and to who asked
// for it; all its spans say what they are, and it never announces itself.
func TestReplayOnSpans(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := workflow.Func("slow", func(ctx context.Context, _ int) (int, error) {
			time.Sleep(10 * time.Second)
			return workflow.LLM(ctx, "openai", "gpt-4o", said(inc, 1))
		})
		inner := workflow.New("inner", workflow.Retry(slow))
		var b bytes.Buffer
		rec := workflowtest.NewRecorder()
		options := []workflow.Option{workflow.WithTracerProvider(rec.TracerProvider()), workflow.Record(&b)}
		if _, err := workflow.New("w", inner, options...).Run(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		first := span(t, rec, "invoke_workflow w")
		if n := strings.Count(rec.Tree(), "workflow_running"); n != 1 {
			t.Errorf("the run announced itself %d times", n)
		}
		rec.Reset()

		runs, err := recording.Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		inner = workflow.New("inner", workflow.Retry(slow), options...)
		ctx, caller := rec.TracerProvider().Tracer("t").Start(t.Context(), "debugger")
		out, err := workflow.Replay(ctx, workflow.New("w", inner, options...), runs[0], workflow.OnlyExternal(), workflow.Verify())
		caller.End()
		if out != 2 || err != nil {
			t.Fatalf("got %d, %v", out, err)
		}
		if got, want := rec.Tree(), `debugger
invoke_workflow w outcome=success
  invoke_workflow inner outcome=success
    run_step slow index=0 path=slow kind=retry attempts=1 outcome=success
      attempt slow attempt=1 outcome=success`; !strings.HasPrefix(got, want) || strings.Contains(got, "workflow_running") {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		for _, s := range rec.Spans() {
			if s.Name == "debugger" {
				continue
			}
			attributes(t, s, map[string]any{semconv.WorkflowReplay: true})
			if s.SpanContext.TraceID() == caller.SpanContext().TraceID() {
				t.Errorf("%s is in the caller's trace", s.Name)
			}
		}
		again := span(t, rec, "invoke_workflow w")
		links := make(map[apitrace.SpanID][]attribute.KeyValue)
		for _, l := range again.Links {
			links[l.SpanContext.SpanID()] = l.Attributes
		}
		want := []attribute.KeyValue{attribute.String(semconv.WorkflowLinkType, semconv.LinkReplayOf)}
		if _, ok := links[caller.SpanContext().SpanID()]; !ok || len(links) != 2 || !slices.Equal(links[first.SpanContext.SpanID()], want) {
			t.Errorf("links %v", again.Links)
		}
	})
}
