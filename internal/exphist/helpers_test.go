package exphist

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// of records values in a new histogram.
func of(maxSize int, values ...float64) *Histogram {
	h := New(maxSize)
	for _, v := range values {
		h.Add(v)
	}
	return h
}

// draw shows a range as "offset: counts".
func draw(b Buckets) string {
	if b.Len() == 0 {
		return "ø"
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%d:", b.Offset())
	for i := range b.Len() {
		fmt.Fprintf(&s, " %d", b.At(i))
	}
	return s.String()
}

// requireSameBuckets compares all that is counted; sums differ by rounding.
func requireSameBuckets(t require.TestingT, want, got *Histogram) {
	require.Equal(t, want.Scale(), got.Scale(), "scale")
	require.Equal(t, want.Count(), got.Count(), "count")
	require.Equal(t, want.ZeroCount(), got.ZeroCount(), "zero count")
	require.Equal(t, draw(want.Positive()), draw(got.Positive()), "positive")
	require.Equal(t, draw(want.Negative()), draw(got.Negative()), "negative")
}

// requireSound checks what must hold of any histogram at any time.
func requireSound(t require.TestingT, h *Histogram) {
	total := h.ZeroCount()
	for _, b := range []Buckets{h.Positive(), h.Negative()} {
		require.LessOrEqual(t, b.Len(), h.maxSize)
		require.LessOrEqual(t, cap(b.counts), h.maxSize, "memory")
		for i := range b.Len() {
			total += b.At(i)
		}
		if b.Len() > 0 {
			require.NotZero(t, b.At(0), "first bucket")
			require.NotZero(t, b.At(b.Len()-1), "last bucket")
		}
	}
	require.Equal(t, h.Count(), total)
	require.GreaterOrEqual(t, h.Scale(), MinScale)
	require.LessOrEqual(t, h.Scale(), MaxScale)
}

// finite generates mostly values of similar magnitude, with zeros, negatives and
// the far ends of float64 between them.
func finite() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Float64Range(0.001, 1000),
		rapid.Float64Range(-10, 10),
		rapid.SampledFrom([]float64{0, 1, 2, 4, -1, 0.5, math.SmallestNonzeroFloat64, 0x1p-1022}),
		rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64),
	)
}

func samples() *rapid.Generator[[]float64] { return rapid.SliceOfN(finite(), 0, 60) }

func sizes() *rapid.Generator[int] { return rapid.SampledFrom([]int{2, 3, 5, 20, 160, 4096}) }

func subtract(tb testing.TB, h, o *Histogram) {
	tb.Helper()
	require.NoError(tb, h.Subtract(o))
}
