package cost

import (
	"fmt"
	"math"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/glob"
)

// Work is one piece of work that may have a unit price.
type Work struct {
	Operation  string
	Tool       string
	At         time.Time // when it began, which the rates of other currencies depend on
	Seconds    float64   // how long it took
	Failed     bool
	Attributes Attributes // may be nil
}

// Attributes looks up what else is known of a piece of work.
type Attributes interface {
	// Text returns an attribute as text.
	Text(key string) (value string, ok bool)
	// Number returns an attribute that is a number, or a text that reads as one.
	Number(key string) (value float64, ok bool)
}

// workPrice is a unit price made ready.
type workPrice struct {
	UnitPrice
	rates exchanges
	keys  []string // of Match.Attributes, sorted
	entry *Entry
}

func isInf(x float64) bool { return math.IsInf(x, 0) }

func (f *faults) compileUnitPrices(c *Catalog, list []UnitPrice) []workPrice {
	out := make([]workPrice, len(list))
	seen := make(map[string]bool, len(list))
	for i := range list {
		u := &list[i]
		path := fmt.Sprintf("unit_prices[%d] %q", i, u.Name)
		f.checkUnitPrice(path, u)
		if u.Name == "" {
			f.errorf("unit_prices[%d].name: must not be empty", i)
		} else if seen[u.Name] {
			f.errorf("unit_prices[%d]: duplicate name %q", i, u.Name)
		}
		seen[u.Name] = true
		out[i] = workPrice{*u, f.ratesOf(c, path+": currency", u.Currency), sortedKeys(u.Match.Attributes), &Entry{
			Ref: "unit_price/" + u.Name, Model: u.Name, Why: "the first unit price that matches",
		}}
	}
	return out
}

func (f *faults) checkUnitPrice(path string, u *UnitPrice) {
	set := 0
	for _, p := range [...]struct {
		key   string
		price *float64
	}{{"per_call", u.PerCall}, {"per_second", u.PerSecond}, {"per_unit.price", u.unitPrice()}} {
		if p.price != nil {
			set++
			f.amount(path+": "+p.key, *p.price)
		}
	}
	if set != 1 {
		f.errorf("%s: exactly one of per_call, per_second, per_unit is required", path)
	}
	if u.PerUnit != nil && u.PerUnit.Attribute == "" {
		f.errorf("%s: per_unit.attribute: must not be empty", path)
	}
	if u.Match.Operation == "" && u.Match.Tool == "" && len(u.Match.Attributes) == 0 {
		f.errorf("%s: match must not be empty (it would price every span)", path)
	}
	if u.MinSeconds != 0 && u.PerSecond == nil {
		f.errorf("%s: min_seconds needs per_second", path)
	}
	f.amount(path+": min_seconds", u.MinSeconds)
	switch u.ChargeOn {
	case "", "always", "success":
	default:
		f.errorf("%s: charge_on: %q is not one of always, success", path, u.ChargeOn)
	}
}

func (u *UnitPrice) unitPrice() *float64 {
	if u.PerUnit == nil {
		return nil
	}
	return &u.PerUnit.Price
}

// PriceWork says what a piece of work cost by the first unit price that matches; its quote is StatusUnpriced
// when none does. Work that failed costs 0 where it is charged on success.
func (c *Catalog) PriceWork(w *Work) Quote {
	for i := range c.work {
		if p := &c.work[i]; p.isFor(w) {
			return p.quote(w)
		}
	}
	return Quote{Reason: ReasonNoPriceForKey}
}

func (p *workPrice) isFor(w *Work) bool {
	m := &p.Match
	if m.Operation != "" && !glob.Match(m.Operation, w.Operation) || m.Tool != "" && !glob.Match(m.Tool, w.Tool) {
		return false
	}
	for _, key := range p.keys {
		if w.Attributes == nil {
			return false
		}
		if value, ok := w.Attributes.Text(key); !ok || !glob.Match(m.Attributes[key], value) {
			return false
		}
	}
	return true
}

func (p *workPrice) quote(w *Work) Quote {
	q := Quote{Status: StatusPriced, Source: SourceUnitPrice, Entry: p.entry}
	if w.Failed && p.ChargeOn == "success" {
		return q
	}
	amount, reason := p.amount(w)
	if reason != ReasonNone {
		return Quote{Reason: reason}
	}
	usd, ok := p.rates.at(w.At.Unix())
	if !ok {
		return Quote{Reason: ReasonUnknownCurrency}
	}
	q.Cost.Other = amount * usd
	return q
}

func (p *workPrice) amount(w *Work) (usd float64, why Reason) {
	switch {
	case p.PerCall != nil:
		return *p.PerCall, ReasonNone
	case p.PerSecond != nil:
		return count(w.Seconds, p.MinSeconds, *p.PerSecond)
	case w.Attributes == nil:
		return 0, ReasonNoUsage
	}
	n, ok := w.Attributes.Number(p.PerUnit.Attribute)
	if !ok {
		return 0, ReasonNoUsage
	}
	return count(n, 0, p.PerUnit.Price)
}

func count(n, least, each float64) (usd float64, why Reason) {
	if !(n >= 0) || isInf(n) {
		return 0, ReasonBadUsage
	}
	return max(n, least) * each, ReasonNone
}
