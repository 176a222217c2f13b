package exphist

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestFromPartsIsTheInverseOfTheAccessors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := sizes().Draw(t, "size")
		h := of(size, samples().Draw(t, "values")...)
		pad := make([]uint64, rapid.IntRange(0, 200).Draw(t, "padding"))
		got, err := FromParts(size, Parts{
			Scale: h.Scale(), ZeroCount: h.ZeroCount(), Sum: h.Sum(), Min: h.Min(), Max: h.Max(),
			Positive:       slices.Concat(pad, h.Positive().AppendTo(nil), pad),
			PositiveOffset: h.Positive().Offset() - int32(len(pad)),
			Negative:       h.Negative().AppendTo(nil), NegativeOffset: h.Negative().Offset(),
		})
		require.NoError(t, err)
		requireSound(t, got)
		requireSameBuckets(t, h, got)
		require.InDelta(t, h.min, got.min, 0)
		require.InDelta(t, h.max, got.max, 0)
	})
}

func TestFromPartsWithoutExtremesTakesTheBounds(t *testing.T) {
	h, err := FromParts(160, Parts{Positive: []uint64{1, 1}, PositiveOffset: 1, Min: math.NaN(), Max: math.NaN()})
	require.NoError(t, err)
	assert.InDelta(t, 2, h.Min(), 0)
	assert.InDelta(t, 8, h.Max(), 0)
}

func TestFromPartsDisbelievesExtremesOutsideTheBuckets(t *testing.T) {
	h, err := FromParts(160, Parts{Positive: []uint64{1, 1}, PositiveOffset: 1, Min: -1, Max: math.Inf(1)})
	require.NoError(t, err)
	assert.InDelta(t, 2, h.Min(), 0)
	assert.InDelta(t, 8, h.Max(), 0)
}

func TestFromPartsFitsTheMaxSize(t *testing.T) {
	counts := []uint64{1, 1, 1, 1, 1}
	h, err := FromParts(2, Parts{Positive: counts, Min: math.NaN(), Max: math.NaN()})
	require.NoError(t, err)
	requireSound(t, h)
	assert.Equal(t, "0: 4 1", draw(h.Positive()))
	counts[0] = 100
	assert.Equal(t, uint64(5), h.Count())
}

func TestFromPartsRefuses(t *testing.T) {
	one := []uint64{1}
	for _, tc := range []struct {
		p    Parts
		want string
	}{
		{Parts{Scale: 21}, "histogram parts: Scale: 21 is outside [-11, 20]"},
		{Parts{Scale: -12}, "histogram parts: Scale: -12 is outside [-11, 20]"},
		{
			Parts{Positive: one, PositiveOffset: 1024},
			"histogram parts: Positive: buckets 1024 to 1024 are outside [-1075, 1023], all there are at scale 0",
		},
		{
			Parts{Negative: []uint64{1, 0, 1}, NegativeOffset: math.MaxInt32},
			"histogram parts: Negative: buckets 2147483647 to 2147483649 are outside [-1075, 1023], all there are at scale 0",
		},
		{
			Parts{Positive: []uint64{math.MaxUint64}, ZeroCount: 1},
			"histogram parts: Positive, Negative, ZeroCount: add up to more than 2^64-1",
		},
	} {
		_, err := FromParts(160, tc.p)
		var bad *PartsError
		require.ErrorAs(t, err, &bad)
		assert.EqualError(t, err, tc.want)
	}
}
