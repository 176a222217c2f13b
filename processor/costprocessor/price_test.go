package costprocessor

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// want is the status, the total and the reason of a span: "" where it has none, -1 for no total.
type want struct {
	status string
	usd    float64
	reason string
}

func (w want) of(t *testing.T, written map[string]any) {
	t.Helper()
	status, _ := written[attrStatus].(string)
	reason, _ := written[attrReason].(string)
	usd, ok := written[attrTotal].(float64)
	if !ok {
		usd = -1
	}
	assert.Equal(t, w.status, status, "status of %v", written)
	assert.Equal(t, w.reason, reason, "reason of %v", written)
	assert.InDelta(t, w.usd, usd, 1e-12, "total of %v", written)
}

func TestWhatIsWritten(t *testing.T) {
	b := setUp(t, prices)
	got := b.send(t, chat(1, 0, tokens(1_000_000, 100_000)...))
	assert.Equal(t, map[string]any{
		"workflow.cost.total": 2.0, "workflow.cost.input": 1.0, "workflow.cost.output": 1.0,
		"workflow.cost.currency": "USD", "workflow.cost.source": "catalog", "workflow.cost.status": "priced",
		"workflow.cost.price_ref": "test@1/openai/a",
	}, got[1])

	cached := append(tokens(1_000_000, 0), "gen_ai.usage.cache_read.input_tokens", 500_000, "gen_ai.request.batch", true)
	got = b.send(t, chat(2, 0, cached...))
	assert.Equal(t, map[string]any{
		"workflow.cost.total": 0.3, "workflow.cost.input": 0.25, "workflow.cost.cache_read": 0.05,
		"workflow.cost.currency": "USD", "workflow.cost.source": "catalog", "workflow.cost.status": "priced",
		"workflow.cost.price_ref": "test@1/openai/a", "workflow.cost.service_tier": "batch",
		"workflow.cost.usage_semantics": "assumed",
		"workflow.savings.total":        0.7, "workflow.savings.service_tier": 0.5, "workflow.savings.prompt_cache": 0.2,
	}, got[2])
}

