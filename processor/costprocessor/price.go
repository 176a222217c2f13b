package costprocessor

import (
	"math"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// price decides about all claims, and writes what it decided. What a cache of answers saved is
// known when all else is.
func (s *scratch) price() {
	for i := range s.claims {
		c := &s.claims[i]
		v := s.tree.Verdict(int(c.at))
		s.judge(c, &v)
		s.bid(i)
	}
	s.claim()
	for i := range s.claims {
		if c := &s.claims[i]; c.cache != flow.CacheHit {
			s.write(c, &c.quote)
		}
	}
	s.sum()
	s.spare()
	s.spend()
	s.rollUp()
}

// judge says what a span cost that may have a price: it sets the quote and the status of the claim.
func (s *scratch) judge(c *claim, v *flow.Verdict) {
	r := s.seen[c.at].reading
	states := c.states || r.Call.Cost.OK
	switch {
	case v.Faults&flow.FaultDuplicateID != 0:
		c.cache = flow.CacheNone
		if states {
			c.status = statusDuplicate
		}
	case c.cache == flow.CacheHit:
		if r.Role == flow.RoleCall {
			c.status = status{word: wordPriced, reason: reasonResponseCache}
		}
	case s.p.cfg.FailedSpans == FailedSkip && r.Outcome != flow.OutcomeSuccess:
	case states:
		s.judgeUsage(c, v)
	default:
		s.judgeWork(c, v)
	}
}

// bid asks for the right to tell an amount, if there is one.
func (s *scratch) bid(i int) {
	c := &s.claims[i]
	if !c.status.amounts() && c.cache != flow.CacheHit {
		return
	}
	key := s.p.memory.key(s.tree.Trace(int(c.at)), s.tree.Span(int(c.at)))
	s.bids = append(s.bids, bid{key: key, claim: int32(i)})
}

// claim takes the amounts back that have been told of the same span before.
func (s *scratch) claim() {
	s.p.memory.claim(s.bids)
	for i := range s.bids {
		b := &s.bids[i]
		c := &s.claims[b.claim]
		if b.won {
			s.claimed = append(s.claimed, b.key)
			c.usd = c.quote.Cost.Total()
			continue
		}
		c.cache, c.quote = flow.CacheNone, cost.Quote{}
		if c.status.amounts() {
			c.status = statusDuplicate
		}
	}
}

// judgeUsage prices a span that states tokens or a cost, unless another tells the same.
func (s *scratch) judgeUsage(c *claim, v *flow.Verdict) {
	at := &s.seen[c.at]
	switch s.p.cfg.AggregateSpans {
	case AggregatesTrust:
	case AggregatesSkip:
		if !v.CountsUsage || at.reading.Role != flow.RoleCall {
			c.status = statusAggregate
			return
		}
	case AggregatesSkipPriced:
		if !v.CountsUsage {
			c.status = statusAggregate
			return
		}
	}
	s.say(c)
	semantics, mended := s.said.NormaliseTo(&s.request.Usage)
	s.ask(c, v)
	q := &c.quote
	c.terms.listing.Price(&s.request, q)
	if q.Status == cost.StatusUnpriced {
		if work := s.work(at, v); work.Status != cost.StatusUnpriced {
			*q = work
		}
	}
	if mended != cost.ReasonNone && q.Status == cost.StatusPriced {
		q.Status, q.Reason = cost.StatusPartial, mended
	}
	s.report(q, &at.reading.Call)
	if q.Status == cost.StatusPriced && at.reading.Faults&badUsage != 0 && q.Source != cost.SourceReported {
		q.Status, q.Reason = cost.StatusPartial, cost.ReasonBadUsage
	}
	if c.guessed && q.Status != cost.StatusUnpriced {
		q.Status, q.Reason, q.Source = cost.StatusPartial, cost.ReasonNoUsage, cost.SourceEstimated
	}
	s.settle(c)
	s.noteForeign(c)
	c.semantics(semantics)
}

// badUsage are the faults of token counts that were left out.
const badUsage = flow.FaultNegativeTokens | flow.FaultAbsurdTokens | flow.FaultBadNumber

// report takes the cost that the span itself states, as the configuration says. A stated 0
// often means that the price was not known: it counts only where nobody else knows one.
func (s *scratch) report(q *cost.Quote, c *flow.CallReading) {
	if !c.Cost.OK || s.p.cfg.ReportedCost == ReportedIgnore {
		return
	}
	known := q.Status != cost.StatusUnpriced
	if known && (c.Cost.USD == 0 || s.p.cfg.ReportedCost == ReportedFallback) {
		return
	}
	*q = q.Reported(c.Cost.USD)
}

// settle leaves savings out that are not wanted, and sets the status by the quote.
func (s *scratch) settle(c *claim) {
	q, savings, total := &c.quote, &s.p.cfg.Savings, c.quote.Cost.Total()
	if !savings.PromptCache {
		q.Savings.PromptCache = 0
	}
	if !savings.ServiceTier {
		q.Savings.ServiceTier = 0
	}
	if !savings.Discount {
		q.Savings.Discount = 0
	}
	dropResidue(&q.Savings, total)
	c.status = statusOf(q)
	if total > s.p.cfg.Limits.MaxSpanCostUSD {
		c.status.reason = reasonOutlier
	}
}

// dropResidue leaves out savings that are only the error of adding floating point numbers up:
// each would make a series of its own.
func dropResidue(s *cost.Savings, total float64) {
	const share = 1e-12
	for _, v := range []*float64{&s.Router, &s.ServiceTier, &s.PromptCache, &s.Discount} {
		if math.Abs(*v) < share*total {
			*v = 0
		}
	}
}

// judgeWork prices a span that states no usage by a unit price, if one is for it. A call of a
// model that ended well should have told its usage.
func (s *scratch) judgeWork(c *claim, v *flow.Verdict) {
	at := &s.seen[c.at]
	r := at.reading
	if r.Role == flow.RoleCall && !v.CountsCall {
		return
	}
	q := &c.quote
	*q = s.work(at, v)
	switch {
	case q.Status != cost.StatusUnpriced:
		s.settle(c)
	case c.foreign || q.Reason == cost.ReasonUnknownCurrency:
		c.status = status{word: wordUnpriced, reason: reason(cost.ReasonUnknownCurrency)}
	case r.Role == flow.RoleCall && r.Call.Model != "" && r.Outcome == flow.OutcomeSuccess:
		c.status = status{word: wordUnpriced, reason: reason(cost.ReasonNoUsage)}
	}
}

func (s *scratch) work(at *sighting, v *flow.Verdict) cost.Quote {
	if len(s.p.cfg.UnitPrices) == 0 || v.Role == flow.RoleRun {
		return cost.Quote{}
	}
	r := at.reading
	return s.catalog.PriceWork(&cost.Work{
		Operation:  r.Call.Operation,
		Tool:       r.Call.Tool,
		At:         at.span.StartTimestamp().AsTime(),
		Seconds:    flow.Seconds(int64(at.span.StartTimestamp()), int64(at.span.EndTimestamp())),
		Failed:     r.Outcome != flow.OutcomeSuccess,
		Attributes: attributes{at.span.Attributes(), at.resource},
	})
}

// ask makes the request to the catalog.
func (s *scratch) ask(c *claim, v *flow.Verdict) {
	r := &s.request // has the usage
	r.At, r.Tier = time.Unix(0, int64(s.seen[c.at].span.StartTimestamp())), c.terms.tier
	if s.p.cfg.Savings.Router.Enabled {
		r.Baseline = s.p.cfg.Savings.Router.Baseline.of(s.workflow(v))
	}
}

// of returns the model that would have been called in the workflow.
func (b *BaselineConfig) of(workflow string) string {
	if ref, ok := b.Workflows[workflow]; ok {
		return ref
	}
	return b.Default
}
