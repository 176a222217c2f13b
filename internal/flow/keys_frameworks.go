package flow

// frameworkAttrs are the attributes that agent frameworks write themselves. Each block says
// where its names come from.
var frameworkAttrs = []attr{
	// Vercel AI SDK 4 to 6.
	{"ai.operationId", fieldKind, 7, Vercel, RoleOther},
	{"ai.telemetry.functionId", fieldWorkflow, 2, Vercel, RoleOther},
	{"ai.model.provider", fieldProvider, 5, Vercel, RoleOther},
	{"ai.model.id", fieldRequestModel, 5, Vercel, RoleOther},
	{"ai.response.model", fieldResponseModel, 7, Vercel, RoleOther},
	{"ai.toolCall.name", fieldTool, 5, Vercel, RoleCall},
	{"ai.usage.inputTokens", fieldInput, 6, Vercel, RoleOther},
	{"ai.usage.promptTokens", fieldInput, 5, Vercel, RoleOther}, // until 4
	{"ai.usage.tokens", fieldInput, 4, Vercel, RoleOther},       // embeddings
	{"ai.usage.outputTokens", fieldOutput, 6, Vercel, RoleOther},
	{"ai.usage.completionTokens", fieldOutput, 5, Vercel, RoleOther}, // until 4
	{"ai.usage.totalTokens", fieldTotal, 6, Vercel, RoleOther},
	{"ai.usage.cachedInputTokens", fieldCacheRead, 6, Vercel, RoleOther},
	{"ai.usage.inputTokenDetails.cacheReadTokens", fieldCacheRead, 7, Vercel, RoleOther},
	{"ai.usage.inputTokenDetails.cacheWriteTokens", fieldCacheWrite, 7, Vercel, RoleOther},
	{"ai.usage.reasoningTokens", fieldReasoning, 6, Vercel, RoleOther},
	{"ai.response.providerMetadata", fieldUsageJSON, 2, Vercel, RoleOther}, // Anthropic and Bedrock say their cache there

	// Pydantic AI 0.2 to 2.9.
	{"model_name", fieldRequestModel, 3, PydanticAI, RoleOther},
	{"agent_name", fieldAgent, 3, PydanticAI, RoleRun},
	// JetBrains Koog 0.3. Its spans are named by random ids.
	{"koog.agent.strategy.name", fieldAgent, 1, Koog, RoleOther},
	{"koog.node.name", fieldStep, 4, Koog, RoleStep},

	// Google ADK: Python 1.x and 2.5; Go 0a51e153, internal/telemetry.
	{"gcp.vertex.agent.invocation_id", fieldRunID, 2, GoogleADK, RoleOther},
	{"gen_ai.node.name", fieldStep, 4, GoogleADK, RoleOther},

	// Firebase Genkit 1 (Go), core/tracing/tracing.go.
	{"genkit:type", fieldKind, 5, Genkit, RoleOther},
	{"genkit:metadata:subtype", fieldKind, 6, Genkit, RoleOther},
	{"genkit:metadata:flow:name", fieldWorkflow, 4, Genkit, RoleOther},
	{"genkit:name", fieldStep, 4, Genkit, RoleOther},
	{"genkit:state", fieldOutcome, 4, Genkit, RoleOther},

	// Claude Code 2, its traces (beta).
	{"span.type", fieldKind, 1, ClaudeCode, RoleOther},
	{"cache_read_tokens", fieldCacheRead, 1, ClaudeCode, RoleOther},
	{"cache_creation_tokens", fieldCacheWrite, 1, ClaudeCode, RoleOther},
	{"input_tokens", fieldInput, 1, ClaudeCode, RoleOther},
	{"output_tokens", fieldOutput, 1, ClaudeCode, RoleOther},
	{"model", fieldRequestModel, 1, ClaudeCode, RoleOther},
	{"tool_name", fieldTool, 1, ClaudeCode, RoleOther},

	// OpenAI Codex CLI 2026-06, codex_core::tasks.
	{"codex.turn.token_usage.input_tokens", fieldInput, 3, Codex, RoleCall},
	{"codex.turn.token_usage.output_tokens", fieldOutput, 3, Codex, RoleCall},
	{"codex.turn.token_usage.total_tokens", fieldTotal, 3, Codex, RoleOther},
	{"codex.turn.token_usage.cached_input_tokens", fieldCacheRead, 3, Codex, RoleOther},
	{"codex.turn.token_usage.reasoning_output_tokens", fieldReasoning, 3, Codex, RoleOther},
}