// TestOneSpan prices one span of each kind.
func TestOneSpan(t *testing.T) {
	usage := []any{"gen_ai.usage.input_tokens", 1_000_000} // a dollar
	more := func(attrs ...any) []any { return append(attrs, usage...) }
	broke := chat(1, 0, usage...)
	broke.failed = true
	silent := chat(1, 0)
	silent.failed = true
	for _, tc := range []struct {
		name string
		yaml string
		span span
		want want
	}{
		{"a model with a price", "", chat(1, 0, usage...), want{"priced", 1, ""}},
		{"the model that was asked for", "", chat(1, 0, more("gen_ai.response.model", nil, "gen_ai.request.model", "a")...), want{"priced", 1, ""}},
		{"the model that answered is a deployment", "", chat(1, 0, more("gen_ai.response.model", "mine", "gen_ai.request.model", "a")...), want{"priced", 1, ""}},
		{"an unknown model", "", chat(1, 0, more("gen_ai.response.model", "x")...), want{"unpriced", -1, "unknown_model"}},
		{"an unknown model with a default", "unknown_model: {action: default_price, default_price: {input_mtok: 3}}", chat(1, 0, more("gen_ai.response.model", "x")...), want{"priced", 3, ""}},
		{"no usage", "", chat(1, 0), want{"unpriced", -1, "no_usage"}},
		{"no usage, failed", "", silent, want{"", -1, ""}},
		{"usage, failed", "", broke, want{"priced", 1, ""}},
		{"usage, failed, to be skipped", "failed_spans: skip", broke, want{"", -1, ""}},
		{"tokens as text", "", chat(1, 0, "gen_ai.usage.input_tokens", "1000000"), want{"priced", 1, ""}},
		{"tokens as a fraction", "", chat(1, 0, "gen_ai.usage.input_tokens", 1e6), want{"priced", 1, ""}},
		{"negative tokens", "", chat(1, 0, more("gen_ai.usage.output_tokens", -5)...), want{"partial", 1, "bad_usage"}},
		{"tokens that are no number", "", chat(1, 0, more("gen_ai.usage.output_tokens", math.NaN())...), want{"partial", 1, "bad_usage"}},
		{"model that is no text", "", chat(1, 0, more("gen_ai.response.model", []any{"a"})...), want{"unpriced", -1, "unknown_model"}},
		{"reported", "", chat(1, 0, more("gen_ai.usage.cost", 0.25)...), want{"priced", 0.25, ""}},
		{"reported, of an unknown model", "", chat(1, 0, more("gen_ai.response.model", "x", "gen_ai.usage.cost", 0.25)...), want{"priced", 0.25, ""}},
		{"reported, as a fallback", "reported_cost: fallback", chat(1, 0, more("gen_ai.usage.cost", 0.25)...), want{"priced", 1, ""}},
		{"reported, as a fallback for an unknown model", "reported_cost: fallback", chat(1, 0, more("gen_ai.response.model", "x", "gen_ai.usage.cost", 0.25)...), want{"priced", 0.25, ""}},
		{"reported, ignored", "reported_cost: ignore", chat(1, 0, more("gen_ai.usage.cost", 0.25)...), want{"priced", 1, ""}},
		{"reported, ignored, of an unknown model", "reported_cost: ignore", chat(1, 0, more("gen_ai.response.model", "x", "gen_ai.usage.cost", 0.25)...), want{"unpriced", -1, "unknown_model"}},
		{"reported 0 of who does not know", "", chat(1, 0, more("gen_ai.usage.cost", 0)...), want{"priced", 1, ""}},
		{"reported 0, and no one knows better", "", chat(1, 0, more("gen_ai.response.model", "x", "gen_ai.usage.cost", 0)...), want{"priced", 0, ""}},
		{"reported below 0", "", chat(1, 0, more("gen_ai.usage.cost", -1)...), want{"partial", 1, "bad_usage"}},
		{"reported in euros", "fx: {EUR: 1.25}", chat(1, 0, more("gen_ai.usage.cost.amount", 0.2, "gen_ai.usage.cost.currency", "EUR")...), want{"priced", 0.25, ""}},
		{"reported in euros, without tokens", "fx: {EUR: 1.25}", chat(1, 0, "gen_ai.usage.cost.amount", 0.2, "gen_ai.usage.cost.currency", "eur"), want{"priced", 0.25, ""}},
		{"reported in euros, of an earlier rate", "fx: {EUR: [{usd: 1.5}, {effective_from: 2026-10-01T00:00:00Z, usd: 9}]}", chat(1, 0, more("gen_ai.usage.cost.amount", 0.2, "gen_ai.usage.cost.currency", "EUR")...), want{"priced", 0.3, ""}},
		{"reported in euros that have no rate", "", chat(1, 0, more("gen_ai.usage.cost.amount", 0.2, "gen_ai.usage.cost.currency", "EUR")...), want{"priced", 1, "unknown_currency"}},
		{"reported in euros that have no rate, as a fallback", "reported_cost: fallback", chat(1, 0, more("gen_ai.usage.cost.amount", 0.2, "gen_ai.usage.cost.currency", "EUR")...), want{"priced", 1, ""}},
		{"reported in euros that have no rate, ignored", "reported_cost: ignore", chat(1, 0, more("gen_ai.usage.cost.amount", 0.2, "gen_ai.usage.cost.currency", "EUR")...), want{"priced", 1, ""}},
		{"reported in euros that have no rate, of an unknown model", "", chat(1, 0, more("gen_ai.response.model", "x", "gen_ai.usage.cost.amount", 0.2, "gen_ai.usage.cost.currency", "EUR")...), want{"unpriced", -1, "unknown_currency"}},
		{"reported in euros that have no rate, without tokens", "", chat(1, 0, "gen_ai.usage.cost.amount", 0.2, "gen_ai.usage.cost.currency", "EUR"), want{"unpriced", -1, "unknown_currency"}},
		{"reported in euros that had no rate yet", "fx: {EUR: [{effective_from: 2026-10-01T00:00:00Z, usd: 9}]}", chat(1, 0, "gen_ai.usage.cost.amount", 0.2, "gen_ai.usage.cost.currency", "EUR"), want{"unpriced", -1, "unknown_currency"}},
		{"reported by an attribute of ours", "reported_cost_attributes: [acme.bill]", chat(1, 0, more("acme.bill", "0.25", "gen_ai.usage.cost", 3.0)...), want{"priced", 0.25, ""}},
		{"reported by an attribute that is known", "reported_cost_attributes: [gen_ai.usage.cost]", chat(1, 0, more("gen_ai.usage.cost", 0.25)...), want{"priced", 0.25, ""}},
		{"reported by an attribute that is no number", "reported_cost_attributes: [acme.bill]", chat(1, 0, more("acme.bill", "a lot")...), want{"partial", 1, "bad_usage"}},
		{"reported by an attribute of ours on what calls no model", "reported_cost_attributes: [acme.bill]", span{id: 1, name: "GET /", attrs: map[string]any{"acme.bill": 0.25}}, want{"priced", 0.25, ""}},
		{"an override in euros", "fx: {EUR: 1.25}\noverrides: [{provider: openai, model: {equals: a}, currency: EUR, prices: {input_mtok: 4}}]", chat(1, 0, usage...), want{"priced", 5, ""}},
		{"a unit price in euros", "fx: {EUR: 1.25}\nunit_prices: [{name: s, match: {tool: search}, currency: EUR, per_call: 2}]", tool(1, 0, "search"), want{"priced", 2.5, ""}},
		{"a unit price in euros that had no rate yet", "fx: {EUR: [{effective_from: 2026-10-01T00:00:00Z, usd: 9}]}\nunit_prices: [{name: s, match: {tool: search}, currency: EUR, per_call: 2}]", tool(1, 0, "search"), want{"unpriced", -1, "unknown_currency"}},
		{"outlier", "limits: {max_span_cost_usd: 0.5}", chat(1, 0, usage...), want{"priced", 1, "outlier"}},
		{"batch", "", chat(1, 0, more("gen_ai.request.batch", true)...), want{"priced", 0.5, ""}},
		{"batch, told by an attribute of ours", "service_tier: {batch_attributes: [{key: job, value: nightly}]}", chat(1, 0, more("job", "nightly")...), want{"priced", 0.5, ""}},
		{"no batch", "", chat(1, 0, more("gen_ai.request.batch", false)...), want{"priced", 1, ""}},
		{"the tier that answered", "", chat(1, 0, more("openai.response.service_tier", "default", "openai.request.service_tier", "priority")...), want{"priced", 1, ""}},
		{"the tier that was asked for", "", chat(1, 0, more("openai.request.service_tier", "Priority")...), want{"priced", 2, ""}},
		{"the tier that was asked for, first", "service_tier: {from: [request]}", chat(1, 0, more("openai.response.service_tier", "default", "openai.request.service_tier", "priority")...), want{"priced", 2, ""}},
		{"a tier without a price", "", chat(1, 0, more("openai.response.service_tier", "flex")...), want{"priced", 1, ""}},
		{"audio", "", chat(1, 0, more("gen_ai.usage.audio.input_tokens", 500_000)...), want{"priced", 2.5, ""}},
		{"an override", "overrides: [{provider: openai, model: {equals: a}, prices: {input_mtok: 7}}]", chat(1, 0, usage...), want{"priced", 7, ""}},
		{"an adjustment", "adjustments: [{name: edp, provider: openai, multiply: 0.75}]", chat(1, 0, usage...), want{"priced", 0.75, ""}},
		{"a provider of another name", "provider_map: {mine: openai}", chat(1, 0, more("gen_ai.provider.name", "mine")...), want{"priced", 1, ""}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.want.of(t, setUp(t, prices+tc.yaml).send(t, tc.span)[1])
		})
	}
}

