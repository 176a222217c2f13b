package otlp

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

const (
	layoutSets = 64 // a power of two
	layoutWays = 4
	// maxLayout is the most attributes, and a sixteenth of the most bytes of names, of a
	// layout: spans with more are rare, and looking each attribute up is no loss there.
	maxLayout = 128
)

// layout is a list of attribute names in the order in which some code writes them. The
// names of a span are compared with those of a layout, which is quicker than to look each
// of them up:
//
//	gen_ai.operation.name   workflow.run.id   gen_ai.usage.input_tokens   workflow.name
//	word                    nothing           amount                      word
type layout struct {
	id    uint32
	slots []slot
}

// slot is one attribute of a layout.
type slot struct {
	name spelling
	key  flow.Key
	use  flow.Use
}

// layouts remembers at most 256 layouts. Not safe for concurrent use.
type layouts struct {
	sets   [layoutSets][layoutWays]*layout
	heeded map[string]bool // attributes that are words to the reader alone
	known  uint32
	missed int
}

// find returns the layout of the attributes, which it learns if it is new; nil if there is no
// room for it.
func (l *layouts) find(lexicon *flow.Lexicon, attributes pcommon.Map) *layout {
	n, sum := uint32(0), uint32(0)
	for name := range attributes.All() {
		n++
		sum += n * uint32(len(name))
	}
	set := &l.sets[(sum*0x9E3779B1)>>(32-6)&(layoutSets-1)]
	for _, known := range set {
		if known == nil {
			break
		}
		if known.names(attributes) {
			return known
		}
	}
	return l.learn(set, lexicon, attributes)
}

// names says whether the attributes have the names of the layout.
func (l *layout) names(attributes pcommon.Map) bool {
	if attributes.Len() != len(l.slots) {
		return false
	}
	i := 0
	for name := range attributes.All() {
		if !l.slots[i].name.is(name) {
			return false
		}
		i++
	}
	return true
}

// learn returns the layout of the attributes, nil if it is too large to be kept or there is
// no place left.
func (l *layouts) learn(set *[layoutWays]*layout, lexicon *flow.Lexicon, attributes pcommon.Map) *layout {
	if attributes.Len() > maxLayout {
		return nil
	}
	for way, taken := range set {
		if taken == nil {
			set[way] = l.compose(lexicon, attributes)
			return set[way]
		}
	}
	l.missed++
	return nil
}

func (l *layouts) compose(lexicon *flow.Lexicon, attributes pcommon.Map) *layout {
	l.known++
	lay := &layout{id: l.known, slots: make([]slot, 0, attributes.Len())}
	size := 0
	for name := range attributes.All() {
		key := lexicon.Lookup(name)
		use := key.Use()
		if use == flow.UseNothing && l.heeded[name] {
			use = flow.UseWord
		}
		lay.slots = append(lay.slots, slot{spell(strings.Clone(name)), key, use})
		size += len(name)
	}
	if size > 16*maxLayout {
		return nil
	}
	return lay
}

// patience is how many spans, for each place there is, must go without one before all is
// forgotten: what is common then finds its place again.
const patience = 16

// turn forgets the layouts if too many more were met than there is room for.
func (l *layouts) turn() (forgot bool) {
	if l.missed < patience*layoutSets*layoutWays {
		return false
	}
	l.sets = [layoutSets][layoutWays]*layout{}
	l.missed = 0
	return true
}
