package exphist

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestCollapse(t *testing.T) {
	for _, tc := range []struct {
		shift        int32
		before, want Buckets
	}{
		{1, Buckets{-3, []uint64{1, 2, 3, 4, 5, 6}}, Buckets{-2, []uint64{1, 5, 9, 6}}},
		{1, Buckets{-4, []uint64{1, 2, 3, 4, 5, 6}}, Buckets{-2, []uint64{3, 7, 11}}},
		{2, Buckets{-1, []uint64{1, 2, 3, 4, 5, 6}}, Buckets{-1, []uint64{1, 14, 6}}},
		{31, Buckets{-1, []uint64{1, 2}}, Buckets{-1, []uint64{1, 2}}},
		{1, Buckets{}, Buckets{}},
	} {
		tc.before.collapse(tc.shift)
		assert.Equal(t, draw(tc.want), draw(tc.before))
	}
}

func TestDownscaleNeverRaisesAndStopsAtMinScale(t *testing.T) {
	h := of(4, 2, 16)
	h.Downscale(5)
	assert.Equal(t, int32(0), h.Scale())
	h.Downscale(-100)
	assert.Equal(t, MinScale, h.Scale())
	assert.Equal(t, "0: 2", draw(h.Positive()))
}

func TestDownscaleIsRecordingAtTheLowerScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size, values := sizes().Draw(t, "size"), samples().Draw(t, "values")
		scale := rapid.Int32Range(MinScale, MaxScale).Draw(t, "scale")
		late, early := of(size, values...), New(size)
		early.Downscale(scale)
		late.Downscale(scale)
		for _, v := range values {
			early.Add(v)
		}
		requireSound(t, late)
		requireSameBuckets(t, early, late)
	})
}

func TestMergeOfPartsIsTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := sizes().Draw(t, "size")
		whole, merged := New(size), New(size)
		for _, part := range rapid.SliceOfN(samples(), 0, 4).Draw(t, "parts") {
			o := of(size, part...)
			merged.Merge(o)
			requireSameBuckets(t, of(size, part...), o) // the argument is left alone
			for _, v := range part {
				whole.Add(v)
			}
		}
		requireSound(t, merged)
		requireSameBuckets(t, whole, merged)
		require.InDelta(t, whole.min, merged.min, 0)
		require.InDelta(t, whole.max, merged.max, 0)
	})
}

func TestMergeCommutesAndAssociates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := sizes().Draw(t, "size")
		a, b, c := of(size, samples().Draw(t, "a")...), of(size, samples().Draw(t, "b")...), of(size, samples().Draw(t, "c")...)
		ab, ba := a.Clone(), b.Clone()
		ab.Merge(b)
		ba.Merge(a)
		requireSameBuckets(t, ab, ba)

		bc, left, right := b.Clone(), ab, a.Clone()
		bc.Merge(c)
		left.Merge(c)
		right.Merge(bc)
		requireSameBuckets(t, left, right)
		require.Equal(t, a.Count()+b.Count()+c.Count(), left.Count())
	})
}

func TestMergeKeepsTheReceiversMaxSize(t *testing.T) {
	h, wide := of(2, 2), of(160, 2, 4, 8, 16)
	h.Merge(wide)
	requireSound(t, h)
	requireSameBuckets(t, of(2, 2, 2, 4, 8, 16), h)
}

func TestMergeWithItselfDoubles(t *testing.T) {
	h := of(4, 2, 16, -3, 0)
	h.Merge(h)
	requireSameBuckets(t, of(4, 2, 16, -3, 0, 2, 16, -3, 0), h)
}

func TestSubtractUndoesMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := of(sizes().Draw(t, "size a"), samples().Draw(t, "a")...)
		b := of(sizes().Draw(t, "size b"), samples().Draw(t, "b")...)
		h := a.Clone()
		h.Merge(b)
		b.Downscale(rapid.Int32Range(MinScale, MaxScale).Draw(t, "scale of b"))
		beforeB := b.Clone()
		require.NoError(t, h.Subtract(b))

		requireSound(t, h)
		requireSameBuckets(t, beforeB, b)
		want := a.Clone()
		want.Downscale(h.Scale())
		requireSameBuckets(t, want, h)
		if a.Count() > 0 {
			require.LessOrEqual(t, h.Min(), a.Min())
			require.GreaterOrEqual(t, h.Max(), a.Max())
		}
	})
}

func TestSubtractTightensTheExtremes(t *testing.T) {
	for _, tc := range []struct {
		name       string
		keep, take []float64
		lo, hi     float64
	}{
		{"positive", []float64{3}, []float64{1.5, 200}, 2, 4},
		{"negative", []float64{-3}, []float64{-1.5, -200}, -4, -2},
		{"zeros", []float64{0}, []float64{-200, 200}, 0, 0},
		{"zero below", []float64{0, 3}, []float64{-200, 200}, 0, 4},
		{"zero above", []float64{0, -3}, []float64{-200, 200}, -4, 0},
		{"both signs", []float64{-3, 3}, []float64{-200, 200}, -4, 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h, o := of(160, slices.Concat(tc.keep, tc.take)...), of(160, tc.take...)
			h.Downscale(0)
			subtract(t, h, o)
			assert.InDelta(t, tc.lo, h.Min(), 0)
			assert.InDelta(t, tc.hi, h.Max(), 0)
		})
	}
}

func TestSubtractFromItselfLeavesNothing(t *testing.T) {
	h := of(4, 0.1, 2, 16, -3, 0)
	subtract(t, h, h)
	assert.Zero(t, h.Count())
	assert.Zero(t, h.Sum())
	requireSound(t, h)
	h.Add(5)
	assert.InDelta(t, 5, h.Min(), 0)
}

func TestSubtractRefusesToGoNegative(t *testing.T) {
	for _, tc := range []struct {
		name string
		o    *Histogram
		want UnderflowError
	}{
		{"zero", of(4, 0, 0), UnderflowError{"zero", 0, 1, 2}},
		{"positive", of(4, 2, 2, 16), UnderflowError{"positive", 0, 1, 2}},
		{"positive at a lower scale", of(4, 2, 3, 3, 64), UnderflowError{"positive", 0, 1, 3}},
		{"above the range", of(4, 2, 32), UnderflowError{"positive", 2, 0, 1}},
		{"below the range", of(4, 1), UnderflowError{"positive", -1, 0, 1}},
		{"negative", of(4, 2, -3, -3), UnderflowError{"negative", 1, 1, 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := of(4, 2, 16, -3, 0)
			err := h.Subtract(tc.o)
			var underflow *UnderflowError
			require.ErrorAs(t, err, &underflow)
			assert.Equal(t, tc.want, *underflow)
			assert.Equal(t, of(4, 2, 16, -3, 0), h)
		})
	}
	assert.EqualError(t, &UnderflowError{"zero", 0, 1, 2}, "subtract 2 from zero bucket 0 holding 1: would be negative")
}
