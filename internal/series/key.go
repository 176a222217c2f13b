package series

import (
	"encoding/binary"
	"iter"
)

// AppendString appends one value to a key: its length as an unsigned varint, then its bytes.
//
//	("a", "bc")  →  01 'a' 02 'b' 'c'
//	("ab", "c")  →  02 'a' 'b' 01 'c'
//
// The empty string is the single byte 00, so an absent label keeps its place.
func AppendString(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)))
	return append(dst, s...)
}

// Next splits the first value off a key. Both results share the memory of the key.
// ok is false at the end of the key, and for bytes that AppendString did not write.
func Next(key []byte) (value, rest []byte, ok bool) {
	size, n := binary.Uvarint(key)
	if n <= 0 || size > uint64(len(key)-n) {
		return nil, nil, false
	}
	end := n + int(size)
	return key[n:end:end], key[end:], true
}

// Strings yields the values of a key in order, each as a string of its own.
// It ends early at bytes that AppendString did not write.
func Strings(key []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for value, rest, ok := Next(key); ok; value, rest, ok = Next(rest) {
			if !yield(string(value)) {
				return
			}
		}
	}
}
