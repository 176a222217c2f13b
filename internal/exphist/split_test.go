package exphist

import (
	"math"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser/posrange"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// partsOf makes a histogram from parts without known extremes.
func partsOf(tb testing.TB, p Parts) *Histogram {
	tb.Helper()
	p.Min, p.Max = math.NaN(), math.NaN()
	h, err := FromParts(DefaultMaxSize, p)
	require.NoError(tb, err)
	return h
}

// The vectors of native_histograms.test of Prometheus: schema 0, zeros up to 0.001, buckets from (½, 1] on.
func TestSplitVectorsOfPrometheus(t *testing.T) {
	h := partsOf(t, Parts{ZeroCount: 2, Positive: []uint64{2, 3, 0, 1, 4}, PositiveOffset: -1})
	for _, tc := range []struct{ x, want float64 }{
		{-1, 0},
		{0, 0},
		{0.0005, 0.0833333333333333},
		{0.001, 0.1666666666666667},
		{0.1, 0.1666666666666667},
		{1, 4.0 / 12},
		{1.5, 0.4795739585136224},
		{2, 7.0 / 12},
		{3, 7.0 / 12},
		{6, 0.6320802083934297},
		{16, 1},
		{math.Inf(1), 1},
	} {
		assert.InDelta(t, tc.want, h.SplitAt(tc.x, 0.001).Estimate()/12, 1e-15, "%v", tc.x)
	}
	negative := partsOf(t, Parts{ZeroCount: 2, Negative: []uint64{2, 3, 0, 1, 4}, NegativeOffset: -1})
	for _, tc := range []struct{ x, want float64 }{
		{-16, 0}, {-6, 1 - 0.6320802083934297}, {-1.5, 1 - 0.4795739585136224}, {-0.0005, 1 - 0.0833333333333333}, {0, 1},
	} {
		assert.InDelta(t, tc.want, negative.SplitAt(tc.x, 0.001).Estimate()/12, 1e-15, "%v", tc.x)
	}
	for scale, median := range map[int32]float64{-1: 2, 0: math.Sqrt2, 1: 1.189207115002721} {
		one := partsOf(t, Parts{Scale: scale, Positive: []uint64{5}})
		assert.InDelta(t, 2.5, one.SplitAt(median, 0).Estimate(), 1e-12, "scale %d", scale)
	}
	both := partsOf(t, Parts{ZeroCount: 4, Positive: []uint64{1}, Negative: []uint64{1}})
	assert.InDelta(t, 1+3, both.SplitAt(0.0005, 0.001).Estimate(), 1e-12, "zeros on both sides")
}

func TestSplitSpecialCases(t *testing.T) {
	h := of(160, -2, 0, 0, 3, 5)
	for _, tc := range []struct {
		name   string
		h      *Histogram
		x      float64
		below  uint64
		within uint64
	}{
		{"empty", New(160), 1, 0, 0},
		{"NaN", h, math.NaN(), 0, 0},
		{"below all", h, -2.1, 0, 0},
		{"above all", h, 5, 5, 0},
		{"minus infinity", h, math.Inf(-1), 0, 0},
		{"infinity", h, math.Inf(1), 5, 0},
		{"zeros are zeros", h, 0, 3, 0},
		{"just below zero", h, -1e-9, 1, 0},
		{"between buckets", h, 4, 4, 0},
		{"in the bucket of one", octaves(1, 3), 2.5, 1, 1},
		{"above the greatest of a bucket", octaves(1, 3), 3, 2, 0},
		{"on a bound", octaves(2, 3), 2, 1, 0},
	} {
		s := tc.h.SplitAt(tc.x, 0)
		assert.Equal(t, tc.below, s.Below, tc.name)
		assert.Equal(t, tc.within, s.Within, tc.name)
	}
	s := octaves(1, 3).SplitAt(2.5, 0)
	assert.InDelta(t, 2, s.Lower, 0)
	assert.InDelta(t, 4, s.Upper, 0)
	assert.InDelta(t, math.Log2(1.25), s.Share, 1e-12)
}

// octaves records values at scale 0.
func octaves(values ...float64) *Histogram {
	h := of(DefaultMaxSize, values...)
	h.Downscale(0)
	return h
}

// The number of values up to x is between Below and Below + Within, and is Below when x is the bound of a bucket.
func TestSplitAgainstTheValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := samples().Draw(t, "values")
		h := of(sizes().Draw(t, "size"), values...)
		x := rapid.OneOf(finite(), rapid.SampledFrom(append([]float64{0}, values...))).Draw(t, "x")
		var exact uint64
		for _, v := range values {
			if v <= x {
				exact++
			}
		}
		s := h.SplitAt(x, 0)
		require.LessOrEqual(t, s.Below, exact)
		require.GreaterOrEqual(t, s.Below+s.Within, exact)
		require.GreaterOrEqual(t, s.Estimate(), float64(s.Below))
		require.LessOrEqual(t, s.Estimate(), float64(s.Below+s.Within))
		if s.Within > 0 {
			require.LessOrEqual(t, s.Lower, x)
			require.GreaterOrEqual(t, s.Upper, x)
		}
	})
}

func TestSplitOnABoundIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0.001, 1000), 1, 60).Draw(t, "values")
		h := of(20, values...)
		b := h.Positive()
		x := lowerBound(b.Offset()+int32(rapid.IntRange(0, b.Len()).Draw(t, "bucket")), h.Scale())
		var exact uint64
		for _, v := range values {
			if v <= x {
				exact++
			}
		}
		require.Equal(t, Split{Below: exact}, Split{Below: h.SplitAt(x, 0).Below, Within: h.SplitAt(x, 0).Within})
	})
}

func TestSplitRisesWithX(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := of(20, samples().Draw(t, "values")...)
		xs := rapid.SliceOfN(finite(), 2, 20).Draw(t, "xs")
		slices.Sort(xs)
		before := 0.0
		for _, x := range xs {
			now := h.SplitAt(x, 0).Estimate()
			require.GreaterOrEqual(t, now, before-1e-9, "%v", x)
			before = now
		}
	})
}

// Prometheus does not know the extremes, and so is asked only between them. At 0 it leaves zeros out, which are not
// above it.
func TestSplitAgreesWithPrometheus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := of(DefaultMaxSize, rapid.SliceOfN(rapid.OneOf(
			rapid.Float64Range(0.001, 1000), rapid.Float64Range(-50, 50), rapid.Just(0.0),
		), 1, 80).Draw(t, "values")...)
		h.Downscale(8) // the finest schema there
		x := rapid.Float64Range(-60, 1100).Draw(t, "x")
		if x < h.Min() || x >= h.Max() || x == 0 {
			return
		}
		theirs, _ := promql.HistogramFraction(math.Inf(-1), x, toPrometheus(h), "", posrange.PositionRange{})
		require.InDelta(t, theirs, h.SplitAt(x, 0).Estimate()/float64(h.Count()), 1e-9)
	})
}
