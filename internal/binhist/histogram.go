package binhist

import (
	"math"
	"slices"
	"unsafe"
)

// Histogram counts values in buckets with explicit bounds. Counts are uint64 and wrap
// past 2^64-1.
//
// The zero Histogram is empty, without bounds of its own: it takes those of what is
// merged into it first. A Histogram is not safe for concurrent use; concurrent readers
// without a writer are fine.
type Histogram struct {
	bounds   []float64 // upper bounds, inclusive and increasing
	counts   []uint64  // one more than bounds, none if nothing was ever merged
	count    uint64
	sum      float64
	min, max float64 // as good as known: ±Inf if not; without meaning when empty
}

// Reset empties the histogram and keeps its memory.
func (h *Histogram) Reset() {
	*h = Histogram{bounds: h.bounds[:0], counts: h.counts[:0]}
}

// Count returns the number of values.
func (h *Histogram) Count() uint64 { return h.count }

// Sum returns the sum of the values, as far as it was known.
func (h *Histogram) Sum() float64 { return h.sum }

// Bounds returns the upper bounds of all buckets but the last: borrowed, and valid until
// h is next changed.
func (h *Histogram) Bounds() []float64 { return h.bounds }

// Counts returns how many values each bucket holds: borrowed, and valid until h is next
// changed. It is empty if nothing was ever merged, else one longer than Bounds.
func (h *Histogram) Counts() []uint64 { return h.counts }

// SizeBytes returns the memory h occupies, in bytes, spare capacity included.
func (h *Histogram) SizeBytes() int {
	return int(unsafe.Sizeof(*h)) + 8*(cap(h.bounds)+cap(h.counts))
}

// Set makes h the same as o, with which it shares nothing.
func (h *Histogram) Set(o *Histogram) {
	bounds, counts := h.bounds, h.counts
	*h = *o
	h.bounds = append(slices.Grow(bounds[:0], len(o.bounds)), o.bounds...)
	h.counts = append(slices.Grow(counts[:0], len(o.counts)), o.counts...)
}

// Merge adds everything counted in o to h and does not change o. h keeps the bounds
// that both have.
func (h *Histogram) Merge(o *Histogram) {
	switch {
	case len(o.counts) == 0:
		return
	case len(h.counts) == 0:
		h.Set(o)
		return
	}
	h.coarsen(o.bounds)
	o.each(h.bounds, func(i int, n uint64) bool {
		h.counts[i] += n
		return true
	})
	if o.count > 0 {
		h.widen(o)
	}
	h.count += o.count
	h.sum += o.sum
}

// widen takes the extremes of o, which is not empty, in.
func (h *Histogram) widen(o *Histogram) {
	if h.count == 0 {
		h.min, h.max = o.min, o.max
		return
	}
	h.min, h.max = min(h.min, o.min), max(h.max, o.max)
}

// Subtract takes everything counted in o out of h, at the bounds that both have, and
// does not change o. It reports false, with h at those bounds but otherwise as it was,
// if a bucket would become negative. The extremes become the tightest that the buckets
// allow.
func (h *Histogram) Subtract(o *Histogram) bool {
	if len(o.counts) == 0 {
		return true
	}
	if h.count < o.count {
		return false
	}
	h.coarsen(o.bounds)
	if !o.each(h.bounds, func(i int, n uint64) bool { return h.counts[i] >= n }) {
		return false
	}
	o.each(h.bounds, func(i int, n uint64) bool {
		h.counts[i] -= n
		return true
	})
	h.count -= o.count
	h.sum -= o.sum
	h.tighten()
	return true
}

// coarsen drops the bounds that are not among those given:
//
//	bounds  0.1 0.5 1   counts 2 1 0 1
//	keep        0.5 5
//	bounds      0.5     counts   3   1
func (h *Histogram) coarsen(keep []float64) {
	if slices.Equal(h.bounds, keep) {
		return
	}
	kept, at := 0, 0
	var n uint64
	for i, bound := range h.bounds {
		n += h.counts[i]
		for at < len(keep) && keep[at] < bound {
			at++
		}
		if at < len(keep) && keep[at] == bound {
			h.bounds[kept], h.counts[kept] = bound, n
			kept, n = kept+1, 0
		}
	}
	n += h.counts[len(h.bounds)]
	h.counts[kept] = n
	h.bounds, h.counts = h.bounds[:kept], h.counts[:kept+1]
}

// each yields the counts of h as they are at coarser bounds, some of its own, until
// yield returns false, and reports whether it never did.
func (h *Histogram) each(coarser []float64, yield func(i int, n uint64) bool) bool {
	var n uint64
	at := 0
	for i, bound := range h.bounds {
		n += h.counts[i]
		if at < len(coarser) && coarser[at] == bound {
			if !yield(at, n) {
				return false
			}
			at, n = at+1, 0
		}
	}
	return yield(at, n+h.counts[len(h.bounds)])
}

// tighten brings the extremes as close together as the buckets allow.
func (h *Histogram) tighten() {
	if h.count == 0 {
		h.sum = 0
		return
	}
	first, last := h.span()
	h.min, h.max = max(h.min, h.lower(first)), min(h.max, h.upper(last))
}

// span returns the first and the last bucket that are not empty; h must not be.
func (h *Histogram) span() (first, last int) {
	for h.counts[first] == 0 {
		first++
	}
	last = len(h.counts) - 1
	for h.counts[last] == 0 {
		last--
	}
	return first, last
}

// lower returns the exclusive lower bound of a bucket.
func (h *Histogram) lower(i int) float64 {
	if i == 0 {
		return math.Inf(-1)
	}
	return h.bounds[i-1]
}

// upper returns the inclusive upper bound of a bucket.
func (h *Histogram) upper(i int) float64 {
	if i == len(h.bounds) {
		return math.Inf(1)
	}
	return h.bounds[i]
}
