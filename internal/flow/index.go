package flow

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
)

// minIndex is the smallest size of the tables of a Tree, a power of two. They are at most
// a quarter full: a look-up that meets a stranger costs more than the memory.
const minIndex = 64

// seed1 and seed2 differ from process to process, so that nobody can choose ids that meet in
// the tables.
var seed1, seed2 = rand.Uint64(), rand.Uint64()

// mix returns 32 bits that depend on all of a and b. The halves of the first product take in
// every bit, the second one parts ids that differ by the same step, as those that are counted.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^seed1, b^seed2)
	return (hi ^ lo) * hashMul1 >> 32
}

// sizeIDs makes the empty table of span ids large enough for n spans.
func (t *Tree) sizeIDs(n int) {
	size := max(minIndex, 1<<bits.Len(uint(4*n-1)))
	if size > cap(t.ids) {
		t.ids = make([]int32, size)
	}
	t.ids = t.ids[:size]
}

// enter adds the span of that index to the table of span ids. It reports false, and adds
// nothing, if the batch has the span already; spans without an id are not the same span.
func (t *Tree) enter(i int32) bool {
	n := &t.nodes[i]
	if n.id == 0 {
		return true
	}
	at, found := t.slot(n.inTrace, n.id)
	if found >= 0 {
		return false
	}
	t.ids[at] = i + 1
	return true
}

// slot returns the place of a span id in the table, and the span there or -1.
func (t *Tree) slot(trace int32, id SpanID) (at uint64, found int32) {
	mask := uint64(len(t.ids) - 1)
	for at = mix(uint64(id), uint64(trace)) & mask; t.ids[at] != 0; at = (at + 1) & mask {
		i := t.ids[at] - 1
		if n := &t.nodes[i]; n.id == id && n.inTrace == trace {
			return at, i
		}
	}
	return at, -1
}

// find returns the span of that id in the trace, or -1.
func (t *Tree) find(trace int32, id SpanID) int32 {
	if id == 0 || len(t.ids) == 0 {
		return -1
	}
	_, i := t.slot(trace, id)
	return i
}

// join returns the index of a trace, which it adds if it is new.
func (t *Tree) join(id TraceID) int32 {
	if 4*(len(t.traces)+1) > len(t.traceIDs) {
		t.growTraceIDs()
	}
	at, k := t.traceSlot(id)
	if k < 0 {
		t.traces = append(t.traces, traceState{id: id, last: -1, from: -1})
		k = int32(len(t.traces) - 1)
		t.traceIDs[at] = k + 1
	}
	return k
}

func (t *Tree) growTraceIDs() {
	t.traceIDs = make([]int32, max(minIndex, 2*len(t.traceIDs)))
	for k := range t.traces {
		at, _ := t.traceSlot(t.traces[k].id)
		t.traceIDs[at] = int32(k + 1)
	}
}

// traceSlot returns the place of a trace id in the table, and the trace there or -1.
func (t *Tree) traceSlot(id TraceID) (at uint64, found int32) {
	mask := uint64(len(t.traceIDs) - 1)
	h := mix(binary.LittleEndian.Uint64(id[8:]), binary.LittleEndian.Uint64(id[:8]))
	for at = h & mask; t.traceIDs[at] != 0; at = (at + 1) & mask {
		if k := t.traceIDs[at] - 1; t.traces[k].id == id {
			return at, k
		}
	}
	return at, -1
}
