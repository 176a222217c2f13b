package cost

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every mistake of a configuration, and what is said to it.
func TestMistakes(t *testing.T) {
	m := ModelMatch{Equals: "m"}
	override := func(o Override) Settings { return Settings{Builtin: true, Overrides: []Override{o}} }
	priced := func(prices map[string]float64) Settings { return override(Override{Model: m, Prices: prices}) }
	unit := func(u UnitPrice) Settings { return Settings{Builtin: true, UnitPrices: []UnitPrice{u}} }
	search := WorkMatch{Tool: "search"}
	fx := func(code string, list ...Rate) Settings {
		return Settings{Builtin: true, Rates: map[string][]Rate{code: list}}
	}
	for _, tc := range []struct {
		name     string
		settings Settings
		want     string
	}{
		{"nothing to price with", Settings{}, `catalog: builtin is false and files is empty: nothing to price with`},

		{"negative", priced(map[string]float64{"input_mtok": -1}), `overrides[0].prices.input_mtok: must be a finite number >= 0, got -1`},
		{"not a number", priced(map[string]float64{"input_mtok": math.NaN()}), `overrides[0].prices.input_mtok: must be a finite number >= 0, got NaN`},
		{"infinite", priced(map[string]float64{"input_mtok": math.Inf(1)}), `overrides[0].prices.input_mtok: must be a finite number >= 0, got +Inf`},
		{"unknown key", priced(map[string]float64{"input_price": 1}), `overrides[0].prices: unknown key "input_price" (known: input_mtok, input_audio_mtok, …)`},
		{"cache without input", priced(map[string]float64{"cache_read_mtok": 1}), `overrides[0].prices: cache_read_mtok needs input_mtok`},
		{"an hour without writes", priced(map[string]float64{"input_mtok": 1, "cache_write_1h_mtok": 1}), `overrides[0].prices: cache_write_1h_mtok needs cache_write_mtok`},

		{"no matcher", override(Override{Prices: mtok(1, 1)}), `overrides[0].model: exactly one of equals, prefix, glob, regex is required`},
		{"two matchers", override(Override{Model: ModelMatch{Equals: "a", Glob: "b"}, Prices: mtok(1, 1)}), `overrides[0].model: exactly one of equals, prefix, glob, regex is required`},
		{"a blank name", override(Override{Model: ModelMatch{Equals: " "}, Prices: mtok(1, 1)}), `overrides[0].model.equals: must not be empty or have leading/trailing whitespace`},
		{"a name with blanks around", override(Override{Model: ModelMatch{Prefix: "gpt "}, Prices: mtok(1, 1)}), `overrides[0].model.prefix: must not be empty or have leading/trailing whitespace`},
		{"lookahead", override(Override{Model: ModelMatch{Regex: "^(?!x)y"}, Prices: mtok(1, 1)}), "overrides[0].model.regex: error parsing regexp: invalid or unsupported Perl syntax: `(?!` (RE2 has no lookahead)"},
		{"a broken regex", override(Override{Model: ModelMatch{Regex: "("}, Prices: mtok(1, 1)}), "overrides[0].model.regex: error parsing regexp: missing closing ): `(?i)(`"},

		{"neither as nor prices", override(Override{Model: m}), `overrides[0]: exactly one of as, prices is required`},
		{"both as and prices", override(Override{Model: m, As: "openai/gpt-4o", Prices: mtok(1, 1)}), `overrides[0]: exactly one of as, prices is required`},
		{"as unknown", override(Override{Model: m, As: "openai/gpt-99"}), `overrides[0].as: model "openai/gpt-99" is not in the catalog`},
		{"as at times", override(Override{Model: m, As: "openai/gpt-4o", From: instant(t, "2026-01-01")}), `overrides[0]: as takes no effective_from, effective_to, when, currency, tiers or min_seconds: those of "openai/gpt-4o" hold`},

		{"from after to", override(Override{Model: m, Prices: mtok(1, 1), From: instant(t, "2026-08-21"), To: instant(t, "2026-08-01 12:00")}), `overrides[0]: effective_from 2026-08-21 must be before effective_to 2026-08-01T12:00:00Z`},
		{"overlap", Settings{Builtin: true, Overrides: []Override{
			{Provider: "openai", Model: ModelMatch{Equals: "gpt-5.6-sol"}, When: When{ServiceTier: "flex"}, Prices: mtok(1, 1)},
			{Model: m, Prices: mtok(1, 1)},
			{Provider: "openai", Model: ModelMatch{Equals: "GPT-5.6-sol"}, When: When{ServiceTier: "flex"}, Prices: mtok(1, 1), From: instant(t, "2026-01-01")},
		}}, `overrides[0] and overrides[2]: overlapping effective dates for openai/gpt-5.6-sol (service_tier=flex)`},

		{"hours", override(Override{Model: m, Prices: mtok(1, 1), When: When{HoursUTC: "16:30"}}), `overrides[0].when.hours_utc: "16:30" is not two times of day in UTC such as 16:30-00:30`},
		{"hours of no clock", override(Override{Model: m, Prices: mtok(1, 1), When: When{HoursUTC: "16:30-24:30"}}), `overrides[0].when.hours_utc: "16:30-24:30" is not two times of day in UTC such as 16:30-00:30`},
		{"service tier", override(Override{Model: m, Prices: mtok(1, 1), When: When{ServiceTier: "bulk"}}), `overrides[0].when.service_tier: "bulk" is not one of standard, batch, flex, priority, fast`},
		{"min_seconds", override(Override{Model: m, Prices: mtok(1, 1), MinSeconds: -1}), `overrides[0].min_seconds: must be a finite number >= 0, got -1`},

		{"tiers that fall", override(Override{Model: m, Prices: mtok(1, 1), Tiers: []Tier{{Above: 200000, Prices: mtok(2, 2)}, {Above: 128000, Prices: mtok(3, 3)}}}), `overrides[0].tiers[1].above_input_tokens: 128000 must be greater than 200000`},
		{"tiers twice", override(Override{Model: m, Prices: mtok(1, 1), Tiers: []Tier{{From: 9, Prices: mtok(2, 2)}, {From: 9, Prices: mtok(3, 3)}}}), `overrides[0].tiers[1].from_input_tokens: 9 must be greater than 9`},
		{"a tier below 0", override(Override{Model: m, Prices: mtok(1, 1), Tiers: []Tier{{Above: -5, Prices: mtok(2, 2)}}}), `overrides[0].tiers[0].above_input_tokens: -5 must be greater than 0`},
		{"a tier without a bound", override(Override{Model: m, Prices: mtok(1, 1), Tiers: []Tier{{Prices: mtok(2, 2)}}}), `overrides[0].tiers[0]: exactly one of above_input_tokens, from_input_tokens is required`},
		{"a tier without prices", override(Override{Model: m, Prices: mtok(1, 1), Tiers: []Tier{{Above: 5}}}), `overrides[0].tiers[0].prices: must not be empty`},
		{"a tier without a base", override(Override{Model: m, Prices: mtok(1, 1), Tiers: []Tier{{Above: 5, Prices: map[string]float64{"cache_read_mtok": 1}}}}), `overrides[0].tiers[0].prices.cache_read_mtok: base price is missing`},

		{"a currency without a rate", override(Override{Model: m, Currency: "EUR", Prices: mtok(1, 1)}), `overrides[0].currency: EUR needs fx.EUR`},
		{"no currency", override(Override{Model: m, Currency: "EURO", Prices: mtok(1, 1)}), `overrides[0].currency: "EURO" is not an ISO 4217 code such as EUR`},
		{"an alias in a currency", override(Override{Model: m, Currency: "USD", As: "openai/gpt-4o"}), `overrides[0]: as takes no effective_from, effective_to, when, currency, tiers or min_seconds: those of "openai/gpt-4o" hold`},
		{"a unit price without a rate", unit(UnitPrice{Name: "a", Currency: "EUR", Match: search, PerCall: new(1.0)}), `unit_prices[0] "a": currency: EUR needs fx.EUR`},
		{"a rate of no currency", fx("euro", Rate{USD: 1}), `fx.euro: "euro" is not an ISO 4217 code such as EUR`},
		{"a rate of the dollar", fx("USD", Rate{USD: 1}), `fx.USD: must be left out: a dollar is a dollar`},
		{"no rates", fx("EUR"), `fx.EUR: needs a rate, in US dollars for one EUR`},
		{"a rate of 0", fx("EUR", Rate{}), `fx.EUR[0].usd: must be a finite number > 0, got 0`},
		{"a rate that is none", fx("EUR", Rate{USD: math.NaN()}), `fx.EUR[0].usd: must be a finite number > 0, got NaN`},
		{"a rate without an end", fx("EUR", Rate{USD: math.Inf(1)}), `fx.EUR[0].usd: must be a finite number > 0, got +Inf`},
		{"rates without times", fx("EUR", Rate{USD: 1}, Rate{USD: 2}), `fx.EUR[1].effective_from: none must be after none`},
		{"rates that go back", fx("EUR", Rate{instant(t, "2026-07-01"), 1}, Rate{instant(t, "2026-06-01 12:00"), 2}), `fx.EUR[1].effective_from: 2026-06-01T12:00:00Z must be after 2026-07-01`},

		{"provider_map", Settings{Builtin: true, Providers: map[string]string{"gw": "opnai"}}, `provider_map.gw: "opnai" is not a provider of the catalog`},
		{"default price", Settings{Builtin: true, DefaultPrice: map[string]float64{"cache_read_mtok": 1}}, `unknown_model.default_price: cache_read_mtok needs input_mtok`},

		{"no multiply", Settings{Builtin: true, Adjustments: []Adjustment{{Name: "edp"}}}, `adjustments[0].multiply: is required, such as 0.85 for 15 % off`},
		{"multiply below 0", Settings{Builtin: true, Adjustments: []Adjustment{{Multiply: new(-0.5)}}}, `adjustments[0].multiply: must be >= 0, got -0.5`},

		{"no amount", unit(UnitPrice{Name: "web-search", Match: search}), `unit_prices[0] "web-search": exactly one of per_call, per_second, per_unit is required`},
		{"two amounts", unit(UnitPrice{Name: "web-search", Match: search, PerCall: new(1.0), PerSecond: new(1.0)}), `unit_prices[0] "web-search": exactly one of per_call, per_second, per_unit is required`},
		{"no match", unit(UnitPrice{Name: "web-search", PerCall: new(1.0)}), `unit_prices[0] "web-search": match must not be empty (it would price every span)`},
		{"no name", unit(UnitPrice{Match: search, PerCall: new(1.0)}), `unit_prices[0].name: must not be empty`},
		{"a name twice", Settings{Builtin: true, UnitPrices: []UnitPrice{{Name: "a", Match: search, PerCall: new(1.0)}, {Name: "a", Match: search, PerCall: new(1.0)}}}, `unit_prices[1]: duplicate name "a"`},
		{"a negative amount", unit(UnitPrice{Name: "a", Match: search, PerCall: new(-1.0)}), `unit_prices[0] "a": per_call: must be a finite number >= 0, got -1`},
		{"no attribute", unit(UnitPrice{Name: "a", Match: search, PerUnit: &PerUnit{Price: 1}}), `unit_prices[0] "a": per_unit.attribute: must not be empty`},
		{"a shortest time of calls", unit(UnitPrice{Name: "a", Match: search, PerCall: new(1.0), MinSeconds: 1}), `unit_prices[0] "a": min_seconds needs per_second`},
		{"charge_on", unit(UnitPrice{Name: "a", Match: search, PerCall: new(1.0), ChargeOn: "failure"}), `unit_prices[0] "a": charge_on: "failure" is not one of always, success`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, _, err := New(tc.settings)
			assert.Nil(t, c)
			require.Error(t, err)
			got := err.Error()
			if head, _, cut := strings.Cut(tc.want, "…"); cut {
				assert.True(t, strings.HasPrefix(got, head), got)
				return
			}
			assert.Equal(t, tc.want, got)
		})
	}
}

