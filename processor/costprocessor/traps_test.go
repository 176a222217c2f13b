package costprocessor

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
)

// attrs are the attributes of a span in the words of a framework.
type attrs = map[string]any

// The list prices of September 2026, in US dollars a token.
const (
	gpt4oIn, gpt4oOut, gpt4oRead    = 2.5e-6, 10e-6, 1.25e-6
	miniIn, miniOut, miniRead       = 0.15e-6, 0.6e-6, 0.075e-6
	flashIn, flashOut               = 0.3e-6, 2.5e-6
	haikuIn, haikuOut, haikuWrite5m = 1e-6, 5e-6, 1.25e-6
	opusIn, opusOut                 = 5e-6, 25e-6
)

// traps are what frameworks do that others priced wrongly; the numbers are those of recordings
// in whose notes they stand. Spans that are not in usd bear no cost.
var traps = map[string]struct {
	spans []span
	usd   map[byte]float64
}{
	"06: a retriever and a database are no tools, and have no price": {
		[]span{
			{id: 2, parent: 1, attrs: attrs{"openinference.span.kind": "RETRIEVER"}},
			{id: 3, parent: 1, attrs: attrs{"db.system": "chroma", "db.operation": "query"}},
			{id: 4, parent: 1, attrs: attrs{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 629, "llm.token_count.completion": 19}},
			{id: 1, attrs: attrs{"openinference.span.kind": "CHAIN"}},
		},
		map[byte]float64{4: 629*gpt4oIn + 19*gpt4oOut},
	},
	"14, 32: the same usage in two dialects on one span": {
		[]span{{id: 1, attrs: attrs{
			"gen_ai.operation.name": "chat", "gen_ai.response.model": "gpt-4o", "gen_ai.usage.input_tokens": 148, "gen_ai.usage.output_tokens": 47,
			"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 148, "llm.token_count.completion": 47,
		}}},
		map[byte]float64{1: 148*gpt4oIn + 47*gpt4oOut},
	},
	"16: the price of a region is the reported one, and an agent aggregates": {
		[]span{
			{id: 2, parent: 1, attrs: attrs{"gen_ai.operation.name": "chat", "gen_ai.system": "aws.bedrock", "gen_ai.response.model": "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "gen_ai.usage.input_tokens": 588, "gen_ai.usage.output_tokens": 53, "operation.cost": 0.0028149}},
			{id: 1, attrs: attrs{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "agent", "gen_ai.aggregated_usage.input_tokens": 588, "gen_ai.aggregated_usage.output_tokens": 53}},
		},
		map[byte]float64{2: 0.0028149},
	},
	"17: a run sums its calls": {
		[]span{
			{id: 2, parent: 1, attrs: attrs{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 2366, "llm.token_count.completion": 52}},
			{id: 3, parent: 1, attrs: attrs{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 3890, "llm.token_count.completion": 111}},
			{id: 1, name: "CodeAgent.run", attrs: attrs{"openinference.span.kind": "AGENT", "llm.token_count.prompt": 6256, "llm.token_count.completion": 163, "llm.token_count.total": 6419}},
		},
		map[byte]float64{2: 2366*gpt4oIn + 52*gpt4oOut, 3: 3890*gpt4oIn + 111*gpt4oOut},
	},
	"18: the model is unknown but for an association, the provider is a framework": {
		[]span{{id: 1, attrs: attrs{
			"traceloop.span.kind": "task", "llm.request.type": "chat", "gen_ai.provider.name": "langchain", "gen_ai.request.model": "unknown", "gen_ai.response.model": "unknown",
			"traceloop.association.properties.ls_model_name": "anthropic/claude-opus-4-5-20251101", "traceloop.workflow.name": "",
			"gen_ai.usage.input_tokens": 806, "gen_ai.usage.output_tokens": 84, "gen_ai.operation.name": "chat",
		}}},
		map[byte]float64{1: 806*opusIn + 84*opusOut},
	},
	"20: the operation is call_llm, the provider a prefix, the cost two parts": {
		[]span{
			{id: 2, parent: 1, attrs: attrs{"gen_ai.operation.name": "call_llm", "gen_ai.request.model": "mistral/mistral-small-latest", "gen_ai.usage.input_tokens": 395, "gen_ai.usage.output_tokens": 16, "gen_ai.usage.input_cost": 3.95e-5, "gen_ai.usage.output_cost": 4.8e-6}},
			{id: 1, attrs: attrs{"gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": "mistral/mistral-small-latest"}},
		},
		map[byte]float64{2: 4.43e-5},
	},
	"28: events of a call are spans of their own": {
		[]span{
			{id: 3, parent: 2, scope: "openinference.instrumentation.beeai", name: "backend.openai.chat.start-14", attrs: attrs{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o-mini"}},
			{id: 4, parent: 2, scope: "openinference.instrumentation.beeai", name: "backend.openai.chat.success-14", attrs: attrs{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o-mini", "llm.token_count.prompt": 100, "llm.token_count.completion": 10}},
			{id: 2, parent: 1, scope: "openinference.instrumentation.beeai", name: "agent.react.start-4", attrs: attrs{"openinference.span.kind": "AGENT"}},
			{id: 1, scope: "openinference.instrumentation.beeai", name: "beeai-framework-main", attrs: attrs{"openinference.span.kind": "AGENT"}},
		},
		map[byte]float64{4: 100*miniIn + 10*miniOut},
	},
	"31: a wrapper has a usage and neither model nor operation": {
		[]span{
			{id: 3, parent: 2, attrs: attrs{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "gcp.vertex_ai", "gen_ai.response.model": "gemini-2.5-flash", "gen_ai.usage.input_tokens": 2546, "gen_ai.usage.output_tokens": 47}},
			{id: 4, parent: 2, attrs: attrs{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "gcp.vertex_ai", "gen_ai.response.model": "gemini-2.5-flash", "gen_ai.usage.input_tokens": 3004, "gen_ai.usage.output_tokens": 167}},
			{id: 2, parent: 1, name: "orchestrate_tools", attrs: attrs{"gen_ai.usage.input_tokens": 5550, "gen_ai.usage.output_tokens": 214}},
		},
		map[byte]float64{3: 2546*flashIn + 47*flashOut, 4: 3004*flashIn + 167*flashOut},
	},
	"40: thoughts are inside the output": {
		[]span{{id: 1, attrs: attrs{"gen_ai.operation.name": "chat", "gen_ai.system": "google-gla", "gen_ai.response.model": "gemini-2.5-flash", "gen_ai.usage.input_tokens": 40, "gen_ai.usage.output_tokens": 159, "gen_ai.usage.details.thoughts_tokens": 121}}},
		map[byte]float64{1: 40*flashIn + 159*flashOut},
	},
	"42: thoughts are outside the output, and only the total tells": {
		[]span{{id: 1, attrs: attrs{"openinference.span.kind": "LLM", "llm.model_name": "projects/p/locations/europe-central2/publishers/google/models/gemini-2.5-flash", "llm.token_count.prompt": 5, "llm.token_count.completion": 845, "llm.token_count.total": 2023}}},
		map[byte]float64{1: 5*flashIn + 2018*flashOut},
	},
	"43: a wrapper repeats the last call only": {
		[]span{
			{id: 2, parent: 1, attrs: attrs{"gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.response.model": "gpt-4o"}},
			{id: 3, parent: 1, attrs: attrs{"gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.response.model": "gpt-4o", "gen_ai.usage.input_tokens": 631, "gen_ai.usage.output_tokens": 35}},
			{id: 1, attrs: attrs{"gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": "unknown", "gen_ai.usage.input_tokens": 631, "gen_ai.usage.output_tokens": 35}},
		},
		map[byte]float64{3: 631*gpt4oIn + 35*gpt4oOut},
	},
	"46: usage and cost are JSON in text": {
		[]span{{id: 1, attrs: attrs{
			"langfuse.observation.type": "generation", "langfuse.observation.model.name": "gpt-4o",
			"langfuse.observation.usage_details": `{"input_tokens":123,"output_tokens":456}`, "langfuse.observation.cost_details": `{"input_tokens":0.0001,"output_tokens":0.002}`,
		}}},
		map[byte]float64{1: 0.0021},
	},
	"51: usage is on the agent alone, as text": {
		[]span{{id: 1, name: "roulette_agent run", attrs: attrs{"agent_name": "roulette_agent", "model_name": "gpt-4o", "gen_ai.usage.input_tokens": "174", "gen_ai.usage.output_tokens": "31"}}},
		map[byte]float64{1: 174*gpt4oIn + 31*gpt4oOut},
	},
	"52: a usage without a model": {
		[]span{{id: 1, attrs: attrs{"openinference.span.kind": "LLM", "llm.token_count.prompt": 50000, "llm.token_count.completion": 200}}},
		map[byte]float64{},
	},
	"59: numbers are text and the parent is missing": {
		[]span{{id: 2, parent: 1, attrs: attrs{"gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": "11", "gen_ai.usage.output_tokens": "13", "gen_ai.usage.total_tokens": "24"}}},
		map[byte]float64{2: 11*gpt4oIn + 13*gpt4oOut},
	},
	"61: more was cached than came in, and a tool is instrumented twice": {
		[]span{
			{id: 3, parent: 2, attrs: attrs{"gen_ai.operation.name": "chat", "gen_ai.system": "strands-agents", "gen_ai.request.model": "openai/gpt-4o", "gen_ai.usage.input_tokens": 134, "gen_ai.usage.output_tokens": 84, "gen_ai.usage.total_tokens": 218, "gen_ai.usage.cache_read_input_tokens": 150}},
			{id: 5, parent: 4, name: "get_user_location", attrs: attrs{"langwatch.span.type": "tool"}},
			{id: 4, parent: 2, name: "execute_tool get_user_location", attrs: attrs{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_user_location"}},
			{id: 2, parent: 1, attrs: attrs{"gen_ai.operation.name": "execute_event_loop_cycle"}},
			{id: 1, attrs: attrs{"gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": "openai/gpt-4o", "gen_ai.usage.input_tokens": 134, "gen_ai.usage.output_tokens": 84}},
		},
		map[byte]float64{3: 134*gpt4oRead + 84*gpt4oOut},
	},
	"63: the cache was written, which only metadata tell": {
		[]span{{id: 1, attrs: attrs{
			"ai.operationId": "ai.streamText.doStream", "ai.model.provider": "anthropic.messages", "ai.model.id": "claude-haiku-4-5-20251001", "ai.usage.inputTokens": 12632, "ai.usage.outputTokens": 13,
			"ai.usage.inputTokenDetails.cacheWriteTokens": 12629,
			"ai.response.providerMetadata":                `{"anthropic":{"usage":{"cache_creation":{"ephemeral_5m_input_tokens":12629,"ephemeral_1h_input_tokens":0}},"cacheCreationInputTokens":12629}}`,
		}}},
		map[byte]float64{1: 3*haikuIn + 12629*haikuWrite5m + 13*haikuOut},
	},
	"65: a wrapper and its call are in traces of their own": {
		[]span{
			{id: 1, trace: 1, attrs: attrs{"ai.operationId": "ai.generateText", "ai.model.id": "gpt-4o-mini", "ai.usage.promptTokens": 14, "ai.usage.completionTokens": 20}},
			{id: 2, trace: 2, attrs: attrs{"ai.operationId": "ai.generateText.doGenerate", "ai.model.provider": "openai.responses", "gen_ai.system": "openai.responses", "gen_ai.response.model": "gpt-4o-mini-2024-07-18", "ai.usage.promptTokens": 14, "ai.usage.completionTokens": 20, "gen_ai.usage.input_tokens": 14, "gen_ai.usage.output_tokens": 20}},
		},
		map[byte]float64{2: 14*miniIn + 20*miniOut},
	},
	"67: a failed call names no model": {
		[]span{{id: 1, failed: true, attrs: attrs{"openinference.span.kind": "LLM", "llm.provider": "openai", "llm.invocation_parameters": `{"model": "gpt-4o"}`}}},
		map[byte]float64{},
	},
	"71: a local model has no price, nor has the sum of the crew": {
		[]span{
			{id: 3, parent: 2, attrs: attrs{"traceloop.span.kind": "task", "llm.request.type": "completion", "gen_ai.system": "crewai", "gen_ai.request.model": "ollama/llama3:latest", "gen_ai.usage.prompt_tokens": 210, "gen_ai.usage.completion_tokens": 83}},
			{id: 2, parent: 1, name: "Website Researcher.agent", attrs: attrs{"agentops.span.kind": "agent", "gen_ai.request.model": "ollama/llama3:latest"}},
			{id: 1, name: "crewai.workflow", attrs: attrs{"agentops.span.kind": "workflow", "gen_ai.usage.prompt_tokens": 481, "gen_ai.usage.completion_tokens": 496, "gen_ai.usage.total_tokens": 977}},
		},
		map[byte]float64{},
	},
	"73: the cache is inside the input, the reasoning inside the output": {
		[]span{{id: 1, attrs: attrs{"gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.response.model": "gpt-4o-mini-2024-07-18", "gen_ai.usage.input_tokens": 412, "gen_ai.usage.output_tokens": 27, "gen_ai.usage.cache_read.input_tokens": 256, "gen_ai.usage.reasoning_tokens": 8}}},
		map[byte]float64{1: 156*miniIn + 256*miniRead + 27*miniOut},
	},
	"78: a step is named call-llm": {
		[]span{
			{id: 2, parent: 1, name: "call-llm", attrs: attrs{"genkit:type": "flowStep", "genkit:name": "call-llm", "genkit:state": "success"}},
			{id: 1, attrs: attrs{"genkit:type": "action", "genkit:metadata:subtype": "flow", "genkit:state": "success"}},
		},
		map[byte]float64{},
	},
	"79: one call reports its cost in parts, and tools hang on calls": {
		[]span{
			{id: 3, parent: 2, attrs: attrs{"openinference.span.kind": "TOOL", "tool.name": "get_weather"}},
			{id: 2, parent: 1, attrs: attrs{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 800, "llm.token_count.completion": 50, "llm.cost.prompt": 0.002, "llm.cost.completion": 0.0005}},
			{id: 4, parent: 1, attrs: attrs{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 1200, "llm.token_count.completion": 120}},
			{id: 1, attrs: attrs{"openinference.span.kind": "AGENT"}},
		},
		map[byte]float64{2: 0.0025, 4: 1200*gpt4oIn + 120*gpt4oOut},
	},
}

// TestTraps prices each as one batch and span by span, children first.
func TestTraps(t *testing.T) {
	for name, trap := range traps {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, "")
			assertPrices(t, trap.usd, b.send(t, trap.spans...))

			b = setUp(t, "")
			got := map[byte]map[string]any{}
			for _, s := range trap.spans {
				maps.Copy(got, b.send(t, s))
			}
			assertPrices(t, trap.usd, got)
		})
	}
}

func assertPrices(t *testing.T, want map[byte]float64, got map[byte]map[string]any) {
	t.Helper()
	for id, written := range got {
		usd, priced := written[attrTotal].(float64)
		expected, has := want[id]
		assert.Equal(t, has, priced, "span %d: %v", id, written)
		assert.InDelta(t, expected, usd, 1e-12, "span %d: %v", id, written)
	}
}
