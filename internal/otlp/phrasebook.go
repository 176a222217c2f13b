package otlp

import (
	"encoding/binary"
	"math"

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
// It holds at most 1024 phrases of 1 KiB of text. Not safe for concurrent use.
type phrasebook struct {
	tags    [phraseSets][phraseWays]uint32 // hash of the phrase, 0 = free
	phrases [phraseSets][phraseWays]*phrase
	missed  int
}

// phrase is the words of a span and what they mean.
type phrase struct {
	saying
	text    string
	reading flow.Reading
}

// saying is what a span says beside its texts.
type saying struct {
	layout uint32
	status flow.Status
	kind   flow.Kind
	given  flow.Given
}

// find returns the phrase, or nil and where its place would be; way is -1 if there is none.
func (b *phrasebook) find(s *saying, text []byte, hash uint64) (p *phrase, set uint64, way int) {
	set, tag := hash>>(64-7)&(phraseSets-1), uint32(hash)|1
	for way, t := range b.tags[set] {
		if t == 0 {
			return nil, set, way
		}
		if t == tag {
			if p := b.phrases[set][way]; p.text == string(text) && p.saying == *s {
				return p, set, way
			}
		}
	}
	return nil, set, -1
}

// put fills a place that find told of.
func (b *phrasebook) put(p *phrase, hash, set uint64, way int) {
	p.reading.Shape = uint32(set)*phraseWays + uint32(way) + 1
	b.tags[set][way], b.phrases[set][way] = uint32(hash)|1, p
}

// forget empties the book.
func (b *phrasebook) forget() {
	b.tags = [phraseSets][phraseWays]uint32{}
	b.phrases = [phraseSets][phraseWays]*phrase{}
	b.missed = 0
}

// appendWord appends a value so that no two values give the same bytes: its type, then the
// length and the bytes of a text, or the bits of a number.
func appendWord(dst []byte, v pcommon.Value) []byte {
	kind := v.Type()
	dst = append(dst, byte(kind))
	switch kind {
	case pcommon.ValueTypeStr:
		return appendText(dst, v.Str())
	case pcommon.ValueTypeInt:
		return binary.LittleEndian.AppendUint64(dst, uint64(v.Int()))
	case pcommon.ValueTypeDouble:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(v.Double()))
	case pcommon.ValueTypeBool:
		if v.Bool() {
			return append(dst, 1)
		}
		return append(dst, 0)
	default:
		return dst
	}
}

func appendText(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)))
	return append(dst, s...)
}
