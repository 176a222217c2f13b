package flow

// link finds the parents and counts the children. It reports whether the children were
// added before their parents, as exporters send them: then there is nothing to sort. Siblings
// often follow each other, and their parent is looked up once.
func (t *Tree) link() (sorted bool) {
	sorted = true
	before := &node{parent: -1}
	t.order = append(t.order, t.open...)
	for _, i := range t.open {
		n := &t.nodes[i]
		if n.parentID == before.parentID && n.inTrace == before.inTrace {
			n.parent = before.parent
		} else {
			n.parent = t.find(n.inTrace, n.parentID)
		}
		before = n
		if n.parent >= 0 {
			t.nodes[n.parent].near++
			sorted = sorted && n.parent > i
		}
	}
	return sorted
}

// sort puts children before parents.
func (t *Tree) sort() {
	t.order = t.order[:0]
	for _, i := range t.open {
		t.climb(i)
	}
	for k := 0; len(t.order) < len(t.open); k++ {
		if i := t.open[k]; t.nodes[i].near >= 0 {
			t.climb(t.cut(i))
		}
	}
}

// climb puts the span in order if its children are, and then its ancestors.
func (t *Tree) climb(i int32) {
	for i >= 0 && t.nodes[i].near == 0 {
		n := &t.nodes[i]
		n.near = -1
		t.order = append(t.order, i)
		if i = n.parent; i >= 0 {
			t.nodes[i].near--
		}
	}
}

// cut opens a circle of parents, which only broken ids make, and returns its end without
// children: of all its spans the one of the smallest id loses its parent, whatever the order
// of Add. What hung on the circle is in order already.
//
//	3 → 7 → 5 → 3   becomes   7 → 5 → 3
func (t *Tree) cut(i int32) int32 {
	low := i
	for at := t.nodes[i].parent; at != i; at = t.nodes[at].parent {
		if t.nodes[at].id < t.nodes[low].id {
			low = at
		}
	}
	n := &t.nodes[low]
	end := n.parent
	n.parent = -1
	n.own |= nodeCycle
	t.nodes[end].near--
	return end
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
	if n.own&nodeUsage != 0 && n.ofModel() {
		f |= FrontierUsage | FrontierNearUsage
	}
	if n.means() {
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

// descend decides about runs, parents first, and notes the nearest step of the run.
func (t *Tree) descend(i int32) {
	n := &t.nodes[i]
	n.near = -1
	if n.parent >= 0 {
		n.inherit(&t.nodes[n.parent])
	} else if n.top = n.parentID; n.top != 0 {
		n.own |= nodeOpen
	}
	if n.hides() {
		n.own &^= nodeOpen
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
	switch {
	case n.role == RoleStep, n.role == RoleAttempt, n.role == RoleRun && n.own&nodeRun == 0:
		n.near = i
	case n.own&nodeRun != 0:
		n.near = -1
	}
}

// inherit takes what holds for all that lies below the parent.
func (n *node) inherit(p *node) {
	n.top, n.named, n.runAt, n.near = p.top, p.named, p.runAt, p.near
	n.own |= p.own & nodeOpen
	n.above = max(n.above, p.above, p.rank)
	if p.top != 0 || p.stood() != 0 {
		n.stand(p.stands())
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
