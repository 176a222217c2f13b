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
	own        pages // readings that are not shared
}

// NewReader returns a reader that looks for the given dimensions.
func NewReader(lexicon *flow.Lexicon, dimensions []Dimension) *Reader {
	return &Reader{lexicon: lexicon, dimensions: dimensions, phrases: phrasebook{seed: maphash.MakeSeed()}}
}

// Heed makes words of attributes that mean nothing to the lexicon: readings of the same Shape
// then come from spans that agree in them, if they are neither lists nor maps. It is for before
// the first Read.
func (r *Reader) Heed(names ...string) {
	r.layouts.heeded = make(map[string]bool, len(names))
	for _, name := range names {
		r.layouts.heeded[name] = true
	}
}

// Span reads what the span says outside its attributes.
func (*Reader) Span(in ptrace.Span, scope, service string, out *flow.Span) {
	id, parent := in.SpanID(), in.ParentSpanID()
	out.Trace = flow.TraceID(in.TraceID()) // one by one: a literal would be copied
	out.ID = flow.SpanID(binary.BigEndian.Uint64(id[:]))
	out.Parent = flow.SpanID(binary.BigEndian.Uint64(parent[:]))
	out.Name, out.Scope, out.Service = in.Name(), scope, service
	out.Kind, out.Status = flow.Kind(in.Kind()), flow.Status(in.Status().Code())
	out.Start, out.End = int64(in.StartTimestamp()), int64(in.EndTimestamp())
}

// Read says what the span means on its own. The reading is borrowed until the
// next Turn and must not be changed.
func (r *Reader) Read(in ptrace.Span, span *flow.Span) *flow.Reading {
	attributes := in.Attributes()
	p := r.phrases.guess()
	if p == nil || !r.hear(p, attributes, span) {
		if p = r.phrases.second(); p == nil || !r.hear(p, attributes, span) {
			p = r.search(attributes, span)
		}
	}
	r.phrases.follow(p)
	if p == nil {
		return r.spell(attributes, span)
	}
	if p.given.None() && r.facts.Faults() == 0 && span.Faults() == 0 {
		return &p.reading
	}
	own := r.own.next()
	*own = p.reading
	r.facts.ReadAmounts(span, own)
	return own
}

// hear reads the amounts of a span that says a phrase, or reports that it does not: names and
// words are compared in one pass, and without a call for texts of up to 32 bytes: calls for the
// words alone took 7 of 180 ns a span.
func (r *Reader) hear(p *phrase, attributes pcommon.Map, span *flow.Span) bool {
	slots, words := p.layout.slots, p.words
	if attributes.Len() != len(slots) || !p.frames(span) {
		return false
	}
	r.facts.Reset()
	i, k := 0, 0
	for name, value := range attributes.All() {
		at := &slots[i]
		i++
		if !at.name.is(name) {
			return false
		}
		switch at.use {
		case flow.UseWord:
			w, text := &words[k], value.Str()
			k++
			said := len(text) < 8 && w.text.brief(text) || len(text) >= 8 && w.text.is(text)
			if !said && !w.means(value) {
				return false
			}
		case flow.UseRunID:
			if id := value.Str(); id != "" {
				r.facts.Run(at.key, id)
				continue
			}
			give(&r.facts, at.key, value)
		case flow.UseAmount:
			give(&r.facts, at.key, value)
		case flow.UseNothing:
		}
	}
	return p.given == r.facts.Given()
}

// search returns what the span says, which it learns if it is new; nil if there is no room for it.
func (r *Reader) search(attributes pcommon.Map, span *flow.Span) *phrase {
	l := r.layouts.find(r.lexicon, attributes)
	if l == nil {
		return nil
	}
	hash := r.listen(l, attributes, span)
	given := r.facts.Given()
	p, at := r.phrases.find(hash, func(p *phrase) bool {
		return p.layout == l && p.given == given && p.frames(span) && p.says(attributes)
	})
	if p != nil {
		return p
	}
	if at.way >= 0 {
		if p = r.learn(l, attributes, span); p != nil {
			r.phrases.put(p, at)
			return p
		}
	}
	r.phrases.missed++
	return nil
}

// listen reads the amounts of a span whose attributes have that layout, and returns a hash of
// all else.
func (r *Reader) listen(l *layout, attributes pcommon.Map, span *flow.Span) uint64 {
	r.facts.Reset()
	h := (uint64(l.id)<<16 | uint64(span.Status)<<8 | uint64(span.Kind)) * hashMul
	h = r.stir(r.stir(h, span.Name), span.Scope)
	i := 0
	for _, value := range attributes.All() {
		at := &l.slots[i]
		i++
		switch at.use {
		case flow.UseWord:
			if value.Type() == pcommon.ValueTypeStr {
				h = r.stir(h, value.Str())
			} else {
				h = (h ^ bits(value)) * hashMul
			}
		case flow.UseAmount, flow.UseRunID:
			give(&r.facts, at.key, value)
		case flow.UseNothing:
		}
	}
	return h
}

// stir adds a text to a hash.
func (r *Reader) stir(h uint64, text string) uint64 {
	return h*hashMul ^ maphash.String(r.phrases.seed, text)
}

// hashMul spreads numbers that count up over a hash.
const hashMul = 0x9E3779B97F4A7C15

// learn returns a new phrase, read from copies of its words, so that nothing of the batch
// is kept; nil if it is too large.
func (r *Reader) learn(l *layout, attributes pcommon.Map, span *flow.Span) *phrase {
	own := flow.Span{
		Name: strings.Clone(span.Name), Scope: strings.Clone(span.Scope), Kind: span.Kind, Status: span.Status,
	}
	p := &phrase{
		layout: l, name: spell(own.Name), scope: own.Scope, status: span.Status, kind: span.Kind,
		given: r.facts.Given(),
	}
	var facts flow.Facts
	size, i := len(own.Name)+len(own.Scope), 0
	for _, value := range attributes.All() {
		at := &l.slots[i]
		i++
		if at.use != flow.UseWord {
			give(&facts, at.key, value)
			continue
		}
		w := newWord(value)
		if size += wordSize + len(w.text.text); size > maxPhrase {
			return nil
		}
		p.words = append(p.words, w)
		if w.kind == pcommon.ValueTypeStr {
			facts.Text(at.key, w.text.text)
		} else {
			give(&facts, at.key, value)
		}
	}
	facts.ReadWords(&own, &p.reading)
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
