package cost

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// dollars is the currency of all amounts that a catalog tells.
const dollars = "USD"

// exchange is what one unit of a currency is worth for a time.
//
//	EUR: 1.05, from 2026-07-01 on 1.08      to 2026-07-01 → 1.05    from then on → 1.08
type exchange struct {
	from, to int64 // Unix seconds; 0 is open
	usd      float64
}

// exchanges are the rates of a currency, one after the other.
type exchanges []exchange

// par is what a dollar is worth at any time.
var par = exchanges{{usd: 1}}

// at returns the rate of an instant, in Unix seconds; false before the first.
func (r exchanges) at(instant int64) (usd float64, ok bool) {
	for i := range r {
		if (r[i].from == 0 || instant >= r[i].from) && (r[i].to == 0 || instant < r[i].to) {
			return r[i].usd, true
		}
	}
	return 0, false
}

// inDollars returns the version at each rate of its time. Where there is no rate there is no price.
//
//	price 10 EUR   from 2026-06-01 ────────────────────────────►
//	rates          1.05 ─────────────────┤ 1.08 ───────────────►
//	                               2026-07-01
//	versions       10.50 from 2026-06-01 │ 10.80 from 2026-07-01
func (v *version) inDollars(in exchanges) []version {
	var out []version
	for _, r := range in {
		one := *v
		one.from = max(v.from, r.from)
		one.to = earlier(v.to, r.to)
		if one.to != 0 && one.from >= one.to {
			continue
		}
		one.prices = v.prices.times(r.usd)
		out = append(out, one)
	}
	return out
}

// earlier returns the first of two ends; 0 is open.
func earlier(a, b int64) int64 {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}

// times multiplies all prices. Those in dollars stay as they are written.
func (p prices) times(usd float64) prices {
	if usd == 1 {
		return p
	}
	out := slices.Clone(p)
	for i := range out {
		out[i].base *= usd
		out[i].steps = slices.Clone(out[i].steps)
		for j := range out[i].steps {
			out[i].steps[j].price *= usd
		}
	}
	return out
}

// compileRates reads the rates of all currencies.
func (f *faults) compileRates(fx map[string][]Rate) map[string]exchanges {
	out := make(map[string]exchanges, len(fx)+1)
	for _, code := range sortedKeys(fx) {
		path := "fx." + code
		switch {
		case !isCode(code):
			f.errorf("%s: %q is not an ISO 4217 code such as EUR", path, code)
		case code == dollars:
			f.errorf("%s: must be left out: a dollar is a dollar", path)
		case len(fx[code]) == 0:
			f.errorf("%s: needs a rate, in US dollars for one %s", path, code)
		}
		out[code] = f.compileRatesOf(path, fx[code])
	}
	out[dollars] = par
	return out
}

func (f *faults) compileRatesOf(path string, list []Rate) exchanges {
	out := make(exchanges, len(list))
	for i := range list {
		r := &list[i]
		if !(r.USD > 0) || isInf(r.USD) {
			f.errorf("%s[%d].usd: must be a finite number > 0, got %v", path, i, r.USD)
		}
		out[i].usd = r.USD
		if !r.From.IsZero() {
			out[i].from = r.From.Unix()
		}
		if i == 0 {
			continue
		}
		if !r.From.After(list[i-1].From) {
			f.errorf("%s[%d].effective_from: %s must be after %s", path, i, dateOr(r.From, "none"), dateOr(list[i-1].From, "none"))
		}
		out[i-1].to = out[i].from
	}
	return out
}

// dateOr writes an instant for messages, or what to say where there is none.
func dateOr(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return date(t)
}

// ratesOf returns the rates of a currency that is named under a path; "" is dollars.
func (f *faults) ratesOf(c *Catalog, path, code string) exchanges {
	if code == "" {
		return par
	}
	r, known := c.rates[code]
	switch {
	case known:
		return r
	case !isCode(code):
		f.errorf("%s: %q is not an ISO 4217 code such as EUR", path, code)
	default:
		f.errorf("%s: %s needs fx.%s", path, code, code)
	}
	return par
}

// isCode says whether a text has the form of an ISO 4217 code.
func isCode(text string) bool {
	return len(text) == 3 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// Dollars returns what an amount in a currency was worth at an instant, in US dollars; false if there is no rate for
// it. The currency is an ISO 4217 code in upper or lower case; "" is US dollars.
func (c *Catalog) Dollars(amount float64, currency string, at time.Time) (usd float64, ok bool) {
	each, ok := c.rates[strings.ToUpper(cmp.Or(currency, dollars))].at(at.Unix())
	return amount * each, ok
}

// inDollars splits rules at the times at which the rates of their currencies change.
func (f *faults) inDollars(c *Catalog, rules []rule, overrides []Override) []rule {
	out := make([]rule, 0, len(rules))
	for i := range rules {
		r := &rules[i]
		if r.as != "" {
			out = append(out, *r)
			continue
		}
		for _, v := range r.inDollars(f.ratesOf(c, r.path+".currency", overrides[i].Currency)) {
			one := *r
			one.version = v
			out = append(out, one)
		}
	}
	return out
}
