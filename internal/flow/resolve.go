package flow

import "encoding/binary"

// index builds the table of span ids. A span that came twice is marked and left out; spans
// without an id are not the same span.
func (t *Tree) index() {
	size := 16
	for size < 2*len(t.nodes) {
		size *= 2
	}
	t.ids = cleared(t.ids, size)
	t.traceIDs = cleared(t.traceIDs, size)
	for i := range t.nodes {
		n := &t.nodes[i]
		if n.id == 0 {
			continue
		}
		at, found := t.slot(n.trace, n.id)
		if found >= 0 {
			n.own |= nodeDuplicate
			continue
		}
		t.ids[at] = int32(i + 1)
	}
}

// cleared returns a zeroed slice of that size, in the memory of s if that suffices.
func cleared(s []int32, size int) []int32 {
	if cap(s) < size {
		return make([]int32, size)
	}
	s = s[:size]
	clear(s)
	return s
}

// slot returns the place of a span id in the table, and the span there or -1.
func (t *Tree) slot(trace TraceID, id SpanID) (at uint64, found int32) {
	mask := uint64(len(t.ids) - 1)
	h := uint64(id) * hashMul1
	for at = h >> 32 & mask; t.ids[at] != 0; at = (at + 1) & mask {
		i := t.ids[at] - 1
		if n := &t.nodes[i]; n.id == id && n.trace == trace {
			return at, i
		}
	}
	return at, -1
}

func (t *Tree) find(trace TraceID, id SpanID) int32 {
	if id == 0 || len(t.ids) == 0 {
		return -1
	}
	_, i := t.slot(trace, id)
	return i
}

// link finds the parents and counts the children.
func (t *Tree) link() {
	for i := range t.nodes {
		n := &t.nodes[i]
		n.parent = t.find(n.trace, n.parentID)
		if n.parent >= 0 {
			t.nodes[n.parent].children++
		}
		t.join(int32(i))
	}
}

// join adds a span to the list of its trace; batches come mostly trace by trace.
func (t *Tree) join(i int32) {
	n := &t.nodes[i]
	var k int32
	if i > 0 && t.nodes[i-1].trace == n.trace {
		k = t.nodes[i-1].inTrace
	} else {
		k = t.traceOf(n.trace)
	}
	n.inTrace, n.next = k, t.traces[k].last
	t.traces[k].last = i
}

// traceOf returns the index of a trace, which it adds if it is new.
func (t *Tree) traceOf(id TraceID) int32 {
	mask := uint64(len(t.traceIDs) - 1)
	h := (binary.LittleEndian.Uint64(id[8:]) ^ binary.LittleEndian.Uint64(id[:8])) * hashMul1
	for at := h >> 32 & mask; ; at = (at + 1) & mask {
		k := t.traceIDs[at] - 1
		if k < 0 {
			t.traces = append(t.traces, traceState{id: id, last: -1})
			t.traceIDs[at] = int32(len(t.traces))
			return int32(len(t.traces) - 1)
		}
		if t.traces[k].id == id {
			return k
		}
	}
}

// sort puts children before parents. Spans on a cycle of parents, which only broken ids
// make, lose their parents.
func (t *Tree) sort() {
	for i := range t.nodes {
		for at := int32(i); at >= 0 && t.nodes[at].children == 0; {
			n := &t.nodes[at]
			n.children = -1
			t.order = append(t.order, at)
			at = n.parent
			if at >= 0 {
				t.nodes[at].children--
			}
		}
	}
	for i := 0; len(t.order) < len(t.nodes); i++ {
		if n := &t.nodes[i]; n.children >= 0 {
			n.parent = -1
			n.own |= nodeCycle
			t.order = append(t.order, int32(i))
		}
	}
}

// ascend hands what lies at and below a span to its parent.
func (t *Tree) ascend(i int32) {
	n := &t.nodes[i]
	if n.parent >= 0 && n.own&nodeDuplicate == 0 {
		t.nodes[n.parent].below |= n.up()
	}
}

// up returns what lies at or below the span, as its parent sees it.
func (n *node) up() FrontierFlags {
	f := n.below &^ FrontierTool
	if n.isTool() {
		f &^= frontierNear
	}
	if n.own&nodeUsage != 0 {
		f |= FrontierUsage | FrontierNearUsage
	}
	if n.own&nodeMeans != 0 {
		f |= FrontierOurs
	}
	f |= n.callFlags()
	switch n.rank {
	case RankAgent:
		f |= FrontierAgent
	case RankWorkflow:
		f |= FrontierFlow
	case RankDefinite:
		f |= FrontierRun
	case RankNone, RankRoot:
	}
	return f
}

func (n *node) callFlags() FrontierFlags {
	switch {
	case n.isModel() && n.cost == CostEmbedding:
		return FrontierCall | FrontierNearEmbed
	case n.isModel():
		return FrontierCall | FrontierNearLLM
	case n.role != RoleCall && n.countsCall():
		return FrontierCall | FrontierNearLLM
	}
	return 0
}

// cover marks the nearest tool of that name from span i upwards, unless an agent or a call
// of a model stands between: it is the same call, instrumented twice.
func (t *Tree) cover(i int32, tool uint64) {
	for ; i >= 0; i = t.nodes[i].parent {
		n := &t.nodes[i]
		if n.isModel() || n.rank != RankNone {
			return
		}
		if n.isTool() && n.tool == tool {
			n.own |= nodeCovered
			return
		}
	}
}

// descend decides about runs, parents first.
func (t *Tree) descend(i int32) {
	n := &t.nodes[i]
	if n.parent >= 0 {
		p := &t.nodes[n.parent]
		n.top, n.named, n.runAt = p.top, p.named, p.runAt
		n.above = max(p.above, p.rank)
	} else {
		n.top = n.parentID
	}
	if n.own&nodeNamed != 0 {
		n.named = i
	}
	if n.own&nodeDuplicate == 0 && t.isRun(n) {
		n.own |= nodeRun
		if n.own&nodeLone == 0 {
			n.runAt = i
		}
	}
}

func (t *Tree) isRun(n *node) bool {
	switch {
	case n.rank == RankDefinite:
		return true
	case n.rank != RankNone:
		return n.above < n.rank && n.below.rank() <= n.rank
	case n.own&nodeLone != 0:
		return n.parent < 0 && n.below.rank() == RankNone && t.Roots != RootsNone
	case n.own&nodeRootless != 0:
		return n.below.rank() == RankNone && (t.Roots == RootsAny || t.Roots == RootsOfWorkflows && n.below&FrontierOurs != 0)
	}
	return false
}
