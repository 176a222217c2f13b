package costprocessor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
)

// TestMistakes is every mistake that a configuration can hold and what is said about it.
func TestMistakes(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte("{\n\"prices\": [\n}"), 0o600))
	litellm := filepath.Join(t.TempDir(), "litellm.json")
	require.NoError(t, os.WriteFile(litellm, []byte(`{"gpt-4o": {"input_cost_per_token": 2.5e-06, "litellm_provider": "openai"}}`), 0o600))
	const model = "provider: openai, model: {equals: a}"
	for _, tc := range []struct{ yaml, want string }{
		// Keys.
		{"catalogue: {}", `has invalid keys: catalogue (did you mean "catalog"?)`},
		{"catalog: {biultin: true}", `catalog has invalid keys: biultin (did you mean "builtin"?)`},
		{"overrides: [{}, {provder: x}]", `overrides[1] has invalid keys: provder (did you mean "provider"?)`},
		{"unit_prices: [{per_unit: {prise: 1}}]", `unit_prices[0].per_unit has invalid keys: prise (did you mean "price"?)`},
		{"zzz: 1", `has invalid keys: zzz`},
		// Words.
		{"aggregate_spans: no", `aggregate_spans: must be skip_when_descendants_priced, always_skip or trust (got "no")`},
		{"reported_cost: x", `reported_cost: must be prefer, fallback or ignore (got "x")`},
		{"failed_spans: x", `failed_spans: must be price_if_usage or skip (got "x")`},
		{"rollup: {mode: x}", `rollup::mode: must be trace or off (got "x")`},
		{"unknown_model: {action: x}", `unknown_model::action: must be mark or default_price (got "x")`},
		{"catalog: {on_reload_error: x}", `catalog::on_reload_error: must be keep_previous or fail (got "x")`},
		{"usage: {cache_semantics: x}", `usage::cache_semantics: must be auto, inclusive or exclusive (got "x")`},
		{"usage: {rules: [{reasoning: x}]}", `usage::rules::0::reasoning: must be auto, inside or outside (got "x")`},
		{"service_tier: {from: [x]}", `service_tier::from::0: must be response or request (got "x")`},
		// Prices.
		{"overrides: [{" + model + ", prices: {input_mtok: -1}}]", `overrides[0].prices.input_mtok: must be a finite number >= 0, got -1`},
		{"overrides: [{" + model + ", prices: {input_mtok: .nan}}]", `overrides[0].prices.input_mtok: must be a finite number >= 0, got NaN`},
		{"overrides: [{" + model + ", prices: {input_mtok: .inf}}]", `overrides[0].prices.input_mtok: must be a finite number >= 0, got +Inf`},
		{"overrides: [{" + model + ", prices: {input_price: 1}}]", `overrides[0].prices: unknown key "input_price" (known: input_mtok, `},
		{"overrides: [{model: {}, prices: {input_mtok: 1}}]", `overrides[0].model: exactly one of equals, prefix, glob, regex is required`},
		{"overrides: [{model: {equals: a, prefix: b}, prices: {input_mtok: 1}}]", `overrides[0].model: exactly one of equals, prefix, glob, regex is required`},
		{"overrides: [{model: {equals: ' a'}, prices: {input_mtok: 1}}]", `overrides[0].model.equals: must not be empty or have leading/trailing whitespace`},
		{"overrides: [{model: {regex: '(?!'}, prices: {input_mtok: 1}}]", "overrides[0].model.regex: error parsing regexp: invalid or unsupported Perl syntax: `(?!` (RE2 has no lookahead)"},
		{"overrides: [{" + model + "}]", `overrides[0]: exactly one of as, prices is required`},
		{"overrides: [{" + model + ", as: openai/gpt-4o, prices: {input_mtok: 1}}]", `overrides[0]: exactly one of as, prices is required`},
		{"overrides: [{" + model + ", as: openai/gpt-9}]", `overrides[0].as: model "openai/gpt-9" is not in the catalog`},
		{"overrides: [{" + model + ", effective_from: 2026-08-21T00:00:00Z, effective_to: 2026-08-01T00:00:00Z, prices: {input_mtok: 1}}]", `overrides[0]: effective_from 2026-08-21 must be before effective_to 2026-08-01`},
		{"overrides: [{" + model + ", prices: {input_mtok: 1}}, {" + model + ", prices: {input_mtok: 2}}]", `overrides[0] and overrides[1]: overlapping effective dates for openai/a`},
		{"overrides: [{" + model + ", prices: {input_mtok: 1}, tiers: [{above_input_tokens: 200000, prices: {input_mtok: 2}}, {above_input_tokens: 128000, prices: {input_mtok: 3}}]}]", `overrides[0].tiers[1].above_input_tokens: 128000 must be greater than 200000`},
		{"overrides: [{" + model + ", prices: {input_mtok: 1}, tiers: [{above_input_tokens: 1, prices: {cache_read_mtok: 2}}]}]", `overrides[0].tiers[0].prices.cache_read_mtok: base price is missing`},
		{"overrides: [{" + model + ", prices: {cache_read_mtok: 1}}]", `overrides[0].prices: cache_read_mtok needs input_mtok`},
		{"overrides: [{" + model + ", prices: {input_mtok: 1, cache_write_1h_mtok: 1}}]", `overrides[0].prices: cache_write_1h_mtok needs cache_write_mtok`},
		{"overrides: [{" + model + ", when: {service_tier: bulk}, prices: {input_mtok: 1}}]", `overrides[0].when.service_tier: "bulk" is not one of standard, batch, flex, priority, fast`},
		{"adjustments: [{multiply: -1}]", `adjustments[0].multiply: must be `},
		{"unit_prices: [{name: web-search, match: {tool: x}}]", `unit_prices[0] "web-search": exactly one of per_call, per_second, per_unit is required`},
		{"unit_prices: [{name: web-search, match: {tool: x}, per_call: 1, per_second: 1}]", `unit_prices[0] "web-search": exactly one of per_call, per_second, per_unit is required`},
		{"unit_prices: [{name: web-search, per_call: 1}]", `unit_prices[0] "web-search": match must not be empty (it would price every span)`},
		{"unknown_model: {action: default_price}", `unknown_model.default_price: required when action is default_price`},
		{"unknown_model: {default_price: {input_mtok: 1}}", `unknown_model.default_price: has no effect: set action to default_price`},
		// Other currencies.
		{"fx: {EURO: 1.08}", `fx.EURO: "EURO" is not an ISO 4217 code such as EUR`},
		{"fx: {EUR: x}", `fx.EUR: must be US dollars for one EUR such as 1.08, or a list of effective_from and usd, got x`},
		{"fx: {EUR: 0}", `fx.EUR[0].usd: must be a finite number > 0, got 0`},
		{"fx: {EUR: []}", `fx.EUR: needs a rate, in US dollars for one EUR`},
		{"fx: {EUR: [{usd: 1}, {usd: 2, from: 2026-08-21T00:00:00Z}]}", `fx.EUR[1] has invalid keys: from`},
		{"fx: {USD: 1}", `fx.USD: must be left out: a dollar is a dollar`},
		{"overrides: [{" + model + ", currency: EUR, prices: {input_mtok: 1}}]", `overrides[0].currency: EUR needs fx.EUR`},
		{"unit_prices: [{name: a, match: {tool: x}, currency: EURO, per_call: 1}]", `unit_prices[0] "a": currency: "EURO" is not an ISO 4217 code such as EUR`},
		// Costs that spans state.
		{"reported_cost_attributes: ['']", `reported_cost_attributes[0]: must not be empty or have leading/trailing whitespace, got ""`},
		{"reported_cost_attributes: [a, a]", `reported_cost_attributes[1]: duplicate name "a"`},
		{"reported_cost_attributes: [workflow.cost.total]", `reported_cost_attributes[0]: "workflow.cost.total" is what this processor writes: name another attribute`},
		{"reported_cost_attributes: [gen_ai.usage.input_tokens]", `reported_cost_attributes[0]: "gen_ai.usage.input_tokens" is known to say something else than a cost: name another attribute`},
		{"usage: {estimate_missing: {chars_per_token: 0}}", `usage.estimate_missing.chars_per_token: must be > 0, got 0`},
		{"usage: {estimate_missing: {chars_per_token: .nan}}", `usage.estimate_missing.chars_per_token: must be > 0, got NaN`},
		{"usage: {estimate_missing: {chars: 4}}", `usage.estimate_missing has invalid keys: chars`},
		// Files.
		{"catalog: {files: [/nowhere/prices.json]}", `catalog.files[0]: open /nowhere/prices.json: no such file or directory`},
		{"catalog: {files: [" + broken + "]}", `catalog.files[0]: ` + broken + `: line 3: invalid character '}'`},
		{"catalog: {files: [" + litellm + "]}", `looks like a LiteLLM price file`},
		{"catalog: {builtin: false}", `catalog: builtin is false and files is empty: nothing to price with`},
		{"catalog: {reload_interval: 10ms}", `catalog.reload_interval: must be 0 or >= 1s, got 10ms`},
		{"catalog: {max_age: -1h}", `catalog.max_age: must be >= 0, got -1h0m0s`},
		// Attributes and savings.
		{"service_tier: {batch_attributes: [{value: x}]}", `service_tier.batch_attributes[0].key: must not be empty`},
		{"savings: {response_cache: {attributes: [{value: x}]}}", `savings.response_cache.attributes[0].key: must not be empty`},
		{"savings: {response_cache: {cost_per_hit: {w: -1}}}", `savings.response_cache.cost_per_hit.w: must be a finite number >= 0, got -1`},
		{"savings: {router: {enabled: true}}", `savings.router.baseline: required when router is enabled: give default or workflows`},
		{"savings: {router: {enabled: true, baseline: {default: openai/gpt-9}}}", `savings.router.baseline.default: model "openai/gpt-9" is not in the catalog`},
		{"savings: {router: {enabled: true, baseline: {workflows: {w: openai/gpt-9}}}}", `savings.router.baseline.workflows.w: model "openai/gpt-9" is not in the catalog`},
		// Budgets.
		{"budgets: [{name: a, limit_usd: 1}, {name: a, limit_usd: 1}]", `budgets[1]: duplicate name "a"`},
		{"budgets: [{limit_usd: 1}]", `budgets[0].name: must not be empty`},
		{"budgets: [{name: a, limit_usd: 0}]", `budgets[0].limit_usd: must be > 0, got 0`},
		{"budgets: [{name: a, limit_usd: .inf}]", `budgets[0].limit_usd: must be > 0, got +Inf`},
		{"budgets: [{name: a, limit_usd: 1, thresholds: [1, 0.8]}]", `budgets[0].thresholds: must be ascending and in (0, 10], got [1 0.8]`},
		{"budgets: [{name: a, limit_usd: 1, thresholds: [0]}]", `budgets[0].thresholds: must be ascending and in (0, 10], got [0]`},
		{"budgets: [{name: a, limit_usd: 1, window: 24h}]", `budgets[0]: scope run takes no window`},
		{"budgets: [{name: a, limit_usd: 1, scope: run, window: 24h}]", `budgets[0]: scope run takes no window`},
		{"budgets: [{name: a, limit_usd: 1, scope: workflow}]", `budgets[0]: scope workflow needs window`},
		{"budgets: [{name: a, limit_usd: 1, scope: tenant}]", `budgets[0]: scope tenant needs window`},
		{"budgets: [{name: a, limit_usd: 1, scope: user}]", `budgets::0::scope: must be run, workflow or tenant (got "user")`},
		{"budgets: [{name: a, limit_usd: 1, scope: workflow, window: month}]", `budgets[0].window: must be calendar_day, calendar_week, calendar_month or a duration of at least 1m such as 24h, got "month"`},
		// Limits.
		{"limits: {match_cache: 0}", `limits.match_cache: must be > 0, got 0`},
		{"limits: {max_span_cost_usd: -1}", `limits.max_span_cost_usd: must be > 0, got -1`},
		{"limits: {budget_accounts: 0}", `limits.budget_accounts: must be > 0, got 0`},
		{"limits: {dedupe_window: 0s}", `limits.dedupe_window: must be > 0, got 0s`},
	} {
		t.Run(tc.yaml, func(t *testing.T) {
			_, err := parse(tc.yaml)
			require.Error(t, err)
			assert.Contains(t, err.Error(), tc.want)
		})
	}
}

