package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestParallelCallsInstrumentedTwice has the inner spans of parallel calls in one batch, and
// the outer ones with their run in the next: each call counts once, as far as the bound goes.
func TestParallelCallsInstrumentedTwice(t *testing.T) {
	for _, c := range []struct{ width, dropped int }{
		{4, 0}, {10, 0}, {MaxFrontiers, 0}, {MaxFrontiers + 1, 1}, {MaxFrontiers + 9, 9},
	} {
		n := c.width
		spans, readings := grow(2*n+1, "chat+use", func(i int, s *Span) {
			s.ID, s.Parent = SpanID(i+1), SpanID(min(i+n, 2*n)+1)
		})
		spans[2*n].Parent, readings[2*n] = 0, shape("definite")
		m := mapMemory{}
		var tree Tree
		calls, usage := 0, 0
		for _, batch := range [][2]int{{0, n}, {n, 2*n + 1}} {
			tree.Reset()
			add(&tree, spans[batch[0]:batch[1]], readings[batch[0]:batch[1]])
			tree.Resolve(m)
			if batch[0] == 0 {
				assert.Equal(t, c.dropped, tree.Dropped(), "%d calls", n)
			} else {
				assert.Zero(t, tree.Dropped(), "%d calls: nothing is missing", n)
			}
			for i := range tree.Len() {
				v := tree.Verdict(i)
				calls, usage = calls+count(v.CountsCall), usage+count(v.CountsUsage)
			}
		}
		assert.Equal(t, n+c.dropped, calls, "%d calls", n)
		assert.Equal(t, n+c.dropped, usage, "usage of %d calls", n)
		assert.Empty(t, m[TraceID{1}].waiting)
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// TestFrontiersOfOneMissingParentAreOne has a hundred children of a parent that is late.
func TestFrontiersOfOneMissingParentAreOne(t *testing.T) {
	spans, readings := grow(100, "chat+use", func(i int, s *Span) { s.ID, s.Parent = SpanID(i+1), 999 })
	m := mapMemory{}
	var tree Tree
	add(&tree, spans, readings)
	tree.Resolve(m)
	assert.Len(t, m[TraceID{1}].waiting, 1)
	assert.Zero(t, tree.Dropped())
}

// TestDroppedIsOfOneBatch has the oldest frontiers stay, and those dropped told once.
func TestDroppedIsOfOneBatch(t *testing.T) {
	spans, readings := grow(2*MaxFrontiers, "chat", func(i int, s *Span) { s.ID, s.Parent = SpanID(i+1), SpanID(i+1001) })
	m := mapMemory{}
	var tree Tree
	add(&tree, spans[:MaxFrontiers], readings)
	tree.Resolve(m)
	first := m[TraceID{1}].waiting
	assert.Zero(t, tree.Dropped())

	tree.Reset()
	add(&tree, spans[MaxFrontiers:], readings)
	tree.Resolve(m)
	assert.Equal(t, MaxFrontiers, tree.Dropped())
	assert.Equal(t, first, m[TraceID{1}].waiting)

	tree.Reset()
	tree.Resolve(m)
	assert.Zero(t, tree.Dropped())
}

// TestARootBeforeItsCallsIsForgotten pins a limit: plain web traffic must take no memory, so
// that a root which comes before the first span of a workflow is no run. The drawing:
//
//	batch 1:  POST /ask (root)         nothing of a workflow: not remembered
//	batch 2:  chat (parent POST /ask)  counts as a call, not as a run
func TestARootBeforeItsCallsIsForgotten(t *testing.T) {
	m := mapMemory{}
	var tree Tree
	one := func(id, parent SpanID, word string) string {
		r := shape(word)
		tree.Reset()
		tree.Add(&Span{Trace: TraceID{1}, ID: id, Parent: parent}, &r)
		tree.Resolve(m)
		return tell(tree.Verdict(0))
	}
	assert.Empty(t, one(1, 0, "plain"))
	assert.Empty(t, m, "nothing is remembered of web traffic")
	assert.Equal(t, "call usage", one(2, 1, "chat+use"))
}
