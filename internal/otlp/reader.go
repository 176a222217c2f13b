package otlp

import (
	"encoding/binary"
	"hash/maphash"
	"strconv"
	"strings"

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
	seed       maphash.Seed
	text       []byte // the words of the span being read
	own        pages  // readings that are not shared
}

// NewReader returns a reader that looks for the given dimensions.
func NewReader(lexicon *flow.Lexicon, dimensions []Dimension) *Reader {
	return &Reader{lexicon: lexicon, dimensions: dimensions, seed: maphash.MakeSeed()}
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
		if r.follow(candidate, attributes) {
			return r.recall(candidate, attributes, span)
		}
	}
	if fresh := r.layouts.learn(set, r.lexicon, attributes); fresh != nil && r.follow(fresh, attributes) {
		return r.recall(fresh, attributes, span)
	}
	return r.spell(attributes, span)
}

// follow reads the attributes along a layout: amounts into the facts, words into
// the text. It reports whether the attributes have that layout.
func (r *Reader) follow(l *layout, attributes pcommon.Map) bool {
	if attributes.Len() != len(l.places) {
		return false
	}
	r.facts.Reset()
	text := r.text[:0]
	i := 0
	for name, value := range attributes.All() {
		at := &l.places[i]
		if at.name != name {
			return false
		}
		i++
		switch at.use {
		case flow.UseWord:
			text = appendWord(text, value)
		case flow.UseAmount, flow.UseRunID:
			give(&r.facts, at.key, value)
		case flow.UseNothing:
		}
	}
	r.text = text
	return true
}

// recall returns the reading of a span whose attributes have been followed.
func (r *Reader) recall(l *layout, attributes pcommon.Map, span *flow.Span) *flow.Reading {
	said := saying{layout: l.id, status: span.Status, kind: span.Kind, given: r.facts.Given()}
	r.text = appendText(appendText(r.text, span.Name), span.Scope)
	hash := maphash.Bytes(r.seed, r.text) + uint64(l.id)*hashMul
	p, set, way := r.phrases.find(&said, r.text, hash)
	if p == nil {
		if way < 0 || len(r.text) > maxPhrase {
			r.phrases.missed++
			return r.spell(attributes, span)
		}
		p = r.learn(&said, attributes, span)
		r.phrases.put(p, hash, set, way)
	}
	if said.given.None() && span.Faults() == 0 && r.facts.Faults() == 0 {
		return &p.reading
	}
	own := r.own.next()
	*own = p.reading
	r.facts.ReadAmounts(span, own)
	return own
}

// hashMul spreads numbers that count up over a hash.
const hashMul = 0x9E3779B97F4A7C15

// learn reads a new phrase from copies of its words, so that nothing of the batch
// is kept.
func (r *Reader) learn(said *saying, attributes pcommon.Map, span *flow.Span) *phrase {
	p := &phrase{saying: *said, text: string(r.text)}
	var facts flow.Facts
	for name, value := range attributes.All() {
		key := r.lexicon.Lookup(name)
		if value.Type() == pcommon.ValueTypeStr {
			facts.Text(key, strings.Clone(value.Str()))
		} else {
			give(&facts, key, value)
		}
	}
	facts.ReadWords(&flow.Span{
		Name: strings.Clone(span.Name), Scope: strings.Clone(span.Scope), Kind: span.Kind, Status: span.Status,
	}, &p.reading)
	return p
}

// spell reads a span that is in no phrasebook, attribute by attribute.
func (r *Reader) spell(attributes pcommon.Map, span *flow.Span) *flow.Reading {
	r.facts.Reset()
	for name, value := range attributes.All() {
		if key := r.lexicon.Lookup(name); key != 0 {
			give(&r.facts, key, value)
		}
	}
	own := r.own.next()
	r.own.borrowed = true
	r.facts.Read(span, own)
	own.Shape = phraseSets*phraseWays + uint32(r.own.used)
	return own
}

func give(f *flow.Facts, key flow.Key, value pcommon.Value) {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		f.Text(key, value.Str())
	case pcommon.ValueTypeInt:
		f.Int(key, value.Int())
	case pcommon.ValueTypeDouble:
		f.Double(key, value.Double())
	case pcommon.ValueTypeBool:
		f.Bool(key, value.Bool())
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice, pcommon.ValueTypeBytes:
		f.Unreadable(key)
	case pcommon.ValueTypeEmpty:
	}
}

// RunID returns the id of the run of the span that was read last, or "".
func (r *Reader) RunID() string { return r.facts.RunID() }

// Turn ends a batch: none of its readings is used any more.
func (r *Reader) Turn() {
	r.own.reset()
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
