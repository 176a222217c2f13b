package otlp

import (
	"encoding/binary"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// serviceName is the resource attribute that names the service.
const serviceName = "service.name"

// Dimension is an attribute that the user wants on every series.
type Dimension struct {
	// Name of the attribute, looked up on the span, then on its resource.
	Name string
	// Default is the value where neither has it; "" leaves the attribute out.
	Default string
}

// Reader reads spans. It owns scratch memory: not safe for concurrent use.
type Reader struct {
	lexicon    *flow.Lexicon
	dimensions []Dimension
	facts      flow.Facts
}

// NewReader returns a reader that looks for the given dimensions.
func NewReader(lexicon *flow.Lexicon, dimensions []Dimension) *Reader {
	return &Reader{lexicon: lexicon, dimensions: dimensions}
}

// Span reads what the span says outside its attributes.
func (*Reader) Span(in ptrace.Span, scope, service string, out *flow.Span) {
	id, parent := in.SpanID(), in.ParentSpanID()
	*out = flow.Span{
		Trace:   flow.TraceID(in.TraceID()),
		ID:      flow.SpanID(binary.BigEndian.Uint64(id[:])),
		Parent:  flow.SpanID(binary.BigEndian.Uint64(parent[:])),
		Name:    in.Name(),
		Scope:   scope,
		Service: service,
		Kind:    flow.Kind(in.Kind()),
		Status:  flow.Status(in.Status().Code()),
		Start:   int64(in.StartTimestamp()),
		End:     int64(in.EndTimestamp()),
	}
}

// Read says what the span means on its own.
func (r *Reader) Read(in ptrace.Span, span *flow.Span, out *flow.Reading) {
	r.facts.Reset()
	for name, value := range in.Attributes().All() {
		if key := r.lexicon.Lookup(name); key != 0 {
			r.fact(key, value)
		}
	}
	r.facts.Read(span, out)
}

func (r *Reader) fact(key flow.Key, value pcommon.Value) {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		r.facts.Text(key, value.Str())
	case pcommon.ValueTypeInt:
		r.facts.Int(key, value.Int())
	case pcommon.ValueTypeDouble:
		r.facts.Double(key, value.Double())
	case pcommon.ValueTypeBool:
		r.facts.Bool(key, value.Bool())
	case pcommon.ValueTypeEmpty, pcommon.ValueTypeMap, pcommon.ValueTypeSlice, pcommon.ValueTypeBytes:
	}
}

// Dimensions appends the values of the user's dimensions to dst: the span's, else
// the resource's, else the default.
func (r *Reader) Dimensions(dst []string, span, resource pcommon.Map) []string {
	for i := range r.dimensions {
		d := &r.dimensions[i]
		value, ok := span.Get(d.Name)
		if !ok {
			value, ok = resource.Get(d.Name)
		}
		if !ok {
			dst = append(dst, d.Default)
			continue
		}
		dst = append(dst, text(value))
	}
	return dst
}

// text returns the value as a label.
func text(v pcommon.Value) string {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return v.Str()
	case pcommon.ValueTypeBool:
		return strconv.FormatBool(v.Bool())
	default:
		return v.AsString()
	}
}

// Service returns the service.name of the resource, "" if it has none.
func Service(resource pcommon.Resource) string {
	if v, ok := resource.Attributes().Get(serviceName); ok {
		return text(v)
	}
	return ""
}

// LinkedTrace returns the trace that the span's first link points to, which for a
// running marker is the trace of the run.
func LinkedTrace(in ptrace.Span) (flow.TraceID, bool) {
	if in.Links().Len() == 0 {
		return flow.TraceID{}, false
	}
	id := flow.TraceID(in.Links().At(0).TraceID())
	return id, id != flow.TraceID{}
}
