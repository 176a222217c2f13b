package costprocessor

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
)

// run is the span of a run of the workflow support.
func run(id byte) span {
	return span{id: id, name: "invoke_workflow support", attrs: map[string]any{
		"gen_ai.operation.name": "invoke_workflow", "workflow.name": "support",
	}}
}

func TestRollUp(t *testing.T) {
	use := tokens(1_000_000, 0)
	unknown := append([]any{"gen_ai.response.model", "x"}, use...)
	for _, tc := range []struct {
		name  string
		yaml  string
		spans []span
		want  map[string]any // of span 1
	}{
		{
			"sums of a run", "",
			[]span{chat(5, 2, use...), chat(6, 2, use...), chat(7, 1, unknown...), tool(3, 1, "search"), step(2, 1), run(1)},
			map[string]any{attrRollupTotal: 2.0, attrRollupLLM: int64(3), attrRollupTools: int64(1), attrRollupUnpriced: int64(1), attrRollupPartial: false},
		},
		{
			"a run in a run", "",
			[]span{chat(5, 2, use...), nested(2, 1), chat(6, 1, use...), run(1)},
			map[string]any{attrRollupTotal: 2.0, attrRollupLLM: int64(2), attrRollupTools: int64(0), attrRollupUnpriced: int64(0), attrRollupPartial: false},
		},
		{
			"nothing has a price: no total", "",
			[]span{chat(5, 1, unknown...), run(1)},
			map[string]any{attrRollupLLM: int64(1), attrRollupTools: int64(0), attrRollupUnpriced: int64(1), attrRollupPartial: false},
		},
		{
			"a branch whose parent has not come", "",
			[]span{chat(5, 9, use...), chat(6, 1, use...), run(1)},
			map[string]any{attrRollupTotal: 1.0, attrRollupLLM: int64(1), attrRollupTools: int64(0), attrRollupUnpriced: int64(0), attrRollupPartial: true},
		},
		{"off", "rollup: {mode: off}", []span{chat(5, 1, use...), run(1)}, map[string]any{}},
		{
			"without the word on what is missing", "rollup: {partial_attribute: false}",
			[]span{chat(5, 1, use...), run(1)},
			map[string]any{attrRollupTotal: 1.0, attrRollupLLM: int64(1), attrRollupTools: int64(0), attrRollupUnpriced: int64(0)},
		},
		{"no call in it", "", []span{chat(5, 0, use...), step(2, 1), run(1)}, map[string]any{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.Equal(t, tc.want, setUp(t, prices+tc.yaml).send(t, tc.spans...)[1])
		})
	}
}

func nested(id, parent byte) span {
	s := run(id)
	s.parent = parent
	s.attrs["workflow.name"] = "inner"
	return s
}

func TestRunInALaterBatchIsPartial(t *testing.T) {
	b := setUp(t, prices)
	use := tokens(1_000_000, 0)
	b.send(t, chat(5, 1, use...))
	got := b.send(t, chat(6, 1, use...), run(1))
	assert.Equal(t, true, got[1][attrRollupPartial])
	assert.InDelta(t, 1, got[1][attrRollupTotal], 1e-12, "what the batch holds")
}

// cached is a step of run 1 that asks a cache of answers.
func cached(id byte, hit bool, attrs ...any) span {
	s := step(id, 1)
	s.attrs["workflow.cache.hit"] = hit
	for i := 0; i < len(attrs); i += 2 {
		s.attrs[attrs[i].(string)] = attrs[i+1]
	}
	return s
}