func TestAllMistakesAreTold(t *testing.T) {
	_, err := parse("budgets: [{name: a}]\ncatalog: {reload_interval: 1ms}\noverrides: [{provider: openai}]")
	require.Error(t, err)
	assert.Len(t, strings.Split(err.Error(), "\n"), 4, err)
}

// TestExample is the configuration of the reference with all of its keys.
func TestExample(t *testing.T) {
	cfg, err := parse(`
fx: {EUR: 1.08, JPY: [{effective_from: 2026-01-01T00:00:00Z, usd: 0.0064}, {effective_from: 2026-07-01T00:00:00Z, usd: 0.0067}]}
catalog: {builtin: true, files: [], reload_interval: 30s, on_reload_error: keep_previous, max_age: 2160h}
overrides:
  - {provider: azure, model: {equals: my-deploy}, as: openai/gpt-4o}
  - provider: openai
    model: {prefix: mine-}
    effective_from: 2026-08-21T00:00:00Z
    when: {service_tier: flex}
    prices: {input_mtok: 2, output_mtok: 10, cache_read_mtok: 0.2}
    tiers: [{above_input_tokens: 272000, prices: {input_mtok: 4, output_mtok: 15}}]
adjustments: [{provider: openai, multiply: 0.85, name: edp}]
unit_prices:
  - {name: web-search, match: {operation: execute_tool, tool: tavily_*}, per_call: 0.008, charge_on: success}
  - {name: gpu-worker, match: {attributes: {host.type: h100}}, per_second: 0.00083, min_seconds: 1}
  - {name: ocr-pages, match: {tool: ocr}, per_unit: {attribute: ocr.pages, price: 0.0015}}
provider_map: {my-gateway: openai}
unknown_model: {action: mark}
usage: {cache_semantics: auto, estimate_missing: {enabled: false, chars_per_token: 4}, rules: [{scope: x, provider: anthropic, cache_semantics: exclusive, reasoning: inside}]}
service_tier: {from: [response, request], batch_attributes: [{key: gen_ai.request.batch, value: "true"}]}
aggregate_spans: skip_when_descendants_priced
reported_cost: prefer
reported_cost_attributes: [gen_ai.usage.cost.amount, llm.cost.total, acme.bill]
drop_incoming: true
failed_spans: price_if_usage
savings:
  prompt_cache: true
  service_tier: true
  discount: true
  router: {enabled: true, baseline: {default: openai/gpt-5, workflows: {support: anthropic/claude-sonnet-4-5}}}
  response_cache: {attributes: [{key: workflow.cache.hit, value: "true"}], cost_per_hit: {support: 0.01}, estimate_from_misses: true}
rollup: {mode: trace, partial_attribute: true}
budgets:
  - {name: support-run, scope: run, match: {workflow: support}, limit_usd: 0.50, thresholds: [0.8, 1.0]}
  - {name: support-month, scope: workflow, match: {workflow: support}, limit_usd: 2000, window: calendar_month}
  - {name: tenant-day, scope: tenant, match: {tenant: a*}, limit_usd: 20, window: 24h}
limits: {match_cache: 10000, max_span_cost_usd: 1000, dedupe_window: 10m, budget_accounts: 1000}
`)
	require.NoError(t, err)
	assert.Equal(t, 2026, cfg.Overrides[1].From.Year())
	assert.Equal(t, []cost.Rate{{USD: 1.08}}, cfg.FX["EUR"])
	assert.Equal(t, time.July, cfg.FX["JPY"][1].From.Month())
}

func TestDefaultsAreValid(t *testing.T) {
	cfg, err := parse("{}")
	require.NoError(t, err)
	assert.Equal(t, createDefaultConfig(), cfg)
}

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"catalogue", "catalog", 2}, {"biultin", "builtin", 2}, {"abc", "abd", 1}} {
		assert.Equal(t, tc.want, distance(tc.a, tc.b), "%s %s", tc.a, tc.b)
	}
}
