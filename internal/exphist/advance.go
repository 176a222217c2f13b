package exphist

import "math"

// Advance makes p hold the running total h, and h what was added to the total that p
// held before: the increment. It reports false, and leaves p as it is, when h does
// not hold all that p does; h may then be at a lower scale than it was.
//
//	       p         h                      p         h
//	total  3 0 5     4 0 5 2       after    4 0 5 2   1 0 0 2
//
// The increment has the lower of both scales, unless it is empty. Its Min and Max are
// those of the total, brought as close together as its buckets allow.
func (p *Packed) Advance(h *Histogram) bool {
	if h.count < p.count {
		return false
	}
	if p.count > 0 && h.threshold != p.threshold {
		return p.advanceApart(h)
	}
	h.Downscale(p.finest())
	if !p.heldBy(h) {
		return false
	}
	if h.count == p.count {
		h.Reset() // nothing came: all buckets are as they were
		return true
	}
	var next Packed
	h.scratch = next.pack(h.scratch[:0], h)
	p.takenFrom(h)
	next.bytes = p.bytes
	*p = next
	p.grow(len(h.scratch))
	p.bytes = append(p.bytes[:0], h.scratch...)
	return true
}

// finest returns the highest scale at which p can be compared.
func (p *Packed) finest() int32 {
	if p.count == 0 {
		return MaxScale
	}
	return p.scale
}

// advanceApart is Advance for totals whose zeros have different thresholds, which is
// rare enough to unpack them.
func (p *Packed) advanceApart(h *Histogram) bool {
	before := New(h.maxSize)
	p.AddTo(before)
	total := h.Clone()
	if h.Subtract(before) != nil {
		return false
	}
	p.Set(total)
	return true
}

// heldBy tells whether every bucket of h, at the scale of p or below, holds at least
// what p has there.
func (p *Packed) heldBy(h *Histogram) bool {
	shift := p.scale - h.scale
	return h.zeroCount >= p.zeroCount &&
		h.positive.hold(p.positives(), shift) && h.negative.hold(p.negatives(), shift)
}

func (b Buckets) hold(counts cursor, shift int32) bool {
	at, left := int32(math.MinInt32), uint64(0) // what is left of the bucket at
	for counts.next() {
		if to := counts.index >> shift; to != at {
			at, left = to, b.countOf(to)
		}
		if left < counts.count {
			return false
		}
		left -= counts.count
	}
	return true
}

// takenFrom takes p out of h, which must hold it.
func (p *Packed) takenFrom(h *Histogram) {
	shift := p.scale - h.scale
	h.positive.lose(p.positives(), shift)
	h.negative.lose(p.negatives(), shift)
	h.count -= p.count
	h.zeroCount -= p.zeroCount
	h.sum -= p.sum
	h.tighten()
}

func (b *Buckets) lose(counts cursor, shift int32) {
	for counts.next() {
		b.counts[counts.index>>shift-b.offset] -= counts.count
	}
	b.trim()
}
