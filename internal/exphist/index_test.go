package exphist

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIndexOfKnownValues(t *testing.T) {
	for _, tc := range []struct {
		v     float64
		scale int32
		want  int32
	}{
		{1, 0, -1},
		{math.Nextafter(1, 2), 0, 0},
		{2, 0, 0},
		{5, 2, 9},
		{4, 1, 3},
		{math.Sqrt2, 1, 1}, // the float64 is above the irrational bound
		{math.Nextafter(math.Sqrt2, 0), 1, 0},
		{4, -1, 0},
		{math.Nextafter(4, 5), -1, 1},
		{0x1p-1022, 0, -1023},
		{math.SmallestNonzeroFloat64, 0, -1075},
		{math.SmallestNonzeroFloat64, MaxScale, -1074<<20 - 1},
		{math.SmallestNonzeroFloat64, MinScale, -1},
		{math.MaxFloat64, MaxScale, 1024<<20 - 1},
		{math.MaxFloat64, MinScale, 0},
	} {
		assert.Equal(t, tc.want, index(tc.v, tc.scale), "index(%v, %d)", tc.v, tc.scale)
	}
}

// The bounds must be right to the last bit, or values next to them are counted in
// the wrong bucket. 200-bit arithmetic is the oracle; the step keeps it short
// while reaching every bit of k.
func TestOctaveBoundsAreExact(t *testing.T) {
	root := big.NewFloat(2).SetPrec(200)
	for range MaxScale {
		root.Sqrt(root)
	}
	const step = 97
	stride := big.NewFloat(1).SetPrec(200)
	for range step {
		stride.Mul(stride, root)
	}
	exact := big.NewFloat(1).SetPrec(200)
	for k := int32(0); k < 1<<MaxScale; k += step {
		bound := octaveBound(k, MaxScale)
		next := math.Nextafter(bound, 3)
		require.LessOrEqual(t, big.NewFloat(bound).Cmp(exact), 0, "bound %d above 2^(k/2^20)", k)
		require.Positive(t, big.NewFloat(next).Cmp(exact), "bound %d not the nearest below", k)
		exact.Mul(exact, stride)
	}
}

// Every bound, and the float64 on either side, at a scale small enough to walk.
func TestIndexAtEveryBound(t *testing.T) {
	for scale := MinScale; scale <= 6; scale++ {
		lo, hi := index(math.SmallestNonzeroFloat64, scale), index(math.MaxFloat64, scale)
		for i := lo + 1; i <= hi; i++ {
			bound := lowerBound(i, scale)
			if bound < 0x1p-1000 {
				continue // several bounds may round to one subnormal
			}
			require.Equal(t, i-1, index(bound, scale), "at bound %d of scale %d", i, scale)
			require.Equal(t, i, index(math.Nextafter(bound, math.Inf(1)), scale), "above bound %d of scale %d", i, scale)
		}
	}
}

func FuzzIndexBounds(f *testing.F) {
	for _, v := range []float64{
		1, 2, 0.5, math.Sqrt2, math.Pi, 0x1p35, 0x1.0000000000001p35, 0x1.fffffffffffffp34,
		math.SmallestNonzeroFloat64, 0x1.8p-1073, 0x1.fffffffffffffp-1023, 0x1p-1022, math.MaxFloat64,
		octaveBound(1, MaxScale), octaveBound(1<<MaxScale-1, MaxScale),
		math.Nextafter(octaveBound(12345, MaxScale), 2),
	} {
		f.Add(v, int32(0))
		f.Add(v, MaxScale)
		f.Add(v, MinScale)
		f.Add(v, int32(5))
	}
	f.Fuzz(func(t *testing.T, v float64, scale int32) {
		v = math.Abs(v)
		if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) || scale < MinScale || scale > MaxScale {
			return
		}
		i := index(v, scale)
		if lo, hi := lowerBound(i, scale), lowerBound(i+1, scale); v <= lo || v > hi {
			t.Errorf("index(%v, %d) = %d with bounds (%v, %v]", v, scale, i, lo, hi)
		}
		if scale > MinScale && index(v, scale-1) != i>>1 {
			t.Errorf("index(%v, %d) = %d, half of %d expected", v, scale-1, index(v, scale-1), i)
		}
	})
}