func TestResponseCache(t *testing.T) {
	use := tokens(1_000_000, 0)
	saved := func(usd float64) map[string]any {
		return map[string]any{attrSavingsTotal: usd, attrSavingsResponseCache: usd}
	}
	free := map[string]any{
		attrTotal: 0.0, attrCurrency: "USD", attrStatus: "priced", attrReason: "response_cache",
	}
	t.Run("what the span says", func(t *testing.T) {
		b := setUp(t, prices)
		assert.Equal(t, saved(0.5), b.send(t, cached(2, true, attrSavingsResponseCache, 0.5), run(1))[2])
		assert.Empty(t, b.send(t, cached(2, true, attrSavingsResponseCache, 0.5), run(1))[2], "the same span again")
	})
	t.Run("what cannot be", func(t *testing.T) {
		b := setUp(t, prices)
		assert.Empty(t, b.send(t, cached(2, true, attrSavingsResponseCache, -0.5), cached(3, true, attrSavingsResponseCache, "a lot"), run(1))[2])
	})
	t.Run("what the configuration says", func(t *testing.T) {
		b := setUp(t, prices+"savings: {response_cache: {cost_per_hit: {support: 0.25}}}")
		assert.Equal(t, saved(0.25), b.send(t, cached(2, true), run(1))[2])
	})
	t.Run("what the misses cost", func(t *testing.T) {
		b := setUp(t, prices)
		got := b.send(t, cached(2, true), run(1))
		assert.Empty(t, got[2], "nothing is known yet")
		b.send(t, chat(4, 3, use...), cached(3, false), chat(6, 5, append(use, "gen_ai.usage.cost", 3.0)...), cached(5, false), run(1))
		assert.Equal(t, saved(2), b.send(t, cached(7, true), run(1))[7])
	})
	t.Run("not to be guessed", func(t *testing.T) {
		b := setUp(t, prices+"savings: {response_cache: {estimate_from_misses: false}}")
		b.send(t, chat(4, 3, use...), cached(3, false), run(1))
		assert.Empty(t, b.send(t, cached(7, true), run(1))[7])
	})
	t.Run("a call that a gateway answered", func(t *testing.T) {
		b := setUp(t, prices+"savings: {response_cache: {attributes: [{key: gateway.cache, value: HIT}]}}")
		assert.Equal(t, free, b.send(t, chat(2, 0, append(use, "gateway.cache", "HIT")...))[2])
		b.send(t, chat(3, 0, append(use, "gateway.cache", "MISS")...))
		got := b.send(t, chat(4, 0, append(use, "gateway.cache", "HIT")...))[4]
		assert.InDelta(t, 0, got[attrTotal], 0)
		assert.InDelta(t, 1, got[attrSavingsResponseCache], 1e-12)
	})
}

func TestMeansAreBounded(t *testing.T) {
	m := newMeans()
	for i := range maxMeans + 10 {
		m.learn(work{"w", string(rune('a' + i))}, 1)
	}
	assert.Len(t, m.of, maxMeans)
	m.learn(work{"w", "a"}, 3)
	assert.InDelta(t, 2, m.get(work{"w", "a"}), 0)
	assert.Zero(t, m.get(work{"x", "a"}))
}

func TestRouter(t *testing.T) {
	b := setUp(t, prices+"savings: {router: {enabled: true, baseline: {default: openai/a, workflows: {support: openai/big}}}}")
	use := tokens(1_000_000, 0)
	got := b.send(t, chat(2, 1, use...), run(1))[2]
	assert.InDelta(t, 9, got[attrSavingsRouter], 1e-12, "the workflow's baseline")
	other := chat(4, 0, append(use, "gen_ai.response.model", "big")...)
	other.trace = 2
	assert.InDelta(t, -9, b.send(t, other)[4][attrSavingsRouter], 1e-12, "dearer than the baseline")
}

func TestSavingsThatAreNotWanted(t *testing.T) {
	b := setUp(t, prices+`
adjustments: [{name: edp, multiply: 0.5}]
savings: {prompt_cache: false, service_tier: false, discount: false}
`)
	got := b.send(t, chat(1, 0, append(tokens(1_000_000, 0), "gen_ai.usage.cache_read.input_tokens", 500_000, "gen_ai.request.batch", true)...))[1]
	assert.NotContains(t, got, attrSavingsTotal)
	assert.InDelta(t, 0.15, got[attrTotal], 1e-12)
}

const units = prices + `
unit_prices:
  - {name: web-search, match: {operation: execute_tool, tool: search*}, per_call: 0.008, charge_on: success}
  - {name: gpu, match: {attributes: {host.type: h100}}, per_second: 0.01, min_seconds: 1}
  - {name: pages, match: {tool: ocr}, per_unit: {attribute: ocr.pages, price: 0.5}}
`

