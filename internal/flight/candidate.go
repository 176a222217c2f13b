package flight

import (
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// maxPending bounds the candidates that wait in one trace.
const maxPending = 16

// Hold keeps a candidate until its ancestors have arrived or its trace is settled.
// It returns false where too many wait already: what has so many beside it is
// hardly the run.
func (t *Table) Hold(id flow.TraceID, now time.Time, c *Candidate) bool {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	tr := s.open(id, t.clock(now))
	tr.ended.reopen()
	m := tr.extend()
	if c.Rank == flow.RankCall {
		m.calls++
		if m.calls > 1 {
			return true
		}
	}
	if len(m.pending) == maxPending {
		return c.Rank <= flow.RankRoot
	}
	own := *c
	own.Run, own.Step, own.StepKind = s.keep(&c.Run), s.intern(c.Step), s.intern(c.StepKind)
	m.pending = append(m.pending, own)
	return true
}

// Fate says what became of a candidate that waits for the span top, as
// [flow.Tree.Fate] does.
type Fate func(id flow.TraceID, top flow.SpanID, rank flow.Rank) (flow.RunVerdict, flow.SpanID)

// Review asks for the fate of each candidate of the trace, now that more of its
// spans have arrived, and appends those that are decided to dst, with Top the span
// that decided:
//
//	batch 1:  agent A (parent S)      A waits for S
//	batch 2:  step S (parent P)       A waits for P
//	batch 3:  workflow P (no parent)  P is the run, A a step
func (t *Table) Review(id flow.TraceID, fate Fate, dst []Resolved) []Resolved {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	tr := s.byID[id]
	if tr == nil || len(tr.pending()) == 0 {
		return dst
	}
	m := tr.more
	kept := m.pending[:0]
	for i := range m.pending {
		c := m.pending[i]
		verdict, next := flow.RunPending, c.Top
		if c.Top != 0 {
			verdict, next = fate(id, c.Top, c.Rank)
		}
		switch {
		case verdict == flow.RunPending:
			c.Top = next
			kept = append(kept, c)
		case c.Rank <= flow.RankRoot: // it does not stand alone
		case verdict == flow.RunCounts:
			s.end(tr, &c.Run)
			dst = append(dst, Resolved{c, true})
		default:
			dst = append(dst, Resolved{c, false})
		}
	}
	m.pending = kept
	return dst
}

// complete says whether nothing more of the trace is waited for: its run has ended,
// or all that it has is a call whose parents have arrived.
func (tr *trace) complete() bool {
	if tr.ended.ok {
		return true
	}
	pending := tr.pending()
	for i := range pending {
		if pending[i].Top != 0 {
			return false
		}
	}
	return len(pending) > 0
}

// giveUp decides about the candidates whose ancestors never came. If a run of the
// trace has been counted they lay within it. Else those are runs that do not lie
// within another. What is a run only for want of a better one is nothing otherwise,
// not even a step; and whether there is a better one is not known of a trace that is
// evicted.
func (s *shard) giveUp(tr *trace, evicted bool) (out []Resolved) {
	pending, strongest := tr.pending(), flow.RankNone
	for i := range pending {
		strongest = max(strongest, pending[i].Rank)
	}
	for i := range pending {
		c := &pending[i]
		counts := !tr.ended.ok && !tr.ended.ran && !within(pending, i)
		switch {
		case c.Rank > flow.RankRoot:
			out = append(out, Resolved{*c, counts})
		case !counts || c.Rank < strongest || evicted:
		case c.Rank == flow.RankRoot || tr.more.calls == 1 && !s.around.contain(&c.Run):
			out = append(out, Resolved{*c, true})
		}
	}
	return out
}

// within says whether another candidate of at least that rank lasted longer. Of two
// that lasted equally long the later one is the outer.
func within(pending []Candidate, i int) bool {
	c := &pending[i]
	for k := range pending {
		o := &pending[k]
		if k != i && o.Rank >= c.Rank && o.contains(&c.Run) && (k > i || !c.contains(&o.Run)) {
			return true
		}
	}
	return false
}
