package failsafe_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	failsafego "github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/adaptivelimiter"
	"github.com/failsafe-go/failsafe-go/bulkhead"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/hedgepolicy"
	"github.com/failsafe-go/failsafe-go/ratelimiter"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.uber.org/goleak"

	"github.com/tta-dev/otelcol-workflow/sdk/failsafe"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errLuck = errors.New("no luck")

// ask succeeds, fails, panics or hangs, as it is told.
func ask(ctx context.Context, in string) (string, error) {
	switch in {
	case "fail":
		return "", errLuck
	case "panic":
		panic("broken")
	case "hang":
		<-ctx.Done()
		return "", ctx.Err()
	default:
		return in, nil
	}
}

// foreign is a step that catches no panics of its own.
type foreign struct{}

func (foreign) Name() string { return "foreign" }

func (foreign) Run(ctx context.Context, in string) (string, error) { return ask(ctx, in) }

// bench is a workflow of one guarded step and what it recorded.
type bench struct {
	*workflow.Workflow[string, string]

	rec *workflowtest.Recorder
}

func newBench(step workflow.Step[string, string], policies ...failsafego.Policy[string]) bench {
	rec := workflowtest.NewRecorder()
	guarded := failsafe.Guard("guarded", step, policies...)
	return bench{workflow.New("w", guarded, workflow.WithTracerProvider(rec.TracerProvider())), rec}
}

// run makes one run and compares the lines of its tree below that of the run.
func (b bench) run(t *testing.T, in, want string) error {
	t.Helper()
	b.rec.Reset()
	_, err := b.Run(t.Context(), in)
	_, got, _ := strings.Cut(b.rec.Tree(), "\n")
	if want = strings.ReplaceAll(strings.TrimPrefix(want, "\n"), "\t", ""); got != want {
		t.Errorf("%s: got\n%swant\n%s", in, got, want)
	}
	return err
}

func newBreaker() circuitbreaker.CircuitBreaker[string] {
	return circuitbreaker.NewBuilder[string]().WithFailureThreshold(2).WithDelay(time.Minute).Build()
}

// A circuit shows the state that each run met, over its whole cycle.
func TestCircuit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(workflow.Func("ask", ask), newBreaker())
		failed := `
			  run_step guarded index=0 path=guarded kind=task circuit=closed outcome=error error.type=_OTHER status=Error
			    run_step ask index=0 path=guarded/ask kind=task outcome=error error.type=_OTHER status=Error
`
		rejected := `
			  run_step guarded index=0 path=guarded kind=task circuit=open outcome=error error.type=circuit_open status=Error
`
		for range 2 {
			if err := b.run(t, "fail", failed); !errors.Is(err, errLuck) {
				t.Errorf("got %v", err)
			}
		}
		err := b.run(t, "hello", rejected)
		if r, ok := errors.AsType[*failsafe.RejectedError](err); !ok || r.Reason != "circuit_open" || !errors.Is(err, circuitbreaker.ErrOpen) {
			t.Errorf("got %v", err)
		}
		if want := "workflow w: step guarded: rejected: circuit breaker open"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
		time.Sleep(time.Minute)
		for _, state := range []string{"half_open", "closed"} {
			err := b.run(t, "hello", `
			  run_step guarded index=0 path=guarded kind=task circuit=`+state+` outcome=success
			    run_step ask index=0 path=guarded/ask kind=task outcome=success
`)
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// A panic counts as a failure, also that of a step which catches none.
func TestCircuitCountsPanics(t *testing.T) {
	for _, step := range []workflow.Step[string, string]{workflow.Func("ask", ask), foreign{}} {
		breaker := newBreaker()
		guarded := failsafe.Guard("guarded", step, breaker)
		for range 2 {
			_, err := guarded.Run(t.Context(), "panic")
			if p, ok := errors.AsType[*workflow.PanicError](err); !ok || len(p.Stack) == 0 {
				t.Errorf("got %v", err)
			}
		}
		if !breaker.IsOpen() {
			t.Errorf("%s: the circuit is %s", step.Name(), breaker.State())
		}
	}
}

// The faster of two executions answers; the other is told to stop and has ended
// when the step does.
func TestHedge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := make(chan struct{}, 1)
		slow <- struct{}{}
		step := workflow.Func("ask", func(ctx context.Context, in string) (string, error) {
			select {
			case <-slow:
				return ask(ctx, "hang")
			default:
				return in, nil
			}
		})
		b := newBench(step, hedgepolicy.NewWithDelay[string](time.Second))
		begin := time.Now()
		err := b.run(t, "hello", `
			  run_step guarded index=0 path=guarded kind=task outcome=success
			    run_step ask index=0 path=guarded/ask kind=task outcome=cancelled
			    run_step ask index=1 path=guarded/ask kind=task outcome=success
`)
		if err != nil || time.Since(begin) != time.Second {
			t.Errorf("after %s: %v", time.Since(begin), err)
		}
		b.rec.AssertStep(t, "guarded", attribute.Int(semconv.WorkflowHedgeCount, 1))
	})
}

// A panic in a hedge would end the program: nobody else stands around it.
func TestHedgeSurvivesPanic(t *testing.T) {
	_, err := failsafe.Guard("guarded", workflow.Step[string, string](foreign{}),
		hedgepolicy.NewWithDelay[string](time.Hour)).Run(t.Context(), "panic")
	if _, ok := errors.AsType[*workflow.PanicError](err); !ok {
		t.Errorf("got %v", err)
	}
}

