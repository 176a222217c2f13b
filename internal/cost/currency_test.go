package cost

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// euros are worth 1.05 dollars, and 1.25 from July on.
func euros(tb testing.TB) map[string][]Rate {
	tb.Helper()
	return map[string][]Rate{"EUR": {{USD: 1.05}, {From: instant(tb, "2026-07-01"), USD: 1.25}}}
}

// A price in euros, at 1.05 and then 1.25 dollars, for a million tokens of input.
func TestPricesInAnotherCurrency(t *testing.T) {
	for _, tc := range []struct {
		name, prices string
		at           string
		input        float64
		want         float64 // -1 for none
	}{
		{"the first rate", `{"model": {"equals": "m"}, "currency": "EUR", "prices": {"input_mtok": 10}}`, "2026-06-30 23:59", 1e6, 10.5},
		{"the second rate", `{"model": {"equals": "m"}, "currency": "EUR", "prices": {"input_mtok": 10}}`, "2026-07-01", 1e6, 12.5},
		{"the rate of a price that begins between", `{"model": {"equals": "m"}, "currency": "EUR", "effective_from": "2026-06-01", "prices": {"input_mtok": 10}}`, "2026-06-02", 1e6, 10.5},
		{"before that price", `{"model": {"equals": "m"}, "currency": "EUR", "effective_from": "2026-06-01", "prices": {"input_mtok": 10}}`, "2026-05-31", 1e6, -1},
		{"a price that ends before the second rate", `{"model": {"equals": "m"}, "currency": "EUR", "effective_to": "2026-06-01", "prices": {"input_mtok": 10}}`, "2026-07-01", 1e6, -1},
		{"tiers", `{"model": {"equals": "m"}, "currency": "EUR", "prices": {"input_mtok": 10}, "tiers": [{"above_input_tokens": 200000, "prices": {"input_mtok": 20}}]}`, "2026-07-01", 1e6, 25},
		{"dollars said outright", `{"model": {"equals": "m"}, "currency": "USD", "prices": {"input_mtok": 10}}`, "2026-07-01", 1e6, 10},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newCatalog(t, Settings{Files: file(tc.prices), Rates: euros(t)})
			q := c.Price(&Request{Provider: "x", Model: "m", At: instant(t, tc.at), Usage: Usage{Input: tc.input}})
			if tc.want < 0 {
				assert.Equal(t, Quote{Reason: ReasonUnknownModel}, q)
				return
			}
			assert.InDelta(t, tc.want, q.Cost.Total(), 1e-12)
		})
	}
}

// The currency of a file is that of its prices that name none; an alias has none.
func TestFileInAnotherCurrency(t *testing.T) {
	c := newCatalog(t, Settings{Rates: euros(t), Files: []File{{Path: "own.json", Data: []byte(`{"currency": "EUR", "prices": [
		{"provider": "x", "model": {"equals": "m"}, "prices": {"input_mtok": 10}},
		{"provider": "x", "model": {"equals": "n"}, "currency": "USD", "prices": {"input_mtok": 10}},
		{"provider": "x", "model": {"equals": "o"}, "as": "x/m"}]}`)}}})
	for model, want := range map[string]float64{"m": 12.5, "n": 10, "o": 12.5} {
		q := c.Price(&Request{Provider: "x", Model: model, At: instant(t, "2026-08-01"), Usage: Usage{Input: 1e6}})
		assert.InDelta(t, want, q.Cost.Total(), 1e-12, model)
	}
}

// The price of a service tier in euros lies over the standard one in dollars, at any rate.
func TestTierInAnotherCurrency(t *testing.T) {
	c := newCatalog(t, Settings{Rates: euros(t), Files: file(`
		{"model": {"equals": "m"}, "prices": {"input_mtok": 10, "output_mtok": 40}},
		{"model": {"equals": "m"}, "currency": "EUR", "when": {"service_tier": "batch"}, "prices": {"input_mtok": 4}}`)})
	for at, want := range map[string]float64{"2026-06-01": 4*1.05 + 40, "2026-08-01": 4*1.25 + 40} {
		q := c.Price(&Request{Provider: "x", Model: "m", Tier: TierBatch, At: instant(t, at), Usage: Usage{Input: 1e6, Output: 1e6}})
		assert.InDelta(t, want, q.Cost.Total(), 1e-12, at)
		assert.Equal(t, TierBatch, q.Tier)
	}
}

