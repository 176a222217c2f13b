package costprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestDialects says the same call in the words of every framework that has some: 1000 tokens in,
// 400 of them from the cache, and 100 out. Those without words for a cache say 1000 and 100.
func TestDialects(t *testing.T) {
	const cached, plain = 600*gpt4oIn + 400*gpt4oRead + 100*gpt4oOut, 1000*gpt4oIn + 100*gpt4oOut
	for name, tc := range map[string]struct {
		attrs attrs
		usd   float64
	}{
		"OpenTelemetry": {attrs{
			"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.response.model": "gpt-4o-2024-08-06",
			"gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100, "gen_ai.usage.cache_read.input_tokens": 400,
		}, cached},
		"OpenTelemetry 1.26": {attrs{
			"gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.prompt_tokens": 1000, "gen_ai.usage.completion_tokens": 100,
		}, plain},
		"OpenInference": {attrs{
			"openinference.span.kind": "LLM", "llm.provider": "openai", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 1000,
			"llm.token_count.completion": 100, "llm.token_count.total": 1100, "llm.token_count.prompt_details.cache_read": 400,
		}, cached},
		"OpenLLMetry": {attrs{
			"traceloop.span.kind": "task", "llm.request.type": "chat", "gen_ai.system": "OpenAI", "gen_ai.response.model": "gpt-4o",
			"gen_ai.usage.prompt_tokens": 1000, "gen_ai.usage.completion_tokens": 100, "llm.usage.total_tokens": 1100, "gen_ai.usage.cache_read_input_tokens": 400,
		}, cached},
		"OpenLLMetry for Go": {attrs{
			"llm.request.type": "chat", "llm.vendor": "openai", "llm.request.model": "gpt-4o", "llm.usage.prompt_tokens": 1000, "llm.usage.completion_tokens": 100,
		}, plain},
		"Vercel 5": {attrs{
			"ai.operationId": "ai.generateText.doGenerate", "ai.model.provider": "openai.chat", "ai.model.id": "gpt-4o", "ai.usage.inputTokens": 1000,
			"ai.usage.outputTokens": 100, "ai.usage.cachedInputTokens": 400,
		}, cached},
		"Vercel 4": {attrs{
			"ai.operationId": "ai.generateText.doGenerate", "ai.model.provider": "openai.chat", "ai.response.model": "gpt-4o-2024-08-06",
			"ai.usage.promptTokens": 1000, "ai.usage.completionTokens": 100,
		}, plain},
		"LangSmith": {attrs{
			"langsmith.span.kind": "llm", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 1000,
			"gen_ai.usage.output_tokens": 100, "gen_ai.usage.input_token_details": `{"cache_read": 400}`,
		}, cached},
		"Langfuse": {attrs{
			"langfuse.observation.type": "generation", "langfuse.observation.model.name": "gpt-4o",
			"langfuse.observation.usage_details": `{"input": 1000, "output": 100, "input_cached_tokens": 400}`,
		}, cached},
		"Pydantic AI": {attrs{
			"gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.response.model": "gpt-4o", "gen_ai.usage.input_tokens": 1000,
			"gen_ai.usage.output_tokens": 100, "gen_ai.usage.details.cache_read_tokens": 400,
		}, cached},
		"Sentry": {attrs{
			"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100,
			"gen_ai.usage.input_tokens.cached": 400,
		}, cached},
		"Google ADK for Go, without a provider": {attrs{
			"gen_ai.operation.name": "generate_content", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 1000,
			"gen_ai.usage.output_tokens": 100, "gen_ai.usage.cache_read.input_tokens": 400,
		}, cached},
		"Claude Code": {attrs{
			"span.type": "llm_request", "model": "gpt-4o", "input_tokens": 1000, "output_tokens": 100, "cache_read_tokens": 400,
		}, cached},
		"Codex": {attrs{
			"model": "gpt-4o", "codex.turn.token_usage.input_tokens": 1000, "codex.turn.token_usage.output_tokens": 100,
			"codex.turn.token_usage.total_tokens": 1100, "codex.turn.token_usage.cached_input_tokens": 400,
		}, cached},
		"Azure": {attrs{
			"gen_ai.operation.name": "chat", "gen_ai.system": "az.ai.openai", "gen_ai.request.model": "my-deployment", "gen_ai.response.model": "gpt-4o-2024-08-06",
			"gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 100, "gen_ai.usage.cache_read.input_tokens": 400,
		}, cached},
		"a reported cost, OpenLIT":            {attrs{"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.cost": 0.125}, 0.125},
		"a reported cost, LiteLLM":            {attrs{"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 1000, "gen_ai.cost.total_cost": 0.125}, 0.125},
		"a reported cost, OpenInference":      {attrs{"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 1000, "llm.cost.total": 0.125}, 0.125},
		"a reported cost, the proposal #443":  {attrs{"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.cost.amount": 0.125}, 0.125},
		"a reported cost, LangSmith in JSON":  {attrs{"langsmith.span.kind": "llm", "gen_ai.request.model": "gpt-4o", "langsmith.usage_metadata": `{"input_tokens":1000,"total_cost":0.125}`}, 0.125},
		"a reported cost, Langfuse in parts":  {attrs{"langfuse.observation.type": "generation", "langfuse.observation.model.name": "gpt-4o", "langfuse.observation.cost_details": `{"input":0.1,"output":0.025}`}, 0.125},
		"a reported cost, Pydantic AI's word": {attrs{"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 1000, "operation.cost": 0.125}, 0.125},
	} {
		t.Run(name, func(t *testing.T) {
			got := setUp(t, "").send(t, span{id: 1, name: "c", attrs: tc.attrs})[1]
			assert.InDelta(t, tc.usd, got[attrTotal], 1e-12, "%v", got)
		})
	}
}
