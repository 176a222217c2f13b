package main

import (
	"bytes"
	"math"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
)

// toNative writes a histogram as the Prometheus exporter would: runs of buckets
// in use as spans, counts as differences.
func toNative(h *exphist.Histogram) *dto.Histogram {
	out := &dto.Histogram{
		SampleCount: new(h.Count()), SampleSum: new(h.Sum()), Schema: new(h.Scale()), ZeroCount: new(h.ZeroCount()),
	}
	out.PositiveSpan, out.PositiveDelta = spans(h.Positive())
	out.NegativeSpan, out.NegativeDelta = spans(h.Negative())
	return out
}

func spans(b exphist.Buckets) (spans []*dto.BucketSpan, deltas []int64) {
	var last int64
	next := int32(0) // the index, in the terms of Prometheus, after the last span
	for j := range b.Len() {
		i, n := b.Offset()+int32(j), b.At(j)
		if n == 0 {
			continue
		}
		if len(spans) == 0 || i+1 != next {
			spans = append(spans, &dto.BucketSpan{Offset: new(i + 1 - next), Length: new(uint32(0))})
		}
		*spans[len(spans)-1].Length++
		next = i + 2
		deltas = append(deltas, int64(n)-last)
		last = int64(n)
	}
	return spans, deltas
}

// The drawing of native: an index off by one doubles or halves every latency.
func TestNativeBuckets(t *testing.T) {
	h, err := native(&dto.Histogram{
		Schema: new(int32(0)), SampleCount: new(uint64(4)),
		PositiveSpan: []*dto.BucketSpan{{Offset: new(int32(1)), Length: new(uint32(2))}}, PositiveDelta: []int64{3, -2},
	})
	require.NoError(t, err)
	assert.Equal(t, uint64(4), h.Count())
	assert.InDelta(t, math.Pow(2, 2.0/3), h.Quantile(0.5), 1e-9)
	assert.InDelta(t, 4, h.Quantile(1), 1e-9)
}

func TestNativeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := exphist.New(exphist.DefaultMaxSize)
		for _, v := range rapid.SliceOf(rapid.Float64Range(-1e3, 1e3)).Draw(t, "values") {
			want.Add(v)
		}
		got, err := native(toNative(want))
		require.NoError(t, err)
		require.Equal(t, want.Count(), got.Count())
		require.Equal(t, want.ZeroCount(), got.ZeroCount())
		require.Equal(t, want.Positive().Offset(), got.Positive().Offset())
		require.Equal(t, want.Positive().AppendTo(nil), got.Positive().AppendTo(nil))
		require.Equal(t, want.Negative().Offset(), got.Negative().Offset())
		require.Equal(t, want.Negative().AppendTo(nil), got.Negative().AppendTo(nil))
	})
}

// given builds metrics from lines of the text format.
func given(t *testing.T, lines ...string) metrics {
	t.Helper()
	m, err := decode(strings.NewReader(strings.Join(lines, "\n")+"\n"), expfmt.NewFormat(expfmt.TypeTextPlain))
	require.NoError(t, err)
	return m
}

func TestLinesAddUpByLabels(t *testing.T) {
	m := given(t,
		`# TYPE workflow_steps_total counter`,
		`workflow_steps_total{workflow_name="a",workflow_step_name="x",workflow_outcome="success"} 5`,
		`workflow_steps_total{workflow_name="a",workflow_step_name="x",workflow_outcome="timeout"} 2`,
		`workflow_steps_total{workflow_name="a",workflow_step_name="x",workflow_outcome="error"} 1`,
		`workflow_steps_total{workflow_name="a",workflow_step_name="x",workflow_outcome="cancelled"} 4`,
		`workflow_steps_total{workflow_name="a",workflow_step_name="w",workflow_outcome="success"} 3`,
		`workflow_steps_total{workflow_name="b",workflow_step_name="x",workflow_outcome="success"} 7`)
	assert.Equal(t, []line{{name: "w", count: 3}, {name: "x", count: 12, failed: 3}},
		m.lines("workflow_steps_total", "none", "a", "workflow_step_name"))
}

// Histograms of several outcomes are one distribution.
func TestLinesMergeHistograms(t *testing.T) {
	ones, fours := exphist.New(exphist.DefaultMaxSize), exphist.New(exphist.DefaultMaxSize)
	ones.AddN(1, 10)
	fours.AddN(4, 10)
	m := scraped(t, "d", map[string]*exphist.Histogram{"success": ones, "error": fours})
	lines := m.lines("none", "d", "a")
	require.Len(t, lines, 1)
	assert.Equal(t, uint64(20), lines[0].seconds.Count())
	assert.InEpsilon(t, 1, lines[0].seconds.Quantile(0.4), 0.01)
	assert.InEpsilon(t, 4, lines[0].seconds.Quantile(0.9), 0.01)
}

// scraped is a family of native histograms of the workflow a, by outcome, after
// its way over the wire.
func scraped(t *testing.T, name string, byOutcome map[string]*exphist.Histogram) metrics {
	t.Helper()
	family := &dto.MetricFamily{Name: &name, Type: dto.MetricType_HISTOGRAM.Enum()}
	for outcome, h := range byOutcome {
		h.Downscale(8) // the finest that Prometheus has
		family.Metric = append(family.Metric, &dto.Metric{
			Label: []*dto.LabelPair{
				{Name: new("workflow_name"), Value: new("a")}, {Name: new("workflow_outcome"), Value: new(outcome)},
			},
			Histogram: toNative(h),
		})
	}
	var wire bytes.Buffer
	require.NoError(t, expfmt.NewEncoder(&wire, expfmt.NewFormat(expfmt.TypeProtoDelim)).Encode(family))
	m, err := decode(&wire, expfmt.NewFormat(expfmt.TypeProtoDelim))
	require.NoError(t, err)
	return m
}

func TestScrapeThatIsNoMetrics(t *testing.T) {
	_, err := decode(strings.NewReader("\x05nonsense"), expfmt.NewFormat(expfmt.TypeProtoDelim))
	require.Error(t, err)
}
