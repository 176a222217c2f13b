package flow

import "slices"

// node is what Tree works out about a span: 64 bytes, one cache line, since every pass goes
// through all of them.
type node struct {
	id       SpanID
	parentID SpanID
	top      SpanID
	tool     uint64 // hash of the tool's name
	parent   int32  // index, or -1
	near     int32  // first how many children are not yet in order, then the nearest tool, at last the nearest step
	inTrace  int32  // index in traces
	next     int32  // the span of the trace added before, or -1
	named    int32  // nearest span at or above which names a workflow, or -1
	runAt    int32  // outermost of the strongest candidates at or above, or -1
	below    FrontierFlags
	own      nodeFlags // and above standingShift what has counted above
	role     Role
	rank     Rank
	above    Rank // strongest candidate above
	cost     CostKind
}

type nodeFlags uint16

const (
	nodeUsage     nodeFlags = 1 << iota // states usage or cost
	nodeNamed                           // has a workflow name of its own
	nodeDuplicate                       // the same span came twice in the batch
	nodeEntry                           // means nothing unless its trace, or the part of it that is here, begins there
	nodeCovered                         // a tool inside repeats its call
	nodeRun                             // counts as the run
	nodeOpen                            // neither agent nor model call lies between it, itself included, and Top
	nodeEcho                            // states the usage of a call elsewhere
	nodeLone                            // a call of a model which is the run if nothing is around it
	nodeCycle                           // was its own ancestor, and lost its parent
	nodeLate                            // its parent came in an earlier batch

	standingShift = 11
)

func (n *node) stood() Standing { return Standing(n.own >> standingShift) }

func (n *node) stand(s Standing) { n.own |= nodeFlags(s) << standingShift }

// lay makes the nodes of the open spans.
func (t *Tree) lay() {
	t.nodes = slices.Grow(t.nodes, len(t.members))[:len(t.members)]
	t.sizeIDs(len(t.open))
	for _, i := range t.open {
		t.node(i)
	}
}

func (t *Tree) node(i int32) {
	m := &t.members[i]
	r, n := m.reading, &t.nodes[i]
	*n = node{
		id: m.id, parentID: m.parent, parent: -1, inTrace: m.trace, next: m.before, named: -1, runAt: -1,
		role: r.Role, rank: r.Rank, cost: r.Call.Kind,
	}
	if !t.enter(i) {
		n.own |= nodeDuplicate
	}
	if m.mark.usage() {
		n.own |= nodeUsage
	}
	if r.Workflow != "" && r.Role != RoleMarker {
		n.own |= nodeNamed
	}
	if n.isTool() {
		n.tool = hashName(r.Call.Tool)
		t.tools = append(t.tools, i)
	}
	n.weigh(m)
}

// weigh sets apart those candidates that are runs only if nothing else in their trace is.
func (n *node) weigh(m *member) {
	switch n.rank {
	case RankRoot:
		n.rank = RankNone
		if m.parent == 0 || m.kind == KindServer || m.kind == KindConsumer {
			n.own |= nodeEntry
		}
	case RankCall:
		n.rank = RankNone
		n.own |= nodeLone
	case RankNone, RankAgent, RankWorkflow, RankDefinite:
	}
	if m.reading.Echo {
		n.own |= nodeEcho
	}
	if n.own&nodeLone != 0 && m.parent == 0 && m.reading.Name() != "" {
		n.own |= nodeNamed
	}
}

func (n *node) isTool() bool { return n.role == RoleCall && n.cost == CostTool }

// means says whether the span is of a workflow.
func (n *node) means() bool { return n.role != RoleOther && n.role != RoleMarker }

// hides says whether tools above and below the span are different calls.
func (n *node) hides() bool { return n.isModel() || n.rank != RankNone }

func (n *node) isModel() bool {
	return n.role == RoleCall && (n.cost == CostLLM || n.cost == CostEmbedding)
}

func (n *node) verdict() Verdict {
	v := Verdict{Role: n.role, Workflow: n.owner(), Top: n.top}
	if n.own&nodeCycle != 0 {
		v.Faults = FaultCycle
	}
	if n.own&nodeDuplicate != 0 {
		v.Role = RoleOther
		v.Faults |= FaultDuplicateID
		return v
	}
	v.CountsCall = n.countsCall()
	v.CountsUsage = n.countsUsage()
	switch {
	case n.own&nodeRun == 0:
		if n.role == RoleRun {
			v.Role = RoleStep
		}
	case n.own&nodeLone != 0:
		v.Run = RunPending
	case n.top != 0 && n.rank != RankDefinite:
		v.Role, v.Run = RoleRun, RunPending
	default:
		v.Role, v.Run = RoleRun, RunCounts
	}
	return v
}

func (n *node) countsCall() bool {
	switch {
	case n.isTool():
		return n.own&nodeCovered == 0
	case n.role == RoleCall && n.cost == CostLLM:
		return n.below&FrontierNearLLM == 0 && n.stood()&StoodNearLLM == 0
	case n.role == RoleCall && n.cost == CostEmbedding:
		return n.below&FrontierNearEmbed == 0 && n.stood()&StoodNearEmbed == 0
	case n.role == RoleCall:
		return true
	}
	return n.own&(nodeUsage|nodeEcho) == nodeUsage && n.ofModel() && n.below&FrontierCall == 0 && n.stood()&StoodNearLLM == 0
}

func (n *node) owner() int32 {
	if n.named >= 0 {
		return n.named
	}
	return n.runAt
}
