package otlp

import "encoding/binary"

// spelling is a text that others are compared with, over and over. Texts of 8 to 32 bytes are
// alike if they are as long and have four words of eight bytes in common, which overlap as far
// as they must. That takes no loop and no call, which cost more than what they do:
//
//	g e n _ a i . o p e r a t i o n . n a m e        21 bytes
//	└──── 0 ──────┘ └──── 8 ──────┘
//	          └──── 5 ──────┘ └──── 13 ─────┘
type spelling struct {
	text           string
	a, b, c, d     uint64 // the words
	at2, at3, last uint8  // where the others than the first begin
	short          bool   // the text is of a length that they serve
}

func spell(text string) spelling {
	s := spelling{text: text}
	if n := len(text); 8 <= n && n <= 32 {
		s.short = true
		s.at2, s.at3, s.last = uint8(min(8, n-8)), uint8(max(0, n-16)), uint8(n-8)
		b := []byte(text)
		s.a, s.b, s.c, s.d = eight(b), eight(b[s.at2:]), eight(b[s.at3:]), eight(b[s.last:])
	}
	return s
}

func eight(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// is says whether the text is the same. It must stay small enough to be inlined.
func (s *spelling) is(text string) bool {
	if s.short && len(text) == len(s.text) {
		return s.differs([]byte(text)) == 0
	}
	return text == s.text
}

// differs returns 0 for the same bytes of the same length.
func (s *spelling) differs(b []byte) uint64 {
	return (eight(b) ^ s.a) | (eight(b[s.at2:]) ^ s.b) | (eight(b[s.at3:]) ^ s.c) | (eight(b[s.last:]) ^ s.d)
}
