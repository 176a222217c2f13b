package flow

// words finds a string among a fixed set by one multiplication and, nearly always, one
// comparison. Attribute names share long prefixes, so the hash looks at the last sixteen
// bytes, the first eight and the length:
//
//	gen_ai.usage.input_tokens   len 25, "ge…", "age.inpu" "t_tokens"
//	gen_ai.usage.output_tokens  len 26, "ge…", "ge.outpu" "t_tokens"
//
// It is immutable once built: concurrent use is safe.
type words struct {
	names []string
	slots []uint16 // 0 = free, else index in names + 1
	shift uint8
}

const slotsPerWord = 8

func newWords(names []string) words {
	size, shift := 8, uint8(61)
	for size < slotsPerWord*len(names) {
		size, shift = size*2, shift-1
	}
	w := words{names: names, slots: make([]uint16, size), shift: shift}
	for i, name := range names {
		at := hashWord(name) >> w.shift
		for w.slots[at] != 0 {
			at = (at + 1) & uint64(size-1)
		}
		w.slots[at] = uint16(i + 1)
	}
	return w
}

// find returns the index of s, or -1. Of equal names the first wins.
func (w *words) find(s string) int {
	mask := uint64(len(w.slots) - 1)
	for at := hashWord(s) >> (w.shift & 63); ; at++ {
		slot := w.slots[at&mask]
		if slot == 0 {
			return -1
		}
		if w.names[slot-1] == s {
			return int(slot) - 1
		}
	}
}

const (
	hashMul1 = 0x9E3779B97F4A7C15
	hashMul2 = 0xC2B2AE3D27D4EB4F
)

func hashWord(s string) uint64 {
	n := len(s)
	if n < 8 {
		return hashShort(s)
	}
	h := uint64(n) ^ load8(s, n-8)*hashMul1
	if n >= 16 {
		h ^= load8(s, n-16) * hashMul2
	}
	h ^= load8(s, 0) << 7
	h ^= h >> 32
	return h * hashMul1
}

func hashShort(s string) uint64 {
	h := uint64(len(s))
	for i := range len(s) {
		h = h<<8 | uint64(s[i])
	}
	h *= hashMul2
	h ^= h >> 32
	return h * hashMul1
}

// load8 reads eight bytes of s from i on; the compiler makes it one load.
func load8(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// hashName hashes a whole string (FNV-1a); 0 is never returned.
func hashName(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return h | 1
}
