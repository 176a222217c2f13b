package flow

// link finds the parents and counts the children. It reports whether the children were
// added before their parents, as exporters send them: then there is nothing to sort.
func (t *Tree) link() (sorted bool) {
	sorted = true
	for i := range t.nodes {
		n := &t.nodes[i]
		n.parent = t.find(n.inTrace, n.parentID)
		if n.parent >= 0 {
			t.nodes[n.parent].children++
			sorted = sorted && n.parent > int32(i)
		}
		t.order = append(t.order, int32(i))
	}
	return sorted
}

// sort puts children before parents. Spans on a cycle of parents, which only broken ids
// make, lose their parents.
func (t *Tree) sort() {
	t.order = t.order[:0]
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
		t.nodes[n.parent].below |= n.handUp()
	}
}

// handUp is up without what a tool hides that was passed on the way to the parent.
func (n *node) handUp() FrontierFlags {
	f := n.up()
	if n.stood()&StoodTool != 0 {
		f &^= frontierNear
	}
	return f
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
	case RankNone, RankCall, RankRoot:
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
		n.above = max(n.above, p.above, p.rank)
		if p.top != 0 || p.stood() != 0 {
			n.stand(p.stands())
		}
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
	case n.own&(nodeLone|nodeEntry) != 0:
		return n.parent < 0 && n.own&nodeLate == 0 && n.below.rank() == RankNone && t.takes(n)
	}
	return false
}

// takes says whether a span that is a run only for want of a better one may be one. What
// lies around an entry without parent here is not known: it must hold something of ours.
func (t *Tree) takes(n *node) bool {
	switch t.Roots {
	case RootsNone:
		return false
	case RootsAny:
		return n.own&nodeLone != 0 || n.parentID == 0 || n.below&FrontierOurs != 0
	case RootsOfWorkflows:
	}
	return n.own&nodeLone != 0 || n.below&FrontierOurs != 0
}