func TestUnitPriceInAnotherCurrency(t *testing.T) {
	rates := map[string][]Rate{"CHF": {{From: instant(t, "2026-07-01"), USD: 1.5}}}
	c := newCatalog(t, Settings{Builtin: true, Rates: rates, UnitPrices: []UnitPrice{
		{Name: "search", Currency: "CHF", Match: WorkMatch{Tool: "search"}, PerCall: new(2.0)},
	}})
	q := c.PriceWork(&Work{Tool: "search", At: instant(t, "2026-07-01")})
	assert.InDelta(t, 3, q.Cost.Total(), 1e-12)
	q = c.PriceWork(&Work{Tool: "search", At: instant(t, "2026-06-30")})
	assert.Equal(t, Quote{Reason: ReasonUnknownCurrency}, q, "there was no rate yet: it is not taken for dollars")
}

func TestDollars(t *testing.T) {
	c := newCatalog(t, Settings{Builtin: true, Rates: map[string][]Rate{
		"EUR": euros(t)["EUR"], "JPY": {{From: instant(t, "2026-07-01"), USD: 0.0065}},
	}})
	for _, tc := range []struct {
		currency, at string
		want         float64
		ok           bool
	}{
		{"", "2026-01-01", 100, true},
		{"USD", "2026-01-01", 100, true},
		{"usd", "2026-01-01", 100, true},
		{"EUR", "2026-01-01", 105, true},
		{"eur", "2026-07-01", 125, true},
		{"JPY", "2026-07-01", 0.65, true},
		{"JPY", "2026-06-30", 0, false},
		{"GBP", "2026-07-01", 0, false},
		{"euro", "2026-07-01", 0, false},
	} {
		usd, ok := c.Dollars(100, tc.currency, instant(t, tc.at))
		assert.Equal(t, tc.ok, ok, tc)
		assert.InDelta(t, tc.want, usd, 1e-12, tc)
	}
}

// Prices in a currency are those in dollars times the rate of the time, whatever the windows.
func TestExchangeIsAFactor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string, from int) time.Time {
			return time.Unix(int64(rapid.IntRange(from, 40).Draw(t, name))*86400, 0).UTC()
		}
		var list []Rate
		for last := 0; last < 40 && len(list) < 4; {
			from := day("rate", last+1)
			last = int(from.Unix() / 86400)
			list = append(list, Rate{from, rapid.Float64Range(0.01, 100).Draw(t, "usd")})
		}
		o := Override{Model: ModelMatch{Equals: "m"}, Prices: mtok(rapid.Float64Range(0, 50).Draw(t, "input"), 7)}
		if rapid.Bool().Draw(t, "begins") {
			o.From = day("from", 1)
		}
		inDollars := o
		o.Currency = "EUR"
		plain, _, err := New(Settings{Builtin: true, Overrides: []Override{inDollars}})
		require.NoError(t, err)
		foreign, _, err := New(Settings{Builtin: true, Overrides: []Override{o}, Rates: map[string][]Rate{"EUR": list}})
		require.NoError(t, err)
		r := &Request{Provider: "x", Model: "m", At: day("at", 0), Usage: Usage{Input: 1e6, Output: 1e5}}
		want, got := plain.Price(r), foreign.Price(r)
		each, ok := foreign.Dollars(1, "EUR", r.At)
		if !ok || want.Status == StatusUnpriced {
			assert.Equal(t, StatusUnpriced, got.Status)
			return
		}
		assert.Equal(t, want.Entry.Ref, got.Entry.Ref)
		assert.InEpsilon(t, 1+want.Cost.Total()*each, 1+got.Cost.Total(), 1e-12)
	})
}
