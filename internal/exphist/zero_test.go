package exphist

import (
	"math"
	"testing"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser/posrange"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func withZeros(tb testing.TB, threshold float64, zeros uint64, negative, positive []uint64) *Histogram {
	tb.Helper()
	h, err := FromParts(160, Parts{
		ZeroCount: zeros, ZeroThreshold: threshold, Min: math.NaN(), Max: math.NaN(),
		Negative: negative, NegativeOffset: -3, Positive: positive, PositiveOffset: -3,
	})
	require.NoError(tb, err)
	return h
}

// At scale 0 the buckets are (0.125, 0.25], (0.25, 0.5], (0.5, 1] and so on.
func TestMergeWidensTheZeros(t *testing.T) {
	for name, tc := range map[string]struct {
		h, o      *Histogram
		threshold float64
		zeros     uint64
		negative  string
		positive  string
	}{
		"as drawn": {
			withZeros(t, 0, 0, nil, []uint64{2, 3, 5}), withZeros(t, 0.3, 1, nil, nil), 0.5, 6, "ø", "-1: 5",
		},
		"the other way round": {
			withZeros(t, 0.3, 1, nil, nil), withZeros(t, 0, 0, nil, []uint64{2, 3, 5}), 0.5, 6, "ø", "-1: 5",
		},
		"at a bound": {
			withZeros(t, 0, 0, nil, []uint64{2, 3, 5}), withZeros(t, 0.25, 1, nil, nil), 0.25, 3, "ø", "-2: 3 5",
		},
		"below all buckets": {
			withZeros(t, 0, 1, nil, []uint64{2}), withZeros(t, 0.01, 1, nil, nil), 0.01, 2, "ø", "-3: 2",
		},
		"both signs": {
			withZeros(t, 0, 0, []uint64{1, 1}, []uint64{0, 0, 5}), withZeros(t, 0.2, 1, nil, nil), 0.25, 2, "-2: 1", "-1: 5",
		},
		"equal": {
			withZeros(t, 0.2, 1, nil, []uint64{1, 1}), withZeros(t, 0.2, 1, nil, []uint64{1}), 0.2, 2, "ø", "-3: 2 1",
		},
		"all of it": {
			withZeros(t, 0, 0, nil, []uint64{1, 1}), withZeros(t, 8, 1, nil, nil), 8, 3, "ø", "ø",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.h.Merge(tc.o)
			requireSound(t, tc.h)
			assert.InDelta(t, tc.threshold, tc.h.ZeroThreshold(), 0)
			assert.Equal(t, tc.zeros, tc.h.ZeroCount())
			assert.Equal(t, tc.negative, draw(tc.h.Negative()))
			assert.Equal(t, tc.positive, draw(tc.h.Positive()))
		})
	}
}

func TestZerosOfAnyThresholdMergeAndComeApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawWithZeros(t, "a"), drawWithZeros(t, "b")
		ab, ba := a.Clone(), b.Clone()
		ab.Merge(b)
		ba.Merge(a)
		requireSound(t, ab)
		requireSameBuckets(t, ab, ba)
		if a.Count() > 0 && b.Count() > 0 {
			require.InDelta(t, ab.ZeroThreshold(), ba.ZeroThreshold(), 0)
		}
		require.Equal(t, a.Count()+b.Count(), ab.Count())
		require.NoError(t, ab.Subtract(b))
		requireSound(t, ab)
		require.Equal(t, a.Count(), ab.Count())
	})
}

func TestQuantileAmongZerosAgreesWithPrometheus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawWithZeros(t, "h")
		if h.Count() == 0 {
			return
		}
		q := rapid.Float64Range(0.001, 0.999).Draw(t, "q")
		if rank := q * float64(h.Count()); math.Abs(rank-math.Round(rank)) < 1e-9 {
			return // either bucket is right
		}
		native := toPrometheus(h)
		native.ZeroThreshold = h.ZeroThreshold()
		theirs, _ := promql.HistogramQuantile(q, native, "", posrange.PositionRange{})
		theirs = min(max(theirs, h.Min()), h.Max())
		require.InDelta(t, theirs, h.Quantile(q), 1e-9*max(1, math.Abs(theirs)))
	})
}

func drawWithZeros(t *rapid.T, label string) *Histogram {
	counts := rapid.SliceOfN(rapid.Uint64Range(0, 5), 0, 6)
	h, err := FromParts(160, Parts{
		Scale:         rapid.Int32Range(-2, 2).Draw(t, label+" scale"),
		ZeroCount:     rapid.Uint64Range(0, 5).Draw(t, label+" zeros"),
		ZeroThreshold: rapid.SampledFrom([]float64{0, 0.001, 0.125, 0.3}).Draw(t, label+" threshold"),
		Positive:      counts.Draw(t, label+" positive"), PositiveOffset: 1,
		Negative: counts.Draw(t, label+" negative"), NegativeOffset: 1,
		Min: math.NaN(), Max: math.NaN(),
	})
	require.NoError(t, err)
	return h
}

// A producer that has buckets where its zeros are has more zeros.
func TestLoadTakesBucketsWithinTheThresholdForZeros(t *testing.T) {
	h := withZeros(t, 0.3, 1, nil, []uint64{2, 3, 5})
	assert.Equal(t, "-1: 5", draw(h.Positive()))
	assert.Equal(t, uint64(6), h.ZeroCount())
	h = withZeros(t, 0.3, 1, []uint64{2}, nil)
	assert.Equal(t, uint64(3), h.ZeroCount())
	assert.InDelta(t, 0.3, h.ZeroThreshold(), 0)
}

// Of values in a bucket that the threshold lies in, all are beyond it.
func TestTheThresholdBoundsTheExtremes(t *testing.T) {
	h := withZeros(t, 0.2, 0, nil, []uint64{4})
	assert.Equal(t, []float64{0.2, 0.25}, []float64{h.Min(), h.Max()})
	h = withZeros(t, 0.2, 0, []uint64{4}, nil)
	assert.Equal(t, []float64{-0.25, -0.2}, []float64{h.Min(), h.Max()})
	lo, hi := h.Bracket(1)
	assert.Equal(t, []float64{-0.25, -0.2}, []float64{lo, hi})
}

func TestLoadRefusesThresholdsThatAreNoDistance(t *testing.T) {
	for _, threshold := range []float64{-1, math.NaN(), math.Inf(1)} {
		h := of(160, 1)
		var bad *PartsError
		require.ErrorAs(t, h.Load(Parts{ZeroThreshold: threshold}), &bad)
		assert.Equal(t, "ZeroThreshold", bad.Field)
		assert.Zero(t, h.Count())
	}
}

func TestLoadAllocatesNothingTheSecondTime(t *testing.T) {
	h := New(160)
	p := Parts{Positive: make([]uint64, 500), PositiveOffset: -7, Min: math.NaN(), Max: math.NaN()}
	for i := range p.Positive {
		p.Positive[i] = 1
	}
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		if h.Load(p) != nil {
			t.Fail()
		}
	}))
}
