package exphist

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAddLowersTheScaleOnlyAsFarAsNeeded(t *testing.T) {
	for _, tc := range []struct {
		name               string
		maxSize            int
		values             []float64
		scale              int32
		positive, negative string
	}{
		{"nothing", 4, nil, 20, "ø", "ø"},
		{"zeros only", 4, []float64{0, math.Copysign(0, -1)}, 20, "ø", "ø"},
		{"a power of two is an upper bound", 4, []float64{1}, 20, "-1: 1", "ø"},
		{"four octaves in four buckets", 4, []float64{2, 4, 8, 16}, 0, "0: 1 1 1 1", "ø"},
		{"growth downwards", 4, []float64{16, 8, 4, 2, 2}, 0, "0: 2 1 1 1", "ø"},
		{"one octave more", 4, []float64{2, 4, 8, 16, 32}, -1, "0: 2 2 1", "ø"},
		{"a gap stays in the range", 4, []float64{2, 16}, 0, "0: 1 0 0 1", "ø"},
		{"signs apart, one scale", 4, []float64{2, 16, -3}, 0, "0: 1 0 0 1", "1: 1"},
		{"all of float64", 2, []float64{math.SmallestNonzeroFloat64, math.MaxFloat64}, MinScale, "-1: 1 1", "ø"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := of(tc.maxSize, tc.values...)
			assert.Equal(t, tc.scale, h.Scale())
			assert.Equal(t, tc.positive, draw(h.Positive()))
			assert.Equal(t, tc.negative, draw(h.Negative()))
			requireSound(t, h)
		})
	}
}

func TestAddRefusesWhatIsNotFinite(t *testing.T) {
	h := of(4, 1)
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		assert.False(t, h.Add(v))
		assert.False(t, h.AddN(v, 3))
		assert.False(t, h.AddN(v, 0))
	}
	assert.Equal(t, of(4, 1), h)
}

func TestAddNOfNothingChangesNothing(t *testing.T) {
	h := New(4)
	assert.True(t, h.AddN(7, 0))
	assert.Equal(t, New(4), h)
}

func TestSummary(t *testing.T) {
	h := of(4, -2, 0, 5)
	assert.Equal(t, uint64(3), h.Count())
	assert.Equal(t, uint64(1), h.ZeroCount())
	assert.InDelta(t, 3, h.Sum(), 0)
	assert.InDelta(t, -2, h.Min(), 0)
	assert.InDelta(t, 5, h.Max(), 0)

	assert.True(t, math.IsNaN(New(4).Min()))
	assert.True(t, math.IsNaN(New(4).Max()))
}

func TestMaxSizeIsKeptInRange(t *testing.T) {
	assert.Equal(t, MinSize, New(-1).maxSize)
	assert.Equal(t, DefaultMaxSize, New(DefaultMaxSize).maxSize)
	assert.Equal(t, MaxSize, New(1<<20).maxSize)
}

func TestResetKeepsMemoryAndForgetsTheRest(t *testing.T) {
	h := of(160, 1, 2, 1000, -5, 0)
	size := h.SizeBytes()
	h.Reset()
	assert.Equal(t, size, h.SizeBytes())
	assert.Zero(t, h.Count())
	for _, v := range []float64{3, 900, -5} {
		h.Add(v)
	}
	requireSameBuckets(t, of(160, 3, 900, -5), h) // stale counts would show here
}

func TestCloneSharesNothing(t *testing.T) {
	h := of(160, 1, 2, -3)
	c := h.Clone()
	requireSameBuckets(t, h, c)
	c.Add(1)
	c.Add(-3)
	requireSameBuckets(t, of(160, 1, 2, -3), h)
}

func TestAppendTo(t *testing.T) {
	h := of(4, 2, 16)
	assert.Equal(t, []uint64{9, 1, 0, 0, 1}, h.Positive().AppendTo([]uint64{9}))
}

func TestAddAllocatesNothingOnceGrown(t *testing.T) {
	h := of(DefaultMaxSize, 0.001, 1000, -0.001, -1000)
	v := 0.001
	assert.Zero(t, testing.AllocsPerRun(1000, func() {
		h.Add(v)
		h.AddN(-v, 3)
		v *= 1.01
	}))
}

func TestSizeBytesCountsTheArrays(t *testing.T) {
	h := New(DefaultMaxSize)
	empty := h.SizeBytes()
	h.Add(1)
	assert.Equal(t, empty+8*minCapacity, h.SizeBytes())
	h.Add(1e9)
	h.Add(-1)
	assert.LessOrEqual(t, h.SizeBytes(), empty+8*2*DefaultMaxSize)
}

func TestAddNIsNTimesAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := sizes().Draw(t, "size")
		once, many := New(size), New(size)
		for _, v := range samples().Draw(t, "values") {
			n := rapid.Uint64Range(0, 5).Draw(t, "n")
			many.AddN(v, n)
			for range n {
				once.Add(v)
			}
		}
		requireSound(t, many)
		requireSameBuckets(t, once, many)
	})
}

// The dumbest possible histogram: a map per sign at each scale in turn.
func TestBucketsAgreeWithAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := samples().Draw(t, "values")
		h := of(sizes().Draw(t, "size"), values...)
		requireSound(t, h)
		positive, negative := map[int32]uint64{}, map[int32]uint64{}
		for _, v := range values {
			switch {
			case v > 0:
				positive[index(v, h.Scale())]++
			case v < 0:
				negative[index(-v, h.Scale())]++
			}
		}
		requireMap(t, positive, h.Positive())
		requireMap(t, negative, h.Negative())
	})
}

func requireMap(t require.TestingT, want map[int32]uint64, b Buckets) {
	got := map[int32]uint64{}
	for i := range b.Len() {
		if n := b.At(i); n > 0 {
			got[b.Offset()+int32(i)] = n
		}
	}
	require.Equal(t, want, got)
}
