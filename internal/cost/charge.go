package cost

import "strings"

// priced says whether the match has prices. An unknown model has none, nor has one that only has prices of
// other times.
func (m *match) priced() bool { return m.reason == ReasonNone }

// chosen is the prices for one request.
type chosen struct {
	plan       *plan  // of the tier
	rates      *rates // of the tier
	listed     *rates // of the standard tier
	tier       ServiceTier
	multiplier float64
}

// choose picks the prices of the time and the tier of a request.
func (m *match) choose(r *Request) (ch chosen, ok bool) {
	at := r.At.Unix()
	for i := range m.standard {
		p := &m.standard[i]
		if !p.active(at) {
			continue
		}
		ch = chosen{plan: p, rates: p.rates, listed: p.rates, multiplier: m.multiply}
		if r.Tier == TierStandard {
			return ch, true
		}
		for j := range m.variants {
			if v := &m.variants[j]; v.tier == r.Tier && v.over[i] != nil && v.active(at) {
				ch.plan, ch.rates, ch.tier = &v.plan, v.over[i], r.Tier
				return ch, true
			}
		}
		return ch, true
	}
	return m.chooseAlone(r, at)
}

// chooseAlone picks the prices of a tier for a model that has no standard ones.
func (m *match) chooseAlone(r *Request, at int64) (ch chosen, ok bool) {
	for j := range m.variants {
		if v := &m.variants[j]; v.tier == r.Tier && v.active(at) {
			return chosen{plan: &v.plan, rates: v.rates, listed: v.rates, tier: v.tier, multiplier: m.multiply}, true
		}
	}
	return ch, false
}

// Price says what a call cost. It never fails: what has no price has StatusUnpriced and a Reason.
// It keeps no string of the request and does not change it.
func (c *Catalog) Price(r *Request) (q Quote) {
	c.Find(r).Price(r, &q)
	return q
}

// Price sets the quote of a call with the names of the listing; those of the request are not looked at.
func (l Listing) Price(r *Request, q *Quote) {
	*q = Quote{}
	if q.Reason = l.match.reason; q.Reason != ReasonNone {
		return
	}
	ch, ok := l.match.choose(r)
	if !ok {
		q.Reason = ReasonUnknownModel
		return
	}
	u := &r.Usage
	counted, sound := u.counted()
	if !sound {
		mended := r.Usage
		mended.dropBad()
		u = &mended
		counted, _ = u.counted()
	}
	some, all := ch.rates.uncovered(counted)
	if all {
		q.Reason = whyNothing(counted, sound)
		return
	}
	var b bill
	ch.rates.charge(u, &b)
	q.Status, q.Source, q.Tier, q.Entry = StatusPriced, ch.plan.source, ch.tier, ch.plan.entry
	b.cost(ch.multiplier, &q.Cost)
	l.catalog.save(q, r, &ch, u, &b)
	switch {
	case !sound:
		q.Status, q.Reason = StatusPartial, ReasonBadUsage
	case b.cut:
		q.Status, q.Reason = StatusPartial, ReasonInconsistentUsage
	case some:
		q.Status, q.Reason = StatusPartial, ReasonNoPriceForKey
	}
}

func whyNothing(counted unitSet, sound bool) Reason {
	switch {
	case !sound:
		return ReasonBadUsage
	case counted == 0:
		return ReasonNoUsage
	}
	return ReasonNoPriceForKey
}

// cost sets the parts to what the bill comes to under a contract.
func (b *bill) cost(multiplier float64, p *Parts) {
	p.Input = b.parts[partInput] * multiplier
	p.Output = b.parts[partOutput] * multiplier
	p.CacheRead = b.parts[partCacheRead] * multiplier
	p.CacheWrite = b.parts[partCacheWrite] * multiplier
	p.Other = b.parts[partOther] * multiplier
	p.Reasoning = b.reasoning * multiplier
}

// save fills in the savings: the differences of the totals on the way from the baseline to the bill.
func (c *Catalog) save(q *Quote, r *Request, ch *chosen, u *Usage, b *bill) {
	actual := b.total()
	tiered, listed := actual, actual
	cached := u[CacheRead]+u[CacheWrite] > 0
	if cached || ch.listed != ch.rates || r.Baseline != "" {
		plain := u.uncached()
		if cached {
			tiered = ch.rates.total(&plain)
		}
		listed = tiered
		if ch.listed != ch.rates {
			listed = ch.listed.total(&plain)
		}
		if r.Baseline != "" {
			q.Savings.Router = c.baseline(r, &plain, listed) - listed
		}
	}
	q.Savings.ServiceTier = listed - tiered
	q.Savings.PromptCache = tiered - actual
	q.Savings.Discount = actual - q.Cost.Total()
}

// baseline is what a router's other choice would have cost, or instead if that has no price.
func (c *Catalog) baseline(r *Request, plain *Usage, instead float64) float64 {
	provider, modelName, _ := strings.Cut(r.Baseline, "/")
	other := Request{Provider: provider, Model: modelName, At: r.At}
	m := c.match(&other)
	if !m.priced() {
		return instead
	}
	ch, ok := m.choose(&other)
	if !ok {
		return instead
	}
	counted, _ := plain.counted()
	if _, all := ch.rates.uncovered(counted); all {
		return instead
	}
	return ch.rates.total(plain)
}

func (r *rates) total(u *Usage) float64 {
	var b bill
	r.charge(u, &b)
	return b.total()
}

// uncached is the usage as it would have been without a cache of prompts.
func (u *Usage) uncached() Usage {
	plain := *u
	for _, x := range [...]Unit{CacheRead, CacheReadAudio, CacheReadImage, CacheWrite, CacheWrite1h} {
		plain[x] = 0
	}
	return plain
}

// Line is one line of a bill.
type Line struct {
	Unit   Unit
	Count  float64 // what is charged for, without what has a line of its own
	Price  float64 // US dollars for Unit.Per
	Amount float64 // US dollars, before adjustments
}

// Lines itemises the bill of a request, for people. It is empty for a request without a price.
func (c *Catalog) Lines(r *Request) []Line {
	m := c.match(r)
	ch, ok := m.choose(r)
	if !m.priced() || !ok {
		return nil
	}
	var lines []Line
	var leaf [UnitCount]float64
	u := r.Usage
	u.dropBad()
	ch.rates.leaves(&u, &leaf)
	for i, x := range ch.rates.list {
		if leaf[i] > 0 {
			at := x.at(u[Input])
			lines = append(lines, Line{x.unit, leaf[i], at, leaf[i] * at / x.per})
		}
	}
	return lines
}
