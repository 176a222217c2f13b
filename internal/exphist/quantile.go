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
// If the rank falls among the zeros, 0 is returned.
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

// valueAt returns the value at a rank in (0, count].
func (h *Histogram) valueAt(rank float64) float64 {
	var below uint64
	for j, n := range slices.Backward(h.negative.counts) {
		if float64(below+n) >= rank {
			return -h.power(h.negative.offset+int32(j), 1-into(below, n, rank))
		}
		below += n
	}
	below += h.zeroCount
	if float64(below) >= rank {
		return 0
	}
	// The rank is at most the count, which the last bucket completes.
	j, counts := 0, h.positive.counts
	for float64(below+counts[j]) < rank {
		below += counts[j]
		j++
	}
	return h.power(h.positive.offset+int32(j), into(below, counts[j], rank))
}

// into returns how far into a bucket of n values a rank is, in [0, 1], with below
// values in the buckets before it.
func into(below, n uint64, rank float64) float64 {
	return (rank - float64(below)) / float64(n)
}

// power returns base^(i + fraction).
func (h *Histogram) power(i int32, fraction float64) float64 {
	return math.Exp2(math.Ldexp(float64(i)+fraction, int(-h.scale)))
}
