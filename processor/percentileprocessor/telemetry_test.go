package percentileprocessor

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

func consumerOf(f consumer.ConsumeMetricsFunc) (consumer.Metrics, error) {
	return consumer.NewMetrics(f)
}

// outcomes returns the data points by what became of them, those that are not 0.
func (b *bench) outcomes() map[string]int64 {
	b.tb.Helper()
	out := map[string]int64{}
	m, err := b.tel.GetMetric("otelcol_processor_percentile_points")
	require.NoError(b.tb, err)
	for _, dp := range sums(b.tb, m.Data) {
		if dp.Value > 0 {
			outcome, _ := dp.Attributes.Value("outcome")
			out[outcome.AsString()] = dp.Value
		}
	}
	return out
}

func (b *bench) counter(name string) int64 {
	b.tb.Helper()
	m, err := b.tel.GetMetric("otelcol_processor_percentile_" + name)
	require.NoError(b.tb, err)
	return sums(b.tb, m.Data)[0].Value
}

func TestEveryPointIsAccountedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := produce(map[string]any{"is": "old"}).add(1)
		time.Sleep(time.Hour)
		b := start(t, defaults)

		b.consume(old.metrics()) // baseline
		p := produce(nil).add(1, 2)
		early := p.metrics()
		time.Sleep(time.Second)
		later := p.add(3).metrics()
		b.consume(later) // began
		b.consume(later) // duplicate
		b.consume(early) // disordered
		p.hist.Reset()
		time.Sleep(time.Second)
		b.consume(p.add(3).metrics()) // conflict
		time.Sleep(time.Second)
		b.consume(p.add(3).metrics()) // counted

		b.consume(changed(p, func(dp pmetric.ExponentialHistogramDataPoint) { // missing
			dp.SetFlags(pmetric.DefaultDataPointFlags.WithNoRecordedValue(true))
		}))
		b.consume(changed(p, func(dp pmetric.ExponentialHistogramDataPoint) { dp.SetScale(99) }))    // malformed
		b.consume(changed(p, func(dp pmetric.ExponentialHistogramDataPoint) { dp.SetTimestamp(0) })) // malformed

		late := produce(map[string]any{"is": "late"}).add(1)
		late.delta = true
		b.consume(late.metrics())
		b.consume(changed(late.add(1), func(dp pmetric.ExponentialHistogramDataPoint) {
			at := pcommon.NewTimestampFromTime(time.Now().Add(-10 * time.Minute))
			dp.SetStartTimestamp(at - 1)
			dp.SetTimestamp(at)
		}))
		time.Sleep(time.Hour)
		b.consume(p.add(3).metrics()) // of more than an hour

		assert.Equal(t, map[string]int64{
			"baseline": 1, "began": 1, "duplicate": 1, "disordered": 1, "conflict": 1, "counted": 2,
			"missing": 1, "malformed": 2, "late": 1, "gap": 1,
		}, b.outcomes())
		b.stop()
	})
}

// changed tells the point of a producer with a change.
func changed(p *producer, change func(pmetric.ExponentialHistogramDataPoint)) pmetric.Metrics {
	md := p.metrics()
	change(md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0).ExponentialHistogram().DataPoints().At(0))
	return md
}

func TestPointsAheadOfTheClockCountAsOfNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, only(0.5))
		b.consume(changed(produce(nil).add(1), func(dp pmetric.ExponentialHistogramDataPoint) {
			dp.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(time.Hour)))
		}))
		assert.Equal(t, int64(1), b.counter("ahead"))
		b.stop()
	})
}

func TestSeriesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(c *Config) {
			only(1)(c)
			c.MaxSeries = 2
		})
		for i := range 4 {
			p := produce(map[string]any{"workflow.name": string(rune('a' + i))}).add(float64(i + 1))
			p.delta = true // so that the bound of streams is no matter
			time.Sleep(time.Second)
			b.consume(p.metrics())
		}
		time.Sleep(flushed)
		assert.Equal(t, map[string]float64{
			"workflow.run.duration.quantile{quantile=1,workflow.name=a}":           1,
			"workflow.run.duration.quantile{quantile=1,workflow.name=b}":           2,
			"workflow.run.duration.quantile{otel.metric.overflow=true,quantile=1}": 4,
		}, b.newest())
		assert.Equal(t, int64(2), b.counter("folded"))
		total := produce(map[string]any{"workflow.name": "z"}).add(9)
		b.consume(total.metrics())
		assert.Equal(t, int64(1), b.outcomes()["overflow"], "a running total of an unknown stream tells nothing")
		b.stop()
	})
}

func TestRefusedQuantilesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, defaults)
		b.p.next, _ = consumerOf(func(context.Context, pmetric.Metrics) error { return errors.New("full") })
		require.Error(t, b.p.ConsumeMetrics(t.Context(), produce(nil).add(1).metrics()), "what is refused is for the sender to send again")
		time.Sleep(flushed)
		assert.Equal(t, int64(4), b.counter("lost"))
		require.Error(t, b.p.Shutdown(t.Context()))
	})
}

func sums(tb testing.TB, data metricdata.Aggregation) []metricdata.DataPoint[int64] {
	tb.Helper()
	sum, ok := data.(metricdata.Sum[int64])
	require.True(tb, ok)
	return sum.DataPoints
}