// Every mistake of a file, and what is said to it.
func TestMistakesInFiles(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"broken", "{\n  \"prices\": [\n  }", `catalog.files[0]: /etc/prices.json: line 3: invalid character '}' looking for beginning of value`},
		{"cut off", `{"prices": [`, `catalog.files[0]: /etc/prices.json: line 1: unexpected EOF`},
		{"empty", ``, `catalog.files[0]: /etc/prices.json: line 1: EOF`},
		{"two values", "{\"prices\": []}\n{}", `catalog.files[0]: /etc/prices.json: line 1: unexpected text after the end`},
		{"a word", `"prices"`, `catalog.files[0]: /etc/prices.json: line 1: the whole must not be a string`},
		{"unknown key", "{\"prices\": [{\n\"modell\": {}}]}", `catalog.files[0]: /etc/prices.json: line 2: json: unknown field "modell"`},
		{"wrong type", "{\"prices\": [{\n\"prices\": {\"input_mtok\": \"1\"}}]}", `catalog.files[0]: /etc/prices.json: line 2: prices.prices must not be a string`},
		{"a mistake in a price", `{"prices": [{"model": {"equals": "m"}, "prices": {"input_mtok": -1}}]}`, `catalog.files[0]: prices[0].prices.input_mtok: must be a finite number >= 0, got -1`},
		{"a date", `{"prices": [{"model": {"equals": "m"}, "prices": {"input_mtok": 1}, "effective_to": "tomorrow"}]}`, `catalog.files[0]: prices[0].effective_to: "tomorrow" is not a date such as 2026-08-21 or 2026-08-21T00:00:00Z`},
		{"the date of the file", `{"date": "yesterday", "prices": []}`, `catalog.files[0]: date: "yesterday" is not a date such as 2026-08-21 or 2026-08-21T00:00:00Z`},
		{"a currency", `{"currency": "EUR", "prices": [{"model": {"equals": "m"}, "prices": {"input_mtok": 1}}]}`, `catalog.files[0]: currency: EUR needs fx.EUR`},
		{"a currency of one price", `{"prices": [{"model": {"equals": "m"}, "currency": "EUR", "prices": {"input_mtok": 1}}]}`, `catalog.files[0]: prices[0].currency: EUR needs fx.EUR`},
		{"a currency of genai-prices", `{"currency": "EUR", "providers": []}`, `catalog.files[0]: currency: must be USD where there are providers, got "EUR": state the prices as a list of prices`},
		{"LiteLLM", `{"gpt-4o": {"input_cost_per_token": 2.5e-06, "litellm_provider": "openai"}}`, `catalog.files[0]: looks like a LiteLLM price file; convert it with workflow-price -convert-litellm FILE`},
		{"OpenLIT", `{"chat": {}, "embeddings": {}}`, `catalog.files[0]: looks like an OpenLIT price file; state the prices you need as in docs/cost.md, per 1,000,000 tokens`},
		{"something else", `{"hello": 1}`, `catalog.files[0]: needs a list "prices" (see docs/cost.md), or the providers of genai-prices`},
		{"genai-prices, no id", `[{"id": "p", "models": [{"match": {"equals": "m"}, "prices": {}}]}]`, `catalog.files[0]: p/: id and prices are required`},
		{"genai-prices, negative", `[{"id": "p", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": -2}}]}]`, `catalog.files[0]: p/m: input_mtok: must be a finite number >= 0, got -2`},
		{"genai-prices, tiers that fall", `[{"id": "p", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": {"base": 1, "tiers": [{"start": 5, "price": 1}, {"start": 5, "price": 1}]}}}]}]`, `catalog.files[0]: p/m: input_mtok: tier 5 must be greater than 5`},
		{"genai-prices, no clause", `[{"id": "p", "models": [{"id": "m", "match": {}, "prices": {}}]}]`, `catalog.files[0]: p/m: a match needs exactly one of equals, starts_with, ends_with, contains, regex, and, or`},
		{"genai-prices, unknown clause", `[{"id": "p", "models": [{"id": "m", "match": {"sounds_like": "m"}, "prices": {}}]}]`, `catalog.files[0]: p/m: a match needs exactly one of equals, starts_with, ends_with, contains, regex, and, or`},
		{"genai-prices, lookahead", `[{"id": "p", "model_match": {"regex": "(?=a)"}, "models": []}]`, "catalog.files[0]: provider \"p\": error parsing regexp: invalid or unsupported Perl syntax: `(?=` (RE2 has no lookahead)"},
		{"genai-prices, endpoint", `[{"id": "p", "api_pattern": "(", "models": []}]`, "catalog.files[0]: provider \"p\": error parsing regexp: missing closing ): `^(?:()`"},
		{"genai-prices, a variant without prices", `[{"id": "p", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": 1}, "price_variants": [{"when": {"service_tier": "flex"}}]}]}]`, `catalog.files[0]: p/m: price_variants[0]: prices are required`},
		{"genai-prices, a variant of a part alone", `[{"id": "p", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"output_mtok": 1}, "price_variants": [{"when": {"service_tier": "flex"}, "prices": {"cache_read_mtok": 1}}]}]}]`, `catalog.files[0]: p/m: price_variants[0]: prices: cache_read_mtok needs input_mtok`},
		{"genai-prices, a variant of no date", `[{"id": "p", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": 1}, "price_variants": [{"when": {"service_tier": "flex"}, "constraint": {"start_date": "2026-13-01"}, "prices": {"input_mtok": 1}}]}]}]`, `catalog.files[0]: p/m: price_variants[0]: parsing time "2026-13-01": month out of range`},
		{"genai-prices, constraint", `[{"id": "p", "models": [{"id": "m", "match": {"equals": "m"}, "prices": [{"constraint": {"start_time": "00:30:00Z"}, "prices": {}}]}]}]`, `catalog.files[0]: p/m: a constraint needs start_date, or start_time and end_time`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := New(Settings{Files: []File{{Path: "/etc/prices.json", Data: []byte(tc.text)}}})
			require.Error(t, err)
			assert.Equal(t, tc.want, err.Error())
		})
	}
}

