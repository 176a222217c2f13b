package exphist

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// Packed is a histogram at rest: all that a [Histogram] holds in a fraction of its
// memory, for the many that are kept and rarely touched. A bucket takes as many
// bytes as its count needs, one below 128; any number of empty ones in a row takes
// two or three:
//
//	counts   3  0  0  0  0  200  1
//	bytes    03 00 03       c8 01 01       4 empty ones: 00, then 4-1
//
// The zero Packed is empty. It is not safe for concurrent use; concurrent readers
// without a writer are fine.
type Packed struct {
	facts
	positive packedBuckets
	negative packedBuckets
	bytes    []byte // of the positive buckets, then of the negative ones
}

// packedBuckets is a range of buckets without their counts.
type packedBuckets struct {
	offset int32
	length int32
	size   int32 // bytes
}

func (b packedBuckets) reach() reach { return reach{b.offset, b.offset + b.length - 1, b.length > 0} }

// Set makes p hold what h does, of which it keeps no part. It allocates only to grow.
func (p *Packed) Set(h *Histogram) {
	p.grow(packedSize(h.positive.counts) + packedSize(h.negative.counts))
	p.bytes = p.pack(p.bytes[:0], h)
}

// pack takes over all of h but the buckets, which it appends to dst.
func (p *Packed) pack(dst []byte, h *Histogram) []byte {
	p.facts = h.facts
	dst = p.positive.pack(dst, h.positive)
	return p.negative.pack(dst, h.negative)
}

func (b *packedBuckets) pack(dst []byte, from Buckets) []byte {
	before := len(dst)
	dst = appendCounts(dst, from.counts)
	*b = packedBuckets{from.offset, int32(len(from.counts)), int32(len(dst) - before)}
	return dst
}

// appendCounts appends counts of which the last one is not 0.
func appendCounts(dst []byte, counts []uint64) []byte {
	for i := 0; i < len(counts); i++ {
		dst = binary.AppendUvarint(dst, counts[i])
		if counts[i] > 0 {
			continue
		}
		first := i
		for counts[i+1] == 0 {
			i++
		}
		dst = binary.AppendUvarint(dst, uint64(i-first))
	}
	return dst
}

// packedSize returns how many bytes appendCounts appends.
func packedSize(counts []uint64) (size int) {
	for i := 0; i < len(counts); i++ {
		size += uvarintSize(counts[i])
		if counts[i] > 0 {
			continue
		}
		first := i
		for counts[i+1] == 0 {
			i++
		}
		size += uvarintSize(uint64(i - first))
	}
	return size
}

func uvarintSize(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }

// spare is how many bytes more than needed an array gets when it grows.
const spare = 32

// grow makes room for so many bytes. What p held is lost if there was none.
func (p *Packed) grow(size int) {
	if size > cap(p.bytes) {
		p.bytes = make([]byte, 0, size+spare)
	}
}

// Clear empties p. It keeps its memory for what comes next.
func (p *Packed) Clear() { *p = Packed{bytes: p.bytes[:0]} }

// Count returns the number of values in p.
func (p *Packed) Count() uint64 { return p.count }

// SizeBytes returns the memory p occupies, in bytes, spare capacity included.
func (p *Packed) SizeBytes() int { return int(unsafe.Sizeof(*p)) + cap(p.bytes) }

// AddTo merges p into h, as [Histogram.Merge] would.
func (p *Packed) AddTo(h *Histogram) {
	if p.count == 0 {
		return
	}
	h.fit(p.scale, p.positive.reach(), p.negative.reach())
	shift := p.scale - h.scale
	h.positive.take(p.positive.reach(), p.positives(), shift, h.maxSize)
	h.negative.take(p.negative.reach(), p.negatives(), shift, h.maxSize)
	h.merged(p.facts)
}

// take makes room for packed buckets and adds them.
func (b *Buckets) take(r reach, counts cursor, shift int32, maxSize int) {
	if !r.any {
		return
	}
	b.cover(r.first>>shift, r.last>>shift, maxSize)
	for counts.next() {
		b.counts[counts.index>>shift-b.offset] += counts.count
	}
}

func (p *Packed) positives() cursor {
	return cursor{following: p.positive.offset, bytes: p.bytes[:p.positive.size]}
}

func (p *Packed) negatives() cursor {
	return cursor{following: p.negative.offset, bytes: p.bytes[p.positive.size:]}
}

// cursor walks the packed buckets that are not empty. An iterator function would
// allocate.
type cursor struct {
	index int32
	count uint64

	following int32 // index
	bytes     []byte
}

// next moves on to the next bucket that is not empty, if there is one.
func (c *cursor) next() bool {
	for len(c.bytes) > 0 {
		c.index, c.count = c.following, c.take()
		c.following++
		if c.count > 0 {
			return true
		}
		c.following += int32(c.take())
	}
	return false
}

func (c *cursor) take() uint64 {
	if b := c.bytes[0]; b < 0x80 { // nearly all of them
		c.bytes = c.bytes[1:]
		return uint64(b)
	}
	v, size := binary.Uvarint(c.bytes)
	c.bytes = c.bytes[size:]
	return v
}
