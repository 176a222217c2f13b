package otlp

import (
	"math"

	"go.opentelemetry.io/otel/attribute"
	"google.golang.org/protobuf/encoding/protowire"
)

// Numbers of fields, from opentelemetry/proto/common/v1/common.proto.
const (
	fieldKey   = 1
	fieldValue = 2

	fieldString = 1
	fieldBool   = 2
	fieldInt    = 3
	fieldDouble = 4
	fieldArray  = 5
	fieldBytes  = 7

	fieldElement = 1
)

func appendAttributes(b []byte, num field, attrs []attribute.KeyValue) []byte {
	for _, kv := range attrs {
		var pair, value int
		b, pair = begin(b, num)
		b = appendText(b, fieldKey, string(kv.Key))
		b, value = begin(b, fieldValue)
		b = end(end(appendValue(b, kv.Value), value), pair)
	}
	return b
}

// appendValue appends what stands in an AnyValue: nothing for an empty value, and
// the text of one of a kind that is not known here.
func appendValue(b []byte, v attribute.Value) []byte {
	switch v.Type() {
	case attribute.EMPTY:
		return b
	case attribute.BOOL:
		return appendBool(b, v.AsBool())
	case attribute.INT64:
		return appendInt(b, v.AsInt64())
	case attribute.FLOAT64:
		return appendDouble(b, v.AsFloat64())
	case attribute.STRING:
		return appendString(b, fieldString, v.AsString())
	case attribute.BYTESLICE:
		return appendBytes(b, fieldBytes, v.AsByteSlice())
	case attribute.BOOLSLICE:
		return appendArray(b, v.AsBoolSlice(), appendBool)
	case attribute.INT64SLICE:
		return appendArray(b, v.AsInt64Slice(), appendInt)
	case attribute.FLOAT64SLICE:
		return appendArray(b, v.AsFloat64Slice(), appendDouble)
	case attribute.STRINGSLICE:
		return appendArray(b, v.AsStringSlice(), func(b []byte, s string) []byte { return appendString(b, fieldString, s) })
	case attribute.SLICE:
		return appendArray(b, v.AsSlice(), appendValue)
	default:
		return appendString(b, fieldString, v.String())
	}
}

// appendArray appends an ArrayValue of AnyValues, each filled by one.
func appendArray[T any](b []byte, values []T, one func([]byte, T) []byte) []byte {
	b, array := begin(b, fieldArray)
	for _, v := range values {
		var at int
		b, at = begin(b, fieldElement)
		b = end(one(b, v), at)
	}
	return end(b, array)
}

// A value says what it is also when it is zero: no field of these is left out.

func appendBool(b []byte, v bool) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, fieldBool, protowire.VarintType), protowire.EncodeBool(v))
}

func appendInt(b []byte, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, fieldInt, protowire.VarintType), uint64(v))
}

func appendDouble(b []byte, v float64) []byte {
	return appendFixed64(b, fieldDouble, math.Float64bits(v))
}
