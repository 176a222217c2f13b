package workflowtest_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/sdk/trace"
	apitrace "go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

type work = func(context.Context, int) (int, error)

func inc(_ context.Context, in int) (int, error) { return in + 1, nil }

func fails(context.Context, int) (int, error) { return 0, errors.New("no luck") }

func panics(context.Context, int) (int, error) { panic("broken") }

func expires(context.Context, int) (int, error) { return 0, context.DeadlineExceeded }

func exits(context.Context, int) (int, error) {
	runtime.Goexit()
	return 0, nil
}

func waits(ctx context.Context, _ int) (int, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

func sum(_ context.Context, in []int) (int, error) {
	total := 0
	for _, v := range in {
		total += v
	}
	return total, nil
}

func chain(second work) workflow.Step[int, int] {
	return workflow.Then3(workflow.Func("step1", inc), workflow.Func("step2", second), workflow.Func("step3", inc))
}

func fan(a, b, c work) workflow.Step[int, int] {
	return workflow.Then3(workflow.Func("validate", inc),
		workflow.Parallel("gather", workflow.Func("a", a), workflow.Func("b", b), workflow.Func("c", c)),
		workflow.Func("aggregate", sum))
}

// A wrong parent, index, path, outcome or status in any span shows as a changed line.
func TestSpanTree(t *testing.T) {
	for _, tc := range []struct {
		name string
		root workflow.Step[int, int]
		want string
	}{
		{"chain success", chain(inc), `
invoke_workflow w outcome=success
  run_step step1 index=0 path=step1 kind=task outcome=success
  run_step step2 index=1 path=step2 kind=task outcome=success
  run_step step3 index=2 path=step3 kind=task outcome=success
`},
		{"chain error", chain(fails), `
invoke_workflow w outcome=error error.type=_OTHER status=Error
  run_step step1 index=0 path=step1 kind=task outcome=success
  run_step step2 index=1 path=step2 kind=task outcome=error error.type=_OTHER status=Error
`},
		{"chain timeout", chain(expires), `
invoke_workflow w outcome=timeout error.type=timeout status=Error
  run_step step1 index=0 path=step1 kind=task outcome=success
  run_step step2 index=1 path=step2 kind=task outcome=timeout error.type=timeout status=Error
`},
		{"chain panic", chain(panics), `
invoke_workflow w outcome=error error.type=panic status=Error
  run_step step1 index=0 path=step1 kind=task outcome=success
  run_step step2 index=1 path=step2 kind=task outcome=error error.type=panic status=Error
`},
		{"fan success", fan(inc, inc, inc), `
invoke_workflow w outcome=success
  run_step validate index=0 path=validate kind=task outcome=success
  run_step gather index=1 path=gather kind=parallel outcome=success
    run_step a index=0 path=gather/a kind=task outcome=success
    run_step b index=1 path=gather/b kind=task outcome=success
    run_step c index=2 path=gather/c kind=task outcome=success
  run_step aggregate index=2 path=aggregate kind=task outcome=success
`},
		{"fan error cancels siblings", fan(waits, fails, waits), `
invoke_workflow w outcome=error error.type=_OTHER status=Error
  run_step validate index=0 path=validate kind=task outcome=success
  run_step gather index=1 path=gather kind=parallel outcome=error error.type=_OTHER status=Error
    run_step a index=0 path=gather/a kind=task outcome=cancelled
    run_step b index=1 path=gather/b kind=task outcome=error error.type=_OTHER status=Error
    run_step c index=2 path=gather/c kind=task outcome=cancelled
`},
		{"fan exited goroutine", fan(waits, exits, waits), `
invoke_workflow w outcome=error error.type=panic status=Error
  run_step validate index=0 path=validate kind=task outcome=success
  run_step gather index=1 path=gather kind=parallel outcome=error error.type=panic status=Error
    run_step a index=0 path=gather/a kind=task outcome=cancelled
    run_step b index=1 path=gather/b kind=task outcome=error error.type=panic status=Error
    run_step c index=2 path=gather/c kind=task outcome=cancelled
`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			// The bubble fails the test when a goroutine outlives the run.
			synctest.Test(t, func(t *testing.T) {
				rec := workflowtest.NewRecorder()
				w := workflow.New("w", tc.root, workflow.WithTracerProvider(rec.TracerProvider()))
				_, _ = w.Run(t.Context(), 1)
				if got := rec.Tree(); got != strings.TrimPrefix(tc.want, "\n") {
					t.Errorf("got\n%s\nwant%s", got, tc.want)
				}
			})
		})
	}
}

func TestCallerCancels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := workflowtest.NewRecorder()
		w := workflow.New("w", workflow.Func("slow", waits), workflow.WithTracerProvider(rec.TracerProvider()))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := w.Run(ctx, 1)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		want := "invoke_workflow w outcome=cancelled\n  run_step slow index=0 path=slow kind=task outcome=cancelled\n"
		if got := rec.Tree(); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	})
}

