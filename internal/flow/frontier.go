package flow

import "slices"

// replayed is all that is remembered of a replay: an ancestor that never comes.
var replayed = Frontier{Flags: FrontierReplay}

// collect takes what earlier batches left of the traces of this one: it leads children that
// come late past the parents that have gone, and hands frontiers to the spans that arrived.
// It returns whether children still come before their parents.
func (t *Tree) collect(m Memory, sorted bool) bool {
	if m == nil {
		return sorted
	}
	for k := range t.traces {
		ts := &t.traces[k]
		if ts.form != nil {
			continue
		}
		t.waiting, t.passed = m.Recall(ts.id, t.waiting[:0], t.passed[:0])
		ts.before = len(t.waiting) + len(t.passed)
		ts.replay = ts.replay || slices.Contains(t.waiting, replayed)
		if len(t.passed) > 0 {
			for i := ts.last; i >= 0; i = t.nodes[i].next {
				t.lead(i)
				p := t.nodes[i].parent
				sorted = sorted && (p < 0 || p > i)
			}
		}
		t.hand(int32(k))
	}
	return sorted
}

// hand gives the frontiers of the k-th trace to the spans that arrived. Tools are covered
// when all parents are known.
func (t *Tree) hand(k int32) {
	for _, f := range t.waiting {
		i := t.find(k, f.ID)
		if i < 0 {
			continue
		}
		t.nodes[i].below |= f.Flags
		if f.Flags&FrontierTool != 0 {
			t.covers = append(t.covers, coverage{i, f.Tool})
		}
	}
}

// lead follows the passages from a span whose parent is not in the batch.
func (t *Tree) lead(i int32) {
	n := &t.nodes[i]
	for range t.passed {
		if n.parent >= 0 || n.parentID == 0 {
			return
		}
		p := t.passage(n.parentID)
		if p == nil {
			return
		}
		n.goPast(p)
		if n.parent = t.find(n.inTrace, n.parentID); n.parent >= 0 {
			t.nodes[n.parent].near++
		}
	}
}

func (t *Tree) passage(id SpanID) *Passage {
	for i := range t.passed {
		if t.passed[i].ID == id {
			return &t.passed[i]
		}
	}
	return nil
}

func (n *node) goPast(p *Passage) {
	if n.isTool() && p.Tool == n.tool {
		n.own |= nodeCovered
	}
	stood := p.Stood
	if n.stood()&StoodTool != 0 {
		stood &^= stoodNear
	}
	n.stand(stood)
	n.above = max(n.above, p.Rank)
	n.own |= nodeLate
	n.parentID = p.Up
}

// remember leaves what the next batches need of each trace: the old frontiers whose spans
// have not arrived, one for each missing parent of this batch, and the latest spans.
func (t *Tree) remember(m Memory) {
	for k := range t.traces {
		ts := &t.traces[k]
		if ts.form != nil {
			continue
		}
		if ts.replay {
			m.Remember(ts.id, []Frontier{replayed}, nil)
			continue
		}
		t.pending, t.waiting, t.passed = t.pending[:0], t.waiting[:0], t.passed[:0]
		if ts.before > 0 { // most traces have nothing, and asking again would cost
			t.waiting, t.passed = m.Recall(ts.id, t.waiting, t.passed)
		}
		for _, f := range t.waiting {
			i := t.find(int32(k), f.ID)
			if i < 0 {
				t.leave(f)
			} else if f.Flags&FrontierTool != 0 {
				t.leaveTool(&t.nodes[i], f.Tool)
			}
		}
		t.leaveBatch(ts)
		if ts.before > 0 || len(t.pending) > 0 || ts.stands {
			m.Remember(ts.id, t.pending, t.passages(ts))
		} else {
			t.learn(ts)
		}
	}
}

// passages returns the latest of those remembered and of the batch, the oldest first.
func (t *Tree) passages(ts *traceState) []Passage {
	old := len(t.passed)
	most := old + MaxPassages
	for i := ts.last; i >= 0 && len(t.passed) < most; i = t.nodes[i].next {
		if n := &t.nodes[i]; n.own&nodeDuplicate == 0 {
			t.passed = append(t.passed, Passage{
				ID: n.id, Up: n.top, Tool: n.tool, Stood: n.stands(), Rank: max(n.rank, n.above),
			})
		}
	}
	slices.Reverse(t.passed[old:])
	return t.passed[max(0, len(t.passed)-MaxPassages):]
}

// stands says what has counted at or above the span, as a late child of it sees it.
func (n *node) stands() Standing {
	s := n.stood()
	switch {
	case n.isTool():
		s = s&^stoodNear | StoodTool
	case n.role == RoleCall && n.cost == CostEmbedding && n.countsCall():
		s |= StoodNearEmbed
	case (n.role != RoleCall || n.cost == CostLLM) && n.countsCall():
		s |= StoodNearLLM
	}
	if n.countsUsage() && n.ofModel() {
		if n.role == RoleCall {
			return s | StoodNearUsage
		}
		return s | StoodUsage
	}
	return s
}

// leaveBatch leaves what the spans of one trace have below their missing parents.
func (t *Tree) leaveBatch(ts *traceState) {
	for i := ts.last; i >= 0; i = t.nodes[i].next {
		n := &t.nodes[i]
		if n.own&nodeDuplicate != 0 {
			continue
		}
		if n.top == 0 {
			ts.stands = ts.stands || (n.parent < 0 || n.role != RoleCall) && n.ofModel() && n.countsUsage()
			continue
		}
		if n.parent < 0 {
			if flags := n.handUp(); flags != 0 {
				t.leave(Frontier{ID: n.parentID, Flags: flags})
			}
		}
		if n.isTool() {
			t.leaveTool(n, n.tool)
		}
	}
}

// leaveTool leaves a tool at or below the span to the missing one. Tools of that name on the
// way up leave the same.
func (t *Tree) leaveTool(n *node, tool uint64) {
	if n.own&nodeOpen != 0 {
		t.leave(Frontier{ID: n.top, Flags: FrontierTool, Tool: tool})
	}
}

// leave merges a frontier into those of the same span, as long as one tool suffices. Where
// there are too many already it is dropped: to look through more would cost, too.
func (t *Tree) leave(f Frontier) {
	for k := range t.pending {
		p := &t.pending[k]
		if p.ID == f.ID && (p.Tool == f.Tool || p.Tool == 0 || f.Tool == 0) {
			p.Flags |= f.Flags
			p.Tool |= f.Tool
			return
		}
	}
	if len(t.pending) == MaxFrontiers {
		t.dropped++
		return
	}
	t.pending = append(t.pending, f)
}
