package otlp

import (
	"hash/maphash"
	"math"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

const (
	phraseSets = 128 // a power of two
	phraseWays = 8
	// maxPhrase is the most bytes that a phrase may take, wordSize of them for each word beside
	// its text: what a few huge attributes mean is worked out anew each time.
	maxPhrase = 1 << 12
	wordSize  = 72
)

// phrasebook remembers what spans said and what it meant. A workflow has few kinds of span:
// its spans differ in their times, ids and amounts, and are alike in their words. So the
// words of a span are compared with those of earlier ones, and read only if they are new:
//
//	run_step charge   workflow.name=pay  outcome=success            → phrase 17
//	chat gpt-4o       workflow.name=pay  input_tokens 310           → phrase 18, and 310
//	run_step charge   workflow.name=pay  outcome=success            → phrase 17 again
//
// Spans also mostly follow each other as they did before, so that there is a good guess at
// what comes next: what came after the last two spans the last time, else what came after the
// last one. Where a step is followed by two alike chats the two tell them apart:
//
//	17 18 → 18      18 18 → 19      18 → 19
//
// It holds at most 1024 phrases of 4 KiB. Not safe for concurrent use.
type phrasebook struct {
	seed    maphash.Seed
	tags    [phraseSets][phraseWays]uint32 // hash of the phrase, 0 = free
	phrases [phraseSets][phraseWays]*phrase
	trail   [trailSize]*phrase // what came after two phrases, by their numbers
	ahead   uint32             // where on the trail what comes next is
	last    *phrase            // of the last span, or nil
	learned uint32
	missed  int
}

// phrase is what some spans say beside their amounts, and what it means.
type phrase struct {
	number  uint32
	layout  *layout
	name    spelling
	scope   string
	words   []word // of the attributes that are words, in their order
	status  flow.Status
	kind    flow.Kind
	given   flow.Given
	reading flow.Reading
	next    *phrase // which came after it the last time
}

// word is the value of an attribute that says what the span is.
type word struct {
	text spelling
	kind pcommon.ValueType
	bits uint64 // of what is no text
}

func newWord(v pcommon.Value) word {
	return word{text: spell(strings.Clone(v.Str())), kind: v.Type(), bits: bits(v)}
}

// bits returns what tells two values of the same type apart that are no texts; lists and maps
// are all the same, as they are no words.
func bits(v pcommon.Value) uint64 {
	switch v.Type() {
	case pcommon.ValueTypeInt:
		return uint64(v.Int())
	case pcommon.ValueTypeDouble:
		return math.Float64bits(v.Double())
	case pcommon.ValueTypeBool:
		if v.Bool() {
			return 1
		}
	default:
	}
	return 0
}

// trailSize is how many guesses there are: a power of two.
const trailSize = 1024

// guess returns what may come next, or nil.
func (b *phrasebook) guess() *phrase { return b.trail[b.ahead&(trailSize-1)] }

// second returns another guess, or nil.
func (b *phrasebook) second() *phrase {
	if b.last == nil || b.last.next == b.guess() {
		return nil
	}
	return b.last.next
}

// follow notes what came next; nil is none.
func (b *phrasebook) follow(p *phrase) {
	if at := &b.trail[b.ahead&(trailSize-1)]; *at != p {
		*at = p
	}
	before := uint32(0)
	if b.last != nil {
		before = b.last.number
		if b.last.next != p {
			b.last.next = p
		}
	}
	b.last, b.ahead = p, before*0x9E3779B1
	if p != nil {
		b.ahead += p.number
	}
}

// frames says whether what the span says outside its attributes is the phrase's.
func (p *phrase) frames(span *flow.Span) bool {
	return p.status == span.Status && p.kind == span.Kind && p.name.is(span.Name) && p.scope == span.Scope
}

// says tells whether attributes of the phrase's layout have its words.
func (p *phrase) says(attributes pcommon.Map) bool {
	i, k := 0, 0
	for _, value := range attributes.All() {
		if p.layout.slots[i].use == flow.UseWord {
			if !p.words[k].means(value) {
				return false
			}
			k++
		}
		i++
	}
	return true
}

func (w *word) means(v pcommon.Value) bool {
	return v.Type() == w.kind && v.Str() == w.text.text && bits(v) == w.bits
}

// place is where a phrase is, or would be: way is -1 if there is no room.
type place struct {
	set uint64
	tag uint32
	way int
}

// find returns the phrase of that hash for which is holds, or nil and its place.
func (b *phrasebook) find(hash uint64, is func(*phrase) bool) (*phrase, place) {
	at := place{set: hash >> (64 - 7) & (phraseSets - 1), tag: uint32(hash) | 1, way: -1}
	for way, t := range b.tags[at.set] {
		if t == 0 {
			at.way = way
			break
		}
		if p := b.phrases[at.set][way]; t == at.tag && is(p) {
			return p, at
		}
	}
	return nil, at
}

// put fills a place that find told of.
func (b *phrasebook) put(p *phrase, at place) {
	b.learned++
	p.number, p.reading.Shape = b.learned, b.learned
	b.tags[at.set][at.way], b.phrases[at.set][at.way] = at.tag, p
}

// forget empties the book. The numbers of its phrases are not given again.
func (b *phrasebook) forget() {
	*b = phrasebook{seed: b.seed, learned: b.learned}
}
