// Package wire writes and reads the compact binary form of state that is kept.
//
//	number   7        0e                            twice the number, as a varint
//	         0.1      01 9a 99 99 99 99 99 b9 3f    1, then the float64
//	text     "ab"     02 61 62                      its length, then its bytes
//
// What was written by another version or is damaged reads as an error, never as a panic or
// as more memory than the bytes that there are.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// AppendUint appends a number in 1 to 10 bytes.
func AppendUint(dst []byte, v uint64) []byte { return binary.AppendUvarint(dst, v) }

// AppendInt appends a number, short if it is near 0.
func AppendInt(dst []byte, v int64) []byte { return binary.AppendVarint(dst, v) }

// AppendFloat appends a number, short if it counts something.
func AppendFloat(dst []byte, v float64) []byte {
	if whole := uint64(v); v >= 0 && v < 1<<53 && float64(whole) == v && !math.Signbit(v) {
		return AppendUint(dst, whole<<1)
	}
	return binary.LittleEndian.AppendUint64(AppendUint(dst, 1), math.Float64bits(v))
}

// AppendText appends bytes with their length before them.
func AppendText[T ~string | ~[]byte](dst []byte, v T) []byte {
	return append(AppendUint(dst, uint64(len(v))), v...)
}

// Reader reads what was appended, in the same order. After the first error it reads zeros.
// It is not safe for concurrent use.
type Reader struct {
	data []byte
	err  error
}

// NewReader returns a reader of the data, which it does not change.
func NewReader(data []byte) *Reader { return &Reader{data: data} }

var errShort = errors.New("the data end too early")

// Fail makes err the error, if there is none yet.
func (r *Reader) Fail(err error) {
	if r.err == nil {
		r.err, r.data = err, nil
	}
}

// Err returns the first error, nil if there was none.
func (r *Reader) Err() error { return r.err }

// More tells whether there is anything left to read.
func (r *Reader) More() bool { return len(r.data) > 0 }

// Uint reads what AppendUint wrote.
func (r *Reader) Uint() uint64 {
	v, n := binary.Uvarint(r.data)
	return advance(r, v, n)
}

// Int reads what AppendInt wrote.
func (r *Reader) Int() int64 {
	v, n := binary.Varint(r.data)
	return advance(r, v, n)
}

func advance[T int64 | uint64](r *Reader, v T, n int) T {
	if n <= 0 {
		r.Fail(errShort)
		return 0
	}
	r.data = r.data[n:]
	return v
}

// Float reads what AppendFloat wrote.
func (r *Reader) Float() float64 {
	v := r.Uint()
	if v&1 == 0 {
		return float64(v >> 1)
	}
	raw := r.take(8)
	if raw == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(raw))
}

// Bytes reads what AppendText wrote. It shares the memory of the data.
func (r *Reader) Bytes() []byte { return r.take(r.Uint()) }

// Fixed reads bytes that were appended without their length. It shares the memory of the
// data.
func (r *Reader) Fixed(n int) []byte { return r.take(uint64(n)) }

func (r *Reader) take(n uint64) []byte {
	if n > uint64(len(r.data)) {
		r.Fail(errShort)
		return nil
	}
	out := r.data[:n:n]
	r.data = r.data[n:]
	return out
}

// Len reads how many things follow, each of which takes at least size bytes: more than the
// data hold is an error, so that room may be made for them.
func (r *Reader) Len(size int) int {
	n := r.Uint()
	if n > uint64(len(r.data)/size) {
		r.Fail(fmt.Errorf("there cannot be %d more in %d bytes", n, len(r.data)))
		return 0
	}
	return int(n)
}
