package binhist

import (
	"fmt"
	"math"
	"math/bits"
)

// MaxBuckets is the largest number of buckets that is taken from elsewhere.
const MaxBuckets = 4096

// Parts is a histogram as it comes from elsewhere, an OTLP data point say.
type Parts struct {
	// Bounds are the upper bounds of all buckets but the last; none of them NaN, and
	// increasing.
	Bounds []float64
	// Counts are those of the buckets, one more than bounds. Both may be empty where
	// only Count is known.
	Counts []uint64
	// Count is the number of values. It is not looked at where there are Counts.
	Count uint64
	// Sum is the sum of all values.
	Sum float64
	// Min and Max are the extremes, or NaN where not known.
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

// Load replaces what is in h by a copy of p. Extremes that contradict the buckets are
// not believed. The error is a *PartsError when there are too many bounds or they do not
// increase, the numbers of bounds and counts do not fit, or the counts exceed 2^64-1 in
// all; h is empty then.
func (h *Histogram) Load(p Parts) error {
	h.Reset()
	if err := p.check(); err != nil {
		return err
	}
	h.bounds = append(h.bounds, p.Bounds...)
	h.counts = append(h.counts, p.Counts...)
	if len(p.Counts) == 0 {
		h.counts = append(h.counts, p.Count)
	}
	for _, n := range h.counts {
		var carry uint64
		if h.count, carry = bits.Add64(h.count, n, 0); carry != 0 {
			h.Reset()
			return &PartsError{"Counts", "add up to more than 2^64-1"}
		}
	}
	h.sum = p.Sum
	h.min, h.max = math.Inf(-1), math.Inf(1)
	h.tighten()
	h.narrow(p.Min, p.Max)
	return nil
}

func (p *Parts) check() error {
	switch n := len(p.Counts); {
	case n > MaxBuckets:
		return &PartsError{"Counts", fmt.Sprintf("%d are more than %d", n, MaxBuckets)}
	case n != len(p.Bounds)+1 && (n != 0 || len(p.Bounds) != 0):
		return &PartsError{"Counts", fmt.Sprintf("%d do not fit %d bounds", n, len(p.Bounds))}
	}
	for i, bound := range p.Bounds {
		if math.IsNaN(bound) || i > 0 && bound <= p.Bounds[i-1] {
			return &PartsError{"Bounds", fmt.Sprintf("must increase (got %v as number %d)", bound, i+1)}
		}
	}
	return nil
}

// narrow moves the extremes to those given, as far as they agree with the buckets: each
// must lie in the outermost bucket that is not empty. NaN changes nothing.
func (h *Histogram) narrow(lo, hi float64) {
	if h.count == 0 || lo > hi {
		return
	}
	first, last := h.span()
	if lo >= h.min && lo <= h.upper(first) {
		h.min = lo
	}
	if hi <= h.max && hi >= h.lower(last) {
		h.max = hi
	}
}
