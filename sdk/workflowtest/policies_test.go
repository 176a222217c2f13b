package workflowtest_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

// recovers makes work that fails so often and then succeeds.
func recovers(failures int) work {
	var mu sync.Mutex
	return func(ctx context.Context, in int) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		if failures--; failures >= 0 {
			return fails(ctx, in)
		}
		return inc(ctx, in)
	}
}

func permanent(context.Context, int) (int, error) {
	return 0, workflow.Permanent(errors.New("no such customer"))
}

// stubborn needs 20 s and does not heed its context.
func stubborn(_ context.Context, in int) (int, error) {
	time.Sleep(20 * time.Second)
	return in + 1, nil
}

// order is a saga of two deeds before a leaf.
func order(leaf work, undoCharge func(context.Context, int, int) error) workflow.Step[int, int] {
	return workflow.Saga("order", workflow.Then3(
		workflow.Compensate(workflow.Func("reserve", inc), undo),
		workflow.Compensate(workflow.Func("charge", inc), undoCharge),
		workflow.Func("leaf", leaf)), workflow.UndoTimeout(5*time.Second))
}

// What a policy decides shows in its tree.
func TestPolicyTrees(t *testing.T) {
	leaf := func(w work) workflow.Step[int, int] { return workflow.Func("leaf", w) }
	unknown := func(context.Context, int) (workflow.Choice, error) { return workflow.Choice{Route: "huge"}, nil }
	undecided := func(context.Context, int) (workflow.Choice, error) { return workflow.Choice{}, errors.New("no idea") }
	routes := []workflow.Route[int, int]{{Step: task("small")}, {Step: task("large"), Default: true}}

	for _, tc := range []struct {
		name string
		root workflow.Step[int, int]
	}{
		{"retry recovers", steady(leaf(recovers(1)))},
		{"retry stops at a permanent error", steady(leaf(permanent))},
		{"retry when an attempt hangs", steady(leaf(waits), workflow.Attempts(2), workflow.AttemptTimeout(5*time.Second))},
		{"retry interrupted between attempts", workflow.Timeout(steady(leaf(fails)), 2*time.Second)},
		{"fallback to the third", workflow.Fallback(leaf(fails), leaf(panics), task("other"))},
		{"fallback exhausted", workflow.Fallback(leaf(fails), leaf(expires))},
		{"timeout of its own", workflow.Timeout(leaf(waits), 5*time.Second)},
		{"timeout that a step does not heed", workflow.Timeout(leaf(stubborn), 5*time.Second)},
		{"timeout and then a fallback", workflow.Fallback(workflow.Timeout(leaf(waits), time.Second), task("other"))},
		{"cache of a foreign step", workflow.Cache[int, int](foreign{fails}, key, workflow.NewLRU[int](1, 0))},
		{"switch without a case", workflow.Switch("parity", parity, map[string]workflow.Step[int, int]{"even": task("even")}, nil)},
		{"switch to its default", workflow.Switch("parity", parity, nil, task("other"))},
		{"router without such a route", workflow.Router("model", unknown, routes[0])},
		{"router to its default", workflow.Router("model", unknown, routes...)},
		{"router that cannot choose", workflow.Router("model", undecided, routes[0])},
		{"router that cannot choose and has a default", workflow.Router("model", undecided, routes...)},
		{"saga that cannot undo", order(fails, undoFails)},
		{"saga whose undo panics", order(fails, func(context.Context, int, int) error { panic("broken") })},
		{"saga whose undo hangs", order(fails, func(ctx context.Context, _, _ int) error {
			<-ctx.Done()
			return ctx.Err()
		})},
		{"saga with nothing to undo", workflow.Saga("order", leaf(fails))},
		{"saga in a saga", workflow.Saga("outer", workflow.Then(order(inc, undo), leaf(fails)))},
		{"compensation without a saga", workflow.Compensate(leaf(inc), undo)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				compare(t, strings.ReplaceAll(tc.name, " ", "-"), runOnce(t.Context(), t, workflowtest.NewRecorder(), tc.root))
			})
		})
	}
}

// Attempts say how long they waited, and lead back to the one before.
func TestAttemptsAreLinked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := workflowtest.NewRecorder()
		runOnce(t.Context(), t, rec, steady(workflow.Func("leaf", fails)))
		var attempts []tracetest.SpanStub
		for _, s := range rec.Spans() {
			if s.Name == "attempt leaf" {
				attempts = append(attempts, s)
			}
		}
		if len(attempts) != 3 || len(attempts[0].Links) != 0 {
			t.Fatalf("attempts %v", attempts)
		}
		for i, want := range []int64{0, 1000, 2000} {
			wait, _ := workflowtest.Attribute(attempts[i], semconv.WorkflowRetryDelayMS)
			if wait.AsInt64() != want {
				t.Errorf("attempt %d waited %d ms, want %d", i+1, wait.AsInt64(), want)
			}
			if i == 0 {
				continue
			}
			if slept := attempts[i].StartTime.Sub(attempts[i-1].EndTime); slept.Milliseconds() != want {
				t.Errorf("attempt %d started after %s, want %d ms", i+1, slept, want)
			}
			links := attempts[i].Links
			if len(links) != 1 || links[0].SpanContext.SpanID() != attempts[i-1].SpanContext.SpanID() ||
				links[0].Attributes[0].Value.AsString() != semconv.LinkRetryOf {
				t.Errorf("attempt %d has links %v", i+1, links)
			}
		}
	})
}

