package flow

// collect hands the frontiers of earlier batches to the spans that arrived now.
func (t *Tree) collect(m Memory) {
	if m == nil {
		return
	}
	for k := range t.traces {
		ts := &t.traces[k]
		before := m.Frontiers(ts.id)
		ts.before = len(before)
		for _, f := range before {
			i := t.find(int32(k), f.ID)
			if i < 0 {
				continue
			}
			t.nodes[i].below |= f.Flags
			if f.Flags&FrontierTool != 0 {
				t.cover(i, f.Tool)
			}
		}
	}
}

// remember leaves the frontiers of each trace to the next batches: the old ones whose spans
// have not arrived, and one for each missing parent of this batch.
func (t *Tree) remember(m Memory) {
	for k := range t.traces {
		ts := &t.traces[k]
		t.pending = t.pending[:0]
		for _, f := range t.before(m, ts) {
			i := t.find(int32(k), f.ID)
			if i < 0 {
				t.leave(f)
			} else if f.Flags&FrontierTool != 0 {
				t.leaveTool(i, 0, f.Tool)
			}
		}
		t.leaveBatch(ts)
		if ts.before > 0 || len(t.pending) > 0 {
			m.SetFrontiers(ts.id, t.pending)
		}
	}
}

// before returns what earlier batches left of the trace; most traces have nothing, and
// asking again would cost.
func (t *Tree) before(m Memory, ts *traceState) []Frontier {
	if ts.before == 0 {
		return nil
	}
	return m.Frontiers(ts.id)
}

// leaveBatch leaves what the spans of one trace have below their missing parents.
func (t *Tree) leaveBatch(ts *traceState) {
	for i := ts.last; i >= 0; i = t.nodes[i].next {
		n := &t.nodes[i]
		if n.own&nodeDuplicate != 0 || n.top == 0 {
			continue
		}
		if n.parent < 0 {
			if flags := n.up(); flags != 0 {
				t.leave(Frontier{ID: n.parentID, Flags: flags})
			}
		}
		if n.isTool() {
			t.leaveTool(n.parent, n.parentID, n.tool)
		}
	}
}

// leaveTool leaves a tool below span i, if the way up from there to a missing span is free of
// agents, model calls and tools of that name.
func (t *Tree) leaveTool(i int32, missing SpanID, tool uint64) {
	for ; i >= 0; i = t.nodes[i].parent {
		n := &t.nodes[i]
		if n.isModel() || n.rank != RankNone || n.isTool() && n.tool == tool {
			return
		}
		missing = n.parentID
	}
	if missing != 0 {
		t.leave(Frontier{ID: missing, Flags: FrontierTool, Tool: tool})
	}
}

// leave merges a frontier into those of the same span, as long as one tool suffices.
func (t *Tree) leave(f Frontier) {
	for k := range t.pending {
		p := &t.pending[k]
		if p.ID == f.ID && (p.Tool == f.Tool || p.Tool == 0 || f.Tool == 0) {
			p.Flags |= f.Flags
			p.Tool |= f.Tool
			return
		}
	}
	t.pending = append(t.pending, f)
}