// An expression that does not compile matches nothing: what hangs on names is checked beside it.
func TestMistakesBesideABrokenExpression(t *testing.T) {
	_, _, err := New(Settings{
		Files:     []File{{Path: "g.json", Data: []byte(`[{"id": "p", "provider_match": {"regex": "("}, "model_match": {"and": [{"regex": "(?=a)b"}]}, "models": []}]`)}},
		Overrides: []Override{{Model: ModelMatch{Regex: "("}, Prices: mtok(1, 1)}, {Provider: "q", Model: ModelMatch{Equals: "m"}, As: "q/n"}},
	})
	require.Error(t, err)
	assert.Contains(t, err.Error(), "overrides[0].model.regex: ")
	assert.Contains(t, err.Error(), `overrides[1].as: model "q/n" is not in the catalog`)
}

// All mistakes are told at once, one a line.
func TestMistakesAreJoined(t *testing.T) {
	_, _, err := New(Settings{Overrides: []Override{{}}, Adjustments: []Adjustment{{}}})
	require.Error(t, err)
	assert.Equal(t, []string{
		"catalog: builtin is false and files is empty: nothing to price with",
		"overrides[0].model: exactly one of equals, prefix, glob, regex is required",
		"overrides[0]: exactly one of as, prices is required",
		"adjustments[0].multiply: is required, such as 0.85 for 15 % off",
	}, strings.Split(err.Error(), "\n"))
}

