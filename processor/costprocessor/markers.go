package costprocessor

import "strings"

// mark is what the name of an attribute says about its span.
type mark uint8

const (
	markPriceable mark = 1 << iota // the span may have a price
	markOurs                       // the attribute is one that only this processor writes
)

// markers tells the marks of attribute names. Nearly all names have none, which a bit for each
// length and last byte shows without a look at the rest of the name:
//
//	workflow.run.id             15, d   bit not set: nothing
//	gen_ai.usage.input_tokens   25, s   bit set, in the table: priceable
//	workflow.correlation_notes  26, s   bit set (gen_ai.usage.output_tokens), not in the table: nothing
//
// It is immutable: concurrent use is safe.
type markers struct {
	bits  [maxMarked + 1][4]uint64
	names map[string]struct{}
}

// maxMarked is the longest name that has a bit of its own; longer ones share that of maxMarked.
const maxMarked = 63

// prefixes are those of the attributes that only this processor writes.
const (
	prefixCost    = "workflow.cost."
	prefixSavings = "workflow.savings."
	prefixBudget  = "workflow.budget."
)

func newMarkers(names ...[]string) *markers {
	m := &markers{names: make(map[string]struct{})}
	for _, list := range names {
		for _, name := range list {
			if name == "" || ours(name) {
				continue
			}
			m.names[name] = struct{}{}
			last := name[len(name)-1]
			m.bits[min(len(name), maxMarked)][last>>6] |= 1 << (last & 63)
		}
	}
	return m
}

// of returns the marks of a name.
func (m *markers) of(name string) mark {
	n := len(name)
	if n == 0 {
		return 0
	}
	if last := name[n-1]; m.bits[min(n, maxMarked)][last>>6]>>(last&63)&1 != 0 {
		if _, ok := m.names[name]; ok {
			return markPriceable
		}
	}
	if n > len(prefixCost) && name[9] >= 'b' && name[9] <= 's' && ours(name) {
		return markOurs
	}
	return 0
}

func ours(name string) bool {
	return strings.HasPrefix(name, prefixCost) || strings.HasPrefix(name, prefixSavings) || strings.HasPrefix(name, prefixBudget)
}
