package workflowtest_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
	apitrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

// discard is an exporter that costs nothing, so that what is left is the span.
type discard struct{}

func (discard) ExportSpans(context.Context, []trace.ReadOnlySpan) error { return nil }
func (discard) Shutdown(context.Context) error                          { return nil }

func newProvider(tb testing.TB, opts ...trace.TracerProviderOption) *trace.TracerProvider {
	tb.Helper()
	p := trace.NewTracerProvider(append(opts, trace.WithBatcher(discard{}))...)
	tb.Cleanup(func() { _ = p.Shutdown(context.Background()) })
	return p
}

// providers are what an application may have installed.
func providers(tb testing.TB) []struct {
	name     string
	provider apitrace.TracerProvider
} {
	tb.Helper()
	return []struct {
		name     string
		provider apitrace.TracerProvider
	}{
		{"no SDK", noop.NewTracerProvider()},
		{"unsampled", newProvider(tb, trace.WithSampler(trace.NeverSample()))},
		{"sampled", newProvider(tb)},
	}
}

func nothing(_ context.Context, in int) (int, error) { return in, nil }

// awaiting is nothing that heeds its context.
func awaiting(ctx context.Context, in int) (int, error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	default:
		return in, nil
	}
}

// cost is a primitive to measure.
type cost struct {
	name     string
	step     workflow.Step[int, int]
	branches int  // of its spans that are made at the same time
	wait     bool // whether its step waits for a deadline, by hand as well
}

// costs are the primitives around tasks that do nothing.
func costs() []cost {
	task := workflow.Func("task", nothing)
	first := func(_ context.Context, in []int) (int, error) { return in[0], nil }
	yes := func(context.Context, int) (bool, error) { return true, nil }
	choice := func(context.Context, int) (workflow.Choice, error) { return workflow.Choice{Route: "task"}, nil }
	var n atomic.Int64
	fresh := func(int) string { return strconv.FormatInt(n.Add(1), 10) }
	return []cost{
		{name: "func", step: task},
		{name: "then", step: workflow.Then(task, task)},
		{name: "sequential of 2", step: workflow.Sequential("s", task, task)},
		{name: "parallel of 2", step: workflow.Then(workflow.Parallel("p", task, task), workflow.Func("first", first)), branches: 2},
		{name: "map of 2", step: workflow.Then3(workflow.Func("two", func(_ context.Context, in int) ([]int, error) { return []int{in, in}, nil }),
			workflow.Map("m", task, 2), workflow.Func("first", first)), branches: 2},
		{name: "if", step: workflow.If("i", yes, task, task)},
		{name: "switch", step: workflow.Switch("s", nothing, map[int]workflow.Step[int, int]{1: task}, nil)},
		{name: "router", step: workflow.Router("r", choice, workflow.Route[int, int]{Step: task})},
		{name: "retry", step: workflow.Retry(task)},
		{name: "fallback", step: workflow.Fallback(task)},
		{name: "timeout", step: workflow.Timeout(task, time.Hour)},
		{name: "timeout that is awaited", step: workflow.Timeout(workflow.Func("task", awaiting), time.Hour), wait: true},
		{name: "cache hit", step: workflow.Cache(task, strconv.Itoa, workflow.NewLRU[int](1, time.Hour))},
		{name: "cache miss", step: workflow.Cache(task, fresh, workflow.NewLRU[int](1, time.Hour))},
		{name: "saga", step: workflow.Saga("s", workflow.Compensate(task, func(context.Context, int, int) error { return nil }))},
	}
}

// BenchmarkPrimitives tells what one run of a step costs in a run that is under
// way, by what is installed.
func BenchmarkPrimitives(b *testing.B) {
	for _, p := range providers(b) {
		for _, c := range costs() {
			b.Run(c.name+"/"+p.name, func(b *testing.B) {
				inside := workflow.Func("bench", func(ctx context.Context, in int) (int, error) {
					b.ReportAllocs()
					for b.Loop() {
						if _, err := c.step.Run(ctx, in); err != nil {
							return 0, err
						}
					}
					return in, nil
				})
				if _, err := workflow.New("w", inside, workflow.WithTracerProvider(p.provider)).Run(b.Context(), 1); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

// BenchmarkPrimitiveToSpans compares a primitive with the spans that it makes,
// written by hand: those of branches at the same time, and with a deadline where the
// step waits for one. They take turns, so that what else the machine does meets
// both, and the median turn counts.
func BenchmarkPrimitiveToSpans(b *testing.B) {
	const turn = 100
	for _, c := range costs() {
		b.Run(c.name, func(b *testing.B) {
			spans := spansOf(b, c.step)
			var ratios []float64
			inside := workflow.Func("bench", func(ctx context.Context, in int) (int, error) {
				tracer := apitrace.SpanFromContext(ctx).TracerProvider().Tracer("bench")
				for b.Loop() {
					begin := time.Now()
					for range turn {
						allByHand(ctx, tracer, spans, c.branches)
						if c.wait {
							waitByHand(ctx)
						}
					}
					middle := time.Now()
					for range turn {
						_, _ = c.step.Run(ctx, in)
					}
					ratios = append(ratios, float64(time.Since(middle))/float64(middle.Sub(begin)))
				}
				return in, nil
			})
			if _, err := workflow.New("w", inside, workflow.WithTracerProvider(newProvider(b))).Run(b.Context(), 1); err != nil {
				b.Fatal(err)
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "primitive/spans")
			b.ReportMetric(float64(len(spans)), "spans")
			b.ReportMetric(0, "ns/op") // of a turn: says nothing
		})
	}
}

// bare is a span to be written by hand.
type bare struct {
	name       string
	start, end []attribute.KeyValue // its attributes
}

// spansOf returns the spans that a step makes in a run, when it is not its first.
func spansOf(tb testing.TB, step workflow.Step[int, int]) []bare {
	tb.Helper()
	rec := workflowtest.NewRecorder()
	w := workflow.New("w", step, workflow.WithTracerProvider(rec.TracerProvider()))
	for range 2 {
		rec.Reset()
		if _, err := w.Run(tb.Context(), 1); err != nil {
			tb.Fatal(err)
		}
	}
	var spans []bare
	for _, s := range rec.Spans() {
		if !s.Parent.IsValid() {
			continue // of the run
		}
		last := len(s.Attributes) - 1 // the outcome
		spans = append(spans, bare{s.Name, s.Attributes[:last], s.Attributes[last:]})
	}
	return spans
}

// allByHand makes spans, the last of them as branches at the same time.
func allByHand(ctx context.Context, tracer apitrace.Tracer, spans []bare, branches int) {
	inRow := len(spans) - branches
	for _, s := range spans[:inRow] {
		s.byHand(ctx, tracer)
	}
	var wg sync.WaitGroup
	for _, s := range spans[inRow:] {
		wg.Go(func() { s.byHand(ctx, tracer) })
	}
	wg.Wait()
}

// byHand makes the span. Who writes one puts its attributes together each time.
func (s bare) byHand(ctx context.Context, tracer apitrace.Tracer) {
	_, span := tracer.Start(ctx, s.name, apitrace.WithAttributes(slices.Clone(s.start)...))
	span.SetAttributes(slices.Clone(s.end)...)
	span.End()
}

// waitByHand gives something that waits for its context a deadline.
func waitByHand(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	_, _ = awaiting(ctx, 1)
}
