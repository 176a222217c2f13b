package percentileprocessor

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/tta-dev/otelcol-workflow/processor/percentileprocessor/internal/metadata"
)

const flushed = 16 * time.Second

func TestDefaultsTellOurHistograms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, defaults)
		for _, outcome := range []string{"success", "error"} {
			p := produce(map[string]any{"workflow.name": "support", "workflow.outcome": outcome}).add(2, 2, 2, 2, 2)
			b.consume(p.metrics())
		}
		other := produce(nil).add(5)
		other.metric = "http.server.request.duration"
		b.consume(other.metrics())
		assert.Equal(t, 3, b.sink.DataPointCount(), "the originals")
		time.Sleep(flushed)
		assert.Equal(t, map[string]float64{
			"workflow.run.duration.quantile{quantile=0.5,workflow.name=support}":  2,
			"workflow.run.duration.quantile{quantile=0.9,workflow.name=support}":  2,
			"workflow.run.duration.quantile{quantile=0.95,workflow.name=support}": 2,
			"workflow.run.duration.quantile{quantile=0.99,workflow.name=support}": 2,
		}, b.newest(), "one series, whatever the outcome")
		b.stop()
	})
}

// only keeps one quantile, so that there is one point a series.
func only(q Quantile, windows ...time.Duration) func(*Config) {
	return func(c *Config) {
		c.Rules[0].Quantiles = []Quantile{q}
		if len(windows) > 0 {
			c.Rules[0].Windows = nil
		}
		for _, w := range windows {
			c.Rules[0].Windows = append(c.Rules[0].Windows, Duration(w))
		}
	}
}

func TestAnIdleSeriesDrainsAndIsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, only(0.5))
		p := produce(nil).add(3)
		told := 0
		for range 50 { // 12½ minutes of running totals that stay as they are
			b.consume(p.metrics())
			time.Sleep(15 * time.Second)
			synctest.Wait()
			if v, ok := b.newest()["workflow.run.duration.quantile{quantile=0.5}"]; ok {
				told++
				assert.InDelta(t, 3, v, 0)
			}
		}
		assert.InDelta(t, 21, told, 1, "5 to 5½ minutes of 15 s")
		time.Sleep(time.Hour)
		assert.Zero(t, b.p.board.Groups())
		time.Sleep(time.Hour)
		assert.Zero(t, b.p.board.Streams())
		b.stop()
	})
}

func TestWindowsDiffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, only(1, time.Minute, 5*time.Minute, time.Hour))
		p := produce(nil).add(9)
		for range 8 {
			b.consume(p.metrics())
			time.Sleep(15 * time.Second)
		}
		b.consume(p.add(4).metrics())
		b.newest()
		time.Sleep(flushed)
		got := b.newest()
		assert.InEpsilon(t, 4, got["workflow.run.duration.quantile{quantile=1,window=1m}"], 0.001)
		assert.InEpsilon(t, 9, got["workflow.run.duration.quantile{quantile=1,window=5m}"], 0.001)
		assert.InEpsilon(t, 9, got["workflow.run.duration.quantile{quantile=1,window=1h}"], 0.001)
		assert.Len(t, got, 3)
		b.stop()
	})
}

func TestTooFewValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(c *Config) {
			only(0.5)(c)
			c.Rules[0].MinCount = 3
		})
		p := produce(nil).add(1, 1)
		b.consume(p.metrics())
		time.Sleep(flushed)
		assert.Empty(t, b.newest())
		b.consume(p.add(1).metrics())
		time.Sleep(flushed)
		assert.Len(t, b.newest(), 1)
		b.stop()
	})
}

// A process that runs on while we restart has a total that is not of our window.
func TestAfterARestartThereIsNoSpike(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := produce(nil)
		for range 1000 {
			p.add(100)
		}
		time.Sleep(time.Hour)
		b := start(t, only(0.99))
		b.consume(p.metrics())
		time.Sleep(flushed)
		assert.Empty(t, b.newest())
		b.consume(p.add(2, 2).metrics())
		time.Sleep(flushed)
		got := b.newest()["workflow.run.duration.quantile{quantile=0.99}"]
		assert.InEpsilon(t, 2, got, 0.2)
		b.stop()
	})
}

func TestAProducerThatRestartsLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, only(0.5))
		b.consume(produce(nil).add(1).metrics())
		time.Sleep(10 * time.Second)
		again := produce(nil).add(7, 7)
		time.Sleep(time.Second)
		b.consume(again.metrics())
		time.Sleep(flushed)
		assert.InEpsilon(t, 7, b.newest()["workflow.run.duration.quantile{quantile=0.5}"], 0.001)
		b.stop()
	})
}

func TestExplicitBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(c *Config) {
			only(0.75)(c)
			c.Rules[0].Error = true
		})
		began := time.Now()
		b.consume(explicit("workflow.run.duration", began, []float64{1, 2}, []uint64{0, 0, 0}))
		time.Sleep(time.Second)
		b.consume(explicit("workflow.run.duration", began, []float64{1, 2}, []uint64{0, 4, 0}))
		b.consume(explicit("workflow.overflowing", began, []float64{1, 2}, []uint64{0, 0, 4}))
		time.Sleep(flushed)
		assert.Equal(t, map[string]float64{
			"workflow.run.duration.quantile{quantile=0.75}":       1.75,
			"workflow.run.duration.quantile.error{quantile=0.75}": 0.75,
			"workflow.overflowing.quantile{quantile=0.75}":        2, // how far it may be off nobody knows
		}, b.newest())
		b.stop()
	})
}

