package exphist

import (
	"fmt"
	"math"
	"math/bits"
)

// Parts is a histogram as it comes from elsewhere, an OTLP data point say, for
// [FromParts] to check and copy.
type Parts struct {
	// Scale must be in [MinScale, MaxScale].
	Scale int32
	// ZeroCount is the number of zeros.
	ZeroCount uint64
	// ZeroThreshold is how far from 0 a zero may be, finite and at least 0.
	ZeroThreshold float64
	// Positive and Negative hold the counts of consecutive buckets, lowest
	// magnitude first. They may be of any length and may hold zeros.
	Positive, Negative []uint64
	// PositiveOffset and NegativeOffset are the indices of the first of them.
	PositiveOffset, NegativeOffset int32
	// Sum is the sum of all values.
	Sum float64
	// Min and Max are the extremes, or NaN where not known; the bounds of the
	// buckets in use then stand in for them.
	Min, Max float64
}

// PartsError says which field of Parts cannot be used, and why.
type PartsError struct {
	Field  string // as named in Parts
	Reason string
}

// Error joins field and reason.
func (e *PartsError) Error() string {
	return fmt.Sprintf("histogram parts: %s: %s", e.Field, e.Reason)
}

// FromParts returns a histogram with the contents of p, at the highest scale up
// to that of p at which they fit maxSize, which is as for [New]. It keeps no
// reference to p. The error is a *PartsError when the scale is out of range, the
// threshold of zeros is no distance, a bucket lies beyond every float64, or the
// counts exceed 2^64-1 in all.
func FromParts(maxSize int, p Parts) (*Histogram, error) {
	h := New(maxSize)
	if err := h.Load(p); err != nil {
		return nil, err
	}
	return h, nil
}

// Load replaces what is in h by the contents of p, as [FromParts] does for a new
// histogram, and allocates nothing where the arrays of h suffice. On an error h is
// empty.
func (h *Histogram) Load(p Parts) error {
	h.Reset()
	if p.Scale < MinScale || p.Scale > MaxScale {
		return &PartsError{"Scale", fmt.Sprintf("%d is outside [%d, %d]", p.Scale, MinScale, MaxScale)}
	}
	if !(p.ZeroThreshold >= 0) || math.IsInf(p.ZeroThreshold, 1) {
		return &PartsError{"ZeroThreshold", fmt.Sprintf("%v is no distance from 0", p.ZeroThreshold)}
	}
	positive, err := p.side("Positive", p.PositiveOffset, p.Positive)
	if err != nil {
		return err
	}
	negative, err := p.side("Negative", p.NegativeOffset, p.Negative)
	if err != nil {
		return err
	}
	count, ok := total(p.ZeroCount, positive.counts, negative.counts)
	if !ok {
		return &PartsError{"Positive, Negative, ZeroCount", "add up to more than 2^64-1"}
	}
	source := Histogram{
		positive: positive, negative: negative,
		facts: facts{
			scale: p.Scale, count: count, zeroCount: p.ZeroCount, threshold: p.ZeroThreshold,
			sum: p.Sum, min: math.Inf(-1), max: math.Inf(1),
		},
	}
	h.Merge(&source)
	if h.threshold > 0 && (h.within(h.positive) || h.within(h.negative)) {
		h.widen(h.threshold)
	}
	h.tighten()
	h.narrow(p.Min, p.Max)
	return nil
}

// side returns a view of counts without the zeros at both ends.
func (p Parts) side(name string, offset int32, counts []uint64) (Buckets, error) {
	lead, end := occupied(counts)
	if lead == end {
		return Buckets{}, nil
	}
	first, last := int64(offset)+int64(lead), int64(offset)+int64(end)-1
	lowest := int64(index(math.SmallestNonzeroFloat64, p.Scale))
	highest := int64(index(math.MaxFloat64, p.Scale))
	if first < lowest || last > highest {
		return Buckets{}, &PartsError{name, fmt.Sprintf(
			"buckets %d to %d are outside [%d, %d], all there are at scale %d", first, last, lowest, highest, p.Scale)}
	}
	return Buckets{offset: int32(first), counts: counts[lead:end]}, nil
}

// total returns the sum of all counts, and whether it fits.
func total(zeros uint64, sides ...[]uint64) (sum uint64, ok bool) {
	sum = zeros
	for _, counts := range sides {
		for _, n := range counts {
			var carry uint64
			if sum, carry = bits.Add64(sum, n, 0); carry != 0 {
				return 0, false
			}
		}
	}
	return sum, true
}

// narrow moves min and max to those given, as far as they agree with the buckets.
// NaN changes nothing.
func (h *Histogram) narrow(lo, hi float64) {
	if lo >= h.min && lo <= h.max {
		h.min = lo
	}
	if hi >= h.min && hi <= h.max {
		h.max = hi
	}
}
