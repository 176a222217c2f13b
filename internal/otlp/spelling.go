package otlp

import "encoding/binary"

// spelling is a text that others are compared with, over and over. Texts of up to 32 bytes are
// the same if their lengths are and two words of eight bytes, or four from 17 bytes on, which
// overlap as far as they must. That takes no call, which costs more than what it does:
//
//	w o r k f l o w . n a m e                        13 bytes
//	└─── first ───┘
//	          └─── last ────┘
//	g e n _ a i . o p e r a t i o n . n a m e        21 bytes
//	└─── first ───┘ └── second ───┘
//	          └─── third ───┘ └─── last ────┘
type spelling struct {
	text                       string
	size                       int // of the text, -1 if the words do not serve
	first, second, third, last uint64
}

func spell(text string) spelling {
	s, b, n := spelling{text: text, size: -1}, []byte(text), len(text)
	switch {
	case n == 0 || n > 32:
	case n < 8:
		s.size, s.first = n, short(text)
	default:
		s.size, s.first, s.last = n, binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
		if n > 16 {
			s.second, s.third = binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[n-16:])
		}
	}
	return s
}

// short returns all bytes of a text of 1 to 7.
func short(text string) uint64 {
	b := []byte(text)
	if len(b) >= 4 {
		return uint64(binary.LittleEndian.Uint32(b))<<32 | uint64(binary.LittleEndian.Uint32(b[len(b)-4:]))
	}
	return uint64(b[0])<<16 | uint64(b[len(b)/2])<<8 | uint64(b[len(b)-1])
}

// is says whether the text is the same. It is small enough to be inlined, and must stay so.
func (s *spelling) is(text string) bool {
	b := []byte(text)
	if len(b) != s.size || len(b) < 8 {
		return text == s.text
	}
	d := (binary.LittleEndian.Uint64(b) ^ s.first) | (binary.LittleEndian.Uint64(b[len(b)-8:]) ^ s.last)
	if len(b) > 16 {
		d |= (binary.LittleEndian.Uint64(b[8:]) ^ s.second) | (binary.LittleEndian.Uint64(b[len(b)-16:]) ^ s.third)
	}
	return d == 0
}

// brief does as is for texts of less than 8 bytes, the empty one apart: it reports false.
func (s *spelling) brief(text string) bool {
	return len(text) == s.size && text != "" && short(text) == s.first
}
