package flow

import "slices"

// maxNested is how many tools, one in the other, are looked through for the same one: each
// span is judged by a bounded number of others.
const maxNested = 32

// coverTools marks tools which are instrumented twice, so that the inner span counts:
//
//	tool A        covered by the A below
//	└─ tool B
//	   └─ tool A  counts
//	      └─ chat
//	         └─ tool A  counts: a call of a model stands between
func (t *Tree) coverTools() {
	if len(t.tools) == 0 {
		return
	}
	for _, i := range slices.Backward(t.order) {
		t.nearTool(i)
	}
	for _, c := range t.covers {
		t.cover(c.below, c.tool)
	}
	for _, i := range t.tools {
		if n := &t.nodes[i]; n.own&nodeDuplicate == 0 {
			t.cover(n.parent, n.tool)
		}
	}
}

// nearTool notes the nearest tool at or above the span, if nothing stands between that hides
// it, else -1. The parent's must be known.
func (t *Tree) nearTool(i int32) {
	switch n := &t.nodes[i]; {
	case n.hides():
		n.near = -1
	case n.isTool():
		n.near = i
	case n.parent >= 0:
		n.near = t.nodes[n.parent].near
	default:
		n.near = -1
	}
}

// cover marks the nearest tool of that name from span i upwards: it is the same call,
// instrumented twice.
func (t *Tree) cover(i int32, tool uint64) {
	for range maxNested {
		if i < 0 {
			return
		}
		if i = t.nodes[i].near; i < 0 {
			return
		}
		n := &t.nodes[i]
		if n.tool == tool {
			n.own |= nodeCovered
			return
		}
		i = n.parent
	}
}
