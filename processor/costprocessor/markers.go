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
// them, which a bit for each
// length and last byte shows without a look at the rest of the name:
//
//	workflow.run.id             15, d   bit not set: no
//	gen_ai.usage.input_tokens   25, s   bit set, and in the table: yes
//	workflow.correlation_notes  26, s   bit set, by gen_ai.usage.output_tokens, but not in the table: no
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
		last := name[len(name)-1]
		m.bits[min(len(name), maxMarked)][last>>6] |= 1 << (last & 63)
		bucket := &m.buckets[bucketOf(len(name), last)]
		*bucket = append(*bucket, marked{name, what})
	}
}

func bucketOf(n int, last byte) byte { return byte(n)*7 ^ last }

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
	n := len(name)
	if n == 0 {
		return 0
	}
	last := name[n-1]
	if m.bits[min(n, maxMarked)][last>>6]>>(last&63)&1 == 0 {
		return 0
	}
	for _, known := range m.buckets[bucketOf(n, last)] {
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