// TestNoResidue: three parts that do not add up exactly leave no discount of 1e-17 behind.
func TestNoResidue(t *testing.T) {
	b := setUp(t, "")
	for i := range 100 {
		got := b.send(t, chat(byte(i+1), 0, "gen_ai.response.model", "gpt-4o", "gen_ai.usage.input_tokens", 1000+7*i,
			"gen_ai.usage.output_tokens", 33+i, "gen_ai.usage.cache_read.input_tokens", 500+3*i))[byte(i+1)]
		assert.NotContains(t, got, attrSavingsDiscount)
		assert.Contains(t, got, attrSavingsPromptCache)
	}
}

// agent is span 1.
func agent(attrs ...any) span {
	s := chat(1, 0, attrs...)
	s.name = "invoke_agent helper"
	s.attrs["gen_ai.operation.name"], s.attrs["gen_ai.agent.name"] = "invoke_agent", "helper"
	return s
}

func tool(id, parent byte, name string) span {
	return span{id: id, parent: parent, name: "execute_tool " + name, attrs: map[string]any{
		"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name,
	}}
}

func step(id, parent byte) span {
	return span{id: id, parent: parent, name: "run_step s", attrs: map[string]any{
		"gen_ai.operation.name": "run_step", "workflow.step.name": "s", "workflow.step.kind": "task",
	}}
}

