package flow

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestReadUsage(t *testing.T) {
	const in, out, read1, write, reason = UsageInput, UsageOutput, UsageCacheRead, UsageCacheWrite, UsageReasoning
	for _, c := range []struct {
		name  string
		attrs []any
		want  Usage
		fault Faults
	}{
		{
			"inclusive",
			[]any{"gen_ai.usage.input_tokens", 100, "gen_ai.usage.cache_read.input_tokens", 20},
			Usage{100, 0, 20, 0, 0, in | read1},
			0,
		},
		{
			"numbers as strings",
			[]any{"gen_ai.usage.input_tokens", "11", "gen_ai.usage.output_tokens", "13"},
			Usage{11, 13, 0, 0, 0, in | out},
			0,
		},
		{"zero is known", []any{"gen_ai.usage.output_tokens", 0}, Usage{Known: out}, 0},
		{"cache beside input, by total", []any{
			"llm.token_count.prompt", 100, "llm.token_count.completion", 10,
			"llm.token_count.prompt_details.cache_read", 50, "llm.token_count.total", 160,
		}, Usage{150, 10, 50, 0, 0, in | out | read1}, 0},
		{
			"cache beside input, by size",
			[]any{"gen_ai.usage.input_tokens", 3, "gen_ai.usage.cache_creation.input_tokens", 12629},
			Usage{12632, 0, 0, 12629, 0, in | write},
			0,
		},
		{"gemini's cache stays inside", []any{
			"gen_ai.system", "gemini", "gen_ai.usage.input_tokens", 100,
			"gen_ai.usage.cache_read.input_tokens", 104,
		}, Usage{100, 0, 100, 0, 0, in | read1}, FaultUsageMismatch},
		{"cache larger than the input at OpenAI is a mistake (recording 61)", []any{
			"gen_ai.request.model", "openai/gpt-5-mini", "gen_ai.usage.input_tokens", 134, "gen_ai.usage.output_tokens", 84,
			"gen_ai.usage.total_tokens", 218, "gen_ai.usage.cache_read.input_tokens", 150,
		}, Usage{134, 84, 134, 0, 0, in | out | read1}, FaultUsageMismatch},
		{"not so for Claude, whoever serves it (recording 10)", []any{
			"gen_ai.system", "azure", "gen_ai.request.model", "claude-sonnet-4-6", "gen_ai.usage.input_tokens", 4,
			"gen_ai.usage.output_tokens", 7, "gen_ai.usage.total_tokens", 11, "gen_ai.usage.cache_read.input_tokens", 290,
		}, Usage{294, 7, 290, 0, 0, in | out | read1}, 0},
		{"reasoning beside output, by total", []any{
			"gen_ai.usage.input_tokens", 40, "gen_ai.usage.output_tokens", 18,
			"gen_ai.usage.reasoning_tokens", 10, "gen_ai.usage.total_tokens", 68,
		}, Usage{40, 28, 0, 0, 10, in | out | reason}, 0},
		{
			"reasoning beside output, by size",
			[]any{"gen_ai.usage.output_tokens", 18, "gen_ai.usage.reasoning_tokens", 141},
			Usage{0, 159, 0, 0, 141, out | reason},
			0,
		},
		{"negative", []any{"gen_ai.usage.input_tokens", -1}, Usage{}, FaultNegativeTokens},
		{"absurd", []any{"gen_ai.usage.input_tokens", MaxTokens + 1}, Usage{}, FaultAbsurdTokens},
		{"NaN", []any{"gen_ai.usage.input_tokens", "NaN"}, Usage{}, FaultBadNumber},
		{
			"langfuse",
			[]any{"langfuse.observation.usage_details", `{"input":142,"output":24,"input_cached_tokens":2}`},
			Usage{142, 24, 2, 0, 0, in | out | read1},
			0,
		},
		{
			"langsmith",
			[]any{"langsmith.usage_metadata", `{"input_tokens":9,"input_token_details":{"cache_read":4}}`},
			Usage{9, 0, 4, 0, 0, in | read1},
			0,
		},
		{
			"attribute before JSON",
			[]any{"gen_ai.usage.input_tokens", 7, "langsmith.usage_metadata", `{"input_tokens":9}`},
			Usage{7, 0, 0, 0, 0, in},
			0,
		},
		{"vercel on bedrock", []any{
			"ai.usage.inputTokens", 90,
			"ai.response.providerMetadata", `{"bedrock":{"usage":{"cacheReadInputTokens":4}}}`,
		}, Usage{90, 0, 4, 0, 0, in | read1}, 0},
		{"vercel without cache", []any{"ai.usage.inputTokens", 90, "ai.response.providerMetadata", `{broken`}, Usage{90, 0, 0, 0, 0, in}, 0},
		{"array", []any{"langfuse.observation.usage_details", `[1]`}, Usage{}, FaultBadJSON},
		{"huge", []any{"langfuse.observation.usage_details", string(make([]byte, maxJSON+1))}, Usage{}, FaultBadJSON},
		{"not a number", []any{"gen_ai.usage.input_tokens", "many"}, Usage{}, FaultBadNumber},
		{"empty", []any{"gen_ai.usage.input_tokens", ""}, Usage{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(named("c"), c.attrs...)
			assert.Equal(t, c.want, r.Call.Usage)
			assert.Equal(t, c.fault, r.Faults)
		})
	}
}

func TestWrapperOfVercelStatesNoUsage(t *testing.T) {
	r := read(named("ai.generateText"), "ai.operationId", "ai.generateText", "ai.usage.promptTokens", 14)
	assert.Zero(t, r.Call.Usage, "the leaf repeats it, maybe in another trace")
}

func TestUsageIsConsistentWhateverIsSaid(t *testing.T) {
	keys := []string{
		"gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cache_read.input_tokens",
		"gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.reasoning_tokens", "gen_ai.usage.total_tokens",
	}
	rapid.Check(t, func(t *rapid.T) {
		pairs := []any{"gen_ai.operation.name", "chat", "gen_ai.system", rapid.SampledFrom([]string{"gemini", "openai"}).Draw(t, "system")}
		for _, k := range keys {
			if rapid.Bool().Draw(t, "has") {
				pairs = append(pairs, k, rapid.IntRange(-5, 300).Draw(t, k))
			}
		}
		u := read(named("c"), pairs...).Call.Usage
		assertConsistent(t, u)
	})
}

func assertConsistent(t assert.TestingT, u Usage) {
	assert.GreaterOrEqual(t, min(u.Input, u.Output, u.CacheRead, u.CacheWrite, u.Reasoning), int64(0))
	if u.Known&UsageInput != 0 {
		assert.LessOrEqual(t, u.CacheRead+u.CacheWrite, u.Input)
	}
	if u.Known&UsageOutput != 0 {
		assert.LessOrEqual(t, u.Reasoning, u.Output)
	}
}

func FuzzFacts(f *testing.F) {
	f.Add("langfuse.observation.usage_details", `{"input":1e300,"output":-1}`, "gen_ai.usage.input_tokens", "1e308")
	f.Add("gen_ai.operation.name", "chat", "ai.response.providerMetadata", `{"a":{"cache_read":1}}`)
	f.Add("workflow.cost.total", "-Inf", "langfuse.observation.cost_details", `{"total":1e999}`)
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string) {
		r := read(named(value1), name1, value1, name2, value2)
		assertConsistent(t, r.Call.Usage)
		if c := r.Call.Cost; math.IsNaN(c.USD) || c.USD < 0 || c.USD > MaxDollars {
			t.Fatalf("cost %v", c)
		}
	})
}
