package flow

import "slices"

// RunVerdict is what Tree decides about a span as a run.
type RunVerdict uint8

// The verdicts on runs.
const (
	NotRun     RunVerdict = iota
	RunCounts             // the span is a run: count it now
	RunPending            // a candidate whose ancestors have not all arrived, or a call that may stand alone
)

// Roots says when the root of a trace counts as a run although no span of the trace claims
// to be one. Where the root is in another process and never arrives, the server or consumer
// span that the trace enters by stands for it.
type Roots uint8

// The choices of Roots.
const (
	RootsOfWorkflows Roots = iota // if the trace holds a span of a workflow
	RootsAny                      // always
	RootsNone                     // never
)

// Verdict is what Tree decides about one span. It is a plain value: concurrent reads are safe.
type Verdict struct {
	CountsCall  bool       // the span is the call that counts; duplicates and wrappers do not
	CountsUsage bool       // its tokens and its cost count
	Run         RunVerdict // a RunPending candidate waits for the span Top: see Tree.Fate
	Role        Role       // the final role: a nested run candidate is a step
	Workflow    int32      // index of the span whose Reading.Name names the workflow; -1 if the batch does not say
	Top         SpanID     // the nearest ancestor which the batch lacks; 0 if the batch reaches the root
	Faults      Faults     // what only the whole batch shows: FaultDuplicateID, FaultCycle
}

// Tree joins the readings of one batch with what earlier batches left pending, and decides
// what counts. Calls are decided bottom-up (the innermost counts), runs top-down (the
// outermost of the strongest rank counts), whatever the order of Add:
//
//	agent A  usage 30          run; its usage is covered by what lies below
//	├─ wrapper W  usage 10     covered by C
//	│  └─ chat C  usage 10     call and usage count
//	└─ chat D  usage 20        call and usage count
//
// The zero value is ready and is reused from batch to batch without allocating.
// It is not safe for concurrent use.
type Tree struct {
	// Roots says which roots count as runs although nothing in their trace claims to be one. It
	// stays as it is from the first Resolve on.
	Roots Roots

	members  []member // the spans, in the order of Add
	forms    forms
	lines    []int32 // the spans of one trace after the other, of those which may have a form
	open     []int32 // the spans about which no form decides, in the order of Add
	nodes    []node  // of the open spans
	ids      []int32 // open addressing: span id → index + 1, of the open spans
	traceIDs []int32 // open addressing: trace id → index + 1
	order    []int32 // children before parents
	tools    []int32 // the calls of tools
	traces   []traceState
	latest   int32      // the trace of the span added last
	covers   []coverage // tools of earlier batches, and where they lie
	pending  []Frontier // scratch of one trace
	waiting  []Frontier // remembered of one trace
	passed   []Passage  // remembered of one trace
	dropped  int
}

// coverage is a tool below a span.
type coverage struct {
	below int32
	tool  uint64
}

// member is a span as it was added.
type member struct {
	id      SpanID
	parent  SpanID
	reading *Reading
	mark    mark
	trace   int32 // index in traces
	before  int32 // the span of the trace added before, or -1
	at      int32 // position in the line of its trace
	kind    Kind
}

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

type traceState struct {
	id     TraceID
	spans  int32 // how many there are in the batch
	last   int32 // the last of them
	from   int32 // where its line begins
	before int   // frontiers and passages of earlier batches
	stands bool  // a root or an agent has counted what children that come late may repeat
	hash   uint64
	form   *form // that decides about it, or nil
}

// Reset forgets the batch.
func (t *Tree) Reset() {
	clear(t.members)
	clear(t.ids)
	clear(t.traceIDs)
	t.members, t.lines, t.open, t.nodes = t.members[:0], t.lines[:0], t.open[:0], t.nodes[:0]
	t.ids = t.ids[:0]
	t.order, t.tools = t.order[:0], t.tools[:0]
	t.traces, t.covers, t.dropped = t.traces[:0], t.covers[:0], 0
	t.forms.tire()
}

// Len returns the number of spans added since Reset.
func (t *Tree) Len() int { return len(t.members) }

// Dropped returns how many branches whose parents have not arrived were not remembered, since
// their traces had MaxFrontiers others: they may count a second time when the parents come.
func (t *Tree) Dropped() int { return t.dropped }