func TestGroups(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*RuleConfig)
		want   map[string]float64
	}{
		"all but the outcome": {func(*RuleConfig) {}, map[string]float64{
			"workflow.run.duration.quantile{host=a,service.name=x}{quantile=0.5,tier=1,workflow.name=w}": 1,
			"workflow.run.duration.quantile{host=b,service.name=x}{quantile=0.5,tier=1,workflow.name=w}": 3,
		}},
		"without": {func(r *RuleConfig) { r.Without = []string{"host", "workflow.name"} }, map[string]float64{
			"workflow.run.duration.quantile{service.name=x}{quantile=0.5,tier=1,workflow.outcome=error}":   3,
			"workflow.run.duration.quantile{service.name=x}{quantile=0.5,tier=1,workflow.outcome=success}": 1,
		}},
		"group_by": {func(r *RuleConfig) { r.GroupBy = []string{"host"} }, map[string]float64{
			"workflow.run.duration.quantile{host=a}{quantile=0.5}": 1,
			"workflow.run.duration.quantile{host=b}{quantile=0.5}": 3,
		}},
		"group_by nothing": {func(r *RuleConfig) { r.GroupBy = []string{} }, map[string]float64{
			"workflow.run.duration.quantile{quantile=0.5}": 1,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := start(t, func(c *Config) {
					only(0.5)(c)
					tc.change(&c.Rules[0])
				})
				for host, outcome := range map[string]string{"a": "success", "b": "error"} {
					p := produce(map[string]any{"workflow.name": "w", "workflow.outcome": outcome, "tier": 1})
					p.resource = map[string]any{"service.name": "x", "host": host}
					p.add(map[string]float64{"a": 1, "b": 3}[host])
					b.consume(p.metrics())
				}
				time.Sleep(flushed)
				assert.Equal(t, tc.want, b.newest())
				b.stop()
			})
		})
	}
}

func TestEveryRuleThatMatchesCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(c *Config) {
			only(0.5)(c)
			named := c.Rules[0]
			named.Metric, named.Name, named.GroupBy = "workflow.run.duration", "run.p", []string{}
			c.Rules = append(c.Rules, named)
		})
		b.consume(produce(map[string]any{"workflow.name": "w"}).add(1).metrics())
		time.Sleep(flushed)
		assert.Equal(t, map[string]float64{
			"workflow.run.duration.quantile{quantile=0.5,workflow.name=w}": 1,
			"run.p{quantile=0.5}": 1,
		}, b.newest())
		b.stop()
	})
}

func TestKeepOriginal(t *testing.T) {
	wide := func() pmetric.Metrics {
		p := produce(nil)
		for v := 0.001; v < 1000; v *= 1.01 {
			p.add(v)
		}
		return p.metrics()
	}
	for name, tc := range map[string]struct {
		keep    KeepOriginal
		metrics int
		buckets int
	}{
		"as it came":       {KeepOriginal{}, 1, 2552},
		"not":              {KeepOriginal{dropped: true}, 0, 0},
		"smaller":          {KeepOriginal{MaxSize: 160}, 1, 160},
		"smaller than any": {KeepOriginal{MaxSize: 4096}, 1, 2552},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := start(t, func(c *Config) { c.Rules[0].KeepOriginal = tc.keep })
				assert.Equal(t, tc.keep != KeepOriginal{}, b.p.Capabilities().MutatesData)
				md := wide()
				before := md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0).ExponentialHistogram().DataPoints().At(0).Count()
				b.consume(md)
				require.Len(t, b.sink.AllMetrics(), tc.metrics)
				if tc.metrics > 0 {
					m := b.sink.AllMetrics()[0].ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0)
					dp := m.ExponentialHistogram().DataPoints().At(0)
					assert.LessOrEqual(t, dp.Positive().BucketCounts().Len(), tc.buckets)
					assert.Greater(t, dp.Positive().BucketCounts().Len(), tc.buckets/2-1)
					assert.Equal(t, before, dp.Count())
					var n uint64
					for _, c := range dp.Positive().BucketCounts().All() {
						n += c
					}
					assert.Equal(t, before, n)
				}
				time.Sleep(flushed)
				assert.Len(t, b.newest(), 4, "of the whole histogram, whatever is passed on")
				b.stop()
			})
		})
	}
}

func TestTheRestOfABatchIsPassedOnWhenItsHistogramsAreNot(t *testing.T) {
	b := start(t, func(c *Config) { c.Rules[0].KeepOriginal = KeepOriginal{dropped: true} })
	md := produce(nil).add(1).metrics()
	other := md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().AppendEmpty()
	other.SetName("workflow.runs")
	other.SetEmptySum().DataPoints().AppendEmpty()
	b.consume(md)
	require.Len(t, b.sink.AllMetrics(), 1)
	assert.Equal(t, 1, b.sink.AllMetrics()[0].MetricCount())
	b.stop()
}

func TestShutdownSendsTheLastQuantiles(t *testing.T) {
	b := start(t, only(0.5))
	b.consume(produce(nil).add(4).metrics())
	b.stop()
	assert.Len(t, b.newest(), 1)
	b.stop()
	assert.Empty(t, b.newest(), "once")
}

func TestShutdownIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		next, err := consumerOf(func(context.Context, pmetric.Metrics) error {
			<-release
			return nil
		})
		require.NoError(t, err)
		p, err := newProcessor(processortest.NewNopSettings(metadata.Type), createDefaultConfig().(*Config), next)
		require.NoError(t, err)
		require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
		p.take(t.Context(), produce(nil).add(1).metrics())
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.ErrorContains(t, p.Shutdown(ctx), "not all was done when the time to shut down was over")
		close(release)
	})
}

func TestShutdownWithoutStart(t *testing.T) {
	p, err := newProcessor(processortest.NewNopSettings(metadata.Type), createDefaultConfig().(*Config), consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, p.Shutdown(t.Context()))
}
