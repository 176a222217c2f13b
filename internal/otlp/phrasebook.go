package otlp

import (
	"math"
	"math/bits"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

const (
	phraseSets = 128 // a power of two
	phraseWays = 8
	// maxPhrase is the most bytes of text that a phrase may take: what a few huge attributes
	// mean is worked out anew each time.
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
// It holds at most 1024 phrases of 1 KiB of text. Not safe for concurrent use.
type phrasebook struct {
	tags    [phraseSets][phraseWays]uint32 // hash of the phrase, 0 = free
	phrases [phraseSets][phraseWays]*phrase
	missed  int
}

// phrase is the words of a span and what they mean.
type phrase struct {
	saying
	words   []word
	reading flow.Reading
}

// saying is what a span says beside the values of its words.
type saying struct {
	layout uint32
	status flow.Status
	kind   flow.Kind
	given  flow.Given
	name   string
	scope  string
}

// word is the value of an attribute that matters to what the span means.
type word struct {
	kind pcommon.ValueType
	bits uint64 // of a number or a truth value
	text string
}

// find returns the phrase, or nil and where its place would be.
func (b *phrasebook) find(s *saying, words []word, hash uint64) (p *phrase, set uint64, way int) {
	set, tag := hash>>(64-7)&(phraseSets-1), uint32(hash)|1
	for way, t := range b.tags[set] {
		if t == 0 {
			return nil, set, way
		}
		if t == tag {
			if p := b.phrases[set][way]; p.is(s, words) {
				return p, set, way
			}
		}
	}
	return nil, set, -1
}

func (p *phrase) is(s *saying, words []word) bool {
	if p.saying != *s || len(p.words) != len(words) {
		return false
	}
	for i := range words {
		w, own := &words[i], &p.words[i]
		if w.kind != own.kind || w.bits != own.bits || w.text != own.text {
			return false
		}
	}
	return true
}

// learn puts a phrase that is read from copies of its words in its place; nil if it is too
// long.
func (b *phrasebook) learn(s *saying, words []word, hash, set uint64, way int) *phrase {
	size := len(s.name) + len(s.scope)
	for i := range words {
		size += len(words[i].text)
	}
	if size > maxPhrase {
		return nil
	}
	p := &phrase{saying: *s, words: slices.Clone(words)}
	p.name, p.scope = strings.Clone(s.name), strings.Clone(s.scope)
	for i := range p.words {
		p.words[i].text = strings.Clone(p.words[i].text)
	}
	b.tags[set][way], b.phrases[set][way] = uint32(hash)|1, p
	return p
}

// forget empties the book.
func (b *phrasebook) forget() {
	b.tags = [phraseSets][phraseWays]uint32{}
	b.phrases = [phraseSets][phraseWays]*phrase{}
	b.missed = 0
}

const (
	hashMul1 = 0x9E3779B97F4A7C15
	hashMul2 = 0xC2B2AE3D27D4EB4F
)

// mix adds the ends of a text to a hash. It is quick rather than good: phrases that
// share all their ends share a set, and when that is full they are read each time.
func mix(h uint64, s string) uint64 {
	n := len(s)
	var ends uint64
	switch {
	case n >= 16:
		ends = load8(s, 0) ^ bits.RotateLeft64(load8(s, n-16), 17)*hashMul2 ^ load8(s, n-8)*hashMul1
	case n >= 8:
		ends = load8(s, 0) ^ load8(s, n-8)*hashMul1
	case n >= 4:
		ends = load4(s, 0)<<32 | load4(s, n-4)
	default:
		for i := range n {
			ends = ends<<8 | uint64(s[i])
		}
	}
	return (bits.RotateLeft64(h, 23) ^ ends ^ uint64(n)) * hashMul1
}

func load4(s string, i int) uint64 {
	b := s[i : i+4]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24
}

// load8 reads eight bytes of s from i on; the compiler makes it one load.
func load8(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// wordOf returns the value as a word.
func wordOf(v pcommon.Value) word {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return word{kind: pcommon.ValueTypeStr, text: v.Str()}
	case pcommon.ValueTypeInt:
		return word{kind: pcommon.ValueTypeInt, bits: uint64(v.Int())}
	case pcommon.ValueTypeDouble:
		return word{kind: pcommon.ValueTypeDouble, bits: math.Float64bits(v.Double())}
	case pcommon.ValueTypeBool:
		if v.Bool() {
			return word{kind: pcommon.ValueTypeBool, bits: 1}
		}
		return word{kind: pcommon.ValueTypeBool}
	default:
		return word{kind: v.Type()}
	}
}

// give hands the word to the facts.
func (w *word) give(f *flow.Facts, key flow.Key) {
	switch w.kind {
	case pcommon.ValueTypeStr:
		f.Text(key, w.text)
	case pcommon.ValueTypeInt:
		f.Int(key, int64(w.bits))
	case pcommon.ValueTypeDouble:
		f.Double(key, math.Float64frombits(w.bits))
	case pcommon.ValueTypeBool:
		f.Bool(key, w.bits != 0)
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice, pcommon.ValueTypeBytes:
		f.Unreadable(key)
	case pcommon.ValueTypeEmpty:
	}
}