// Add adds a span and its reading; its index is the number of spans added before. It returns
// the index of the trace, which count up from 0 within a batch. Nothing of s is kept; r must
// stay as it is until Reset.
func (t *Tree) Add(s *Span, r *Reading) (trace int) {
	i, k := len(t.members), t.latest
	if i == 0 || t.traces[k].id != s.Trace { // batches come mostly trace by trace
		k = t.join(s.Trace)
		t.latest = k
	}
	ts := &t.traces[k]
	t.members = slices.Grow(t.members, 1)[:i+1]
	m := &t.members[i] // filled one by one: a literal would be copied
	m.id, m.parent, m.kind = s.ID, s.Parent, s.Kind
	m.reading, m.mark = r, markOf(r)
	m.trace, m.before = k, ts.last
	ts.last = int32(i)
	ts.spans++
	return int(k)
}

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

// Resolve decides about all spans added that have no form. With a nil Memory it sees the batch
// alone.
func (t *Tree) Resolve(m Memory) {
	for i := range t.members {
		if t.traces[t.members[i].trace].form == nil {
			t.open = append(t.open, int32(i))
		}
	}
	if len(t.open) == 0 {
		return
	}
	t.lay()
	if !t.collect(m, t.link()) {
		t.sort()
	}
	t.coverTools()
	for _, i := range t.order {
		t.ascend(i)
	}
	for _, i := range slices.Backward(t.order) {
		t.descend(i)
	}
	if m != nil {
		t.remember(m)
	}
}

// Verdict returns the decision about the i-th span added, after Resolve.
func (t *Tree) Verdict(i int) Verdict {
	m := &t.members[i]
	ts := &t.traces[m.trace]
	if ts.form == nil {
		return t.nodes[i].verdict()
	}
	v := ts.form.places[m.at].verdict
	v.Workflow = t.onLine(ts, v.Workflow)
	return v
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

// StepAt returns the index of the nearest step at or above the i-th span, -1 if the batch has
// none.
func (t *Tree) StepAt(i int) int {
	m := &t.members[i]
	ts := &t.traces[m.trace]
	if ts.form == nil {
		return int(t.nodes[i].near)
	}
	return int(t.onLine(ts, ts.form.places[m.at].near))
}

// Trace returns the trace of the i-th span added.
func (t *Tree) Trace(i int) TraceID { return t.traces[t.members[i].trace].id }

// Span returns the id of the i-th span added.
func (t *Tree) Span(i int) SpanID { return t.members[i].id }

// Awaited visits the traces of the batch for which earlier batches left something pending.
func (t *Tree) Awaited(visit func(TraceID)) {
	for k := range t.traces {
		if t.traces[k].before > 0 {
			visit(t.traces[k].id)
		}
	}
}

// Owner returns the index of the span whose Reading.Name names the workflow of a span of the
// batch, or -1 if the batch does not say or has no such span. It and Fate know the traces that
// Awaited visits.
func (t *Tree) Owner(trace TraceID, id SpanID) int32 {
	if i := t.locate(trace, id); i >= 0 {
		return t.nodes[i].owner()
	}
	return -1
}

func (n *node) owner() int32 {
	if n.named >= 0 {
		return n.named
	}
	return n.runAt
}

// locate returns the index of a span of the batch, or -1.
func (t *Tree) locate(trace TraceID, id SpanID) int32 {
	if len(t.traceIDs) == 0 {
		return -1
	}
	if _, k := t.traceSlot(trace); k >= 0 {
		return t.find(k, id)
	}
	return -1
}

// Fate says what became of a run candidate of an earlier batch that waits for the span top.
// RunPending comes with the span it waits for now, which is top itself if it did not arrive.
// A call that has an ancestor does not stand alone, and a span without meaning is no root.
func (t *Tree) Fate(trace TraceID, top SpanID, rank Rank) (RunVerdict, SpanID) {
	i := t.locate(trace, top)
	if i < 0 {
		return RunPending, top
	}
	n := &t.nodes[i]
	switch {
	case rank <= RankRoot || max(n.rank, n.above) >= rank:
		return NotRun, 0
	case n.top != 0:
		return RunPending, n.top
	}
	return RunCounts, 0
}
