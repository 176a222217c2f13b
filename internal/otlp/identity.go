package otlp

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/percentile"
	"github.com/tta-dev/otelcol-workflow/internal/series"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// Identity makes the keys of the streams that data points belong to, and of the groups
// that they are merged into. The keys are borrowed until the next of the same kind is
// made. It owns scratch memory: not safe for concurrent use.
type Identity struct {
	resource attributeList // of the resource
	own      attributeList // of the data point
	metric   pmetric.Metric

	whole  []byte // the resource and the scope
	stream []byte
	digest [sha256.Size]byte // of stream
	part   []byte
	group  []byte
	folded []byte
}

// attributeList holds attributes sorted by name.
type attributeList []attribute

type attribute struct {
	name  string
	value pcommon.Value
}

func (a attributeList) sorted(m pcommon.Map) attributeList {
	a = a[:0]
	for name, value := range m.All() {
		a = append(a, attribute{name, value})
	}
	slices.SortFunc(a, func(x, y attribute) int { return strings.Compare(x.name, y.name) })
	return a
}

// Scope begins the data points of a scope.
func (id *Identity) Scope(resource pcommon.Resource, scope pcommon.InstrumentationScope) {
	id.resource = id.resource.sorted(resource.Attributes())
	id.part = id.resource.appendTo(id.part[:0], every)
	id.whole = series.AppendString(id.whole[:0], string(id.part))
	id.whole = series.AppendString(id.whole, scope.Name())
	id.whole = series.AppendString(id.whole, scope.Version())
}

// Metric begins the data points of a metric.
func (id *Identity) Metric(m pmetric.Metric) { id.metric = m }

// Point begins a data point and returns the key of its stream: a digest, so that all keys
// are of one size, however much the attributes say.
func (id *Identity) Point(attrs pcommon.Map) []byte {
	id.own = id.own.sorted(attrs)
	id.stream = append(id.stream[:0], byte(id.metric.Type()))
	id.stream = append(id.stream, id.whole...)
	id.stream = series.AppendString(id.stream, id.metric.Name())
	id.stream = series.AppendString(id.stream, id.metric.Unit())
	id.stream = id.own.appendTo(id.stream, every)
	id.digest = sha256.Sum256(id.stream)
	return id.digest[:]
}

// Group returns the key of the group that the data point belongs to under a rule, which
// number tells from other rules.
func (id *Identity) Group(rule *percentile.Rule, number int) percentile.Key {
	id.group = id.head(id.group[:0], number)
	id.part = id.resource.appendTo(id.part[:0], rule.TellsApart)
	id.group = series.AppendString(id.group, string(id.part))
	id.group = id.own.appendTo(id.group, rule.TellsApart)
	id.folded = id.head(id.folded[:0], number)
	id.folded = series.AppendString(id.folded, "")
	return percentile.Key{Rule: rule, Own: id.group, Folded: id.folded}
}

// head appends what a group is of: its rule and kind, the metric, and its unit.
func (id *Identity) head(dst []byte, number int) []byte {
	const size = 5
	dst = append(binary.AppendUvarint(dst, size), byte(id.metric.Type()))
	dst = binary.BigEndian.AppendUint32(dst, uint32(number))
	dst = series.AppendString(dst, id.metric.Name())
	return series.AppendString(dst, id.metric.Unit())
}

func every(string) bool { return true }

// appendTo appends those attributes that are wanted, each its name and then its value.
func (a attributeList) appendTo(dst []byte, wanted func(name string) bool) []byte {
	for _, at := range a {
		if wanted(at.name) {
			dst = series.AppendString(dst, at.name)
			dst = appendValue(dst, at.value)
		}
	}
	return dst
}

// The types of the values in a key, their first byte.
const (
	valueBool   = 'b'
	valueInt    = 'i'
	valueDouble = 'd'
	valueText   = 's'
)

// appendValue appends a value with its type: lists, maps and bytes as text.
func appendValue(dst []byte, v pcommon.Value) []byte {
	var number [9]byte
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return appendTextValue(dst, v.Str())
	case pcommon.ValueTypeBool:
		number[0] = valueBool
		if v.Bool() {
			number[1] = 1
		}
	case pcommon.ValueTypeInt:
		number[0] = valueInt
		binary.BigEndian.PutUint64(number[1:], uint64(v.Int()))
	case pcommon.ValueTypeDouble:
		number[0] = valueDouble
		binary.BigEndian.PutUint64(number[1:], math.Float64bits(v.Double()))
	default:
		return appendTextValue(dst, v.AsString())
	}
	dst = binary.AppendUvarint(dst, uint64(len(number)))
	return append(dst, number[:]...)
}

func appendTextValue(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)+1))
	return append(append(dst, valueText), s...)
}

// putAttributes writes the attributes that appendTo appended.
func putAttributes(out pcommon.Map, key []byte) {
	for len(key) > 0 {
		name, rest, named := series.Next(key)
		value, rest, valued := series.Next(rest)
		if !named || !valued || len(value) == 0 {
			return
		}
		key = rest
		putValue(out, string(name), value)
	}
}

func putValue(out pcommon.Map, name string, value []byte) {
	content := value[1:]
	switch value[0] {
	case valueBool:
		out.PutBool(name, content[0] == 1)
	case valueInt:
		out.PutInt(name, int64(binary.BigEndian.Uint64(content)))
	case valueDouble:
		out.PutDouble(name, math.Float64frombits(binary.BigEndian.Uint64(content)))
	default:
		out.PutStr(name, string(content))
	}
}

// putOverflow marks an overflow series.
func putOverflow(out pcommon.Map) { out.PutBool(tally.OverflowAttribute, true) }
