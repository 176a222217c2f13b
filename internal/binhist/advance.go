package binhist

import "slices"

// Advance makes h hold the running total, and total what was added to the one that h
// held before: the increment. It reports false, and leaves h as it is, when the total
// does not hold all that h does; total may then have lost bounds.
//
//	       h       total                h       total
//	counts 3 0 5   4 0 7       after    4 0 7   1 0 2
//
// Where the bounds have changed the increment has those that both have.
func (h *Histogram) Advance(total *Histogram) bool {
	if len(h.counts) > 0 && !slices.Equal(h.bounds, total.bounds) {
		return h.advanceApart(total)
	}
	sum := total.sum
	if !total.Subtract(h) {
		return false
	}
	h.Merge(total)
	h.sum = sum // not added up, so that errors do not
	return true
}

func (h *Histogram) advanceApart(total *Histogram) bool {
	var next Histogram
	next.Set(total)
	if !total.Subtract(h) {
		return false
	}
	*h = next
	return true
}
