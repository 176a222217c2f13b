package flow

import "slices"

const (
	formSets = 64 // a power of two
	formWays = 4
	// maxForm is the most spans of a form.
	maxForm = 128
	// patience is how many traces, for each place there is, must go without one before all is
	// forgotten: what is common then finds its place again.
	patience = 16
)

// forms remembers how traces were decided. The traces of a workflow look alike: what their
// spans say, and how they are nested, decides all, whatever their ids. So a trace which lies
// whole in its batch is compared with earlier ones, by the shapes of its spans in the order of
// Add and the positions of their parents, and the verdicts are taken over if they fit:
//
//	position         0               1               2
//	span             chat 7b (→ 4a)  step 4a (→ 9c)  run 9c (→ 0)
//	shape, parent    18, 1           17, 2           16, none
//	verdict          call counts     a step          run counts
//
// A form is learnt when it is met the second time; there are at most 256 of 128 spans. Not safe
// for concurrent use.
type forms struct {
	sets    [formSets][formWays]*form
	met     [formSets * formWays]uint32 // of hashes that were met once
	learned uint32
	missed  int
	ids     idFilter
}

// form is a trace and what was decided about it.
type form struct {
	number uint32
	hash   uint64
	places []placement
}

// placement is one span of a form. Others are told by their positions.
type placement struct {
	mark    mark
	parent  int32 // -1 for a root
	near    int32 // the nearest step, or -1
	verdict Verdict
}

// mark is what a span says, as far as it decides anything: its shape and, in the lowest bits,
// which amounts it states that can be read.
type mark uint64

const (
	markUsage mark = 1 << iota
	markCost
	markSavings
	markShape // the bits from here on
)

func markOf(r *Reading) mark {
	m := mark(r.Shape) * markShape
	if r.Call.Usage.Known != 0 {
		m |= markUsage
	}
	if r.Call.Cost.OK {
		m |= markCost
	}
	if r.Call.Savings.OK {
		m |= markSavings
	}
	return m
}

func (m mark) usage() bool { return m&(markUsage|markCost) != 0 }

// shaped says whether spans of that mark all mean the same.
func (m mark) shaped() bool { return m >= markShape }

// Formed visits the traces which Recognise found to be like others before them: with their
// index, with a number, never 0, that is the same for traces whose spans have, in the order of
// Add, the same shapes and verdicts and state the same of usage, cost and savings, and with the
// indices of the spans in that order, which are borrowed. They are decided already. Visit
// reports false if something is remembered of the trace: Resolve decides about it then.
func (t *Tree) Formed(visit func(trace int, form uint32, spans []int32) (whole bool)) {
	for k := range t.traces {
		if ts := &t.traces[k]; ts.form != nil && !visit(k, ts.form.number, t.lineOf(ts)) {
			ts.form = nil
		}
	}
}

// Open returns, after Resolve, the indices of the spans of all other traces, in the order of
// Add; borrowed until Reset.
func (t *Tree) Open() []int32 { return t.open }

// Recognise looks for traces that were decided before, by what the batch says of them. It comes
// after the last Add and before Formed and Resolve, which do without it.
func (t *Tree) Recognise() {
	for k := range t.traces {
		if ts := &t.traces[k]; t.line(k) {
			ts.form = t.forms.find(t, ts)
		}
	}
}

// line writes down the spans of the k-th trace in the order of Add. It reports false if the
// trace can have no form.
func (t *Tree) line(k int) bool {
	ts := &t.traces[k]
	if ts.spans > maxForm || ts.replay || ts.vague {
		return false
	}
	ts.from = int32(len(t.lines))
	t.lines = slices.Grow(t.lines, int(ts.spans))[:ts.from+ts.spans]
	line := t.lineOf(ts)
	if first := ts.last + 1 - ts.spans; t.members[first].trace == int32(k) && t.members[first].at == 0 {
		for at := range line { // one after the other, as mostly
			line[at] = first + int32(at)
		}
		return true
	}
	for i, at := ts.last, ts.spans-1; i >= 0; at-- {
		line[at] = i
		i = t.members[i].before
	}
	return true
}

func (t *Tree) lineOf(ts *traceState) []int32 { return t.lines[ts.from : ts.from+ts.spans] }

// onLine returns the span at a position of its trace; -1 stays -1.
func (t *Tree) onLine(ts *traceState, at int32) int32 {
	if at < 0 {
		return at
	}
	return t.lines[ts.from+at]
}

// find returns the form of the trace, or nil.
func (f *forms) find(t *Tree, ts *traceState) *form {
	for _, known := range f.sets[ts.hash>>(64-6)&(formSets-1)] {
		if known != nil && known.hash == ts.hash && t.fits(known, t.lineOf(ts)) {
			return known
		}
	}
	return nil
}

// fits says whether a trace has the form: whether its spans say the same, have the same parents
// and are all different.
func (t *Tree) fits(f *form, line []int32) bool {
	if len(f.places) != len(line) {
		return false
	}
	ids := &t.forms.ids
	*ids = idFilter{}
	for at, i := range line {
		m, p := &t.members[i], &f.places[at]
		parent := SpanID(0)
		if p.parent >= 0 {
			parent = t.members[line[p.parent]].id
		}
		if m.mark != p.mark || m.parent != parent || ids.add(m.id) && t.twice(line[:at], m.id) {
			return false
		}
	}
	return true
}

func (t *Tree) twice(line []int32, id SpanID) bool {
	return slices.ContainsFunc(line, func(i int32) bool { return t.members[i].id == id })
}

// idFilter is a set of span ids that may hold more than were added.
type idFilter [16]uint64

// add reports whether the id may have been added before.
func (f *idFilter) add(id SpanID) bool {
	h := uint64(id) * hashMul1 >> (64 - 10)
	word, bit := &f[h>>6&15], uint64(1)<<(h&63)
	old := *word
	*word = old | bit
	return old&bit != 0
}

// learn keeps the form of a trace that has been decided, if it has been met before.
func (t *Tree) learn(ts *traceState) {
	if ts.from < 0 || !t.forms.again(ts.hash) {
		return
	}
	set := &t.forms.sets[ts.hash>>(64-6)&(formSets-1)]
	way := slices.Index(set[:], nil)
	if way < 0 {
		t.forms.missed++
		return
	}
	f := &form{hash: ts.hash, places: make([]placement, ts.spans)}
	for at, i := range t.lineOf(ts) {
		n := &t.nodes[i]
		if n.own&(nodeDuplicate|nodeCycle) != 0 || n.parent < 0 && n.parentID != 0 {
			return
		}
		p := &f.places[at]
		*p = placement{t.members[i].mark, t.position(n.parent), t.position(n.near), n.verdict()}
		p.verdict.Workflow = t.position(p.verdict.Workflow)
	}
	t.forms.learned++
	f.number = t.forms.learned
	set[way] = f
}

// position returns where in the line of its trace a span is; -1 stays -1.
func (t *Tree) position(i int32) int32 {
	if i < 0 {
		return i
	}
	return t.members[i].at
}

// again says whether the hash was met before, not too long ago.
func (f *forms) again(hash uint64) bool {
	at := &f.met[hash>>32%uint64(len(f.met))]
	was := *at
	*at = uint32(hash) | 1
	return was == *at
}

// tire forgets all if too many traces went without a place.
func (f *forms) tire() {
	if f.missed >= patience*formSets*formWays {
		*f = forms{learned: f.learned}
	}
}
