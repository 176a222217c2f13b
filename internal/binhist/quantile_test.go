package binhist

import (
	"math"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/promql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestQuantileSpecialCases(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	twelve := []float64{1, 2}
	for _, tc := range []struct {
		name         string
		h            *Histogram
		q            float64
		want, lo, hi float64
	}{
		{"empty", of(t, twelve, true), 0.5, nan, nan, nan},
		{"nothing", new(Histogram), 0.5, nan, nan, nan},
		{"q below 0", of(t, twelve, true, 1), -0.1, nan, nan, nan},
		{"q above 1", of(t, twelve, true, 1), 1.1, nan, nan, nan},
		{"q NaN", of(t, twelve, true, 1), nan, nan, nan, nan},
		{"one value, told", of(t, twelve, true, 1.5), 0.5, 1.5, 1.5, 1.5},
		{"one value, not told", of(t, twelve, false, 1.5), 0.5, 1.5, 1, 2},
		{"all in one bucket", of(t, twelve, false, 1.2, 1.2, 1.2, 1.2), 0.25, 1.25, 1, 2},
		{"all in one bucket, told", of(t, twelve, true, 1.2, 1.4, 1.4, 1.4), 0.5, 1.3, 1.2, 1.4},
		{"q 0", of(t, twelve, false, 1.2, 5), 0, 1, 1, 2},
		{"q 0, told", of(t, twelve, true, 1.2, 5), 0, 1.2, 1.2, 2},
		{"q 1", of(t, twelve, false, 0.5, 1.2), 1, 2, 1, 2},
		{"q 1, told", of(t, twelve, true, 0.5, 1.2), 1, 1.2, 1, 1.2},
		{"first bucket", of(t, twelve, false, 0.5, 0.5), 0.5, 0.5, 0, 1},
		{"first bucket, told", of(t, twelve, true, 0.4, 0.6), 0.5, 0.5, 0.4, 0.6},
		{"first bucket below 0", of(t, []float64{-1, 1}, false, -3), 0.5, -1, -inf, -1},
		{"overflow bucket", of(t, twelve, false, 7, 8), 0.5, 2, 2, inf},
		{"overflow bucket, told", of(t, twelve, true, 7, 8), 0.5, 7.5, 7, 8},
		{"no bounds", of(t, nil, false, 7, 8), 0.5, nan, -inf, inf},
		{"no bounds, told", of(t, nil, true, 7, 8), 0.5, 7.5, 7, 8},
	} {
		t.Run(tc.name, func(t *testing.T) {
			lo, hi := tc.h.Bracket(tc.q)
			for _, pair := range [][2]float64{{tc.want, tc.h.Quantile(tc.q)}, {tc.lo, lo}, {tc.hi, hi}} {
				if math.IsNaN(pair[0]) {
					assert.True(t, math.IsNaN(pair[1]), "got %v", pair[1])
				} else {
					assert.InDelta(t, pair[0], pair[1], 1e-12)
				}
			}
		})
	}
}

// A producer that tells only how many there were has one bucket.
func TestCountAlone(t *testing.T) {
	var h Histogram
	require.NoError(t, h.Load(Parts{Count: 4, Min: 1, Max: 3}))
	assert.Equal(t, uint64(4), h.Count())
	assert.InDelta(t, 2, h.Quantile(0.5), 0)
}

func TestExtremesThatContradictTheBucketsAreNotBelieved(t *testing.T) {
	for _, extremes := range [][2]float64{{5, 6}, {-1, 0.5}, {1.7, 1.3}, {math.Inf(-1), math.Inf(1)}} {
		var h Histogram
		require.NoError(t, h.Load(Parts{Bounds: []float64{1, 2}, Counts: []uint64{0, 3, 0}, Min: extremes[0], Max: extremes[1]}))
		lo, hi := h.Bracket(0.5)
		assert.Equal(t, []float64{1, 2}, []float64{lo, hi}, "%v", extremes)
	}
}

// The oracle is the sorted data itself.
func TestBracketHoldsTheValueAndItsEstimate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 12), 1, 40).Draw(t, "values")
		h := of(t, somebounds().Draw(t, "bounds"), rapid.Bool().Draw(t, "extremes"), values...)
		slices.Sort(values)
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		exact := values[max(int(math.Ceil(q*float64(len(values)))), 1)-1]
		lo, hi := h.Bracket(q)
		require.LessOrEqual(t, lo, exact)
		require.GreaterOrEqual(t, hi, exact)
		if got := h.Quantile(q); !math.IsNaN(got) {
			require.LessOrEqual(t, lo, got)
			require.GreaterOrEqual(t, hi, got)
		}
	})
}

func TestQuantileRisesWithQ(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := of(t, []float64{-1, 0, 1, 5}, rapid.Bool().Draw(t, "extremes"), rapid.SliceOfN(rapid.Float64Range(-8, 12), 1, 30).Draw(t, "values")...)
		before := math.Inf(-1)
		for q := 0.0; q <= 1; q += 1.0 / 64 {
			now := h.Quantile(q)
			require.GreaterOrEqual(t, now, before-1e-12, "q %v", q)
			before = now
		}
	})
}

func TestQuantileAgreesWithPrometheus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bounds := somebounds().Filter(func(b []float64) bool { return len(b) > 0 }).Draw(t, "bounds")
		h := of(t, bounds, false, rapid.SliceOfN(rapid.Float64Range(-8, 12), 1, 40).Draw(t, "values")...)
		var theirs promql.Buckets
		var n uint64
		for i, count := range h.Counts() {
			n += count
			theirs = append(theirs, promql.Bucket{UpperBound: h.upper(i), Count: float64(n)})
		}
		q := rapid.Float64Range(0.001, 0.999).Draw(t, "q")
		want, _, _, _, _, _ := promql.BucketQuantile(q, theirs)
		require.InDelta(t, want, h.Quantile(q), 1e-9)
	})
}
