package costprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// The attributes that are written.
const (
	attrTotal      = "workflow.cost.total"
	attrInput      = "workflow.cost.input"
	attrOutput     = "workflow.cost.output"
	attrCacheRead  = "workflow.cost.cache_read"
	attrCacheWrite = "workflow.cost.cache_write"
	attrReasoning  = "workflow.cost.reasoning"
	attrOther      = "workflow.cost.other"
	attrCurrency   = "workflow.cost.currency"
	attrSource     = "workflow.cost.source"
	attrStatus     = "workflow.cost.status"
	attrReason     = "workflow.cost.reason"
	attrPriceRef   = "workflow.cost.price_ref"
	attrTier       = "workflow.cost.service_tier"
	attrSemantics  = "workflow.cost.usage_semantics"
	attrKind       = "workflow.cost.kind"

	attrSavingsTotal         = "workflow.savings.total"
	attrSavingsPromptCache   = "workflow.savings.prompt_cache"
	attrSavingsResponseCache = "workflow.savings.response_cache"
	attrSavingsRouter        = "workflow.savings.router"
	attrSavingsServiceTier   = "workflow.savings.service_tier"
	attrSavingsDiscount      = "workflow.savings.discount"

	attrRollupTotal    = "workflow.cost.rollup.total"
	attrRollupLLM      = "workflow.cost.rollup.llm_calls"
	attrRollupTools    = "workflow.cost.rollup.tool_calls"
	attrRollupUnpriced = "workflow.cost.rollup.unpriced_spans"
	attrRollupPartial  = "workflow.cost.rollup.partial"

	attrBudgetName  = "workflow.budget.name"
	attrBudgetLimit = "workflow.budget.limit"
	attrBudgetUsed  = "workflow.budget.used"
	attrBudgetRatio = "workflow.budget.ratio"
	attrBudgetState = "workflow.budget.state"
)

// currency is that of all amounts.
const currency = "USD"

// note is an attribute to write: a text, or else a number.
type note struct {
	name   string
	text   string
	number float64
}

// write writes on a span what was decided about it.
func (s *scratch) write(c *claim, q *cost.Quote) {
	s.census.spans[c.status.word][c.status.reason]++
	s.notes = s.notes[:0]
	if c.status.amounts() {
		s.noteCost(c, q)
	}
	s.noteSavings(&q.Savings)
	s.noteText(attrStatus, words[c.status.word])
	s.noteText(attrReason, reasons[c.status.reason])
	put(s.seen[c.at].span.Attributes(), s.notes)
}

func (s *scratch) noteCost(c *claim, q *cost.Quote) {
	s.notes = append(s.notes, note{name: attrTotal, number: q.Cost.Total()})
	s.noteNumber(attrInput, q.Cost.Input)
	s.noteNumber(attrOutput, q.Cost.Output)
	s.noteNumber(attrCacheRead, q.Cost.CacheRead)
	s.noteNumber(attrCacheWrite, q.Cost.CacheWrite)
	s.noteNumber(attrReasoning, q.Cost.Reasoning)
	s.noteNumber(attrOther, q.Cost.Other)
	s.noteText(attrCurrency, currency)
	s.noteText(attrSource, q.Source.String())
	s.noteText(attrSemantics, c.status.semantics)
	if q.Entry != nil {
		s.noteText(attrPriceRef, q.Entry.Ref)
	}
	if q.Tier != cost.TierStandard {
		s.noteText(attrTier, q.Tier.String())
	}
	if q.Source == cost.SourceUnitPrice && s.seen[c.at].reading.Role != flow.RoleCall {
		s.noteText(attrKind, flow.CostCompute.String())
	}
}

func (s *scratch) noteSavings(v *cost.Savings) {
	if *v == (cost.Savings{}) {
		return
	}
	s.notes = append(s.notes, note{name: attrSavingsTotal, number: v.Total()})
	s.noteNumber(attrSavingsPromptCache, v.PromptCache)
	s.noteNumber(attrSavingsResponseCache, v.ResponseCache)
	s.noteNumber(attrSavingsRouter, v.Router)
	s.noteNumber(attrSavingsServiceTier, v.ServiceTier)
	s.noteNumber(attrSavingsDiscount, v.Discount)
}

// noteNumber leaves 0 out: a part that is absent adds nothing.
func (s *scratch) noteNumber(name string, v float64) {
	if v != 0 {
		s.notes = append(s.notes, note{name: name, number: v})
	}
}

func (s *scratch) noteText(name, v string) {
	if v != "" {
		s.notes = append(s.notes, note{name: name, text: v})
	}
}

// put writes all notes, with room made for them once.
func put(attributes pcommon.Map, notes []note) {
	if len(notes) == 0 {
		return
	}
	attributes.EnsureCapacity(attributes.Len() + len(notes))
	for i := range notes {
		if n := &notes[i]; n.text != "" {
			attributes.PutStr(n.name, n.text)
		} else {
			attributes.PutDouble(n.name, n.number)
		}
	}
}