// TestNests prices each usage once, wherever else it is stated.
func TestNests(t *testing.T) {
	use := tokens(1_000_000, 0)
	sum := tokens(2_000_000, 0)
	unknown := append([]any{"gen_ai.response.model", "x"}, use...)
	for _, tc := range []struct {
		name  string
		yaml  string
		spans []span
		want  map[byte]want
	}{
		{
			"an agent sums its calls", "",
			[]span{chat(3, 1, use...), chat(4, 1, use...), agent(sum...)},
			map[byte]want{1: {"aggregate_skipped", -1, ""}, 3: {"priced", 1, ""}, 4: {"priced", 1, ""}},
		},
		{
			"with steps between", "",
			[]span{chat(4, 3, use...), step(3, 2), step(2, 1), agent(use...)},
			map[byte]want{1: {"aggregate_skipped", -1, ""}, 4: {"priced", 1, ""}},
		},
		{
			"an agent whose calls say nothing", "",
			[]span{chat(3, 1), agent(sum...)},
			map[byte]want{1: {"priced", 2, ""}, 3: {"unpriced", -1, "no_usage"}},
		},
		{
			"an agent with one silent call and one that speaks", "",
			[]span{chat(3, 1), chat(4, 1, use...), agent(use...)},
			map[byte]want{1: {"aggregate_skipped", -1, ""}, 3: {"unpriced", -1, "no_usage"}, 4: {"priced", 1, ""}},
		},
		{
			"an agent alone, to be skipped", "aggregate_spans: always_skip",
			[]span{agent(sum...)},
			map[byte]want{1: {"aggregate_skipped", -1, ""}},
		},
		{
			"an agent to be trusted", "aggregate_spans: trust",
			[]span{chat(3, 1, use...), agent(use...)},
			map[byte]want{1: {"priced", 1, ""}, 3: {"priced", 1, ""}},
		},
		{
			"a call instrumented twice", "",
			[]span{chat(3, 2, use...), chat(2, 1, use...), agent()},
			map[byte]want{1: {"", -1, ""}, 2: {"aggregate_skipped", -1, ""}, 3: {"priced", 1, ""}},
		},
		{
			"an unknown model below does not make the sum of it a price", "",
			[]span{chat(3, 1, unknown...), agent(use...)},
			map[byte]want{1: {"aggregate_skipped", -1, ""}, 3: {"unpriced", -1, "unknown_model"}},
		},
		{
			"what a tool runs is another call", "",
			[]span{chat(3, 2, use...), tool(2, 1, "ask"), chat(1, 0, use...)},
			map[byte]want{1: {"priced", 1, ""}, 2: {"", -1, ""}, 3: {"priced", 1, ""}},
		},
		{
			"the same span twice", "",
			[]span{chat(3, 1, use...), chat(3, 1, use...), agent()},
			map[byte]want{3: {"duplicate", -1, ""}},
		},
		{
			"a circle of parents", "",
			[]span{chat(3, 2, use...), chat(2, 3, use...)},
			map[byte]want{3: {"priced", 1, ""}, 2: {"aggregate_skipped", -1, ""}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := setUp(t, prices+tc.yaml).send(t, tc.spans...)
			for id, w := range tc.want {
				w.of(t, got[id])
			}
		})
	}
}

