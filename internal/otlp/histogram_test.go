package otlp_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/stream"
)

func TestAnExponentialHistogramIsReadWhole(t *testing.T) {
	dp := pmetric.NewExponentialHistogramDataPoint()
	dp.SetScale(1)
	dp.SetZeroCount(2)
	dp.SetZeroThreshold(0.01)
	dp.SetSum(9)
	dp.SetMin(-2)
	dp.SetMax(5)
	dp.Positive().SetOffset(3)
	dp.Positive().BucketCounts().FromRaw([]uint64{1, 2})
	dp.Negative().SetOffset(0)
	dp.Negative().BucketCounts().FromRaw([]uint64{0, 4})
	var r otlp.Histograms
	h := exphist.New(160)
	require.NoError(t, r.Exponential(dp, h))
	assert.Equal(t, uint64(9), h.Count())
	assert.Equal(t, uint64(2), h.ZeroCount())
	assert.Equal(t, int32(1), h.Scale())
	assert.Equal(t, int32(3), h.Positive().Offset())
	assert.Equal(t, int32(1), h.Negative().Offset())
	assert.InDelta(t, 0.01, h.ZeroThreshold(), 0)
	assert.Equal(t, []float64{9, -2, 5}, []float64{h.Sum(), h.Min(), h.Max()})

	h.Downscale(0)
	r.Put(h, dp)
	again := exphist.New(160)
	require.NoError(t, r.Exponential(dp, again))
	assert.Equal(t, h, again, "written and read again")
}

func TestAnExplicitHistogramIsReadWhole(t *testing.T) {
	dp := pmetric.NewHistogramDataPoint()
	dp.SetCount(3)
	dp.SetSum(9)
	dp.SetMin(0.5)
	dp.SetMax(7)
	dp.ExplicitBounds().FromRaw([]float64{1, 2})
	dp.BucketCounts().FromRaw([]uint64{1, 0, 2})
	var r otlp.Histograms
	var h binhist.Histogram
	require.NoError(t, r.Explicit(dp, &h))
	assert.Equal(t, []float64{1, 2}, h.Bounds())
	assert.Equal(t, []uint64{1, 0, 2}, h.Counts())
	assert.InDelta(t, 9, h.Sum(), 0)
	lo, hi := h.Bracket(1)
	assert.Equal(t, []float64{2, 7}, []float64{lo, hi})
}

func TestTimesOf(t *testing.T) {
	dp := pmetric.NewHistogramDataPoint()
	_, ok := otlp.TimesOf(dp)
	assert.False(t, ok)
	dp.SetStartTimestamp(3)
	dp.SetTimestamp(5)
	times, ok := otlp.TimesOf(dp)
	assert.True(t, ok)
	assert.Equal(t, stream.Times{Start: 3, End: 5}, times)
	dp.SetTimestamp(pcommon.Timestamp(math.MaxUint64))
	_, ok = otlp.TimesOf(dp)
	assert.False(t, ok, "beyond all times")
}

// Whatever the data point says, what is read of it can be summed and asked.
func FuzzExponential(f *testing.F) {
	f.Add(int32(3), int32(-2), []byte{1, 0, 200, 7}, int32(5), []byte{3}, uint64(2), 0.5, -1.0, 9.0)
	f.Add(int32(20), int32(math.MaxInt32), []byte{1}, int32(math.MinInt32), []byte{255, 255}, uint64(math.MaxUint64), -1.0, math.NaN(), math.Inf(1))
	f.Add(int32(0), int32(-2), []byte{0}, int32(5), []byte{48}, uint64(8), 63.5, -11.1, 9.0)  // zeros up to within a bucket
	f.Add(int32(0), int32(-3), []byte{2, 3, 5}, int32(0), []byte{}, uint64(4), 0.3, 0.0, 1.0) // and beyond one
	f.Fuzz(func(t *testing.T, scale, above int32, positive []byte, below int32, negative []byte, zeros uint64, threshold, lo, hi float64) {
		dp := pmetric.NewExponentialHistogramDataPoint()
		dp.SetScale(scale)
		dp.SetZeroCount(zeros >> 2) // so that three times as many are still a number
		dp.SetZeroThreshold(threshold)
		dp.SetMin(lo)
		dp.SetMax(hi)
		dp.Positive().SetOffset(above)
		dp.Positive().BucketCounts().FromRaw(countsOf(positive))
		dp.Negative().SetOffset(below)
		dp.Negative().BucketCounts().FromRaw(countsOf(negative))
		var r otlp.Histograms
		h := exphist.New(160)
		if r.Exponential(dp, h) != nil {
			assert.Zero(t, h.Count())
			return
		}
		var p exphist.Packed
		p.Set(h)
		p.AddTo(h)
		p.AddTo(h)
		if !p.Advance(h) {
			t.Fatal("a total holds what it is three times of")
		}
		for _, q := range []float64{0, 0.5, 1} {
			v, low, high := h.Quantile(q), 0.0, 0.0
			low, high = h.Bracket(q)
			if h.Count() == 0 {
				continue
			}
			slack := 1e-9 * math.Abs(v)
			if !(v >= low-slack && v <= high+slack) {
				t.Fatalf("quantile %v is %v, not from %v to %v", q, v, low, high)
			}
		}
	})
}

// countsOf makes counts of bytes: few are enough, and no sum of them overflows.
func countsOf(b []byte) []uint64 {
	counts := make([]uint64, len(b))
	for i, n := range b {
		counts[i] = uint64(n)
	}
	return counts
}
