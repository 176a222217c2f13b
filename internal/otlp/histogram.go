package otlp

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/stream"
)

// Histograms reads the data points of histograms. It owns scratch memory: not safe for
// concurrent use.
type Histograms struct {
	positive, negative []uint64
	bounds             []float64
}

// Exponential loads a data point into h. The error is one of [exphist.Histogram.Load].
func (r *Histograms) Exponential(dp pmetric.ExponentialHistogramDataPoint, h *exphist.Histogram) error {
	r.positive = appendCounts(r.positive[:0], dp.Positive().BucketCounts())
	r.negative = appendCounts(r.negative[:0], dp.Negative().BucketCounts())
	p := exphist.Parts{
		Scale: dp.Scale(), ZeroCount: dp.ZeroCount(), ZeroThreshold: dp.ZeroThreshold(),
		Positive: r.positive, PositiveOffset: dp.Positive().Offset(),
		Negative: r.negative, NegativeOffset: dp.Negative().Offset(),
		Min: math.NaN(), Max: math.NaN(),
	}
	if dp.HasSum() {
		p.Sum = dp.Sum()
	}
	if dp.HasMin() {
		p.Min = dp.Min()
	}
	if dp.HasMax() {
		p.Max = dp.Max()
	}
	return h.Load(p)
}

// Explicit loads a data point into h. The error is one of [binhist.Histogram.Load].
func (r *Histograms) Explicit(dp pmetric.HistogramDataPoint, h *binhist.Histogram) error {
	r.positive = appendCounts(r.positive[:0], dp.BucketCounts())
	r.bounds = r.bounds[:0]
	for _, bound := range dp.ExplicitBounds().All() {
		r.bounds = append(r.bounds, bound)
	}
	p := binhist.Parts{
		Bounds: r.bounds, Counts: r.positive, Count: dp.Count(), Min: math.NaN(), Max: math.NaN(),
	}
	if dp.HasSum() {
		p.Sum = dp.Sum()
	}
	if dp.HasMin() {
		p.Min = dp.Min()
	}
	if dp.HasMax() {
		p.Max = dp.Max()
	}
	return h.Load(p)
}

func appendCounts(dst []uint64, counts pcommon.UInt64Slice) []uint64 {
	for _, n := range counts.All() {
		dst = append(dst, n)
	}
	return dst
}

// Timed is a data point of any type that tells times.
type Timed interface {
	StartTimestamp() pcommon.Timestamp
	Timestamp() pcommon.Timestamp
}

// TimesOf returns the times of a data point. ok is false if it does not tell its own.
func TimesOf[P Timed](dp P) (t stream.Times, ok bool) {
	t = stream.Times{Start: int64(dp.StartTimestamp()), End: int64(dp.Timestamp())}
	return t, t.End > 0
}

// Put writes a histogram over the buckets of a data point: what else it says stays. The
// counts of h must be those of the data point, at any scale.
func (r *Histograms) Put(h *exphist.Histogram, dp pmetric.ExponentialHistogramDataPoint) {
	dp.SetScale(h.Scale())
	dp.SetZeroCount(h.ZeroCount())
	dp.SetZeroThreshold(h.ZeroThreshold())
	r.buckets(dp.Positive(), h.Positive())
	r.buckets(dp.Negative(), h.Negative())
}

func (r *Histograms) buckets(out pmetric.ExponentialHistogramDataPointBuckets, in exphist.Buckets) {
	r.positive = in.AppendTo(r.positive[:0])
	out.SetOffset(in.Offset())
	out.BucketCounts().FromRaw(r.positive)
}
