package costprocessor

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const estimates = prices + "usage: {estimate_missing: {enabled: true, chars_per_token: 4}}\n"

// told is a call of model a that says what was asked, ten thousand tokens at four characters each,
// and answered, a thousand: two cents.
func told(id, parent byte, attrs ...any) span {
	return chat(id, parent, append([]any{
		"gen_ai.input.messages", `[{"role": "user", "parts": [{"type": "text", "content": "` + strings.Repeat("a", 40_000) + `"}]}]`,
		"gen_ai.completion", strings.Repeat("é", 4_000-3),
	}, attrs...)...)
}

func TestEstimate(t *testing.T) {
	got := setUp(t, estimates).send(t, told(1, 0))[1]
	assert.Equal(t, map[string]any{
		"workflow.cost.total": 0.02, "workflow.cost.input": 0.01, "workflow.cost.output": 0.01,
		"workflow.cost.currency": "USD", "workflow.cost.source": "estimated", "workflow.cost.status": "partial",
		"workflow.cost.reason": "no_usage", "workflow.cost.price_ref": "test@1/openai/a",
	}, got)
}

// TestWhatIsEstimated: only calls of models that ended well and say nothing of what they used.
func TestWhatIsEstimated(t *testing.T) {
	failed := told(1, 0)
	failed.failed = true
	short := chat(1, 0, "gen_ai.prompt", "Hi")
	for _, tc := range []struct {
		name, yaml string
		span       span
		want       want
	}{
		{"off", prices, told(1, 0), want{"unpriced", -1, "no_usage"}},
		{"another ratio", prices + "usage: {estimate_missing: {enabled: true, chars_per_token: 2}}", told(1, 0), want{"partial", 0.03999, "no_usage"}},
		{"what is begun is a token", estimates, short, want{"partial", 1e-6, "no_usage"}},
		{"no text", estimates, chat(1, 0), want{"unpriced", -1, "no_usage"}},
		{"a usage", estimates, told(1, 0, tokens(1000, 0)...), want{"priced", 0.001, ""}},
		{"a usage of 0", estimates, told(1, 0, tokens(0, 0)...), want{"unpriced", -1, "no_usage"}},
		{"a cost", estimates, told(1, 0, "gen_ai.usage.cost", 0.5), want{"priced", 0.5, ""}},
		{"a cost in an unknown currency", estimates, told(1, 0, "gen_ai.usage.cost", 0.5, "gen_ai.usage.cost.currency", "EUR"), want{"unpriced", -1, "unknown_currency"}},
		{"a failure", estimates, failed, want{"", -1, ""}},
		{"an unknown model", estimates, told(1, 0, "gen_ai.response.model", "x"), want{"unpriced", -1, "unknown_model"}},
		{"an answer of a cache", estimates, told(1, 0, "workflow.cache.hit", true), want{"priced", 0, "response_cache"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.want.of(t, setUp(t, tc.yaml).send(t, tc.span)[1])
		})
	}
}

// TestEstimatesGiveWay: who states a usage above or below a call knows better, and no usage is
// charged twice.
func TestEstimatesGiveWay(t *testing.T) {
	use := tokens(1_000_000, 0)
	for _, tc := range []struct {
		name  string
		spans []span
		want  map[byte]want
	}{
		{
			"to an agent",
			[]span{told(3, 2), step(2, 1), agent(use...)},
			map[byte]want{1: {"priced", 1, ""}, 3: {"unpriced", -1, "no_usage"}},
		},
		{
			"to a call within",
			[]span{chat(3, 1, use...), told(1, 0)},
			map[byte]want{1: {"", -1, ""}, 3: {"priced", 1, ""}},
		},
		{
			"not to a sibling",
			[]span{chat(3, 1, use...), told(2, 1), run(1)},
			map[byte]want{2: {"partial", 0.02, "no_usage"}, 3: {"priced", 1, ""}},
		},
		{
			"not to a tool that it asked",
			[]span{{id: 3, parent: 2, name: "execute_tool ask", attrs: map[string]any{
				"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "ask", "gen_ai.usage.cost": 0.5,
			}}, told(2, 1), run(1)},
			map[byte]want{2: {"partial", 0.02, "no_usage"}, 3: {"priced", 0.5, ""}},
		},
		{
			"to a tool around it",
			[]span{told(3, 2), {id: 2, parent: 1, name: "execute_tool ask", attrs: map[string]any{
				"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "ask", "gen_ai.usage.cost": 0.5,
			}}, run(1)},
			map[byte]want{2: {"priced", 0.5, ""}, 3: {"unpriced", -1, "no_usage"}},
		},
		{
			"to one within that is estimated too",
			[]span{told(3, 1), told(1, 0)},
			map[byte]want{1: {"aggregate_skipped", -1, ""}, 3: {"partial", 0.02, "no_usage"}},
		},
		{
			"in a circle",
			[]span{told(3, 2), told(2, 3)},
			map[byte]want{3: {"partial", 0.02, "no_usage"}, 2: {"aggregate_skipped", -1, ""}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := setUp(t, estimates).send(t, tc.spans...)
			for id, w := range tc.want {
				w.of(t, got[id])
			}
		})
	}
}

// TestEstimateAndALaterAgent: the agent comes in a batch of its own, and what it states is in
// the estimate.
func TestEstimateAndALaterAgent(t *testing.T) {
	b := setUp(t, estimates)
	want{"partial", 0.02, "no_usage"}.of(t, b.send(t, told(3, 1))[3])
	want{"aggregate_skipped", -1, ""}.of(t, b.send(t, agent(tokens(1_000_000, 0)...))[1])
}