func TestWarnings(t *testing.T) {
	_, warnings, err := New(Settings{
		Files: []File{{Path: "g.json", Data: []byte(`[{"id": "p", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": 1, "input_gmtok": 2}},
			{"id": "n", "match": {"equals": "n"}, "prices": {"input_mtok": 1}, "price_variants": [{"when": {"speed": "fast"}, "prices": {"input_mtok": 1}}, {"when": {"service_tier": ["flex", "bulk"]}, "prices": {"input_mtok": 1}}, {"prices": {"input_mtok": 1}}]}]}]`)}},
		Overrides: []Override{{Model: ModelMatch{Equals: "m"}, Prices: map[string]float64{"input_mtok": 2.5e-6, "requests_kcount": 1e-6, "output_mtok": 0}}},
	})
	require.NoError(t, err)
	assert.Equal(t, []string{
		`catalog.files[0]: p/m: unknown price "input_gmtok" is left out`,
		`catalog.files[0]: p/n: price_variants[2]: when {} is left out: only service_tier batch, flex, priority and fast is known`,
		`catalog.files[0]: p/n: price_variants[1]: when {"service_tier": ["flex", "bulk"]} is left out: only service_tier batch, flex, priority and fast is known`,
		`catalog.files[0]: p/n: price_variants[0]: when {"speed": "fast"} is left out: only service_tier batch, flex, priority and fast is known`,
		`overrides[0].prices.input_mtok = 2.5e-06 looks like a price per token; unit is USD per 1,000,000 tokens`,
	}, warnings)
}
