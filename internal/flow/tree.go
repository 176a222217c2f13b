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
	Replay      bool       // the trace is a replay, of which nothing counts
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

type traceState struct {
	id     TraceID
	spans  int32  // how many there are in the batch
	last   int32  // the last of them
	from   int32  // where its line begins, -1 without one
	before int    // frontiers and passages of earlier batches
	stands bool   // a root or an agent has counted what children that come late may repeat
	vague  bool   // some span has no shape or no id
	replay bool   // some span says that the trace is a replay
	hash   uint64 // of the marks of its spans
	form   *form  // that decides about it, or nil
}

// Reset forgets the batch. Pointers to its readings stay until others are in their places:
// clearing them took 2 ns a span.
func (t *Tree) Reset() {
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
	m.trace, m.before, m.at = k, ts.last, ts.spans
	ts.hash = (ts.hash ^ uint64(m.mark)) * hashMul1
	ts.vague = ts.vague || !m.mark.shaped() || m.id == 0
	ts.last = int32(i)
	ts.spans++
	ts.replay = ts.replay || r.Replay
	return int(k)
}

// Resolve decides about all spans added that have no form. With a nil Memory it sees the batch
// alone.
func (t *Tree) Resolve(m Memory) {
	if t.closed() {
		return
	}
	for i := range t.members {
		if t.traces[t.members[i].trace].form == nil {
			t.open = append(t.open, int32(i))
		}
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

// closed says whether a form decides about every trace.
func (t *Tree) closed() bool {
	for k := range t.traces {
		if t.traces[k].form == nil {
			return false
		}
	}
	return true
}

// Verdict returns the decision about the i-th span added, after Resolve.
func (t *Tree) Verdict(i int) Verdict {
	m := &t.members[i]
	ts := &t.traces[m.trace]
	if ts.replay {
		return Verdict{Workflow: -1, Replay: true}
	}
	if ts.form == nil {
		return t.nodes[i].verdict()
	}
	v := ts.form.places[m.at].verdict
	v.Workflow = t.onLine(ts, v.Workflow)
	return v
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