// TestNestsInSeveralBatches sends one span a batch, children first and parents first.
func TestNestsInSeveralBatches(t *testing.T) {
	use := tokens(1_000_000, 0)
	spans := []span{chat(3, 2, use...), step(2, 1), agent(use...)}
	b := setUp(t, prices)
	assert.Equal(t, "priced", b.send(t, spans[0])[3][attrStatus])
	assert.Empty(t, b.send(t, spans[1])[2])
	assert.Equal(t, "aggregate_skipped", b.send(t, spans[2])[1][attrStatus])

	b = setUp(t, prices)
	assert.Equal(t, "priced", b.send(t, spans[2])[1][attrStatus])
	assert.Empty(t, b.send(t, spans[1])[2])
	assert.Equal(t, "aggregate_skipped", b.send(t, spans[0])[3][attrStatus], "the agent has been priced for it")
}

// TestTheSameBatchTwice: a client that did not hear back sends again.
func TestTheSameBatchTwice(t *testing.T) {
	b := setUp(t, prices)
	use := tokens(1_000_000, 0)
	want{"priced", 1, ""}.of(t, b.send(t, chat(1, 0, use...))[1])
	want{"duplicate", -1, ""}.of(t, b.send(t, chat(1, 0, use...))[1])
	other := chat(1, 0, use...)
	other.trace = 2
	want{"priced", 1, ""}.of(t, b.send(t, other)[1])
}

func TestWhatClientsSendIsDropped(t *testing.T) {
	forged := []any{attrTotal, 99.0, attrStatus, "priced", "workflow.cost.rollup.total", 5.0, attrSavingsTotal, 7.0, attrBudgetState, "ok"}
	plain := span{id: 2, name: "GET /", attrs: map[string]any{attrTotal: 99.0, "http.route": "/"}}
	b := setUp(t, prices)
	got := b.send(t, chat(1, 0, forged...), plain)
	assert.Equal(t, map[string]any{attrStatus: "unpriced", attrReason: "no_usage"}, got[1])
	assert.Empty(t, got[2])

	b = setUp(t, prices+"drop_incoming: false")
	got = b.send(t, chat(1, 0, append(forged, tokens(1_000_000, 0)...)...), plain)
	want{"priced", 99, ""}.of(t, got[1])
	assert.Equal(t, map[string]any{attrTotal: 99.0}, got[2])
}

// Nothing is written on a replay, whose calls a recording answers, nor are they counted as unpriced.
func TestAReplayCostsNothing(t *testing.T) {
	b := setUp(t, prices)
	got := b.send(t,
		chat(1, 0, append(tokens(1_000_000, 0), "workflow.replay", true)...),
		chat(2, 0, append(tokens(1_000_000, 0), "workflow.replay", false)...))
	want{usd: -1}.of(t, got[1])
	want{"priced", 1, ""}.of(t, got[2])
}
