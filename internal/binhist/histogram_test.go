package binhist

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// of counts values at bounds. Extremes are told or not, as of two kinds of producer.
func of(t require.TestingT, bounds []float64, extremes bool, values ...float64) *Histogram {
	p := Parts{Bounds: bounds, Counts: make([]uint64, len(bounds)+1), Min: math.NaN(), Max: math.NaN()}
	for _, v := range values {
		p.Counts[sortedIndex(bounds, v)]++
		p.Sum += v
	}
	if extremes && len(values) > 0 {
		p.Min, p.Max = slices.Min(values), slices.Max(values)
	}
	h := new(Histogram)
	require.NoError(t, h.Load(p))
	return h
}

func sortedIndex(bounds []float64, v float64) int {
	i, _ := slices.BinarySearch(bounds, v)
	return i
}

func somebounds() *rapid.Generator[[]float64] {
	return rapid.Map(rapid.SliceOfNDistinct(rapid.SampledFrom([]float64{-5, -1, 0, 0.5, 1, 2, 5, 10}), 0, 5, rapid.ID),
		func(b []float64) []float64 { slices.Sort(b); return b })
}

func samples() *rapid.Generator[[]float64] {
	return rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-8, 12), rapid.SampledFrom([]float64{-5, 0, 1, 2, 10})), 0, 30)
}

func requireSound(t require.TestingT, h *Histogram) {
	var n uint64
	for _, c := range h.Counts() {
		n += c
	}
	require.Equal(t, h.Count(), n)
	if len(h.Counts()) > 0 {
		require.Len(t, h.Counts(), len(h.Bounds())+1)
	}
	require.True(t, slices.IsSorted(h.Bounds()))
}

func TestMergeKeepsCommonBounds(t *testing.T) {
	h := of(t, []float64{0.1, 0.5, 1}, true, 0.05, 0.1, 0.3, 7)
	h.Merge(of(t, []float64{0.5, 1, 5}, true, 0.2, 0.2, 0.2, 0.4, 0.6, 0.7, 9))
	assert.Equal(t, []float64{0.5, 1}, h.Bounds())
	assert.Equal(t, []uint64{7, 2, 2}, h.Counts())
	assert.Equal(t, uint64(11), h.Count())
	assert.InDelta(t, 18.75, h.Sum(), 1e-9)
}

func TestMergeIntoNothingAndOfNothing(t *testing.T) {
	var h, nothing Histogram
	h.Merge(&nothing)
	assert.Empty(t, h.Counts())
	o := of(t, []float64{1, 2}, true, 1.5)
	h.Merge(o)
	h.Merge(&nothing)
	assert.Equal(t, *o, h)
	o.counts[1] = 100
	assert.Equal(t, []uint64{0, 1, 0}, h.Counts(), "shared")
}

// An empty histogram says nothing about extremes, but its bounds count.
func TestMergeOfAnEmptyOneKeepsTheExtremes(t *testing.T) {
	h := of(t, []float64{1, 2}, true, 1.2, 1.4)
	h.Merge(of(t, []float64{1, 2}, true))
	lo, hi := h.Bracket(0.5)
	assert.Equal(t, []float64{1.2, 1.4}, []float64{lo, hi})
	empty := of(t, []float64{1, 2}, true)
	empty.Merge(h)
	lo, hi = empty.Bracket(0.5)
	assert.Equal(t, []float64{1.2, 1.4}, []float64{lo, hi})
}

func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) *Histogram {
			return of(t, somebounds().Draw(t, label+" bounds"), rapid.Bool().Draw(t, label+" extremes"), samples().Draw(t, label)...)
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		var ab, ba, left, right, bc Histogram
		ab.Set(a)
		ab.Merge(b)
		ba.Set(b)
		ba.Merge(a)
		requireSame(t, &ab, &ba)
		left.Set(&ab)
		left.Merge(c)
		bc.Set(b)
		bc.Merge(c)
		right.Set(a)
		right.Merge(&bc)
		requireSame(t, &left, &right)

		// What was merged comes out again.
		require.True(t, ab.Subtract(b))
		requireSound(t, &ab)
		a.coarsen(ab.bounds)
		require.Equal(t, a.counts, ab.counts)
	})
}

