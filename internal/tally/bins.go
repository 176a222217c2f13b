package tally

import "sort"

// Bins is a histogram with fixed bounds. With the bounds 0.1 and 1:
//
//	value    0.05   0.1   0.5   1.0   7
//	bin       0      0     1     1    2        counts 2 2 1
//
// Not safe for concurrent use.
type Bins struct {
	bounds []float64 // upper bounds, inclusive and increasing; shared
	counts []uint64  // one more than bounds
	count  uint64
	sum    float64
}

func newBins(bounds []float64) *Bins {
	return &Bins{bounds: bounds, counts: make([]uint64, len(bounds)+1)}
}

func (b *Bins) addN(v float64, n uint64) {
	b.counts[sort.SearchFloat64s(b.bounds, v)] += n
	b.count += n
	b.sum += v * float64(n)
}

func (b *Bins) reset() {
	clear(b.counts)
	b.count, b.sum = 0, 0
}

// Bounds returns the upper bounds of all bins but the last, which has none. They are
// shared and must not be changed.
func (b *Bins) Bounds() []float64 { return b.bounds }

// Counts returns how many values each bin holds; borrowed.
func (b *Bins) Counts() []uint64 { return b.counts }

// Count returns how many values there are.
func (b *Bins) Count() uint64 { return b.count }

// Sum returns the sum of the values.
func (b *Bins) Sum() float64 { return b.sum }
