package workflowtest_test

import (
	"sync/atomic"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// asked is a sampler that takes nothing and counts how often it is asked.
type asked struct{ times atomic.Int64 }

func (a *asked) ShouldSample(p trace.SamplingParameters) trace.SamplingResult {
	a.times.Add(1)
	return trace.NeverSample().ShouldSample(p)
}

func (*asked) Description() string { return "asked" }

// In a run that is not sampled no step starts a span, which costs something even
// when it is not recorded.
func TestStepsOfUnsampledRunsStartNoSpans(t *testing.T) {
	for _, c := range costs() {
		a := &asked{}
		w := workflow.New("w", c.step, workflow.WithTracerProvider(trace.NewTracerProvider(trace.WithSampler(a))))
		if _, err := w.Run(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if n := a.times.Load(); n != 1 {
			t.Errorf("%s: %d spans were started", c.name, n)
		}
	}
}