// A run of 65 s is announced at 2, 32 and 62 s, each time in a trace of its
// own, and never after its end.
func TestRunningMarker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := workflowtest.NewRecorder()
		slow := workflow.Func("slow", func(_ context.Context, in int) (int, error) {
			time.Sleep(65 * time.Second)
			return in, nil
		})
		begin := time.Now()
		w := workflow.New("w", slow, workflow.WithTracerProvider(rec.TracerProvider()))
		if _, err := w.Run(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)

		spans := rec.Spans()
		run := spans[len(spans)-1]
		runID, _ := workflowtest.Attribute(run, semconv.WorkflowRunID)
		var at []time.Duration
		for _, s := range spans {
			if s.Name != "workflow_running w" {
				continue
			}
			at = append(at, s.StartTime.Sub(begin))
			id, _ := workflowtest.Attribute(s, semconv.WorkflowRunID)
			if id != runID || s.SpanContext.TraceID() == run.SpanContext.TraceID() || s.Parent.IsValid() {
				t.Errorf("marker of run %v is in the wrong place: %+v", runID, s)
			}
			if len(s.Links) != 1 || s.Links[0].SpanContext.SpanID() != run.SpanContext.SpanID() {
				t.Errorf("marker is not linked to its run: %v", s.Links)
			}
		}
		if len(at) != 3 || at[0] != 2*time.Second || at[1] != 32*time.Second || at[2] != 62*time.Second {
			t.Errorf("markers at %v", at)
		}
	})
}

func TestUnsampledRunMakesNoSpans(t *testing.T) {
	rec := workflowtest.NewRecorder(trace.WithSampler(trace.NeverSample()))
	w := workflow.New("w", fan(inc, inc, inc), workflow.WithTracerProvider(rec.TracerProvider()))
	out, err := w.Run(t.Context(), 1)
	if out != 9 || err != nil || len(rec.Spans()) != 0 {
		t.Errorf("got %d, %v, %d spans", out, err, len(rec.Spans()))
	}
}

// A remote parent never records here, yet must not switch tracing off.
func TestRemoteParentIsContinued(t *testing.T) {
	rec := workflowtest.NewRecorder()
	parent := apitrace.NewSpanContext(apitrace.SpanContextConfig{
		TraceID: apitrace.TraceID{1}, SpanID: apitrace.SpanID{2}, TraceFlags: apitrace.FlagsSampled, Remote: true,
	})
	w := workflow.New("w", chain(inc), workflow.WithTracerProvider(rec.TracerProvider()))
	if _, err := w.Run(apitrace.ContextWithRemoteSpanContext(t.Context(), parent), 1); err != nil {
		t.Fatal(err)
	}
	if n := len(rec.Spans()); n != 4 {
		t.Fatalf("%d spans", n)
	}
	for _, s := range rec.Spans() {
		if s.SpanContext.TraceID() != parent.TraceID() {
			t.Errorf("%s left the trace", s.Name)
		}
	}
}

// A span that has ended does not record either: what goes on in the background
// after a request was answered is part of its trace all the same.
func TestEndedParentIsContinued(t *testing.T) {
	late := func(ctx context.Context, in int) (int, error) {
		ctx, span := apitrace.SpanFromContext(ctx).TracerProvider().Tracer("t").Start(ctx, "load")
		span.End()
		return workflow.Do(ctx, "late", func(ctx context.Context) (int, error) { return inc(ctx, in) })
	}
	for _, tc := range []struct {
		name    string
		sampler trace.Sampler
		want    string
	}{
		{"sampled", trace.AlwaysSample(), `
request
  invoke_workflow w outcome=success
    run_step step1 index=0 path=step1 kind=task outcome=success
    run_step step2 index=1 path=step2 kind=task outcome=success
      load
        run_step late index=0 path=step2/late kind=task outcome=success
    run_step step3 index=2 path=step3 kind=task outcome=success
`},
		{"not sampled", trace.NeverSample(), "\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rec := workflowtest.NewRecorder(trace.WithSampler(tc.sampler))
			w := workflow.New("w", chain(late), workflow.WithTracerProvider(rec.TracerProvider()))
			ctx, request := rec.TracerProvider().Tracer("t").Start(t.Context(), "request")
			request.End()
			if _, err := w.Run(context.WithoutCancel(ctx), 1); err != nil {
				t.Fatal(err)
			}
			if got := rec.Tree(); got != strings.TrimPrefix(tc.want, "\n") {
				t.Errorf("got\n%s\nwant%s", got, tc.want)
			}
		})
	}
}

// Identity is on every span of a run; NewRoot leaves the caller's trace but links to it.
func TestIdentityAndNewRoot(t *testing.T) {
	rec := workflowtest.NewRecorder()
	ctx, caller := rec.TracerProvider().Tracer("t").Start(t.Context(), "caller")
	w := workflow.New("w", chain(inc), workflow.WithTracerProvider(rec.TracerProvider()), workflow.NewRoot(),
		workflow.Tenant(func(context.Context) string { return "acme" }),
		workflow.CorrelationID(func(context.Context) string { return "order-7" }))
	if _, err := w.Run(ctx, 1); err != nil {
		t.Fatal(err)
	}
	spans := rec.Spans()
	for _, s := range spans {
		for key, want := range map[string]string{
			semconv.WorkflowName: "w", semconv.WorkflowTenant: "acme", semconv.WorkflowCorrelationID: "order-7",
		} {
			if v, _ := workflowtest.Attribute(s, key); v.AsString() != want {
				t.Errorf("%s: %s=%q, want %q", s.Name, key, v.AsString(), want)
			}
		}
	}
	run := spans[len(spans)-1]
	if run.Parent.IsValid() || len(run.Links) != 1 || run.Links[0].SpanContext.SpanID() != caller.SpanContext().SpanID() {
		t.Errorf("run has parent %v and links %v", run.Parent, run.Links)
	}
}
