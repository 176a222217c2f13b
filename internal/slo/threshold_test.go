package slo

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
)

func TestCutOfExplicitBuckets(t *testing.T) {
	bounds, counts := []float64{1, 2.5, 5}, []uint64{10, 4, 2, 1}
	for _, tc := range []struct {
		name                         string
		threshold                    float64
		lower, upper, between, maybe float64
	}{
		{"on a bound", 2.5, 14, 14, 14, 0},
		{"on a bound but for rounding", 2.5 * (1 - 1e-12), 14, 14, 14, 0},
		{"in a bucket", 2, 10, 14, 10 + 4/1.5, 4},
		{"in the first", 0.25, 0, 10, 2.5, 10},
		{"below zero", -1, 0, 10, 0, 10},
		{"on the last bound", 5, 16, 16, 16, 0},
		{"above all bounds", 6, 16, 16, 16, 1},
		{"infinite", math.Inf(1), 17, 17, 17, 0},
		{"minus infinity", math.Inf(-1), 0, 0, 0, 0},
		{"NaN", math.NaN(), 0, 0, 0, 0},
	} {
		for b, want := range map[Boundary]float64{Lower: tc.lower, Upper: tc.upper, Interpolate: tc.between} {
			got := b.Explicit(bounds, counts, tc.threshold)
			assert.InDelta(t, want, got.Good, 1e-12, "%s, %v", tc.name, b)
			assert.InDelta(t, 17, got.Total, 0, "%s, %v", tc.name, b)
			assert.InDelta(t, tc.maybe, got.Uncertain, 0, "%s, %v", tc.name, b)
			assert.InDelta(t, tc.maybe/17, got.Uncertainty(), 1e-12, "%s, %v", tc.name, b)
		}
	}
	nearest := Lower.Explicit(bounds, counts, 2)
	assert.Equal(t, [2]float64{1, 2.5}, [2]float64{nearest.Above, nearest.UpTo})
}

func TestCutOfOddExplicitBuckets(t *testing.T) {
	assert.Equal(t, Cut{}, Lower.Explicit(nil, nil, 1))
	assert.Zero(t, Cut{}.Uncertainty())
	assert.Equal(t, Counts{3, 3}, Lower.Explicit([]float64{1, 2}, []uint64{3}, 2).Counts(), "counts are missing")
	assert.InDelta(t, 0, Interpolate.Explicit([]float64{-5, 1}, []uint64{3, 0, 0}, -6).Good, 0, "no lower bound to go by")
	only := Lower.Explicit(nil, []uint64{3}, 1)
	assert.Equal(t, Counts{0, 3}, only.Counts(), "no bounds at all")
	assert.InDelta(t, 1, only.Uncertainty(), 0)
	assert.Equal(t, Counts{3, 3}, Lower.Explicit([]float64{30000}, []uint64{3, 0}, 29999.999999999996).Counts())
}

// The vectors of histogram_fraction, by the engine's own door.
func TestCutOfExponentialBuckets(t *testing.T) {
	h, err := exphist.FromParts(160, exphist.Parts{
		ZeroCount: 2, Positive: []uint64{2, 3, 0, 1, 4}, PositiveOffset: -1, Min: math.NaN(), Max: math.NaN(),
	})
	require.NoError(t, err)
	for _, tc := range []struct{ x, fraction, lower, upper float64 }{
		{0.0005, 0.0833333333333333, 0, 2},
		{0.001, 0.1666666666666667, 2, 2},
		{1.5, 0.4795739585136224, 4, 7},
		{6, 0.6320802083934297, 7, 8},
		{math.Inf(1), 1, 12, 12},
	} {
		got := Interpolate.Exponential(h, 0.001, tc.x)
		assert.InDelta(t, tc.fraction, got.Good/got.Total, 1e-15, "%v", tc.x)
		assert.InDelta(t, tc.lower, Lower.Exponential(h, 0.001, tc.x).Good, 0, "%v", tc.x)
		assert.InDelta(t, tc.upper, Upper.Exponential(h, 0.001, tc.x).Good, 0, "%v", tc.x)
		assert.InDelta(t, tc.upper-tc.lower, got.Uncertain, 0, "%v", tc.x)
	}
}

// Whatever was recorded, the share of values up to a threshold is between the cuts of Lower and Upper, and the
// uncertainty says how far they are apart.
func TestCutsEncloseTheTruth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 100), 1, 80).Draw(t, "values")
		threshold := rapid.Float64Range(0, 110).Draw(t, "threshold")
		bounds := []float64{0.5, 1, 5, 20, 60}
		counts := make([]uint64, len(bounds)+1)
		h := exphist.New(20)
		var exact float64
		for _, v := range values {
			h.Add(v)
			i := 0
			for i < len(bounds) && v > bounds[i] {
				i++
			}
			counts[i]++
			if v <= threshold {
				exact++
			}
		}
		cut := func(b Boundary) [2]Cut {
			return [2]Cut{b.Explicit(bounds, counts, threshold), b.Exponential(h, 0, threshold)}
		}
		lower, between, upper := cut(Lower), cut(Interpolate), cut(Upper)
		for i := range lower {
			require.LessOrEqual(t, lower[i].Good, between[i].Good)
			require.LessOrEqual(t, between[i].Good, upper[i].Good)
			require.LessOrEqual(t, lower[i].Good, exact)
			require.LessOrEqual(t, math.Abs(exact-between[i].Good), between[i].Uncertain)
			require.InDelta(t, float64(len(values)), between[i].Total, 0)
			if threshold <= bounds[len(bounds)-1] {
				require.GreaterOrEqual(t, upper[i].Good, exact)
			}
		}
	})
}
