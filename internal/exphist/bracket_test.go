package exphist

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The oracle is the sorted data itself.
func TestBracketHoldsTheValueAndItsEstimate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(finite(), 1, 60).Draw(t, "values")
		h := of(sizes().Draw(t, "size"), values...)
		slices.Sort(values)
		q := rapid.OneOf(rapid.Float64Range(0, 1), rapid.SampledFrom([]float64{0, 0.5, 1})).Draw(t, "q")
		exact := values[max(int(math.Ceil(q*float64(len(values)))), 1)-1]
		lo, hi := h.Bracket(q)
		require.LessOrEqual(t, lo, exact)
		require.GreaterOrEqual(t, hi, exact)
		slack := math.Abs(exact) * 1e-12 // the precision of math.Exp2
		require.LessOrEqual(t, lo, h.Quantile(q)+slack)
		require.GreaterOrEqual(t, hi, h.Quantile(q)-slack)
	})
}

func TestBracketSpecialCases(t *testing.T) {
	two := of(160, 1.2, 1.2, 5, 5)
	two.Downscale(0)
	for _, tc := range []struct {
		name   string
		h      *Histogram
		q      float64
		lo, hi float64
	}{
		{"empty", New(160), 0.5, math.NaN(), math.NaN()},
		{"q is no fraction", two, 1.1, math.NaN(), math.NaN()},
		{"q is NaN", two, math.NaN(), math.NaN(), math.NaN()},
		{"one value", of(160, 7), 0.5, 7, 7},
		{"from the minimum", two, 0.5, 1.2, 2},
		{"to the maximum", two, 0.9, 4, 5},
		{"q 0", two, 0, 1.2, 2},
		{"q 1", two, 1, 4, 5},
		{"zeros", of(160, 0, 0, 1), 0.5, 0, 0},
		{"zeros up to a threshold", withZeros(t, 0.01, 9, nil, []uint64{1}), 0.5, -0.01, 0.01},
		{"negative", of(160, -1.2, -1.2, -1.2), 0.5, -1.2, -1.2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			lo, hi := tc.h.Bracket(tc.q)
			if math.IsNaN(tc.lo) {
				assert.True(t, math.IsNaN(lo) && math.IsNaN(hi), "%v %v", lo, hi)
				return
			}
			assert.Equal(t, []float64{tc.lo, tc.hi}, []float64{lo, hi})
		})
	}
}
