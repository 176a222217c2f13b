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
	layouts    layouts
	phrases    phrasebook
	facts      flow.Facts
	words      []word // of the span being read
	saying     saying // of the span being read
	own        pages  // readings that are not shared
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

// Read says what the span means on its own. The reading is borrowed until the
// next Turn and must not be changed.
func (r *Reader) Read(in ptrace.Span, span *flow.Span) *flow.Reading {
	attributes := in.Attributes()
	set := r.layouts.find(attributes)
	for _, candidate := range set {
		if candidate == nil {
			break
		}
		if hash, ok := r.follow(candidate, attributes, span); ok {
			return r.recall(candidate, hash, span)
		}
	}
	if fresh := r.layouts.learn(set, r.lexicon, attributes); fresh != nil {
		hash, _ := r.follow(fresh, attributes, span)
		return r.recall(fresh, hash, span)
	}
	return r.spell(attributes, span)
}

// follow reads the attributes along a layout: amounts into the facts, words into
// r.words. It reports whether the attributes have that layout.
func (r *Reader) follow(l *layout, attributes pcommon.Map, span *flow.Span) (hash uint64, ok bool) {
	if attributes.Len() != len(l.places) {
		return 0, false
	}
	r.facts.Reset()
	r.words = r.words[:0]
	hash = mix(uint64(l.id)<<8^uint64(span.Status), span.Name)
	i := 0
	for name, value := range attributes.All() {
		at := &l.places[i]
		if at.name != name {
			return 0, false
		}
		i++
		switch at.use {
		case flow.UseWord:
			w := wordOf(value)
			r.words = append(r.words, w)
			hash = mix(hash^w.bits, w.text)
		case flow.UseAmount, flow.UseRunID:
			w := wordOf(value)
			w.give(&r.facts, at.key)
		case flow.UseNothing:
		}
	}
	return hash, true
}

// recall returns the reading of a span whose attributes have been followed.
func (r *Reader) recall(l *layout, hash uint64, span *flow.Span) *flow.Reading {
	r.saying = saying{
		layout: l.id, status: span.Status, kind: span.Kind, given: r.facts.Given(), name: span.Name, scope: span.Scope,
	}
	p, set, way := r.phrases.find(&r.saying, r.words, hash)
	if p == nil && way >= 0 {
		p = r.learn(l, hash, set, way)
	}
	if p == nil {
		return r.alone(l, span)
	}
	faults := span.Faults() | r.facts.Faults()
	if faults == 0 && r.saying.given.None() {
		return &p.reading
	}
	own := r.own.next()
	*own = p.reading
	r.facts.ReadAmounts(span, own)
	return own
}

// learn reads a new phrase from copies of its words, so that nothing of the batch
// is kept; nil if it is too long to be kept.
func (r *Reader) learn(l *layout, hash, set uint64, way int) *phrase {
	p := r.phrases.learn(&r.saying, r.words, hash, set, way)
	if p == nil {
		return nil
	}
	facts := r.facts // which hold the amounts
	give(&facts, l, p.words)
	facts.ReadWords(&flow.Span{Name: p.name, Scope: p.scope, Kind: p.kind, Status: p.status}, &p.reading)
	p.reading.Shape = uint32(set)*phraseWays + uint32(way) + 1
	return p
}

// alone reads a span that has no phrase.
func (r *Reader) alone(l *layout, span *flow.Span) *flow.Reading {
	r.phrases.missed++
	give(&r.facts, l, r.words)
	return r.read(span)
}

func give(f *flow.Facts, l *layout, words []word) {
	i := 0
	for _, at := range l.places {
		if at.use == flow.UseWord {
			words[i].give(f, at.key)
			i++
		}
	}
}

// spell reads a span that has no layout, attribute by attribute.
func (r *Reader) spell(attributes pcommon.Map, span *flow.Span) *flow.Reading {
	r.facts.Reset()
	for name, value := range attributes.All() {
		if key := r.lexicon.Lookup(name); key != 0 {
			w := wordOf(value)
			w.give(&r.facts, key)
		}
	}
	return r.read(span)
}

// read reads the facts into a reading of its own.
func (r *Reader) read(span *flow.Span) *flow.Reading {
	own := r.own.next()
	r.facts.Read(span, own)
	own.Shape = phraseSets*phraseWays + uint32(r.own.used)
	return own
}

// RunID returns the id of the run of the span that was read last, or "".
func (r *Reader) RunID() string { return r.facts.RunID() }

// Turn ends a batch: none of its readings is used any more.
func (r *Reader) Turn() {
	r.own.reset()
	clear(r.words)
	r.saying = saying{}
	r.facts.Forget()
	if r.layouts.turn() || r.phrases.missed >= patience*phraseSets*phraseWays {
		r.phrases.forget()
	}
}

// Dimensions appends the values of the user's dimensions to dst: the span's, else
// the resource's, else the default. It returns what was wrong with them.
func (r *Reader) Dimensions(dst []string, span, resource pcommon.Map) ([]string, flow.Faults) {
	var faults flow.Faults
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
		label, f := flow.Clean(text(value))
		dst, faults = append(dst, label), faults|f
	}
	return dst, faults
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

// Service returns the service.name of the resource, "" if it has none, and what was
// wrong with it.
func Service(resource pcommon.Resource) (string, flow.Faults) {
	if v, ok := resource.Attributes().Get(serviceName); ok {
		return flow.Clean(text(v))
	}
	return "", 0
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
