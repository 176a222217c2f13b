package costprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// exchange takes the cost that the span read last states in another currency, at the rate of
// when the call began. Without a rate it is no cost: it is never taken for dollars.
func (s *scratch) exchange(c *claim, start pcommon.Timestamp) {
	amount, currency, ok := s.reader.Foreign(c.reading)
	if !ok || s.p.cfg.ReportedCost == ReportedIgnore {
		return
	}
	usd, ok := s.catalog.Dollars(amount, currency, start.AsTime())
	if !ok || usd > flow.MaxDollars {
		c.foreign = true
		return
	}
	own := *c.reading
	own.Call.Cost = flow.Cost{USD: usd, OK: true}
	c.reading = &own
}

// noteForeign tells of a stated cost that would have been taken if its currency had a rate.
func (s *scratch) noteForeign(c *claim) {
	wanted := s.p.cfg.ReportedCost == ReportedPrefer && c.status.reason == reason(cost.ReasonNone)
	if c.foreign && (wanted || c.status.word == wordUnpriced) {
		c.status.reason = reason(cost.ReasonUnknownCurrency)
	}
}