func requireSame(t require.TestingT, want, got *Histogram) {
	requireSound(t, got)
	require.True(t, slices.Equal(want.bounds, got.bounds), "%v %v", want.bounds, got.bounds)
	require.True(t, slices.Equal(want.counts, got.counts), "%v %v", want.counts, got.counts)
	require.Equal(t, want.count, got.count)
	require.InDelta(t, want.sum, got.sum, 1e-9)
	if want.count > 0 {
		require.Equal(t, []float64{want.min, want.max}, []float64{got.min, got.max})
	}
}

func TestSubtractNeverGoesBelowZero(t *testing.T) {
	h := of(t, []float64{1, 2}, true, 0.5, 1.5, 1.5)
	assert.False(t, h.Subtract(of(t, []float64{1, 2}, true, 0.5, 0.6)))
	assert.False(t, h.Subtract(of(t, []float64{1, 2}, true, 5)))
	assert.False(t, h.Subtract(of(t, []float64{1, 2}, true, 0, 0, 0, 0)))
	assert.Equal(t, []uint64{1, 2, 0}, h.Counts())
	assert.True(t, h.Subtract(new(Histogram)))
	assert.True(t, h.Subtract(of(t, []float64{1, 2}, true, 0.5, 1.5, 1.5)))
	assert.Zero(t, h.Count())
	assert.Zero(t, h.Sum())
}

func TestAdvance(t *testing.T) {
	for name, tc := range map[string]struct {
		before, total *Histogram
		bounds        []float64
		increment     []uint64
	}{
		"first":          {new(Histogram), of(t, []float64{1, 2}, true, 1.5), []float64{1, 2}, []uint64{0, 1, 0}},
		"same bounds":    {of(t, []float64{1, 2}, true, 1.5), of(t, []float64{1, 2}, true, 1.5, 3, 0), []float64{1, 2}, []uint64{1, 0, 1}},
		"changed bounds": {of(t, []float64{1, 2}, true, 1.5), of(t, []float64{0, 1}, true, 1.5, 3, 0), []float64{1}, []uint64{1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			var want Histogram
			want.Set(tc.total)
			require.True(t, tc.before.Advance(tc.total))
			requireSame(t, &want, tc.before)
			assert.Equal(t, tc.bounds, tc.total.Bounds())
			assert.Equal(t, tc.increment, tc.total.Counts())
		})
	}
}

func TestAdvanceRefusesATotalThatFell(t *testing.T) {
	for _, bounds := range [][]float64{{1, 2}, {2, 3}} {
		h := of(t, []float64{1, 2}, true, 1.5, 1.5)
		assert.False(t, h.Advance(of(t, bounds, true, 1.5, 9)))
		assert.Equal(t, []uint64{0, 2, 0}, h.Counts())
	}
}

func TestAdvanceAllocatesNothing(t *testing.T) {
	kept, total := of(t, []float64{1, 2}, true, 1.5), of(t, []float64{1, 2}, true, 1.5, 3)
	var scratch Histogram
	scratch.Set(total)
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		scratch.Set(kept)
		if !kept.Advance(&scratch) {
			t.Fail()
		}
	}))
	assert.Positive(t, kept.SizeBytes())
}

func TestLoadRefuses(t *testing.T) {
	for _, tc := range []struct {
		p    Parts
		want string
	}{
		{Parts{Bounds: []float64{1}, Counts: []uint64{1}}, "histogram parts: Counts: 1 do not fit 1 bounds"},
		{Parts{Bounds: []float64{1}}, "histogram parts: Counts: 0 do not fit 1 bounds"},
		{Parts{Bounds: []float64{1, 1}, Counts: make([]uint64, 3)}, "histogram parts: Bounds: must increase (got 1 as number 2)"},
		{Parts{Bounds: []float64{math.NaN()}, Counts: make([]uint64, 2)}, "histogram parts: Bounds: must increase (got NaN as number 1)"},
		{Parts{Counts: make([]uint64, 5000)}, "histogram parts: Counts: 5000 are more than 4096"},
		{
			Parts{Bounds: []float64{1}, Counts: []uint64{math.MaxUint64, 1}},
			"histogram parts: Counts: add up to more than 2^64-1",
		},
	} {
		h := of(t, []float64{1}, true, 1)
		err := h.Load(tc.p)
		var bad *PartsError
		require.ErrorAs(t, err, &bad)
		require.EqualError(t, err, tc.want)
		assert.Empty(t, h.Counts())
		assert.Zero(t, h.Count())
	}
}
