package exphist

import "math"

// Split is a histogram divided by a threshold, see [Histogram.SplitAt].
type Split struct {
	// Below is the number of values that are surely at or below the threshold.
	Below uint64
	// Within is the number of values in the bucket that the threshold falls into, 0 when it falls on a bound or
	// between the buckets.
	Within uint64
	// Share is the part of Within that would be at or below the threshold if the values were spread evenly over
	// the bucket, in [0, 1]: on a logarithmic scale, in the zero bucket on a linear one.
	Share float64
	// Lower and Upper are the bounds of that bucket; they mean something only when Within is above 0.
	Lower, Upper float64
}

// Estimate returns Below and the share of Within.
func (s Split) Estimate() float64 { return float64(s.Below) + s.Share*float64(s.Within) }

// SplitAt returns how many values are at or below x. Bounds belong to the bucket below them, so that the answer is
// exact when x is one, and within the number of values in one bucket otherwise. With three values in (1, 2] and
// one in (2, 4], scale 0:
//
//	x 2     Below 3   Within 0
//	x 3     Below 3   Within 1   Share log2(3) - 1 = 0.585
//
// There are a number of special cases:
//
// If x is NaN, nothing is below it.
//
// If x is Max or more, everything is below it; if x is less than Min, nothing is.
//
// zeroThreshold is the width of the zero bucket, 0 where zeros are zeros. The bucket reaches from
// -zeroThreshold to zeroThreshold, or only from or to 0 when all other values are on one side of it.
func (h *Histogram) SplitAt(x, zeroThreshold float64) Split {
	zero := h.zeroBucket(zeroThreshold)
	switch {
	case math.IsNaN(x) || h.count == 0 || x < min(h.min, zero.Lower):
		return Split{}
	case x >= max(h.max, zero.Upper):
		return Split{Below: h.count}
	case x < zero.Lower:
		return h.splitNegative(-x)
	}
	negative := h.negative.total()
	if x < zero.Upper {
		zero.Below = negative
		zero.Share = (x - zero.Lower) / (zero.Upper - zero.Lower)
		return zero
	}
	s := h.splitPositive(x)
	s.Below += negative + h.zeroCount
	return s
}

// zeroBucket returns the zero bucket as a Split that is not made yet; without zeros its bounds are 0.
func (h *Histogram) zeroBucket(width float64) Split {
	s := Split{Within: h.zeroCount}
	if h.zeroCount == 0 || !(width > 0) {
		return s
	}
	s.Lower, s.Upper = -width, width
	switch negative, positive := len(h.negative.counts) > 0, len(h.positive.counts) > 0; {
	case positive && !negative:
		s.Lower = 0
	case negative && !positive:
		s.Upper = 0
	}
	return s
}

// splitPositive splits the positive buckets at x, which is not below 0 and below Max.
func (h *Histogram) splitPositive(x float64) (s Split) {
	if x == 0 {
		return s
	}
	i := index(x, h.scale)
	s.Below = h.positive.before(i)
	if x == lowerBound(i+1, h.scale) {
		s.Below += h.positive.countOf(i)
		return s
	}
	s.Within = h.positive.countOf(i)
	s.Share = h.position(x, i)
	s.Lower, s.Upper = lowerBound(i, h.scale), lowerBound(i+1, h.scale)
	return s
}

// splitNegative splits the negative buckets at a magnitude: what has a greater one is below.
func (h *Histogram) splitNegative(magnitude float64) (s Split) {
	i := index(magnitude, h.scale)
	s.Within = h.negative.countOf(i)
	s.Below = h.negative.total() - h.negative.before(i) - s.Within
	s.Share = 1 - h.position(magnitude, i)
	s.Lower, s.Upper = -lowerBound(i+1, h.scale), -lowerBound(i, h.scale)
	return s
}

// position returns where in bucket i the value x is on a logarithmic scale, in [0, 1].
func (h *Histogram) position(x float64, i int32) float64 {
	return min(max(math.Ldexp(math.Log2(x), int(h.scale))-float64(i), 0), 1)
}

// before returns the number of values in the buckets before the one with index i.
func (b Buckets) before(i int32) (n uint64) {
	end := min(max(int64(i)-int64(b.offset), 0), int64(len(b.counts)))
	for _, c := range b.counts[:end] {
		n += c
	}
	return n
}

func (b Buckets) total() (n uint64) {
	for _, c := range b.counts {
		n += c
	}
	return n
}
