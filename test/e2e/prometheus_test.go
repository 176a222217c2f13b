package e2e_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/prometheusapi"
	"github.com/tta-dev/otelcol-workflow/test/prometheustest"
)

// names are the metrics as Prometheus must know them, each under one name: native
// histograms have no _bucket, _sum and _count of their own.
var names = []string{
	"workflow_cache_requests_total",
	"workflow_call_duration_quantile_seconds",
	"workflow_call_duration_seconds",
	"workflow_calls_total",
	"workflow_calls_unpriced_total",
	"workflow_cost_usd_total",
	"workflow_extra_cost_usd_total",
	"workflow_recoveries_total",
	"workflow_run_cost_usd",
	"workflow_run_cost_usd_quantile",
	"workflow_run_duration_quantile_seconds",
	"workflow_run_duration_seconds",
	"workflow_runs_active",
	"workflow_runs_total",
	"workflow_savings_usd_total",
	"workflow_step_duration_quantile_seconds",
	"workflow_step_duration_seconds",
	"workflow_steps_total",
	"workflow_throughput_per_second",
	"workflow_tokens_total",
}

const (
	batches = 3
	perEach = 60 // runs of each of three services in a batch
	total   = batches * 3 * perEach
)

// TestPrometheusSeesWhatWasSent sends runs in batches to the built collector and
// holds what the real Prometheus says about them against books kept by addition.
func TestPrometheusSeesWhatWasSent(t *testing.T) {
	// A flush must outlast the scrape interval, or the zero of a new series is never scraped.
	c := collectortest.Start(t, collectortest.Build(t), "standalone",
		"yaml:connectors::workflow_metrics::flush_interval: 3s", "yaml:connectors::workflow_metrics::runs::wait: 1s",
		"yaml:processors::percentile::flush_interval: 1s",
		"yaml:processors::cost::savings::response_cache::estimate_from_misses: false")
	p := prometheustest.Start(t, c.Metrics)
	l := newLoad(1)
	for i := range batches {
		require.Equal(t, 200, c.Post(t, "application/x-protobuf", protobuf(t, l.batch(perEach))))
		awaitRuns(t, p, float64((i+1)*3*perEach))
	}
	// The cost of a run comes last, when its trace is settled.
	require.Eventually(t, func() bool {
		return p.Number(t, "sum(histogram_count(workflow_run_cost_usd))") == l.sum("histogram_count(workflow_run_cost_usd)") &&
			p.Number(t, "sum(workflow_calls_total)") == l.sum("workflow_calls_total")
	}, patience, tick)

	t.Run("every series and every value", func(t *testing.T) {
		for query, want := range l.numbers {
			assertSeries(t, p, query, want)
		}
	})
	t.Run("the first increase of a series", func(t *testing.T) { assertIncrease(t, p, l.books) })
	t.Run("quantiles", func(t *testing.T) { assertQuantiles(t, p, l.books) })
	t.Run("quantiles over a window", func(t *testing.T) { assertGauges(t, p, l.books) })
	t.Run("names", func(t *testing.T) {
		var got []string
		for _, s := range p.Query(t, `count by (__name__) ({__name__=~"workflow_.*"})`) {
			got = append(got, s.Labels["__name__"])
		}
		slices.Sort(got)
		assert.Equal(t, names, got)
	})
	t.Run("no label collides with those of the scrape", func(t *testing.T) {
		assert.Empty(t, p.Query(t, `{exported_job!=""} or {exported_instance!=""}`))
	})
	assert.NoError(t, c.Stop())
	assert.NoError(t, p.Stop())
}

func protobuf(t *testing.T, td ptrace.Traces) []byte {
	t.Helper()
	body, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	require.NoError(t, err)
	return body
}

func awaitRuns(t *testing.T, p *prometheustest.Prometheus, want float64) {
	t.Helper()
	require.Eventually(t, func() bool {
		return p.Number(t, "sum(workflow_runs_total)") == want
	}, patience, tick, "Prometheus never counted %v runs", want)
}

// assertSeries asserts that the query returns these series with these values and
// none beside. Sums of floating point numbers may differ by their order.
func assertSeries(t *testing.T, p *prometheustest.Prometheus, query string, want map[string]float64) {
	t.Helper()
	for _, s := range p.Query(t, query) {
		assert.Equal(t, prometheustest.Job, s.Labels["job"], query)
	}
	assertValues(t, p, query, want)
}

