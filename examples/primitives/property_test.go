package main

import (
	"fmt"
	"maps"
	"sync"
	"testing"
	"testing/synctest"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// drawn lets rapid decide, and so find a small plan that fails.
type drawn struct{ t *rapid.T }

func (d drawn) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "chance") }

// runs are what came of running one plan a few times in a bubble of its own time.
type runs struct {
	outs  []int
	errs  []error
	books *books
	spans tracetest.SpanStubs
}

func runPlan(t *testing.T, p plan, inputs []int) (r runs) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r.books = newBooks()
		rec := workflowtest.NewRecorder()
		w := workflow.New("w", newBuilder(r.books, 0).build(p), workflow.WithTracerProvider(rec.TracerProvider()))
		for _, in := range inputs {
			out, err := w.Run(t.Context(), in)
			r.outs, r.errs = append(r.outs, out), append(r.errs, err)
		}
		r.spans = rec.Spans()
	})
	return r
}

// Whatever is put together, it returns what plain Go works out, and its spans say
// what the steps were seen to do.
func TestAnyPlan(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := garden{chance: drawn{rt}}
		p := g.grow(depth)
		inputs := rapid.SliceOfN(rapid.IntRange(0, 500), 1, 5).Draw(rt, "inputs")
		r := runPlan(t, p, inputs)
		for i, in := range inputs {
			want, v := work(p, in, where{})
			if (r.errs[i] == nil) != (v == good) || v == good && r.outs[i] != want {
				rt.Fatalf("%+v of %d is %d, %v; plain Go says %d, %d", p, in, r.outs[i], r.errs[i], want, v)
			}
		}
		if got, want := counts(r.spans), entries(r.books); !maps.Equal(got, want) {
			rt.Fatalf("%+v of %v: the spans say\n%v, the books\n%v", p, inputs, got, want)
		}
	})
}

// Many runs at once open a circuit, find it open and are its trials, and the spans
// say of each what the books do.
func TestGuarded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, rec := newBooks(), workflowtest.NewRecorder()
		w := workflow.New("w", newBuilder(b, pause).guarded(), workflow.WithTracerProvider(rec.TracerProvider()))
		var callers sync.WaitGroup
		for caller := range inFlight {
			callers.Go(func() {
				for in := range 200 {
					if _, err := w.Run(t.Context(), caller*1000+in); err != nil {
						t.Error(err)
					}
				}
			})
		}
		callers.Wait()
		got, want := counts(rec.Spans()), entries(b)
		if !maps.Equal(got, want) {
			t.Errorf("the spans say\n%v, the books\n%v", got, want)
		}
		if got[line("guarded ask", "recovery", circuitOpen)] == 0 {
			t.Errorf("no run found the circuit open: %v", got)
		}
	})
}

// entries are the books of steps and caches, by one line for each series.
func entries(b *books) map[string]int {
	all := make(map[string]int)
	for _, s := range b.all() {
		l := s.Labels
		switch s.Metric {
		case "workflow_steps_total":
			all[line(l["workflow_step_name"], l["workflow_step_kind"], l["workflow_outcome"], l["error_type"])] += s.Value
		case "workflow_cache_requests_total":
			all[line(l["workflow_step_name"], "hit", l["workflow_cache_hit"])] += s.Value
		case "workflow_recoveries_total":
			all[line(l["workflow_step_name"], "recovery", l["workflow_recovery"])] += s.Value
		}
	}
	return all
}

func line(words ...any) string { return fmt.Sprintln(words...) }

// counts are the same of spans, read as the collector reads them.
func counts(spans tracetest.SpanStubs) map[string]int {
	all := make(map[string]int)
	for _, s := range spans {
		text := func(key string) string {
			v, ok := workflowtest.Attribute(s, key)
			if !ok {
				return ""
			}
			return v.String()
		}
		if text(semconv.GenAIOperationName) != semconv.OperationRunStep {
			continue
		}
		name, outcome := text(semconv.WorkflowStepName), text(semconv.WorkflowOutcome)
		all[line(name, text(semconv.WorkflowStepKind), outcome, text(semconv.ErrorType))]++
		if hit := text(semconv.WorkflowCacheHit); hit != "" {
			all[line(name, "hit", hit)]++
		}
		attempts := text(semconv.WorkflowRetryAttempts)
		for how, happened := range map[string]bool{
			"retry":        attempts != "" && attempts != "1",
			"fallback":     text(semconv.WorkflowFallbackUsed) == "true",
			"timeout":      outcome == semconv.OutcomeTimeout,
			"compensation": text(semconv.WorkflowCompensationOf) != "",
			circuitOpen:    text(semconv.WorkflowCircuitState) == semconv.CircuitOpen,
		} {
			if happened {
				all[line(name, "recovery", how)]++
			}
		}
	}
	return all
}
