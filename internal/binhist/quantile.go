package binhist

import "math"

// Quantile returns an estimate of the value below which the fraction q of the values
// lies.
//
// The rank of q is q × Count. The result is in the first bucket at which the cumulative
// count reaches the rank; that is the bucket of the value that would be at position
// ⌈rank⌉, counting from 1, were all of them sorted. Within the bucket values are taken
// to be spread evenly, as histogram_quantile of Prometheus does. With the bounds 1 and 2
// and the counts 2 8 0:
//
//	q 0.5   rank 5    bucket (1, 2], 3/8 into it   1.375
//	q 1     rank 10                                2
//
// There are a number of special cases:
//
// If the histogram is empty, NaN is returned.
//
// If q is NaN, below 0 or above 1, NaN is returned.
//
// The first bucket begins at the minimum. If that is not known it begins at 0, as
// histograms of what cannot be negative do; if its bound is not above 0, the bound is
// returned.
//
// The overflow bucket ends at the maximum. If that is not known the last bound is
// returned.
//
// If there are no bounds and the minimum or the maximum is not known, NaN is returned.
//
// The result is never below the minimum nor above the maximum, where known; a q of 0
// returns the lower bound of the first bucket that is not empty and a q of 1 the upper
// bound of the last one, each brought closer by them.
func (h *Histogram) Quantile(q float64) float64 {
	at, ok := h.find(q)
	if !ok {
		return math.NaN()
	}
	lo, hi := h.edges(at.bucket)
	switch {
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return math.NaN()
	case math.IsInf(lo, -1):
		return hi
	case math.IsInf(hi, 1):
		return lo
	}
	return min(max(lo+(hi-lo)*at.into, lo), hi)
}

// Bracket returns bounds between which the value lies that [Histogram.Quantile]
// estimates: the one at position ⌈q × Count⌉, or 1 for a q of 0, were all values sorted.
// They are infinite where nothing is known, and both NaN if the histogram is empty or q
// is no fraction. That the first bucket begins at 0 unless told otherwise is believed
// here too.
func (h *Histogram) Bracket(q float64) (lo, hi float64) {
	at, ok := h.find(q)
	if !ok {
		return math.NaN(), math.NaN()
	}
	return h.edges(at.bucket)
}

// place is where a rank falls.
type place struct {
	bucket int
	into   float64 // how far into the values of the bucket, by rank, in [0, 1]
}

// find returns where the rank of q falls, not ok if nowhere.
func (h *Histogram) find(q float64) (at place, ok bool) {
	if h.count == 0 || math.IsNaN(q) || q < 0 || q > 1 {
		return place{}, false
	}
	rank := q * float64(h.count)
	var below uint64
	for i, n := range h.counts {
		if n > 0 && float64(below+n) >= rank {
			return place{i, (rank - float64(below)) / float64(n)}, true
		}
		below += n
	}
	return place{len(h.counts) - 1, 1}, true
}

// edges returns the bounds of a bucket, brought closer by the extremes.
func (h *Histogram) edges(i int) (lo, hi float64) {
	lo, hi = max(h.lower(i), h.min), min(h.upper(i), h.max)
	if math.IsInf(lo, -1) && hi > 0 && !math.IsInf(hi, 1) {
		lo = 0
	}
	return lo, hi
}
