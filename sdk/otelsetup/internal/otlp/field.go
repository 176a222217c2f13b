package otlp

import (
	"encoding/binary"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is the number of a field.
type field = protowire.Number

// begin opens a message inside of another. How long it is stands before it and is
// known at its end: one byte is kept for that, and a message of 128 bytes and more
// moves up to make place for the others.
//
//	begin   4a 00
//	        4a 00 0a 01 61 12 03 ...      content of 300 bytes
//	end     4a ac 02 0a 01 61 12 03 ...   300 = ac 02: moved by 1
func begin(b []byte, num field) (_ []byte, at int) {
	b = append(protowire.AppendTag(b, num, protowire.BytesType), 0)
	return b, len(b)
}

// end closes the message whose content begins at at.
func end(b []byte, at int) []byte {
	size := len(b) - at
	if more := protowire.SizeVarint(uint64(size)) - 1; more > 0 {
		var room [binary.MaxVarintLen64]byte
		b = append(b, room[:more]...)
		copy(b[at+more:], b[at:at+size])
	}
	protowire.AppendVarint(b[:at-1], uint64(size))
	return b
}

func appendBytes(b []byte, num field, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, num, protowire.BytesType), v)
}

// appendText appends a text, mended; none if it is empty, as proto3 has it.
func appendText(b []byte, num field, text string) []byte {
	if text == "" {
		return b
	}
	return appendString(b, num, text)
}

// appendString appends a text, mended, that is there even if it is empty.
func appendString(b []byte, num field, text string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, num, protowire.BytesType), mend(text))
}

func appendUint(b []byte, num field, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, num, protowire.VarintType), v)
}

// appendCount appends how many were dropped, as far as 32 bits tell.
func appendCount(b []byte, num field, n int) []byte {
	return appendUint(b, num, uint64(min(max(n, 0), math.MaxUint32)))
}

func appendFixed32(b []byte, num field, v uint32) []byte {
	return protowire.AppendFixed32(protowire.AppendTag(b, num, protowire.Fixed32Type), v)
}

func appendFixed64(b []byte, num field, v uint64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(b, num, protowire.Fixed64Type), v)
}

// appendTime appends nanoseconds since 1970; nothing came before.
func appendTime(b []byte, num field, t time.Time) []byte {
	nanos := t.UnixNano()
	if nanos <= 0 {
		return b
	}
	return appendFixed64(b, num, uint64(nanos))
}

func mend(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