func TestLimitersReject(t *testing.T) {
	full := bulkhead.New[string](1)
	if !full.TryAcquirePermit() {
		t.Fatal("the bulkhead has no room")
	}
	spent := ratelimiter.NewBursty[string](1, time.Hour)
	if !spent.TryAcquirePermit() {
		t.Fatal("the limiter has no permit")
	}
	for reason, policy := range map[string]failsafego.Policy[string]{"bulkhead_full": full, "rate_limit": spent} {
		b := newBench(workflow.Func("ask", ask), policy)
		err := b.run(t, "hello", `
			  run_step guarded index=0 path=guarded kind=task outcome=error error.type=`+reason+` status=Error
`)
		if r, ok := errors.AsType[*failsafe.RejectedError](err); !ok || r.Reason != reason {
			t.Errorf("%s: got %v", reason, err)
		}
	}
}

func TestAdaptiveLimiterShowsItsLimit(t *testing.T) {
	limiter := adaptivelimiter.NewBuilder[string]().WithLimits(7, 7, 7).Build()
	b := newBench(workflow.Func("ask", ask), limiter)
	if _, err := b.Run(t.Context(), "hello"); err != nil {
		t.Fatal(err)
	}
	b.rec.AssertStep(t, "guarded",
		attribute.Int(semconv.WorkflowLimiterLimit, 7), attribute.Int(semconv.WorkflowLimiterInflight, 0))
}

// A guard around a guard does not take the other's rejection for its own.
func TestGuardInGuard(t *testing.T) {
	inner, outer := newBreaker(), newBreaker()
	inner.Open()
	b := newBench(failsafe.Guard("inner", workflow.Func("ask", ask), inner), outer)
	_ = b.run(t, "hello", `
			  run_step guarded index=0 path=guarded kind=task circuit=closed outcome=error error.type=circuit_open status=Error
			    run_step inner index=0 path=guarded/inner kind=task circuit=open outcome=error error.type=circuit_open status=Error
`)
}

// A run that the circuit refuses met an open one, whatever it was when the run came:
// another may have opened it since, or be the trial of a half-open one.
func TestRefusedByTheCircuit(t *testing.T) {
	refused := `
			  run_step guarded index=0 path=guarded kind=task circuit=open outcome=error error.type=circuit_open status=Error
`
	t.Run("since it came", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			breaker, full := newBreaker(), bulkhead.NewBuilder[string](1).WithMaxWaitTime(time.Hour).Build()
			_ = full.TryAcquirePermit()
			b := newBench(workflow.Func("ask", ask), full, breaker)
			time.AfterFunc(time.Second, func() {
				breaker.Open()
				full.ReleasePermit()
			})
			_ = b.run(t, "hello", refused)
		})
	})
	t.Run("during a trial", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			breaker := newBreaker()
			breaker.HalfOpen()
			b := newBench(workflow.Func("ask", ask), breaker)
			ctx, cancel := context.WithCancel(t.Context())
			var trials sync.WaitGroup
			for range 2 { // as many as may fail
				trials.Go(func() { _, _ = b.Run(ctx, "hang") })
			}
			synctest.Wait()
			_ = b.run(t, "hello", refused)
			cancel()
			trials.Wait()
		})
	})
}

// The strictest of several circuits is the one to show.
func TestStrictestCircuit(t *testing.T) {
	closed, half := newBreaker(), newBreaker()
	half.HalfOpen()
	for _, policies := range [][]failsafego.Policy[string]{{closed, half}, {half, closed}} {
		b := newBench(workflow.Func("ask", ask), policies...)
		_ = b.run(t, "fail", `
			  run_step guarded index=0 path=guarded kind=task circuit=half_open outcome=error error.type=_OTHER status=Error
			    run_step ask index=0 path=guarded/ask kind=task outcome=error error.type=_OTHER status=Error
`)
		half.HalfOpen()
	}
}

// A caller that gives up while a permit is waited for was not rejected.
func TestCallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := bulkhead.NewBuilder[string](1).WithMaxWaitTime(time.Hour).Build()
		_ = full.TryAcquirePermit()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := failsafe.Guard("guarded", workflow.Func("ask", ask), failsafego.Policy[string](full)).Run(ctx, "hello")
		if _, ok := errors.AsType[*failsafe.RejectedError](err); ok || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

// Without spans all is the same, and a span of the caller stays as it is.
func TestGuardWithoutSpans(t *testing.T) {
	guarded := failsafe.Guard("guarded", workflow.Func("ask", ask), failsafego.Policy[string](newBreaker()))
	rec := workflowtest.NewRecorder()
	ctx, span := rec.TracerProvider().Tracer("t").Start(t.Context(), "request")
	if out, err := guarded.Run(ctx, "hello"); out != "hello" || err != nil {
		t.Errorf("got %q, %v", out, err)
	}
	span.End()
	if spans := rec.Spans(); len(spans) != 1 || len(spans[0].Attributes) != 0 {
		t.Errorf("got %v", spans)
	}
	never := trace.NewTracerProvider(trace.WithSampler(trace.NeverSample()))
	out, err := workflow.New("w", guarded, workflow.WithTracerProvider(never)).Run(t.Context(), "hello")
	if out != "hello" || err != nil {
		t.Errorf("got %q, %v", out, err)
	}
}