// assertValues asserts the same of a query that may leave out the labels of the scrape.
func assertValues(t *testing.T, p *prometheustest.Prometheus, query string, want map[string]float64) {
	t.Helper()
	got := map[string]float64{}
	for _, s := range p.Query(t, query) {
		got[ours(s.Labels).String()] = s.Value
	}
	for series, v := range want {
		if assert.Contains(t, got, series, query) {
			assert.InDelta(t, v, got[series], 1e-9*max(1, math.Abs(v)), "%s %s", query, series)
		}
	}
	assert.Len(t, got, len(want), "%s returned %v", query, got)
}

// ours leaves out the labels that a scrape adds.
func ours(all map[string]string) labels {
	out := labels{}
	for name, v := range all {
		if name != "__name__" && name != "job" && name != "instance" {
			out[name] = v
		}
	}
	return out
}

// assertIncrease asserts that increase() over the whole time is all that was sent,
// to the last run: a series whose first sample were not 0 would lose that sample.
// Nothing is extrapolated when the range ends at a sample and the first one is 0.
func assertIncrease(t *testing.T, p *prometheustest.Prometheus, b *books) {
	t.Helper()
	last := p.Query(t, "max(timestamp(workflow_runs_total))")
	require.Len(t, last, 1)
	for _, query := range []string{"workflow_runs_total", "workflow_steps_total", "workflow_calls_total", "workflow_tokens_total"} {
		assertSeries(t, p, fmt.Sprintf("increase(%s[1h] @ %.3f)", query, last[0].Value), b.numbers[query])
	}
	for _, metric := range []string{"workflow_run_duration_seconds", "workflow_step_duration_seconds", "workflow_call_duration_seconds"} {
		assertSeries(t, p, fmt.Sprintf("histogram_count(increase(%s[1h] @ %.3f))", metric, last[0].Value),
			b.numbers["histogram_count("+metric+")"])
	}
}

// assertQuantiles asserts that the quantiles over all series lie in the bucket of
// the true one, and that buckets are as narrow as their number allows.
func assertQuantiles(t *testing.T, p *prometheustest.Prometheus, b *books) {
	t.Helper()
	for metric, series := range b.seconds {
		whole := p.Query(t, "sum("+metric+")")
		require.Len(t, whole, 1, metric)
		require.NotEmpty(t, whole[0].Buckets, metric)
		base := math.Exp2(math.Exp2(-float64(schema(series))))
		first := narrowest(whole[0].Buckets)
		assert.InDelta(t, base, first.High/first.Low, 1e-9, "%s: width of the buckets", metric)

		sorted := b.all(metric)
		for _, q := range []float64{0.5, 0.9, 0.95, 0.99} {
			truth := sorted[int(math.Ceil(q*float64(len(sorted))))-1]
			got := p.Number(t, fmt.Sprintf("histogram_quantile(%v, sum(%s))", q, metric))
			assert.InDelta(t, 0, math.Log(got/truth), math.Log(base)*(1+1e-9), "%s: quantile %v is %v, true is %v", metric, q, got, truth)
		}
	}
}

// narrowest returns the bucket with the least ratio of its bounds, the zero bucket
// apart.
func narrowest(buckets []prometheusapi.Bucket) prometheusapi.Bucket {
	return slices.MinFunc(buckets, func(a, b prometheusapi.Bucket) int {
		if a.Low <= 0 || b.Low > 0 && b.High/b.Low < a.High/a.Low {
			return 1
		}
		return -1
	})
}

// schema returns the finest that all series can share: for each the finest at which
// 160 buckets, as the preset passes histograms on, span its values; 8 is the finest that
// Prometheus knows.
func schema(series map[string][]float64) int {
	finest := 8
	for _, values := range series {
		positive := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v <= 0 })
		if len(positive) == 0 {
			continue
		}
		low, high := math.Log2(slices.Min(positive)), math.Log2(slices.Max(positive))
		for s := finest; ; s-- {
			per := math.Exp2(float64(s))
			if math.Ceil(high*per)-math.Ceil(low*per) < 160 {
				finest = s
				break
			}
		}
	}
	return finest
}
