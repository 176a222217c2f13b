package otlp

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

const (
	phraseSets = 128 // a power of two
	phraseWays = 8
	// maxPhrase is the most bytes that a phrase may take: what a few huge attributes mean is
	// worked out anew each time.
	maxPhrase = 1 << 10
)

// phrasebook remembers what spans said and what it meant. A workflow has few kinds of span:
// its spans differ in their times, ids and amounts, and are alike in their words. So the
// words of a span are compared with those of earlier ones, and read only if they are new:
//
//	run_step charge   workflow.name=pay  outcome=success            → phrase 17
//	chat gpt-4o       workflow.name=pay  input_tokens 310           → phrase 18, and 310
//	run_step charge   workflow.name=pay  outcome=success            → phrase 17 again
//
// Spans also mostly follow each other as they did before, so that the first guess after
// phrase 17 is phrase 18. It holds at most 1024 phrases of 1 KiB of text. Not safe for
// concurrent use.
type phrasebook struct {
	seed    maphash.Seed
	tags    [phraseSets][phraseWays]uint32 // hash of the phrase, 0 = free
	phrases [phraseSets][phraseWays]*phrase
	last    *phrase // of the span before, or nil
	learned uint32
	missed  int
}

// phrase is the words of a span and what they mean.
type phrase struct {
	saying
	wording
	reading flow.Reading
	next    *phrase // which came after it the last time
}

// saying is what a span says beside its words.
type saying struct {
	layout *layout
	status flow.Status
	kind   flow.Kind
	given  flow.Given
}

// wording is the words of a span. Those of a span being read are borrowed from it.
type wording struct {
	texts []string // in the order of the attributes, then its name and scope
	odd   []byte   // words that are no texts, and which they are
}

func (w *wording) reset() { w.texts, w.odd = w.texts[:0], w.odd[:0] }

func (w *wording) is(other *wording) bool {
	return slices.Equal(w.texts, other.texts) && string(w.odd) == string(other.odd)
}

// add adds the i-th attribute.
func (w *wording) add(i int, v pcommon.Value) {
	if v.Type() == pcommon.ValueTypeStr {
		w.texts = append(w.texts, v.Str())
		return
	}
	w.odd = append(w.odd, byte(i), byte(v.Type()))
	switch v.Type() {
	case pcommon.ValueTypeInt:
		w.odd = binary.LittleEndian.AppendUint64(w.odd, uint64(v.Int()))
	case pcommon.ValueTypeDouble:
		w.odd = binary.LittleEndian.AppendUint64(w.odd, math.Float64bits(v.Double()))
	case pcommon.ValueTypeBool:
		if v.Bool() {
			w.odd = append(w.odd, 1)
		}
	default:
	}
}

func (w *wording) hash(seed maphash.Seed) uint64 {
	h := maphash.Bytes(seed, w.odd)
	for _, text := range w.texts {
		h = h*hashMul ^ maphash.String(seed, text)
	}
	return h
}

// clone returns a copy of the words, nil if they are too long to be kept.
func (w *wording) clone() *wording {
	size := len(w.odd)
	own := &wording{texts: make([]string, 0, len(w.texts)), odd: slices.Clone(w.odd)}
	for _, text := range w.texts {
		if size += len(text); size > maxPhrase {
			return nil
		}
		own.texts = append(own.texts, strings.Clone(text))
	}
	return own
}

// guess returns the phrase that came after the last one the last time, or nil.
func (b *phrasebook) guess() *phrase {
	if b.last == nil {
		return nil
	}
	return b.last.next
}

// follow notes that the phrase came after the last one; nil is none.
func (b *phrasebook) follow(p *phrase) {
	if b.last != nil && b.last.next != p {
		b.last.next = p
	}
	b.last = p
}

func (p *phrase) is(s *saying, w *wording) bool { return p.saying == *s && p.wording.is(w) }

// place is where a phrase is, or would be: way is -1 if there is no room.
type place struct {
	set uint64
	tag uint32
	way int
}

// find returns the phrase, or nil and its place.
func (b *phrasebook) find(s *saying, w *wording) (*phrase, place) {
	hash := w.hash(b.seed) + uint64(s.layout.id)*hashMul
	at := place{set: hash >> (64 - 7) & (phraseSets - 1), tag: uint32(hash) | 1, way: -1}
	for way, t := range b.tags[at.set] {
		if t == 0 {
			at.way = way
			break
		}
		if p := b.phrases[at.set][way]; t == at.tag && p.is(s, w) {
			return p, at
		}
	}
	return nil, at
}

// put fills a place that find told of.
func (b *phrasebook) put(p *phrase, at place) {
	b.learned++
	p.reading.Shape = b.learned
	b.tags[at.set][at.way], b.phrases[at.set][at.way] = at.tag, p
}

// forget empties the book. The numbers of its phrases are not given again.
func (b *phrasebook) forget() {
	*b = phrasebook{seed: b.seed, learned: b.learned}
}
