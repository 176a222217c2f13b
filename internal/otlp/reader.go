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
	words      wording // of the span being read
	own        pages   // readings that are not shared
}

// NewReader returns a reader that looks for the given dimensions.
func NewReader(lexicon *flow.Lexicon, dimensions []Dimension) *Reader {
	return &Reader{lexicon: lexicon, dimensions: dimensions, phrases: phrasebook{seed: maphash.MakeSeed()}}
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
	guess := r.phrases.guess()
	l := r.layout(guess, attributes)
	if l == nil {
		return r.spell(attributes, span)
	}
	r.words.texts = append(r.words.texts, span.Name, span.Scope)
	p := r.phrase(&saying{layout: l, status: span.Status, kind: span.Kind, given: r.facts.Given()}, guess, attributes, span)
	r.phrases.follow(p)
	if p == nil {
		r.phrases.missed++
		return r.spell(attributes, span)
	}
	if p.given.None() && span.Faults() == 0 && r.facts.Faults() == 0 {
		return &p.reading
	}
	own := r.own.next()
	*own = p.reading
	r.facts.ReadAmounts(span, own)
	return own
}

// layout returns the layout of the attributes, which have been followed along it; nil if there is
// no room for it.
func (r *Reader) layout(guess *phrase, attributes pcommon.Map) *layout {
	if guess != nil && r.follow(guess.layout, attributes) {
		return guess.layout
	}
	set := r.layouts.find(attributes)
	for _, known := range set {
		if known == nil {
			break
		}
		if r.follow(known, attributes) {
			return known
		}
	}
	if fresh := r.layouts.learn(set, r.lexicon, attributes); fresh != nil && r.follow(fresh, attributes) {
		return fresh
	}
	return nil
}

// follow reads the attributes along a layout: amounts into the facts, the others as words.
// It reports whether the attributes have that layout.
func (r *Reader) follow(l *layout, attributes pcommon.Map) bool {
	if attributes.Len() != len(l.slots) {
		return false
	}
	r.facts.Reset()
	r.words.reset()
	i := 0
	for name, value := range attributes.All() {
		at := &l.slots[i]
		if at.name != name {
			return false
		}
		switch at.use {
		case flow.UseWord:
			r.words.add(i, value)
		case flow.UseAmount, flow.UseRunID:
			give(&r.facts, at.key, value)
		case flow.UseNothing:
		}
		i++
	}
	return true
}

// phrase returns what the span says, nil if there is no room for it.
func (r *Reader) phrase(said *saying, guess *phrase, attributes pcommon.Map, span *flow.Span) *phrase {
	if guess != nil && guess.is(said, &r.words) {
		return guess
	}
	p, at := r.phrases.find(said, &r.words)
	if p != nil || at.way < 0 {
		return p
	}
	if own := r.words.clone(); own != nil {
		p = &phrase{saying: *said, wording: *own}
		r.learn(p, attributes, span)
		r.phrases.put(p, at)
	}
	return p
}

// hashMul spreads numbers that count up over a hash.
const hashMul = 0x9E3779B97F4A7C15

// learn reads a new phrase from copies of its words, so that nothing of the batch
// is kept.
func (r *Reader) learn(p *phrase, attributes pcommon.Map, span *flow.Span) {
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
	clear(r.words.texts[:cap(r.words.texts)])
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
