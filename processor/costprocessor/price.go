package costprocessor

import (
	"math"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// price decides about all claims, and writes what it decided. What a cache of answers saved is
// known when all else is.
func (s *scratch) price() {
	for i := range s.claims {
		c := &s.claims[i]
		v := s.tree.Verdict(int(c.at))
		q := s.judge(c, &v)
		if s.mayTell(c) {
			c.usd = q.Cost.Total()
		} else {
			q = cost.Quote{}
		}
		if c.cache != flow.CacheHit {
			s.write(c, &q)
		}
	}
	s.sum()
	s.spare()
	s.spend()
	s.rollUp()
}

// judge says what a span cost that may have a price, and sets the status of the claim.
func (s *scratch) judge(c *claim, v *flow.Verdict) cost.Quote {
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
		return s.judgeUsage(c, v)
	default:
		return s.judgeWork(c, v)
	}
	return cost.Quote{}
}

// mayTell says whether there is an amount to tell, which has not been told of the same span
// before.
func (s *scratch) mayTell(c *claim) bool {
	if !c.status.amounts() && c.cache != flow.CacheHit {
		return false
	}
	key := s.p.memory.key(s.tree.Trace(int(c.at)), s.tree.Span(int(c.at)))
	if s.p.memory.claim(key) {
		s.claimed = append(s.claimed, key)
		return true
	}
	c.cache = flow.CacheNone
	if c.status.amounts() {
		c.status = statusDuplicate
	}
	return false
}

// judgeUsage prices a span that states tokens or a cost, unless another tells the same.
func (s *scratch) judgeUsage(c *claim, v *flow.Verdict) cost.Quote {
	at := &s.seen[c.at]
	switch s.p.cfg.AggregateSpans {
	case AggregatesTrust:
	case AggregatesSkip:
		if !v.CountsUsage || at.reading.Role != flow.RoleCall {
			c.status = statusAggregate
			return cost.Quote{}
		}
	case AggregatesSkipPriced:
		if !v.CountsUsage {
			c.status = statusAggregate
			return cost.Quote{}
		}
	}
	s.say(c)
	usage := s.said.Normalise()
	s.ask(c, v, &usage.Usage)
	q := s.catalog.Price(&s.request)
	if q.Status == cost.StatusUnpriced {
		if work := s.work(at, v); work.Status != cost.StatusUnpriced {
			q = work
		}
	}
	if usage.Reason != cost.ReasonNone && q.Status == cost.StatusPriced {
		q.Status, q.Reason = cost.StatusPartial, usage.Reason
	}
	q = s.reported(q, &at.reading.Call)
	if q.Status == cost.StatusPriced && at.reading.Faults&badUsage != 0 && q.Source != cost.SourceReported {
		q.Status, q.Reason = cost.StatusPartial, cost.ReasonBadUsage
	}
	if c.guessed && q.Status != cost.StatusUnpriced {
		q.Status, q.Reason, q.Source = cost.StatusPartial, cost.ReasonNoUsage, cost.SourceEstimated
	}
	s.settle(c, &q)
	s.noteForeign(c)
	c.semantics(usage.Semantics)
	return q
}

// badUsage are the faults of token counts that were left out.
const badUsage = flow.FaultNegativeTokens | flow.FaultAbsurdTokens | flow.FaultBadNumber

// reported takes the cost that the span itself states, as the configuration says. A stated 0
// often means that the price was not known: it counts only where nobody else knows one.
func (s *scratch) reported(q cost.Quote, c *flow.CallReading) cost.Quote {
	if !c.Cost.OK || s.p.cfg.ReportedCost == ReportedIgnore {
		return q
	}
	known := q.Status != cost.StatusUnpriced
	if known && (c.Cost.USD == 0 || s.p.cfg.ReportedCost == ReportedFallback) {
		return q
	}
	return q.Reported(c.Cost.USD)
}

// settle leaves savings out that are not wanted, and sets the status by the quote.
func (s *scratch) settle(c *claim, q *cost.Quote) {
	savings := &s.p.cfg.Savings
	if !savings.PromptCache {
		q.Savings.PromptCache = 0
	}
	if !savings.ServiceTier {
		q.Savings.ServiceTier = 0
	}
	if !savings.Discount {
		q.Savings.Discount = 0
	}
	dropResidue(&q.Savings, q.Cost.Total())
	c.status = statusOf(q)
	if q.Cost.Total() > s.p.cfg.Limits.MaxSpanCostUSD {
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
func (s *scratch) judgeWork(c *claim, v *flow.Verdict) cost.Quote {
	at := &s.seen[c.at]
	r := at.reading
	if r.Role == flow.RoleCall && !v.CountsCall {
		return cost.Quote{}
	}
	q := s.work(at, v)
	switch {
	case q.Status != cost.StatusUnpriced:
		s.settle(c, &q)
	case c.foreign || q.Reason == cost.ReasonUnknownCurrency:
		c.status = status{word: wordUnpriced, reason: reason(cost.ReasonUnknownCurrency)}
	case r.Role == flow.RoleCall && r.Call.Model != "" && r.Outcome == flow.OutcomeSuccess:
		c.status = status{word: wordUnpriced, reason: reason(cost.ReasonNoUsage)}
	}
	return q
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
func (s *scratch) ask(c *claim, v *flow.Verdict, usage *cost.Usage) {
	at := &s.seen[c.at]
	call, r := &at.reading.Call, &s.request
	r.Provider, r.Model, r.RequestModel, r.Endpoint = call.Provider, call.Model, c.detail.RequestModel, c.detail.Server
	r.At, r.Usage = time.Unix(0, int64(at.span.StartTimestamp())).UTC(), *usage
	r.Tier = s.p.cfg.tier(&c.detail, at.span.Attributes())
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

// tier returns the service tier of a call.
func (c *Config) tier(d *flow.Detail, attributes pcommon.Map) cost.ServiceTier {
	for _, a := range c.ServiceTier.BatchAttributes {
		if a.on(attributes) {
			return cost.TierBatch
		}
	}
	for _, from := range c.ServiceTier.From {
		said := d.ResponseTier
		if from == TierOfRequest {
			said = d.RequestTier
		}
		if tier, ok := cost.ParseServiceTier(strings.ToLower(said)); ok {
			return tier
		}
	}
	return cost.TierStandard
}

// on says whether the attributes hold this one.
func (a *Attribute) on(attributes pcommon.Map) bool {
	v, ok := attributes.Get(a.Key)
	if !ok {
		return false
	}
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return v.Str() == a.Value
	case pcommon.ValueTypeBool:
		return v.Bool() == (a.Value == "true") && (a.Value == "true" || a.Value == "false")
	default:
		return v.AsString() == a.Value
	}
}

// cache returns what a cache of answers said.
func (c *ResponseCacheConfig) cache(attributes pcommon.Map) flow.Cache {
	said := flow.CacheNone
	for i := range c.Attributes {
		a := &c.Attributes[i]
		switch _, ok := attributes.Get(a.Key); {
		case !ok:
		case a.on(attributes):
			return flow.CacheHit
		default:
			said = flow.CacheMiss
		}
	}
	return said
}