// A compensation leads to what it undoes; with several steps, to the last of them.
func TestCompensationsAreLinked(t *testing.T) {
	rec := workflowtest.NewRecorder()
	pack := workflow.Then(workflow.Func("wrap", inc), workflow.Func("label", inc))
	runOnce(t.Context(), t, rec, workflow.Saga("order", workflow.Then3(
		workflow.Compensate(workflow.Func("reserve", inc), undo),
		workflow.Compensate(pack, undo),
		workflow.Func("leaf", fails))))
	for path, undone := range map[string]string{
		"order/undo reserve":       "order/reserve",
		"order/undo wrap >> label": "order/label",
	} {
		compensation, _ := rec.Step(path)
		step, ok := rec.Step(undone)
		if links := compensation.Links; !ok || len(links) != 1 || links[0].SpanContext.SpanID() != step.SpanContext.SpanID() ||
			links[0].Attributes[0].Value.AsString() != semconv.LinkCompensates {
			t.Errorf("%s has links %v", path, links)
		}
	}
	for i, path := range []string{"order/reserve", "order/wrap", "order/label", "order/leaf"} {
		rec.AssertStep(t, path, attribute.Int(semconv.WorkflowStepIndex, i))
	}
}

// The stack of a panic is with its exception, down to who panicked.
func TestPanicLeavesItsStack(t *testing.T) {
	rec := workflowtest.NewRecorder()
	runOnce(t.Context(), t, rec, workflow.Func("leaf", panics))
	step, _ := rec.Step("leaf")
	for _, kv := range step.Events[0].Attributes {
		if kv.Key == "exception.stacktrace" && strings.Contains(kv.Value.AsString(), "workflowtest_test.panics") {
			return
		}
	}
	t.Errorf("got %v", step.Events)
}

// Of five runs that ask at once, one runs the step; the others share its answer.
func TestSharedFlightShows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := workflowtest.NewRecorder()
		cached := workflow.Cache(workflow.Func("leaf", takes(time.Second, inc)), key, workflow.NewLRU[int](1, 0))
		w := workflow.New("w", cached, workflow.WithTracerProvider(rec.TracerProvider()))
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { _, _ = w.Run(t.Context(), 1) })
		}
		wg.Wait()
		_, _ = w.Run(t.Context(), 1)
		count := make(map[string]int)
		for _, s := range rec.Spans() {
			kind, _ := workflowtest.Attribute(s, semconv.WorkflowStepKind)
			hit, _ := workflowtest.Attribute(s, semconv.WorkflowCacheHit)
			shared, _ := workflowtest.Attribute(s, semconv.WorkflowCacheShared)
			count[kind.AsString()+" hit="+hit.String()+" shared="+shared.String()]++
		}
		if count["cache hit=false shared="] != 1 || count["cache hit=true shared=true"] != 4 ||
			count["cache hit=true shared="] != 1 || count["task hit= shared="] != 1 {
			t.Errorf("got %v", count)
		}
	})
}

// brokenStore is an outside store that cannot be reached.
type brokenStore struct{}

func (brokenStore) Get(context.Context, string) (int, bool, error) {
	return 0, true, context.DeadlineExceeded
}
func (brokenStore) Put(context.Context, string, int) error { panic("no connection") }
func (brokenStore) Delete(context.Context, string) error   { return nil }

// A store that fails costs the answer from the cache, never the run.
func TestBrokenStoreIsExcused(t *testing.T) {
	rec := workflowtest.NewRecorder()
	root := workflow.Cache[int, int](workflow.Func("leaf", inc), key, brokenStore{})
	tree := runOnce(t.Context(), t, rec, root)
	if !strings.HasSuffix(tree, "= 2\n") || !strings.Contains(tree, "hit=false outcome=success") {
		t.Errorf("got %s", tree)
	}
	for _, s := range rec.Spans() {
		if v, ok := workflowtest.Attribute(s, semconv.WorkflowCacheError); ok && v.AsString() != semconv.ErrorTypePanic {
			t.Errorf("the store's error is %s", v.AsString())
		}
	}
}

// What a step decides is on its span, and on nobody else's: outside of a run the
// span around is the caller's.
func TestDecisionsStayOffForeignSpans(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := workflowtest.NewRecorder()
		ctx, span := rec.TracerProvider().Tracer("t").Start(t.Context(), "request")
		for _, p := range primitives() {
			if p.name != "nested" {
				_, _ = p.build(takes(time.Second, inc)).Run(ctx, 1)
			}
		}
		span.End()
		if spans := rec.Spans(); len(spans) != 1 || len(spans[0].Attributes) != 0 {
			t.Errorf("got %v", spans)
		}
	})
}

func TestRouterSaysWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := workflowtest.NewRecorder()
		for _, p := range primitives() {
			if p.name == "router" {
				runOnce(t.Context(), t, rec, p.build(inc))
			}
		}
		span := rec.Spans()[1]
		for key, want := range map[string]string{
			semconv.WorkflowRouterChoice:     "small",
			semconv.WorkflowRouterReason:     "short text",
			semconv.WorkflowRouterTier:       "cheap",
			semconv.WorkflowRouterCandidates: `["small","large"]`,
		} {
			if v, _ := workflowtest.Attribute(span, key); v.String() != want {
				t.Errorf("%s=%s, want %s", key, v.String(), want)
			}
		}
	})
}
