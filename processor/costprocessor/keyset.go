package costprocessor

import "runtime"

// keySet is a set of hashes that grows by doubling: a slice of them, each near the place that
// it says itself. 0 is no key. Not safe for concurrent use.
type keySet struct {
	slots []uint64
	len   int
}

const minSlots = 1024 // a power of two

// add says whether the key is new, and adds it.
func (s *keySet) add(key uint64) bool {
	if 2*(s.len+1) > len(s.slots) {
		s.grow()
	}
	at := s.place(key)
	if s.slots[at] == key {
		return false
	}
	s.slots[at] = key
	s.len++
	return true
}

func (s *keySet) has(key uint64) bool {
	return s.len > 0 && s.slots[s.place(key)] == key
}

// call makes the processor fetch the places where those keys may be.
func (s *keySet) call(bids []bid) {
	if len(s.slots) == 0 {
		return
	}
	mask := uint64(len(s.slots) - 1)
	seen := uint64(0)
	for i := range bids {
		seen ^= s.slots[bids[i].key&mask]
	}
	runtime.KeepAlive(seen) // else nothing would be fetched
}

// place returns where the key is, or where it belongs.
func (s *keySet) place(key uint64) uint64 {
	mask := uint64(len(s.slots) - 1)
	at := key & mask
	for s.slots[at] != 0 && s.slots[at] != key {
		at = (at + 1) & mask
	}
	return at
}

func (s *keySet) grow() {
	old := s.slots
	s.slots = make([]uint64, max(minSlots, 2*len(old)))
	for _, key := range old {
		if key != 0 {
			s.slots[s.place(key)] = key
		}
	}
}

// remove takes a key out, and moves those up that had to make way for it.
func (s *keySet) remove(key uint64) {
	if !s.has(key) {
		return
	}
	mask := uint64(len(s.slots) - 1)
	hole := s.place(key)
	s.slots[hole] = 0
	s.len--
	for at := (hole + 1) & mask; s.slots[at] != 0; at = (at + 1) & mask {
		moved := s.slots[at]
		s.slots[at] = 0
		s.slots[s.place(moved)] = moved
	}
}

func (s *keySet) clear() {
	clear(s.slots)
	s.len = 0
}
