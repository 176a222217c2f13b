package costprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// mark is what the names of its attributes say about a span.
type mark uint8

const (
	markPriceable mark = 1 << iota // the span may have a price
	markOurs                       // it bears what only this processor writes
	markTool                       // it may be the call of a tool
)

// markers knows the names of attributes whose spans may have a price. Nearly all names are none of
// them, which a bit for each length and what two letters make shows without a look at the rest of
// the name: the last one, and the sixth from the end, since many kinds and names end alike.
//
//	workflow.step.kind   18, d and p   bit not set: no
//	agentops.span.kind   18, d and n   bit set, and in the table: yes
//
// It is not changed once names have been added: concurrent use is safe.
type markers struct {
	bits    [maxMarked + 1][4]uint64
	buckets [256][]marked
}

// marked is a name with its mark.
type marked struct {
	name string
	mark mark
}

// maxMarked is the longest name that has a bit of its own; longer ones share that of maxMarked.
const maxMarked = 63

// prefixes are those of the attributes that only this processor writes.
const (
	prefixCost    = "workflow.cost."
	prefixSavings = "workflow.savings."
	prefixBudget  = "workflow.budget."
)

// add gives names a mark; those that have one keep it.
func (m *markers) add(what mark, names ...string) {
	for _, name := range names {
		if name == "" || ours(name) || m.name(name) != 0 {
			continue
		}
		key := keyOf(name)
		m.bits[min(len(name), maxMarked)][key>>6] |= 1 << (key & 63)
		m.buckets[key] = append(m.buckets[key], marked{name, what})
	}
}

// keyOf makes one byte of two letters of a name, which is not empty.
func keyOf(name string) byte {
	n := len(name)
	return name[n-1]*7 + name[max(n-6, 0)]
}

// of returns the marks of a span or a resource.
func (m *markers) of(attributes pcommon.Map) (found mark) {
	for name := range attributes.All() {
		if mayBeOurs(name) && ours(name) {
			found |= markOurs
		} else if found&markPriceable == 0 {
			found |= m.name(name)
		}
	}
	return found
}

// name returns the mark of a name.
func (m *markers) name(name string) mark {
	if name == "" {
		return 0
	}
	key := keyOf(name)
	if m.bits[min(len(name), maxMarked)][key>>6]>>(key&63)&1 == 0 {
		return 0
	}
	for _, known := range m.buckets[key] {
		if known.name == name {
			return known.mark
		}
	}
	return 0
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
