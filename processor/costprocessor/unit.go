package costprocessor

import (
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// attributes are those of a span, and where it lacks one those of its resource.
type attributes struct{ span, resource pcommon.Map }

func (a attributes) get(key string) (pcommon.Value, bool) {
	if v, ok := a.span.Get(key); ok {
		return v, true
	}
	return a.resource.Get(key)
}

// Text returns an attribute as text.
func (a attributes) Text(key string) (string, bool) {
	v, ok := a.get(key)
	if !ok {
		return "", false
	}
	return v.AsString(), true
}

// Number returns an attribute that is a number or reads as one.
func (a attributes) Number(key string) (float64, bool) {
	v, ok := a.get(key)
	if !ok {
		return 0, false
	}
	switch v.Type() {
	case pcommon.ValueTypeInt:
		return float64(v.Int()), true
	case pcommon.ValueTypeDouble:
		return v.Double(), true
	case pcommon.ValueTypeStr:
		n, err := strconv.ParseFloat(v.Str(), 64)
		return n, err == nil
	default:
		return 0, false
	}
}
