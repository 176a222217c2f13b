package exphist

import (
	"math"
	"slices"
)

// Quantile returns an estimate of the value below which the fraction q of the
// values recorded lies.
//
// The rank of q is q × Count. The result is in the first bucket, from the most
// negative to the most positive, at which the cumulative count reaches the rank;
// that is the bucket of the value that would be at position ⌈rank⌉, counting
// from 1, were all of them sorted. Within the bucket values are taken to be
// spread evenly on a logarithmic scale, as histogram_quantile of Prometheus does
// for native histograms. With three values in (1, 2] and one in (2, 4], scale 0:
//
//	q 0.5   rank 2   bucket (1, 2], 2/3 into it   2^(2/3) = 1.587
//	q 1     rank 4   the maximum
//
// There are a number of special cases:
//
// If the histogram is empty, NaN is returned.
//
// If q is NaN, below 0 or above 1, NaN is returned.
//
// If q is 0, Min is returned; if q is 1, Max.
//
// If the rank falls among the zeros, 0 is returned; if those reach up to a threshold,
// they are taken to be spread evenly from minus to plus that, or on one side of 0
// only when the buckets are on one side only.
//
// The result is never below Min nor above Max, and so never infinite; a
// histogram of one value, however often recorded, returns just that.
func (h *Histogram) Quantile(q float64) float64 {
	switch {
	case h.count == 0 || math.IsNaN(q) || q < 0 || q > 1:
		return math.NaN()
	case q == 0:
		return h.min
	case q == 1:
		return h.max
	}
	return min(max(h.valueAt(q*float64(h.count)), h.min), h.max)
}

// Bracket returns bounds between which the value lies that [Histogram.Quantile]
// estimates: the one at position ⌈q × Count⌉, or 1 for a q of 0, were all values
// sorted. They are those of its bucket, brought closer by Min and Max. Both are NaN
// where Quantile is. The estimate lies between them too, so that it is never further
// off than the farther of the two.
func (h *Histogram) Bracket(q float64) (lo, hi float64) {
	if h.count == 0 || math.IsNaN(q) || q < 0 || q > 1 {
		return math.NaN(), math.NaN()
	}
	at := h.find(max(q*float64(h.count), math.SmallestNonzeroFloat64))
	switch at.sign {
	case -1:
		lo, hi = -lowerBound(at.index+1, h.scale), -h.near(at.index)
	case 0:
		lo, hi = 0-h.threshold, h.threshold
	default:
		lo, hi = h.near(at.index), lowerBound(at.index+1, h.scale)
	}
	return min(max(lo, h.min), h.max), max(min(hi, h.max), h.min)
}

// place is where a rank falls.
type place struct {
	sign  int     // -1, 0 or 1
	index int32   // of the bucket, of a sign other than 0
	into  float64 // how far into the values of the bucket, by rank, in [0, 1]
}

// valueAt returns the value at a rank in (0, count].
func (h *Histogram) valueAt(rank float64) float64 {
	at := h.find(rank)
	switch at.sign {
	case -1:
		return min(-h.power(at.index, 1-at.into), -h.threshold)
	case 0:
		return h.amongZeros(at.into)
	default:
		return max(h.power(at.index, at.into), h.threshold)
	}
}

// find returns where a rank in (0, count] falls.
func (h *Histogram) find(rank float64) place {
	var below uint64
	for j, n := range slices.Backward(h.negative.counts) {
		if float64(below+n) >= rank {
			return place{-1, h.negative.offset + int32(j), into(below, n, rank)}
		}
		below += n
	}
	if float64(below+h.zeroCount) >= rank {
		return place{into: into(below, h.zeroCount, rank)}
	}
	below += h.zeroCount
	// The rank is at most the count, which the last bucket completes.
	j, counts := 0, h.positive.counts
	for float64(below+counts[j]) < rank {
		below += counts[j]
		j++
	}
	return place{1, h.positive.offset + int32(j), into(below, counts[j], rank)}
}

// into returns how far into a bucket of n values a rank is, in [0, 1], with below
// values in the buckets before it.
func into(below, n uint64, rank float64) float64 {
	return (rank - float64(below)) / float64(n)
}

// amongZeros returns the value a fraction of the way into the zeros.
func (h *Histogram) amongZeros(fraction float64) float64 {
	lo, hi := 0-h.threshold, h.threshold
	switch negative, positive := len(h.negative.counts) > 0, len(h.positive.counts) > 0; {
	case positive && !negative:
		lo = 0
	case negative && !positive:
		hi = 0
	}
	return lo + (hi-lo)*fraction
}

// power returns base^(i + fraction).
func (h *Histogram) power(i int32, fraction float64) float64 {
	return math.Exp2(math.Ldexp(float64(i)+fraction, int(-h.scale)))
}
