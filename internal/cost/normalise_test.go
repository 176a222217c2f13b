package cost

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// Each row of the table of who counts what inside what: the same call, of 100 tokens of input with 70 read and
// 10 written, and 30 of output with 20 of reasoning, in the words of each.
func TestNormaliseByConvention(t *testing.T) {
	inclusive := Usage{Input: 100, CacheRead: 70, CacheWrite: 10, Output: 30, OutputReasoning: 20}
	cacheBeside := Usage{Input: 20, CacheRead: 70, CacheWrite: 10, Output: 30, OutputReasoning: 20}
	reasoningBeside := Usage{Input: 100, CacheRead: 70, CacheWrite: 10, Output: 10, OutputReasoning: 20}
	for _, tc := range []struct {
		name       string
		convention Convention
		said       Usage
		semantics  Semantics
	}{
		{"OpenAI API", ConventionOfAPI("openai"), inclusive, SemanticsInclusive},
		{"Azure OpenAI API", ConventionOfAPI("azure.ai.openai"), inclusive, SemanticsInclusive},
		{"DeepSeek API", ConventionOfAPI("deepseek"), inclusive, SemanticsInclusive},
		{"Groq API", ConventionOfAPI("groq"), inclusive, SemanticsInclusive},
		{"Mistral API", ConventionOfAPI("mistral_ai"), inclusive, SemanticsInclusive},
		{"OpenRouter API", ConventionOfAPI("openrouter"), inclusive, SemanticsInclusive},
		{"xAI API", ConventionOfAPI("x_ai"), reasoningBeside, SemanticsInclusive},
		{"Perplexity API", ConventionOfAPI("perplexity"), reasoningBeside, SemanticsInclusive},
		{"Gemini API", ConventionOfAPI("gcp.gemini"), reasoningBeside, SemanticsInclusive},
		{"Vertex AI API", ConventionOfAPI("gcp.vertex_ai"), reasoningBeside, SemanticsInclusive},
		{"Anthropic API", ConventionOfAPI("anthropic"), cacheBeside, SemanticsExclusive},
		{"Bedrock Converse", ConventionOfAPI("aws.bedrock"), cacheBeside, SemanticsExclusive},
		{"MiniMax API", ConventionOfAPI("minimax"), cacheBeside, SemanticsExclusive},
		{"Cursor events", ConventionOfAPI("cursor"), cacheBeside, SemanticsExclusive},
		{"OpenLIT for Anthropic", ConventionOfScope("openlit.otel.tracing", "anthropic"), cacheBeside, SemanticsExclusive},
		{"OpenLIT for the Claude agent SDK", ConventionOfScope("openlit.instrumentation.claude_agent_sdk", "anthropic"), inclusive, SemanticsInclusive},
		{"pydantic-ai", ConventionOfScope("pydantic-ai", "anthropic"), inclusive, SemanticsInclusive},
		{"LiteLLM", ConventionOfScope("litellm", "anthropic"), inclusive, SemanticsInclusive},
		{"nobody known, inclusive", ConventionOfScope("my.tracer", "anthropic"), inclusive, SemanticsAssumed},
		{"nobody known, cache beside", ConventionOfScope("langchain-aws", "aws.bedrock"), cacheBeside, SemanticsExclusive},
	} {
		t.Run(tc.name, func(t *testing.T) {
			said := Said{Usage: tc.said, Convention: tc.convention}
			assert.Equal(t, Normal{Usage: inclusive, Semantics: tc.semantics}, said.Normalise())
		})
	}
}

