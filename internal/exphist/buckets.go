package exphist

import "unsafe"

// Buckets is a read-only view of consecutive buckets, lowest magnitude first.
// Neither the first nor the last of them is ever empty.
//
//	Offset() = -2   Len() = 4
//
//	index  -2 -1  0  1
//	counts  3  0  1  7    At(0) = 3, At(3) = 7
//
// It is valid until the histogram it came from is next changed, and safe for
// concurrent use until then.
type Buckets struct {
	offset int32 // index of counts[0]
	counts []uint64
}

// minCapacity is what the first bucket of a range allocates: one cache line.
const minCapacity = 8

// Offset returns the index of the first bucket; it means nothing when Len is 0.
func (b Buckets) Offset() int32 { return b.offset }

// Len returns the number of buckets, those in the middle that are empty
// included.
func (b Buckets) Len() int { return len(b.counts) }

// At returns the count of the bucket with index Offset()+i, for i in [0, Len()).
func (b Buckets) At(i int) uint64 { return b.counts[i] }

// AppendTo appends the counts to dst and returns it.
func (b Buckets) AppendTo(dst []uint64) []uint64 { return append(dst, b.counts...) }

// last returns the index of the last bucket of a range that has any.
func (b Buckets) last() int32 { return b.offset + int32(len(b.counts)) - 1 }

// with returns the first and last index of b once it covers lo to hi too.
func (b Buckets) with(lo, hi int32) (first, last int32) {
	if len(b.counts) == 0 {
		return lo, hi
	}
	return min(lo, b.offset), max(hi, b.last())
}

// cover extends the range by empty buckets so that it includes lo to hi, which
// must leave it within maxSize:
//
//	before       offset 5, counts     3 1
//	cover(3, 3)  offset 3, counts 0 0 3 1
func (b *Buckets) cover(lo, hi int32, maxSize int) {
	first, last := b.with(lo, hi)
	old := b.counts
	size := int(last-first) + 1
	shift := 0
	if len(old) > 0 {
		shift = int(b.offset - first)
	}
	if size > cap(old) {
		b.counts = make([]uint64, size, min(max(2*cap(old), size, minCapacity), maxSize))
	} else {
		b.counts = old[:size]
	}
	b.offset = first
	copy(b.counts[shift:], old)
	clear(b.counts[:shift])
	clear(b.counts[shift+len(old):])
}

// add adds the counts of o, whose scale is shift above that of b, to b, which
// must cover them.
func (b *Buckets) add(o Buckets, shift int32) {
	for j, n := range o.counts {
		i := (o.offset + int32(j)) >> shift
		b.counts[i-b.offset] += n
	}
}

// trim drops empty buckets at both ends.
func (b *Buckets) trim() {
	lead, end := occupied(b.counts)
	// Moved down rather than resliced: reslicing would lose capacity for good.
	b.counts = b.counts[:copy(b.counts, b.counts[lead:end])]
	b.offset += int32(lead)
}

// occupied returns where the first count above zero is and where the last one
// ends; both are 0 when there is none.
func occupied(counts []uint64) (lead, end int) {
	end = len(counts)
	for end > 0 && counts[end-1] == 0 {
		end--
	}
	for lead < end && counts[lead] == 0 {
		lead++
	}
	return lead, end
}

func (b *Buckets) reset() {
	b.counts = b.counts[:0]
	b.offset = 0
}

func (b Buckets) clone() Buckets {
	// Not append, which may round the capacity up past max size.
	counts := make([]uint64, len(b.counts))
	copy(counts, b.counts)
	return Buckets{offset: b.offset, counts: counts}
}

func (b Buckets) sizeBytes() int {
	return cap(b.counts) * int(unsafe.Sizeof(uint64(0)))
}
