package costprocessor

import (
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// sums are what lies at and below a span.
type sums struct {
	usd       float64
	priced    int64 // spans that bear a cost
	llmCalls  int64
	toolCalls int64
	unpriced  int64
	run       bool // some span of it is a run
}

func (a *sums) add(b *sums) {
	a.usd += b.usd
	a.priced += b.priced
	a.llmCalls += b.llmCalls
	a.toolCalls += b.toolCalls
	a.unpriced += b.unpriced
	a.run = a.run || b.run
}

// sum adds up what lies below each span, and learns from it what hits of a cache saved.
func (s *scratch) sum() {
	for i := range s.seen {
		s.sums = append(s.sums, s.own(i))
	}
	s.tree.Ascend(func(i, parent int) {
		switch {
		case parent >= 0:
			s.sums[parent].add(&s.sums[i])
		case !s.sums[i].run && s.tree.Verdict(i).Top != 0:
			s.partial[s.tree.Trace(i)] = struct{}{}
		}
	})
	s.tree.Awaited(func(trace flow.TraceID) { s.partial[trace] = struct{}{} })
	s.learn()
}

// own is what a span adds by itself.
func (s *scratch) own(i int) (own sums) {
	at, v := &s.seen[i], s.tree.Verdict(i)
	own.run = isRun(&v)
	if v.CountsCall {
		switch at.reading.Call.Kind {
		case flow.CostLLM, flow.CostEmbedding:
			own.llmCalls = 1
		case flow.CostTool:
			own.toolCalls = 1
		case flow.CostCompute, flow.CostOther:
		}
	}
	if at.claim < 0 {
		return own
	}
	switch c := &s.claims[at.claim]; {
	case c.status.amounts():
		own.usd, own.priced = c.usd, 1
	case c.status.word == wordUnpriced:
		own.unpriced = 1
	}
	return own
}

func isRun(v *flow.Verdict) bool { return v.Role == flow.RoleRun && v.Run != flow.NotRun }

// rollUp writes the sums of the runs on their spans, and how they stand to their budgets.
func (s *scratch) rollUp() {
	if s.p.cfg.Rollup.Mode == RollupOff && len(s.p.cfg.Budgets) == 0 {
		return
	}
	for i := range s.seen {
		if below := &s.sums[i]; below.run && below.llmCalls+below.toolCalls+below.priced+below.unpriced > 0 {
			if v := s.tree.Verdict(i); isRun(&v) {
				s.tellRun(i, below)
			}
		}
	}
}

func (s *scratch) tellRun(i int, below *sums) {
	attributes := s.seen[i].span.Attributes()
	s.notes = s.notes[:0]
	if s.p.cfg.Rollup.Mode == RollupTrace {
		if below.priced > 0 {
			s.notes = append(s.notes, note{name: attrRollupTotal, number: below.usd})
		}
		if s.p.cfg.Rollup.PartialAttribute {
			_, partial := s.partial[s.tree.Trace(i)]
			attributes.PutBool(attrRollupPartial, partial)
		}
		attributes.PutInt(attrRollupLLM, below.llmCalls)
		attributes.PutInt(attrRollupTools, below.toolCalls)
		attributes.PutInt(attrRollupUnpriced, below.unpriced)
	}
	s.noteBudget(i, below.usd)
	put(attributes, s.notes)
}