// Without a convention the numbers tell.
func TestNormaliseByNumbers(t *testing.T) {
	for _, tc := range []struct {
		name string
		said Said
		want Normal
	}{
		{
			"Phoenix 10036: the total tells, 42 times too dear otherwise",
			Said{Usage: Usage{Input: 3, CacheRead: 13216, CacheWrite: 25, Output: 12}, Total: 13256},
			Normal{Usage: Usage{Input: 13244, CacheRead: 13216, CacheWrite: 25, Output: 12}, Semantics: SemanticsExclusive},
		},
		{
			"the total tells although the cache would fit",
			Said{Usage: Usage{Input: 100, CacheRead: 50, Output: 10}, Total: 160},
			Normal{Usage: Usage{Input: 150, CacheRead: 50, Output: 10}, Semantics: SemanticsExclusive},
		},
		{
			"a total of input and output proves nothing",
			Said{Usage: Usage{Input: 100, CacheRead: 50, Output: 10}, Total: 110},
			Normal{Usage: Usage{Input: 100, CacheRead: 50, Output: 10}, Semantics: SemanticsAssumed},
		},
		{
			"a total of all four and reasoning",
			Said{Usage: Usage{Input: 100, CacheRead: 50, Output: 10, OutputReasoning: 7}, Total: 167},
			Normal{Usage: Usage{Input: 150, CacheRead: 50, Output: 17, OutputReasoning: 7}, Semantics: SemanticsExclusive},
		},
		{
			"Gemini's cache may exceed its prompt by a few per cent",
			Said{Usage: Usage{Input: 100, CacheRead: 103, Output: 5}, Provider: "gcp.gemini"},
			Normal{Usage: Usage{Input: 100, CacheRead: 100, Output: 5}, Semantics: SemanticsAssumed, Reason: ReasonInconsistentUsage},
		},
		{
			"xAI: more reasoning than output",
			Said{Usage: Usage{Input: 40, Output: 18, OutputReasoning: 141}, Provider: "x_ai"},
			Normal{Usage: Usage{Input: 40, Output: 159, OutputReasoning: 141}},
		},
		{
			"little reasoning beside the output: the total tells",
			Said{Usage: Usage{Input: 40, Output: 100, OutputReasoning: 5}, Total: 145},
			Normal{Usage: Usage{Input: 40, Output: 105, OutputReasoning: 5}},
		},
		{
			"configured inclusive although it looks exclusive: cut",
			Said{Usage: Usage{Input: 10, CacheRead: 30}, Convention: Convention{Cache: Inside}},
			Normal{Usage: Usage{Input: 10, CacheRead: 10}, Reason: ReasonInconsistentUsage},
		},
		{
			"an hour's writes beyond all writes",
			Said{Usage: Usage{Input: 10, CacheWrite: 4, CacheWrite1h: 6}},
			Normal{Usage: Usage{Input: 10, CacheWrite: 4, CacheWrite1h: 4}, Semantics: SemanticsAssumed, Reason: ReasonInconsistentUsage},
		},
		{
			"not a number, negative, infinite",
			Said{Usage: Usage{Input: math.NaN(), Output: -1, CacheRead: math.Inf(1), WebSearches: 2}},
			Normal{Usage: Usage{WebSearches: 2}, Reason: ReasonBadUsage},
		},
	} {
		t.Run(tc.name, func(t *testing.T) { assert.Equal(t, tc.want, tc.said.Normalise()) })
	}
}

func drawCount(t *rapid.T, label string) float64 {
	return float64(rapid.IntRange(0, 1_000_000).Draw(t, label))
}

// anySaid draws counts as they come: of any size, also impossible.
func anySaid(t *rapid.T) Said {
	var s Said
	for u := range UnitCount {
		if rapid.Bool().Draw(t, "has "+u.String()) {
			s.Usage[u] = drawCount(t, u.String())
		}
	}
	s.Provider = rapid.SampledFrom([]string{"", "openai", "anthropic", "gcp.gemini"}).Draw(t, "provider")
	s.Convention.Cache = Inclusion(rapid.IntRange(0, 2).Draw(t, "cache"))
	s.Convention.Reasoning = Inclusion(rapid.IntRange(0, 2).Draw(t, "reasoning"))
	return s
}

// What is inclusive stays as it is, whether or not it is known to be.
func TestNormaliseIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := anySaid(t)
		once := said.Normalise()
		for _, c := range []Convention{{}, {Cache: Inside, Reasoning: Inside}} {
			again := Said{Usage: once.Usage, Provider: said.Provider, Convention: c}
			assert.Equal(t, once.Usage, again.Normalise().Usage)
			assert.Equal(t, ReasonNone, again.Normalise().Reason)
		}
	})
}

// Taking the cache and the reasoning out and normalising brings the same usage back.
func TestNormaliseUndoesExclusive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anything := anySaid(t)
		inclusive := anything.Normalise().Usage
		exclusive := inclusive
		exclusive[Input] -= inclusive[CacheRead] + inclusive[CacheWrite]
		exclusive[Output] -= inclusive[OutputReasoning]
		said := Said{Usage: exclusive, Convention: Convention{Cache: Outside, Reasoning: Outside}}
		back := said.Normalise()
		assert.Equal(t, inclusive, back.Usage)
	})
}

// Whatever is said, the parts fit into the whole.
func TestNormaliseFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := anySaid(t)
		u := said.Normalise().Usage
		assert.LessOrEqual(t, u[CacheRead]+u[CacheWrite], u[Input])
		assert.LessOrEqual(t, u[InputAudio]+u[InputImage]+u[InputVideo], u[Input])
		assert.LessOrEqual(t, u[OutputReasoning], u[Output])
		assert.LessOrEqual(t, u[CacheWrite1h], u[CacheWrite])
	})
}
