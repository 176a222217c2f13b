package costprocessor

import "strings"

// mark is what the names of its attributes say about a span.
type mark uint8

const (
	markPriceable mark = 1 << iota // the span may have a price
	markOurs                       // it bears what only this processor writes
)

// markers knows the names of attributes whose spans may have a price. Nearly all names are none of
// them, which a bit for each
// length and last byte shows without a look at the rest of the name:
//
//	workflow.run.id             15, d   bit not set: no
//	gen_ai.usage.input_tokens   25, s   bit set, and in the table: yes
//	workflow.correlation_notes  26, s   bit set, by gen_ai.usage.output_tokens, but not in the table: no
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

// priceable says whether spans with an attribute of that name may have a price.
func (m *markers) priceable(name string) bool {
	n := len(name)
	if n == 0 {
		return false
	}
	last := name[n-1]
	if m.bits[min(n, maxMarked)][last>>6]>>(last&63)&1 == 0 {
		return false
	}
	_, ok := m.names[name]
	return ok
}

// mayBeOurs looks at two letters, since most names of a workflow begin alike:
//
//	workflow.cost.total     c at 9, the point at 13
//	workflow.savings.total  s at 9, the point at 16
//	workflow.budget.limit   b at 9, the point at 15
func mayBeOurs(name string) bool {
	n := len(name)
	if n <= len(prefixCost) {
		return false
	}
	switch name[9] {
	case 'c':
		return name[13] == '.'
	case 's':
		return n > 16 && name[16] == '.'
	case 'b':
		return n > 15 && name[15] == '.'
	}
	return false
}

func ours(name string) bool {
	return strings.HasPrefix(name, prefixCost) || strings.HasPrefix(name, prefixSavings) || strings.HasPrefix(name, prefixBudget)
}
