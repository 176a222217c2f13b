package exphist

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func packed(h *Histogram) *Packed {
	p := new(Packed)
	p.Set(h)
	return p
}

func unpacked(maxSize int, p *Packed) *Histogram {
	h := New(maxSize)
	p.AddTo(h)
	return h
}

func TestPackedCounts(t *testing.T) {
	for _, tc := range []struct {
		counts []uint64
		want   []byte
	}{
		{nil, nil},
		{[]uint64{7}, []byte{7}},
		{[]uint64{3, 0, 0, 0, 0, 200, 1}, []byte{3, 0, 3, 0xc8, 1, 1}},
		{[]uint64{1, 0, 1}, []byte{1, 0, 0, 1}},
	} {
		assert.Equal(t, tc.want, appendCounts(nil, tc.counts), "%v", tc.counts)
		assert.Len(t, tc.want, packedSize(tc.counts))
	}
}

func TestPackingLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := sizes().Draw(t, "size")
		h := of(size, samples().Draw(t, "values")...)
		h.Downscale(rapid.Int32Range(MinScale, MaxScale).Draw(t, "scale"))
		got := unpacked(size, packed(h))
		requireSound(t, got)
		if h.Count() == 0 {
			return
		}
		requireSameBuckets(t, h, got)
		require.Equal(t, []float64{h.min, h.max, h.sum}, []float64{got.min, got.max, got.sum})
	})
}

func TestAddToIsMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := sizes().Draw(t, "size")
		a, b := of(size, samples().Draw(t, "a")...), of(sizes().Draw(t, "size of b"), samples().Draw(t, "b")...)
		want := a.Clone()
		want.Merge(b)
		packed(b).AddTo(a)
		if b.Count() == 0 {
			return // the scale of nothing
		}
		requireSound(t, a)
		requireSameBuckets(t, want, a)
	})
}

// The increment is what came in between, whatever the scales.
func TestAdvance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := sizes().Draw(t, "size")
		early, late := samples().Draw(t, "early"), samples().Draw(t, "late")
		before, total := of(size, early...), of(size, append(early, late...)...)
		before.Downscale(rapid.Int32Range(MinScale, MaxScale).Draw(t, "scale before"))
		total.Downscale(rapid.Int32Range(MinScale, MaxScale).Draw(t, "scale after"))
		whole := total.Clone()
		p := packed(before)

		require.True(t, p.Advance(total))

		want := of(MaxSize, late...)
		want.Downscale(total.Scale())
		requireSound(t, total)
		require.Equal(t, uint64(len(late)), total.Count())
		if len(late) > 0 {
			requireSameBuckets(t, want, total)
			require.LessOrEqual(t, total.Min(), want.Min())
			require.GreaterOrEqual(t, total.Max(), want.Max())
		}
		if whole.Count() > 0 {
			kept := unpacked(size, p)
			whole.Downscale(kept.Scale())
			kept.Downscale(whole.Scale()) // of a total that stayed as it was the finer one is kept
			requireSameBuckets(t, whole, kept)
		}
	})
}

func TestAdvanceRefusesATotalThatFell(t *testing.T) {
	for name, next := range map[string]*Histogram{
		"fewer":             of(160, 1),
		"fewer in a bucket": of(160, 1, 9, 9, 9, 9),
		"fewer zeros":       of(160, 1, 2, -3, 1, 1),
		"fewer below zero":  of(160, 1, 2, 0, 1, 1),
	} {
		t.Run(name, func(t *testing.T) {
			p := packed(of(160, 1, 2, 0, -3))
			before := next.Count()
			assert.False(t, p.Advance(next))
			assert.Equal(t, before, next.Count())
			assert.Equal(t, uint64(4), p.Count())
		})
	}
}

// Buckets that were told apart before and are one now must hold both.
func TestAdvanceAddsUpWhatBecameOneBucket(t *testing.T) {
	p := packed(of(160, 1.1, 1.9))
	next := of(160, 1.1, 1.2)
	next.Downscale(0)
	assert.True(t, p.Advance(next), "two values in (1, 2] as before")
	p = packed(of(160, 1.1, 1.9, 1.9))
	next = of(160, 1.1, 1.2, 5)
	next.Downscale(0)
	assert.False(t, p.Advance(next), "two of three")
}

func TestAdvanceAcrossThresholds(t *testing.T) {
	first := Parts{ZeroCount: 1, Positive: []uint64{2, 3}, PositiveOffset: -2}
	later := Parts{ZeroCount: 3, ZeroThreshold: 0.3, Positive: []uint64{1, 9}, PositiveOffset: -2}
	h, err := FromParts(160, first)
	require.NoError(t, err)
	p := packed(h)
	next, err := FromParts(160, later)
	require.NoError(t, err)
	// Up to 0.5 there were 1+2 before, and 3+1 now.
	require.True(t, p.Advance(next))
	assert.Equal(t, uint64(1), next.ZeroCount())
	assert.Equal(t, "-1: 6", draw(next.Positive()))
	assert.InDelta(t, 0.5, next.ZeroThreshold(), 0)

	fell, err := FromParts(160, Parts{ZeroCount: 9, ZeroThreshold: 0.1, Positive: []uint64{8}, PositiveOffset: -1})
	require.NoError(t, err)
	assert.False(t, p.Advance(fell), "8 of 9 in (0.5, 1]")
}

func TestClearedPackedIsEmptyAndKeepsItsMemory(t *testing.T) {
	p := packed(of(160, 1, 2, 3))
	before := p.SizeBytes()
	p.Clear()
	assert.Equal(t, uint64(0), unpacked(160, p).Count())
	assert.Equal(t, before, p.SizeBytes())
}

func TestPackedAllocatesNothingWhenItHasRoom(t *testing.T) {
	h, total := of(160, durations(100)...), New(160)
	p, kept := packed(h), packed(h)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		p.Set(h)
		total.Reset()
		p.AddTo(total)
		if !kept.Advance(total) {
			t.Fail()
		}
	}))
}

func BenchmarkPacked(b *testing.B) {
	h := of(MaxSize, durations(1<<14)...)
	p, total := packed(h), New(MaxSize)
	b.ReportAllocs()
	for b.Loop() {
		total.Reset()
		p.AddTo(total)
		p.Set(total)
	}
	b.ReportMetric(float64(h.SizeBytes()), "B/histogram")
	b.ReportMetric(float64(p.SizeBytes()), "B/packed")
}
