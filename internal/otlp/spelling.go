package otlp

import "encoding/binary"

// spelling is a name that others are compared with, over and over. Names of 8 to 32 bytes are
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
	if n < 8 || n > 32 {
		return s
	}
	s.size, s.first, s.last = n, binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	if n > 16 {
		s.second, s.third = binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[n-16:])
	}
	return s
}

// is says whether the name is the same. It is small enough to be inlined, and must stay so.
func (s *spelling) is(name string) bool {
	b := []byte(name)
	if len(b) != s.size {
		return name == s.text
	}
	d := (binary.LittleEndian.Uint64(b) ^ s.first) | (binary.LittleEndian.Uint64(b[len(b)-8:]) ^ s.last)
	if len(b) > 16 {
		d |= (binary.LittleEndian.Uint64(b[8:]) ^ s.second) | (binary.LittleEndian.Uint64(b[len(b)-16:]) ^ s.third)
	}
	return d == 0
}
