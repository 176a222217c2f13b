package exphist

// widen counts values up to a threshold as zeros, and all that share a bucket with
// such values. Where the zeros of two histograms differ in their thresholds, a zero
// of 0.3 would else be ranked before a value of 0.2. At scale 0, for 0.3:
//
//	bucket      (0.125, 0.25]  (0.25, 0.5]  (0.5, 1]     zeros
//	before            2             3           5          1
//	after             ·             ·           5          6     up to 0.5
func (h *Histogram) widen(threshold float64) {
	h.threshold = threshold
	edge := index(threshold, h.scale)
	positive := h.positive.below(edge)
	negative := h.negative.below(edge)
	if positive.counts == nil && negative.counts == nil {
		return
	}
	if max(positive.last(), negative.last()) == edge {
		h.threshold = lowerBound(edge+1, h.scale)
	}
	for _, side := range []Buckets{positive, negative} {
		for i, n := range side.counts {
			h.zeroCount += n
			side.counts[i] = 0
		}
	}
	h.positive.trim()
	h.negative.trim()
}

// near returns the bound of a bucket that is nearer to 0: its values are no zeros.
func (h *Histogram) near(i int32) float64 { return max(lowerBound(i, h.scale), h.threshold) }

// within tells whether the first bucket of a side is all within the threshold of zeros,
// which is not for a bucket to be.
func (h *Histogram) within(side Buckets) bool {
	return len(side.counts) > 0 && lowerBound(side.offset+1, h.scale) <= h.threshold
}

// below returns the buckets up to the index, without counts if there are none.
func (b Buckets) below(index int32) Buckets {
	n := int64(index) - int64(b.offset) + 1
	if len(b.counts) == 0 || n <= 0 {
		return Buckets{offset: index}
	}
	return Buckets{b.offset, b.counts[:min(n, int64(len(b.counts)))]}
}

// atThreshold returns a copy of h whose zeros reach at least to the threshold.
func atThreshold(h *Histogram, threshold float64) *Histogram {
	c := h.Clone()
	if threshold > c.threshold {
		c.widen(threshold)
	}
	return c
}
