package otlp_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// distribution returns a point with one value in the wanted forms.
func distribution(t *testing.T, exponential, explicit bool) *tally.Point {
	t.Helper()
	o := tally.Options{MaxSeries: 1, MaxFolded: 1, Exemplars: 1}
	if exponential {
		o.MaxBuckets = exphist.DefaultMaxSize
	}
	if explicit {
		o.Bounds = []float64{1, 2}
	}
	l := tally.NewLedger(o, pcommon.Timestamp(1).AsTime())
	b := tally.NewBatch(l)
	b.Observe(&tally.Observation{
		Stream: b.Stream("w", "", nil), Seconds: 1.5, Weight: 1, Reading: &flow.Reading{},
		Verdict: flow.Verdict{Role: flow.RoleRun, Run: flow.RunCounts},
		Origin:  tally.Origin{Trace: flow.TraceID{1}, Span: 0x0102, End: 9},
	})
	l.Apply(b, 1)
	var point *tally.Point
	l.Collect(tally.RunDuration, tally.Delta, func(p *tally.Point) {
		own := *p
		own.Labels = labels("workflow.name", "w")
		own.Exemplars = append([]tally.Exemplar(nil), p.Exemplars...)
		if p.Hist != nil {
			own.Hist = p.Hist.Clone()
		}
		point = &own
	})
	require.NotNil(t, point)
	return point
}

func TestOneNameIsOfOneType(t *testing.T) {
	const exp, fixed = pmetric.MetricTypeExponentialHistogram, pmetric.MetricTypeHistogram
	for _, c := range []struct {
		exponential, explicit bool
		want                  map[string]pmetric.MetricType
	}{
		{true, false, map[string]pmetric.MetricType{"workflow.run.duration": exp}},
		{false, true, map[string]pmetric.MetricType{"workflow.run.duration": fixed}},
		{true, true, map[string]pmetric.MetricType{"workflow.run.duration": exp, "workflow.run.duration.explicit": fixed}},
	} {
		ms := pmetric.NewMetricSlice()
		w := otlp.NewWriter(ms, tally.Metrics[tally.RunDuration], tally.Delta, 0, 100)
		w.Point(distribution(t, c.exponential, c.explicit))
		got := make(map[string]pmetric.MetricType)
		for _, m := range ms.All() {
			got[m.Name()] = m.Type()
			assert.Equal(t, "s", m.Unit())
		}
		assert.Equal(t, c.want, got)
	}
}

func TestAnExemplarIsWrittenWithItsSpan(t *testing.T) {
	ms := pmetric.NewMetricSlice()
	w := otlp.NewWriter(ms, tally.Metrics[tally.RunDuration], tally.Delta, 0, 100)
	w.Point(distribution(t, true, true))
	for _, exemplars := range []pmetric.ExemplarSlice{
		ms.At(0).ExponentialHistogram().DataPoints().At(0).Exemplars(),
		ms.At(1).Histogram().DataPoints().At(0).Exemplars(),
	} {
		require.Equal(t, 1, exemplars.Len())
		e := exemplars.At(0)
		assert.InDelta(t, 1.5, e.DoubleValue(), 0)
		assert.Equal(t, pcommon.Timestamp(9), e.Timestamp())
		assert.Equal(t, pcommon.TraceID{1}, e.TraceID())
		assert.Equal(t, pcommon.SpanID{6: 1, 7: 2}, e.SpanID())
	}
}
