package exphist

// Downscale lowers the scale to the given one, or to MinScale if that is
// higher, merging buckets. The result is as if every value had been recorded
// at the lower scale. A scale at or above the current one changes nothing.
func (h *Histogram) Downscale(scale int32) {
	scale = max(scale, MinScale)
	if scale >= h.scale {
		return
	}
	h.positive.collapse(h.scale - scale)
	h.negative.collapse(h.scale - scale)
	h.scale = scale
}

// collapse lowers the scale of the range by shift, in place:
//
//	shift 1   index  -3 -2 -1  0  1  2      offset -3
//	          counts  1  2  3  4  5  6
//	                 -2  -1     0    1      offset -2
//	          counts  1   5     9    6
//
// The arithmetic shift rounds towards minus infinity: -3>>1 is -2, where -3/2
// would put the value on the wrong side of its bound.
func (b *Buckets) collapse(shift int32) {
	if len(b.counts) == 0 {
		return
	}
	first, last := b.offset>>shift, b.last()>>shift
	for j, n := range b.counts {
		to := (b.offset+int32(j))>>shift - first
		// to never passes j, so that what is cleared here was moved already.
		b.counts[j] = 0
		b.counts[to] += n
	}
	b.counts = b.counts[:last-first+1]
	b.offset = first
}

// excess returns by how much the scale must drop for lo to hi to take at most
// maxSize buckets.
func excess(lo, hi int32, maxSize int) int32 {
	var d int32
	for int64(hi>>d)-int64(lo>>d) >= int64(maxSize) {
		d++
	}
	return d
}
