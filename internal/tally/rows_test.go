package tally_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// Rows that share words, streams or steps are never mixed up: a batch comes to what a plain
// map of sums gives, however many rows it has.
func TestRowsAreThoseOfAPlainMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		readings := shapes(rapid.IntRange(1, 300).Draw(t, "shapes"))
		l := ledger(100_000, "tenant")
		b := tally.NewBatch(l)
		want := make(map[string]float64)
		for range rapid.IntRange(1, 500).Draw(t, "spans") {
			r := rapid.SampledFrom(readings).Draw(t, "reading")
			workflow, tenant := rapid.SampledFrom([]string{"v", "w"}).Draw(t, "workflow"), rapid.SampledFrom([]string{"a", "b"}).Draw(t, "tenant")
			step := rapid.SampledFrom([]string{"s", "z"}).Draw(t, "step")
			counts := rapid.Bool().Draw(t, "counts")
			b.Observe(&tally.Observation{
				Stream: b.Stream(workflow, "svc", []string{tenant}), Step: step, Seconds: 1, Weight: 2, Reading: r,
				Verdict: flow.Verdict{Role: flow.RoleCall, CountsUsage: true, CountsCall: counts},
			})
			want[fmt.Sprintf("name=%s,name=svc,tenant=%s,name=%s,model=%s,kind=other", workflow, tenant, step, r.Call.Model)] += 0.5
		}
		l.Apply(b, now().UnixNano())
		points(l, tally.Cost, tally.Cumulative)
		got := points(l, tally.Cost, tally.Cumulative)
		require.Len(t, got, len(want))
		for key, usd := range want {
			assert.InDelta(t, usd, got[key], 1e-9, key)
		}
	})
}

// shapes returns readings with different words.
func shapes(n int) (all []*flow.Reading) {
	for i := range n {
		all = append(all, &flow.Reading{Shape: uint32(i + 1), Call: flow.CallReading{
			Model: strconv.Itoa(i), Cost: flow.Cost{USD: 0.25, OK: true},
		}})
	}
	return all
}

func TestAStepThatMightHaveBeenARun(t *testing.T) {
	l := ledger(10)
	b := tally.NewBatch(l)
	b.CountStep(&tally.Ending{Stream: b.StreamOf("w", "", ""), Outcome: flow.OutcomeError, ErrorType: "x", Seconds: 2, Weight: 3}, "plan", "task")
	l.Apply(b, now().UnixNano())
	points(l, tally.Steps, tally.Cumulative)
	assert.Equal(t, map[string]float64{"name=w,name=plan,kind=task,outcome=error,type=x": 3}, points(l, tally.Steps, tally.Cumulative))
}

// Both forms of a histogram hold the same values, and delta points empty both.
func TestBothFormsOfAHistogram(t *testing.T) {
	l := tally.NewLedger(tally.Options{
		MaxSeries: 10, MaxFolded: 1, MaxBuckets: 160, Bounds: []float64{1}, CostBounds: []float64{9}, Exemplars: 2,
	}, now())
	for _, want := range []uint64{2, 1} {
		b := tally.NewBatch(l)
		for range want {
			o := step("w", "s", 0.5)
			o.Origin = tally.Origin{Span: 7, End: 1}
			o.observe(b)
		}
		l.Apply(b, now().UnixNano())
		l.Collect(tally.StepDuration, tally.Delta, func(p *tally.Point) {
			assert.Equal(t, want, p.Hist.Count())
			assert.Equal(t, []uint64{want, 0}, p.Bins.Counts())
			assert.Equal(t, []float64{1}, p.Bins.Bounds())
			assert.Len(t, p.Exemplars, int(want))
		})
	}
}

func TestExcludedAttributesAreLeftOut(t *testing.T) {
	l := tally.NewLedger(tally.Options{MaxSeries: 10, MaxFolded: 1, MaxBuckets: 160, Exclude: []string{"workflow.step.kind"}}, now())
	apply(l, step("w", "s", 1))
	points(l, tally.Steps, tally.Cumulative)
	assert.Equal(t, map[string]float64{"name=w,name=svc,name=s,outcome=success": 1}, points(l, tally.Steps, tally.Cumulative))
}
