package costprocessor

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// price decides about all claims, and writes what it decided.
func (s *scratch) price() {
	for i := range s.claims {
		c := &s.claims[i]
		v := s.tree.Verdict(int(c.at))
		s.judge(c, &v)
	}
	s.sum()
	for i := range s.claims {
		s.write(&s.claims[i])
	}
	s.rollUp()
}

// judge says what becomes of a span that may have a price.
func (s *scratch) judge(c *claim, v *flow.Verdict) {
	at := &s.seen[c.at]
	r := at.reading
	states := c.states || r.Call.Cost.OK
	switch {
	case v.Faults&flow.FaultDuplicateID != 0:
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
	case s.judgeWork(c, v):
	case r.Role == flow.RoleCall && v.CountsCall && r.Call.Model != "" && r.Outcome == flow.OutcomeSuccess:
		c.status = status{word: wordUnpriced, reason: reason(cost.ReasonNoUsage)}
	}
	if c.status.amounts() || c.cache == flow.CacheHit {
		s.claimOnce(c)
	}
}

// claimOnce gives a price up that has been told for the same span before.
func (s *scratch) claimOnce(c *claim) {
	key := s.p.memory.key(s.tree.Trace(int(c.at)), s.tree.Span(int(c.at)))
	if !s.p.memory.claim(key) {
		c.quote, c.cache = cost.Quote{}, flow.CacheNone
		if c.status.amounts() {
			c.status = statusDuplicate
		}
		return
	}
	s.claimed = append(s.claimed, key)
	c.usd = c.quote.Cost.Total()
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
	usage := s.said(c).Normalise()
	request := s.request(c, v, usage.Usage)
	q := s.catalog.Price(&request)
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
	s.settle(c, q)
	c.semantics(usage.Semantics)
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

// settle takes the quote as that of the span.
func (s *scratch) settle(c *claim, q cost.Quote) {
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
	c.quote = q
	c.status = statusOf(&q)
	if q.Cost.Total() > s.p.cfg.Limits.MaxSpanCostUSD {
		c.status.reason = reasonOutlier
	}
}

// judgeWork prices a span without tokens by a unit price, if one is for it.
func (s *scratch) judgeWork(c *claim, v *flow.Verdict) bool {
	at := &s.seen[c.at]
	if at.reading.Role == flow.RoleCall && !v.CountsCall {
		return false
	}
	q := s.work(at, v)
	if q.Status == cost.StatusUnpriced {
		return false
	}
	s.settle(c, q)
	return true
}

func (s *scratch) work(at *sighting, v *flow.Verdict) cost.Quote {
	if len(s.p.cfg.UnitPrices) == 0 || v.Role == flow.RoleRun {
		return cost.Quote{}
	}
	r := at.reading
	return s.catalog.PriceWork(&cost.Work{
		Operation:  r.Call.Operation,
		Tool:       r.Call.Tool,
		Seconds:    flow.Seconds(int64(at.span.StartTimestamp()), int64(at.span.EndTimestamp())),
		Failed:     r.Outcome != flow.OutcomeSuccess,
		Attributes: attributes{at.span.Attributes(), at.resource},
	})
}

// request is what the catalog is asked.
func (s *scratch) request(c *claim, v *flow.Verdict, usage cost.Usage) cost.Request {
	at := &s.seen[c.at]
	call := &at.reading.Call
	r := cost.Request{
		Provider: call.Provider, Model: call.Model, RequestModel: c.detail.RequestModel, Endpoint: c.detail.Server,
		At: time.Unix(0, int64(at.span.StartTimestamp())).UTC(), Usage: usage,
		Tier: s.p.cfg.tier(&c.detail, at.span.Attributes()),
	}
	if s.p.cfg.Savings.Router.Enabled {
		r.Baseline = s.p.cfg.Savings.Router.Baseline.of(s.workflow(v))
	}
	return r
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
