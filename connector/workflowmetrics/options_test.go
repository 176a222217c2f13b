package workflowmetrics

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// metrics returns the metrics of all flushes that have this name.
func metrics(sink *consumertest.MetricsSink, name string) (found []pmetric.Metric) {
	for _, md := range sink.AllMetrics() {
		for _, m := range md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
			if m.Name() == name {
				found = append(found, m)
			}
		}
	}
	return found
}

// fold sends one run through a connector and returns all that it sent on.
func fold(t *testing.T, change func(*Config)) *consumertest.MetricsSink {
	t.Helper()
	c, sink, _ := start(t, change)
	td := newBatch()
	in(td, 1).support()
	require.NoError(t, c.ConsumeTraces(t.Context(), td))
	require.NoError(t, c.Shutdown(t.Context()))
	return sink
}

func TestHistogramKinds(t *testing.T) {
	const exponential, explicit = pmetric.MetricTypeExponentialHistogram, pmetric.MetricTypeHistogram
	for kind, want := range map[HistogramKind]map[string]pmetric.MetricType{
		HistogramExponential: {"workflow.run.duration": exponential},
		HistogramExplicit:    {"workflow.run.duration": explicit},
		HistogramBoth:        {"workflow.run.duration": exponential, "workflow.run.duration.explicit": explicit},
	} {
		synctest.Test(t, func(t *testing.T) {
			sink := fold(t, func(c *Config) { c.Histogram.Kind = kind })
			for _, name := range []string{"workflow.run.duration", "workflow.run.duration.explicit"} {
				found := metrics(sink, name)
				if _, ok := want[name]; !ok {
					assert.Empty(t, found, "%s %s", kind, name)
					continue
				}
				require.Len(t, found, 2, "%s %s: the zero and the value", kind, name)
				assert.Equal(t, want[name], found[1].Type(), "%s %s", kind, name)
			}
		})
	}
}

// The run of the batch takes 100 ms, an inclusive upper bound.
func TestExplicitBoundsAreTheUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := fold(t, func(c *Config) {
			c.Histogram.Kind = HistogramExplicit
			c.Histogram.Bounds = []Duration{Duration(50 * time.Millisecond), Duration(100 * time.Millisecond), Duration(time.Second)}
			c.Histogram.CostBounds = []Dollars{0.1, 1}
		})
		for name, want := range map[string]struct {
			bounds []float64
			counts []uint64
			sum    float64
		}{
			"workflow.run.duration": {[]float64{0.05, 0.1, 1}, []uint64{0, 1, 0, 0}, 0.1},
			"workflow.run.cost.usd": {[]float64{0.1, 1}, []uint64{0, 1, 0}, 0.25},
		} {
			p := metrics(sink, name)[1].Histogram().DataPoints().At(0)
			assert.Equal(t, want.bounds, p.ExplicitBounds().AsRaw(), name)
			assert.Equal(t, want.counts, p.BucketCounts().AsRaw(), name)
			assert.InDelta(t, want.sum, p.Sum(), 1e-9, name)
			assert.Equal(t, uint64(1), p.Count(), name)
		}
	})
}

func TestExcludedDimensionsAreAddedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, func(c *Config) {
			c.ExcludeDimensions = []Attribute{"gen_ai.token.type", "service.name", "workflow.step.name"}
		})
		td := newBatch()
		in(td, 1).support()
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		require.NoError(t, c.Shutdown(t.Context()))
		got := last(sink)
		assert.InDelta(t, 120, got["workflow.tokens support"], 0, "input and output")
		assert.InDelta(t, 1, got["workflow.steps support success"], 0)
		for _, name := range []string{"workflow.runs", "workflow.throughput", "workflow.steps", "workflow.tokens"} {
			for _, m := range metrics(sink, name) {
				assert.NotContains(t, attributesOf(m), "service.name", name)
			}
		}
	})
}

func attributesOf(m pmetric.Metric) map[string]any {
	if m.Type() == pmetric.MetricTypeGauge {
		return m.Gauge().DataPoints().At(0).Attributes().AsRaw()
	}
	return m.Sum().DataPoints().At(0).Attributes().AsRaw()
}

// An exemplar is told once, with the first point that holds its value, at the time at which
// its span ended.
func TestExemplarsNameTheSpan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, func(c *Config) { c.Exemplars.Enabled = true })
		td := newBatch()
		in(td, 1).support()
		ended := time.Now()
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		time.Sleep(46 * time.Second)
		points := metrics(sink, "workflow.step.duration")
		require.Len(t, points, 3)
		for i, want := range []int{0, 1, 0} {
			assert.Equal(t, want, points[i].ExponentialHistogram().DataPoints().At(0).Exemplars().Len(), "flush %d", i)
		}
		e := points[1].ExponentialHistogram().DataPoints().At(0).Exemplars().At(0)
		assert.Equal(t, pcommon.TraceID{15: 1}, e.TraceID())
		assert.Equal(t, pcommon.SpanID{7: 2}, e.SpanID())
		assert.InDelta(t, 0.1, e.DoubleValue(), 1e-9)
		assert.Equal(t, pcommon.NewTimestampFromTime(ended), e.Timestamp())
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

func TestNoExemplarsUnlessAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, m := range metrics(fold(t, defaults), "workflow.run.duration") {
			assert.Zero(t, m.ExponentialHistogram().DataPoints().At(0).Exemplars().Len())
		}
	})
}
