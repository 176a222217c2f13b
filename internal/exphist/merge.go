package exphist

import (
	"fmt"
	"math"
)

// Merge adds everything recorded in o to h, as if it had been recorded in h,
// and does not change o. The scale becomes the highest at which both fit the
// max size of h. Merging a histogram into itself doubles it. Where the thresholds
// of zeros differ the wider one holds for both, see [Histogram].
func (h *Histogram) Merge(o *Histogram) {
	h.fit(o.scale, o.positive.reach(), o.negative.reach())
	shift := o.scale - h.scale
	h.positive.absorb(o.positive, shift, h.maxSize)
	h.negative.absorb(o.negative, shift, h.maxSize)
	h.merged(o.facts)
}

// merged adds what another histogram knows beside its buckets, which h has taken.
func (h *Histogram) merged(o facts) {
	switch {
	case h.count == 0:
		h.threshold = o.threshold
	case o.count > 0 && h.threshold != o.threshold:
		h.widen(max(h.threshold, o.threshold))
	}
	h.add(o)
}

// add adds what another histogram knows beside its scale and the threshold of its zeros.
func (f *facts) add(o facts) {
	f.count += o.count
	f.zeroCount += o.zeroCount
	f.sum += o.sum
	f.min = min(f.min, o.min)
	f.max = max(f.max, o.max)
}

// fit lowers the scale of h so that it has room for buckets of that scale and reach.
func (h *Histogram) fit(scale int32, positive, negative reach) {
	h.Downscale(scale)
	shift := scale - h.scale
	d := max(
		h.positive.excessWith(positive, shift, h.maxSize),
		h.negative.excessWith(negative, shift, h.maxSize),
	)
	h.Downscale(h.scale - d)
}

// reach is the first and the last index of some buckets; any is false if there are
// none.
type reach struct {
	first, last int32
	any         bool
}

func (b Buckets) reach() reach { return reach{b.offset, b.last(), len(b.counts) > 0} }

// excessWith returns by how much the scale of b must drop to take buckets whose scale
// is shift above that of b.
func (b Buckets) excessWith(o reach, shift int32, maxSize int) int32 {
	if !o.any {
		return 0
	}
	lo, hi := b.with(o.first>>shift, o.last>>shift)
	return excess(lo, hi, maxSize)
}

// absorb makes room for the counts of o and adds them.
func (b *Buckets) absorb(o Buckets, shift int32, maxSize int) {
	if len(o.counts) == 0 {
		return
	}
	b.cover(o.offset>>shift, o.last()>>shift, maxSize)
	b.add(o, shift)
}

// UnderflowError says that Subtract was asked to take more out of a bucket than
// it holds.
type UnderflowError struct {
	Range string // "zero", "positive" or "negative"
	Index int32  // of the bucket at the lower of both scales; 0 for "zero"
	Have  uint64 // count of that bucket in the histogram subtracted from
	Want  uint64 // count to be taken out, above Have
}

// Error names the bucket and both counts.
func (e *UnderflowError) Error() string {
	return fmt.Sprintf("subtract %d from %s bucket %d holding %d: would be negative", e.Want, e.Range, e.Index, e.Have)
}

// Subtract takes everything recorded in o out of h and does not change o. It
// undoes an earlier Merge, up to the scale, which cannot rise again, and to Min
// and Max: what the values left really reach is not known, so those become the
// tightest bounds that the buckets allow.
//
// If any bucket would become negative h stays as it was, and the error is an
// *UnderflowError.
func (h *Histogram) Subtract(o *Histogram) error {
	minuend, subtrahend := atScale(h, o.scale), atScale(o, h.scale)
	if minuend.threshold != subtrahend.threshold {
		minuend = atThreshold(minuend, subtrahend.threshold)
		subtrahend = atThreshold(subtrahend, minuend.threshold)
		minuend = atThreshold(minuend, subtrahend.threshold)
	}
	if err := minuend.mustHold(subtrahend); err != nil {
		return err
	}
	minuend.positive.subtract(subtrahend.positive)
	minuend.negative.subtract(subtrahend.negative)
	minuend.count -= subtrahend.count
	minuend.zeroCount -= subtrahend.zeroCount
	minuend.sum -= subtrahend.sum
	minuend.tighten()
	*h = *minuend
	return nil
}

// atScale returns h itself if its scale is low enough, else a lowered copy.
func atScale(h *Histogram, scale int32) *Histogram {
	if h.scale <= scale {
		return h
	}
	c := h.Clone()
	c.Downscale(scale)
	return c
}

// mustHold returns an error unless every bucket of h holds at least what that of
// o, of the same scale, does.
func (h *Histogram) mustHold(o *Histogram) error {
	if h.zeroCount < o.zeroCount {
		return &UnderflowError{Range: "zero", Have: h.zeroCount, Want: o.zeroCount}
	}
	if err := h.positive.mustHold(o.positive, "positive"); err != nil {
		return err
	}
	return h.negative.mustHold(o.negative, "negative")
}

func (b Buckets) mustHold(o Buckets, name string) error {
	for j, want := range o.counts {
		i := o.offset + int32(j)
		if have := b.countOf(i); have < want {
			return &UnderflowError{Range: name, Index: i, Have: have, Want: want}
		}
	}
	return nil
}

// countOf returns the count of the bucket with index i, 0 outside of the range.
func (b Buckets) countOf(i int32) uint64 {
	at := int64(i) - int64(b.offset)
	if at < 0 || at >= int64(len(b.counts)) {
		return 0
	}
	return b.counts[at]
}

// subtract takes the counts of o, which b must hold, out of b. As neither end of o
// is empty, all of o is then within b.
func (b *Buckets) subtract(o Buckets) {
	for j, n := range o.counts {
		b.counts[o.offset+int32(j)-b.offset] -= n
	}
	b.trim()
}

// tighten brings min and max as close together as the buckets allow.
func (h *Histogram) tighten() {
	if h.count == 0 {
		h.sum = 0
		h.min, h.max = math.Inf(1), math.Inf(-1)
		return
	}
	lo, hi := h.span()
	h.min, h.max = max(h.min, lo), min(h.max, hi)
}

// span returns the bounds of the lowest and the highest bucket in use.
func (h *Histogram) span() (lo, hi float64) {
	switch neg, pos := h.negative, h.positive; {
	case len(neg.counts) > 0:
		lo = -lowerBound(neg.last()+1, h.scale)
	case h.zeroCount == 0:
		lo = h.near(pos.offset)
	default:
		lo = 0 - h.threshold
	}
	switch neg, pos := h.negative, h.positive; {
	case len(pos.counts) > 0:
		hi = lowerBound(pos.last()+1, h.scale)
	case h.zeroCount == 0:
		hi = -h.near(neg.offset)
	default:
		hi = h.threshold
	}
	return lo, hi
}
