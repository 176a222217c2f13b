package tally

import (
	"bytes"
	"hash/maphash"
)

// Batch holds the rows of one batch of spans: what each series gained by it.
// It is scratch: Reset keeps the memory, so that a steady load allocates
// nothing. Not safe for concurrent use.
type Batch struct {
	seed   maphash.Seed
	rows   []row
	index  []int32 // open addressing over rows: position + 1, 0 = free
	keys   []byte  // the keys of the rows, one after the other
	values []value // the durations of the rows, as linked lists
	key    []byte  // the key being built
}

// row is what one series gained by the batch.
type row struct {
	hash     uint64
	from, to uint32 // the key in Batch.keys
	shared   uint32 // length of the key that the histogram beside the counter shares
	metric   ID
	count    uint64
	amount   float64
	last     int32 // the newest value, or -1
}

// value is one observation of a distribution, worth n spans.
type value struct {
	v    float64
	n    uint64
	next int32 // the value before it, or -1
}

// minIndex is the smallest size of the index, a power of two.
const minIndex = 256

// NewBatch returns an empty batch whose rows fit the given ledger.
func NewBatch(l *Ledger) *Batch {
	return &Batch{seed: l.seed, index: make([]int32, minIndex)}
}

// Reset forgets every row and keeps the memory.
func (b *Batch) Reset() {
	b.rows, b.keys, b.values = b.rows[:0], b.keys[:0], b.values[:0]
	clear(b.index)
}

// find returns the row of the metric whose key is b.key, made anew where the
// batch has none. The pointer is good until the next call.
func (b *Batch) find(m ID, shared int) *row {
	hash := maphash.Bytes(b.seed, b.key)
	mask := uint64(len(b.index) - 1)
	for at := (hash + uint64(m)) & mask; ; at = (at + 1) & mask {
		i := b.index[at]
		if i == 0 {
			b.index[at] = int32(len(b.rows) + 1)
			return b.insert(m, hash, shared)
		}
		r := &b.rows[i-1]
		if r.hash == hash && r.metric == m && bytes.Equal(b.keys[r.from:r.to], b.key) {
			return r
		}
	}
}

func (b *Batch) insert(m ID, hash uint64, shared int) *row {
	from := len(b.keys)
	b.keys = append(b.keys, b.key...)
	b.rows = append(b.rows, row{
		hash: hash, metric: m, last: -1,
		from: uint32(from), to: uint32(len(b.keys)), shared: uint32(shared),
	})
	if 2*len(b.rows) > len(b.index) {
		b.grow()
	}
	return &b.rows[len(b.rows)-1]
}

// grow doubles the index, so that it stays at most half full.
func (b *Batch) grow() {
	b.index = make([]int32, 2*len(b.index))
	mask := uint64(len(b.index) - 1)
	for i := range b.rows {
		at := (b.rows[i].hash + uint64(b.rows[i].metric)) & mask
		for b.index[at] != 0 {
			at = (at + 1) & mask
		}
		b.index[at] = int32(i + 1)
	}
}

// add counts n in the row.
func (r *row) add(n uint64) { r.count += n }

// observe adds a value worth n to the row's distribution.
func (b *Batch) observe(r *row, v float64, n uint64) {
	b.values = append(b.values, value{v: v, n: n, next: r.last})
	r.last = int32(len(b.values) - 1)
}
