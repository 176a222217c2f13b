package tally

// index finds numbered things by their hashes: open addressing, at most half full. It is
// used by one goroutine.
type index struct {
	slots []int32 // number + 1, 0 = free
	used  int
}

// minIndex is the smallest number of slots, a power of two.
const minIndex = 256

func newIndex() index { return index{slots: make([]int32, minIndex)} }

func (x *index) reset() {
	clear(x.slots)
	x.used = 0
}

// first returns the slot at which the search for a hash begins.
func (x *index) first(hash uint64) uint64 { return hash >> 32 & uint64(len(x.slots)-1) }

// after returns the slot at which it goes on.
func (x *index) after(at uint64) uint64 { return (at + 1) & uint64(len(x.slots)-1) }

// at returns the number in a slot, -1 if it is free.
func (x *index) at(slot uint64) int32 { return x.slots[slot] - 1 }

// put fills a free slot. hash tells the hash of a number, for when the index grows.
func (x *index) put(slot uint64, number int, hash func(int) uint64) {
	x.slots[slot] = int32(number + 1)
	if x.used++; 2*x.used > len(x.slots) {
		x.grow(hash)
	}
}

func (x *index) grow(hash func(int) uint64) {
	old := x.slots
	x.slots = make([]int32, 2*len(old))
	for _, n := range old {
		if n == 0 {
			continue
		}
		at := x.first(hash(int(n - 1)))
		for x.slots[at] != 0 {
			at = x.after(at)
		}
		x.slots[at] = n
	}
}