func TestUnitPrices(t *testing.T) {
	b := setUp(t, units)
	broken := tool(3, 1, "search_web")
	broken.failed = true
	ocr := tool(4, 1, "ocr")
	ocr.attrs["ocr.pages"] = "3"
	gpu := span{id: 5, parent: 1, name: "train", attrs: map[string]any{"host.type": "h100"}, seconds: 3}
	got := b.send(t, tool(2, 1, "search_web"), broken, ocr, gpu, tool(6, 1, "other"), run(1))
	want{"priced", 0.008, ""}.of(t, got[2])
	assert.Equal(t, "unit_price", got[2][attrSource])
	want{"priced", 0, ""}.of(t, got[3])
	want{"priced", 1.5, ""}.of(t, got[4])
	want{"priced", 0.03, ""}.of(t, got[5])
	assert.Equal(t, "compute", got[5][attrKind])
	assert.NotContains(t, got[2], attrKind, "the tool tells it")
	assert.Empty(t, got[6])
	assert.InDelta(t, 1.538, got[1][attrRollupTotal], 1e-12)
	assert.Equal(t, int64(4), got[1][attrRollupTools])
}

// TestUnitPriceOfAToolInstrumentedTwice is charged once, for the inner span.
func TestUnitPriceOfAToolInstrumentedTwice(t *testing.T) {
	got := setUp(t, units).send(t, tool(3, 2, "search"), tool(2, 1, "search"), run(1))
	assert.Empty(t, got[2])
	want{"priced", 0.008, ""}.of(t, got[3])
}

func TestUsageSemantics(t *testing.T) {
	// 100,000 fresh tokens beside 900,000 of the cache, which the counts alone do not tell.
	said := append(tokens(1_000_000, 0), "gen_ai.usage.cache_read.input_tokens", 900_000)
	of := func(scope string) span {
		s := chat(1, 0, said...)
		s.scope = scope
		return s
	}
	for name, tc := range map[string]struct {
		yaml, semantics string
		usd             float64
	}{
		"auto":                    {"", "assumed", 0.1 + 0.09},
		"for all":                 {"usage: {cache_semantics: exclusive}", "exclusive", 1 + 0.09},
		"for a scope":             {"usage: {rules: [{scope: mine, cache_semantics: exclusive}]}", "exclusive", 1 + 0.09},
		"for another scope":       {"usage: {rules: [{scope: other, cache_semantics: exclusive}]}", "assumed", 0.1 + 0.09},
		"for a provider":          {"usage: {rules: [{provider: openai, cache_semantics: exclusive}]}", "exclusive", 1 + 0.09},
		"the first rule":          {"usage: {rules: [{scope: mine, cache_semantics: inclusive}, {cache_semantics: exclusive}]}", "inclusive", 0.1 + 0.09},
		"a rule on reasoning too": {"usage: {cache_semantics: exclusive, rules: [{scope: mine, reasoning: outside}]}", "exclusive", 1 + 0.09},
		"and one on its inside":   {"usage: {rules: [{scope: mine, reasoning: inside, cache_semantics: inclusive}]}", "inclusive", 0.1 + 0.09},
	} {
		t.Run(name, func(t *testing.T) {
			got := setUp(t, prices+tc.yaml).send(t, of("mine"))[1]
			assert.InDelta(t, tc.usd, got[attrTotal], 1e-12)
			assert.Equal(t, tc.semantics, got[attrSemantics])
		})
	}
}

// TestWhatIsRefusedIsPricedAgain: the client sends it again, and only then it goes on.
func TestWhatIsRefusedIsPricedAgain(t *testing.T) {
	b := setUp(t, prices)
	refuse := consumertest.NewErr(errors.New("full"))
	accept := b.costProcessor.next
	b.costProcessor.next = refuse
	batch := func() span { return chat(1, 0, tokens(1_000_000, 0)...) }
	require.EqualError(t, b.ConsumeTraces(t.Context(), batchOf(batch())), "full")
	b.costProcessor.next = accept
	want{"priced", 1, ""}.of(t, b.send(t, batch())[1])
	want{"duplicate", -1, ""}.of(t, b.send(t, batch())[1])
}

func TestASecondShutdownDoesNothing(t *testing.T) {
	b := setUp(t, prices)
	require.NoError(t, b.Shutdown(t.Context()))
	require.NoError(t, b.Shutdown(t.Context()))
}
