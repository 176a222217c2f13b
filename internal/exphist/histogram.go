package exphist

import (
	"math"
	"unsafe"
)

const (
	// DefaultMaxSize is the number of buckets a range may have unless the user
	// says otherwise. 160 is what the OpenTelemetry SDKs use: it keeps the
	// relative error below 5 % from 10 ms to 9.8 s, see the table of the package.
	DefaultMaxSize = 160
	// MinSize is the smallest max size: two buckets hold all float64 values of
	// one sign, at MinScale.
	MinSize = 2
	// MaxSize is the largest max size: 64 KiB for a histogram with both signs.
	MaxSize = 4096

	// MaxScale is the scale of an empty histogram and the finest there is. All
	// indices at this scale, subnormals included, fit an int32.
	MaxScale int32 = 20
	// MinScale is the coarsest scale: (0, 1] and (1, MaxFloat64].
	MinScale int32 = -11
)

// Histogram counts values in exponential buckets. Its scale starts at MaxScale
// and only ever goes down, until Reset.
//
// Counts are uint64 and wrap past 2^64-1. The sum is a float64 and becomes
// infinite when it leaves the range of that type; quantiles do not depend on
// it.
//
// Zeros are just that, unless a histogram from elsewhere ([Parts]) has a wider zero
// bucket: then values up to its threshold count as zeros here too from the moment
// it is merged, while those that are added are told apart as before.
//
// The zero Histogram is unusable, use [New]. A Histogram is not safe for
// concurrent use; concurrent readers without a writer are fine.
type Histogram struct {
	positive Buckets
	negative Buckets // indexed by magnitude
	maxSize  int     // of each range, in [MinSize, MaxSize]
	scratch  []byte  // of Packed.Advance
	facts
}

// facts are what a histogram knows beside its buckets.
type facts struct {
	scale     int32  // in [MinScale, MaxScale]
	count     uint64 // zeroCount plus all buckets
	zeroCount uint64
	threshold float64 // of zeros: they are within [-threshold, threshold]
	sum       float64
	min       float64 // +Inf when empty
	max       float64 // -Inf when empty
}

// New returns an empty histogram at MaxScale whose ranges, positive and
// negative, have at most maxSize buckets each. A maxSize outside
// [MinSize, MaxSize] is taken as the nearer of the two.
func New(maxSize int) *Histogram {
	h := &Histogram{maxSize: min(max(maxSize, MinSize), MaxSize)}
	h.Reset()
	return h
}

// Add records v once. It reports false, and records nothing, when v is NaN or
// infinite.
func (h *Histogram) Add(v float64) bool {
	return h.AddN(v, 1)
}

// AddN records v n times, as if by n calls of Add but in the time of one. It
// reports false, and records nothing, when v is NaN or infinite.
func (h *Histogram) AddN(v float64, n uint64) bool {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return false
	}
	if n == 0 {
		return true
	}
	h.count += n
	h.sum += v * float64(n)
	h.min = min(h.min, v)
	h.max = max(h.max, v)
	switch {
	case v > 0:
		h.record(&h.positive, v, n)
	case v < 0:
		h.record(&h.negative, -v, n)
	default:
		h.zeroCount += n
	}
	return true
}

// record counts the magnitude v, n times, in side, which is one of h's ranges.
func (h *Histogram) record(side *Buckets, v float64, n uint64) {
	i := index(v, h.scale)
	if at := int64(i) - int64(side.offset); at >= 0 && at < int64(len(side.counts)) {
		side.counts[at] += n
		return
	}
	lo, hi := side.with(i, i)
	if d := excess(lo, hi, h.maxSize); d > 0 {
		h.Downscale(h.scale - d)
		i >>= d
	}
	side.cover(i, i, h.maxSize)
	side.counts[i-side.offset] += n
}

// Reset empties the histogram and returns it to MaxScale. It keeps the bucket
// arrays, so that recording similar values again allocates nothing.
func (h *Histogram) Reset() {
	h.positive.reset()
	h.negative.reset()
	h.scale = MaxScale
	h.count, h.zeroCount = 0, 0
	h.threshold, h.sum = 0, 0
	h.min, h.max = math.Inf(1), math.Inf(-1)
}

// Clone returns a copy that shares nothing with h.
func (h *Histogram) Clone() *Histogram {
	c := *h
	c.positive = h.positive.clone()
	c.negative = h.negative.clone()
	c.scratch = nil
	return &c
}

// Count returns the number of values recorded.
func (h *Histogram) Count() uint64 { return h.count }

// Sum returns the sum of the values recorded, 0 when empty.
func (h *Histogram) Sum() float64 { return h.sum }

// Min returns the smallest value recorded, NaN when empty. After [Histogram.Subtract]
// it is a lower bound of it.
func (h *Histogram) Min() float64 { return h.unlessEmpty(h.min) }

// Max returns the largest value recorded, NaN when empty. After [Histogram.Subtract]
// it is an upper bound of it.
func (h *Histogram) Max() float64 { return h.unlessEmpty(h.max) }

func (h *Histogram) unlessEmpty(v float64) float64 {
	if h.count == 0 {
		return math.NaN()
	}
	return v
}

// Scale returns the current scale, in [MinScale, MaxScale].
func (h *Histogram) Scale() int32 { return h.scale }

// ZeroCount returns the number of zeros recorded, of either sign.
func (h *Histogram) ZeroCount() uint64 { return h.zeroCount }

// ZeroThreshold returns how far from 0 a value may be that was counted as a zero: 0
// unless the histogram came from elsewhere.
func (h *Histogram) ZeroThreshold() float64 { return h.threshold }

// Positive returns a view of the buckets of positive values, valid until h is
// next changed.
func (h *Histogram) Positive() Buckets { return h.positive }

// Negative returns a view of the buckets of negative values, indexed by
// magnitude and valid until h is next changed.
func (h *Histogram) Negative() Buckets { return h.negative }

// SizeBytes returns the memory h occupies, in bytes, spare capacity included.
func (h *Histogram) SizeBytes() int {
	return int(unsafe.Sizeof(*h)) + h.positive.sizeBytes() + h.negative.sizeBytes() + cap(h.scratch)
}
