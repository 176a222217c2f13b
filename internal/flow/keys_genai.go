package flow

// genAIAttrs are the attributes of the OpenTelemetry semantic conventions, and what other
// writers put under gen_ai.* in the wild. Each block says where its names come from.
var genAIAttrs = []attr{
	// OpenTelemetry semconv v1.26 and earlier, docs/gen-ai/gen-ai-spans.md.
	{"gen_ai.usage.prompt_tokens", fieldInput, 7, GenAI, RoleCall},
	{"gen_ai.usage.completion_tokens", fieldOutput, 7, GenAI, RoleCall},

	// OpenTelemetry semconv v1.27 to v1.36, docs/gen-ai: what SDKs write unless told otherwise.
	{"gen_ai.system", fieldProvider, 7, GenAI, RoleOther},
	{"gen_ai.operation.name", fieldKind, 9, GenAI, RoleOther},
	{"gen_ai.request.model", fieldRequestModel, 8, GenAI, RoleCall},
	{"gen_ai.response.model", fieldResponseModel, 8, GenAI, RoleCall},
	{"gen_ai.usage.input_tokens", fieldInput, 8, GenAI, RoleCall},
	{"gen_ai.usage.output_tokens", fieldOutput, 8, GenAI, RoleCall},
	{"gen_ai.agent.name", fieldAgent, 8, GenAI, RoleRun}, // since v1.33
	{"gen_ai.tool.name", fieldTool, 8, GenAI, RoleCall},  // since v1.33
	{"error.type", fieldErrorType, 8, None, RoleOther},

	// OpenTelemetry semconv v1.37 to v1.41, docs/gen-ai.
	{"gen_ai.provider.name", fieldProvider, 8, GenAI, RoleOther},                       // since v1.37
	{"gen_ai.usage.cache_read.input_tokens", fieldCacheRead, 8, GenAI, RoleOther},      // since v1.40
	{"gen_ai.usage.cache_creation.input_tokens", fieldCacheWrite, 8, GenAI, RoleOther}, // since v1.40
	{"gen_ai.usage.reasoning.output_tokens", fieldReasoning, 8, GenAI, RoleOther},      // since v1.41
	{"gen_ai.workflow.name", fieldWorkflow, 8, GenAI, RoleOther},                       // v1.41 only

	// semantic-conventions-genai v0.1, non-normative/migration.md: cache_creation becomes
	// cache_write, and an agent's name names the workflow.
	{"gen_ai.usage.cache_write.input_tokens", fieldCacheWrite, 9, GenAI, RoleOther},
	{"gen_ai.usage.cost.amount", fieldCost, 6, GenAI, RoleOther}, // proposal #443
	{"gen_ai.usage.cost.currency", fieldCurrency, 6, GenAI, RoleOther},
	{"gen_ai.usage.audio.input_tokens", fieldInputAudio, 8, GenAI, RoleOther},
	{"gen_ai.usage.audio.output_tokens", fieldOutputAudio, 8, GenAI, RoleOther},
	{"gen_ai.usage.audio.cache_read.input_tokens", fieldCacheReadAudio, 8, GenAI, RoleOther},
	{"gen_ai.usage.image.input_tokens", fieldInputImage, 8, GenAI, RoleOther},
	{"gen_ai.usage.image.output_tokens", fieldOutputImage, 8, GenAI, RoleOther},

	// OpenLLMetry 0.62 (Python) and semantic conventions 0.27 (npm); LangSmith and OpenLIT write the total too.
	{"gen_ai.usage.total_tokens", fieldTotal, 7, OpenLLMetry, RoleOther},
	{"gen_ai.usage.cache_read_input_tokens", fieldCacheRead, 6, OpenLLMetry, RoleOther},
	{"gen_ai.usage.cache_creation_input_tokens", fieldCacheWrite, 6, OpenLLMetry, RoleOther},
	{"gen_ai.usage.reasoning_tokens", fieldReasoning, 6, OpenLLMetry, RoleOther},

	// Sentry SDKs, as seen in 2026.
	{"gen_ai.usage.input_tokens.cached", fieldCacheRead, 5, GenAI, RoleOther},
	{"gen_ai.usage.output_tokens.reasoning", fieldReasoning, 5, GenAI, RoleOther},

	// Langfuse server 3, OtelIngestionProcessor: its usage keys under gen_ai.usage.
	{"gen_ai.usage.input_cached_tokens", fieldCacheRead, 5, Langfuse, RoleOther},
	{"gen_ai.usage.input_cache_creation", fieldCacheWrite, 5, Langfuse, RoleOther},

	// Pydantic AI 0.2 to 2.9, thoughts_tokens on Gemini.
	{"gen_ai.usage.details.cache_read_tokens", fieldCacheRead, 4, PydanticAI, RoleOther},
	{"gen_ai.usage.details.cache_write_tokens", fieldCacheWrite, 4, PydanticAI, RoleOther},
	{"gen_ai.usage.details.reasoning_tokens", fieldReasoning, 4, PydanticAI, RoleOther},
	{"gen_ai.usage.details.thoughts_tokens", fieldReasoning, 3, PydanticAI, RoleOther},
	{"gen_ai.usage.details.input_audio_tokens", fieldInputAudio, 4, PydanticAI, RoleOther},
	{"gen_ai.usage.details.cache_audio_read_tokens", fieldCacheReadAudio, 4, PydanticAI, RoleOther},
	{"gen_ai.usage.details.output_audio_tokens", fieldOutputAudio, 4, PydanticAI, RoleOther},
	{"operation.cost", fieldCost, 5, PydanticAI, RoleOther},

	// Google ADK 1.x and 2.5 (Python).
	{"gen_ai.usage.experimental.reasoning_tokens", fieldReasoning, 3, GoogleADK, RoleOther},

	// LangSmith 0.12 (npm), its OpenTelemetry exporter.
	{"gen_ai.usage.input_token_details", fieldUsageJSON, 4, LangSmith, RoleOther},

	// OpenLIT 1.33, sdk/go/semconv/genai.go; OpenRouter and LiteLLM write it too.
	{"gen_ai.usage.cost", fieldCost, 5, OpenLIT, RoleOther},

	// LiteLLM 2026-09, its OpenTelemetry callback.
	{"gen_ai.cost.total_cost", fieldCost, 4, LiteLLM, RoleOther},
	{"gen_ai.cost.amount", fieldCost, 4, LiteLLM, RoleOther},

	// Mozilla any-agent 1.9.
	{"gen_ai.usage.input_cost", fieldCostIn, 5, AnyAgent, RoleOther},
	{"gen_ai.usage.output_cost", fieldCostOut, 5, AnyAgent, RoleOther},

	// OpenTelemetry semconv v1.43, docs/cicd/cicd-spans.md.
	{"cicd.pipeline.name", fieldWorkflow, 5, CICD, RoleRun},
	{"cicd.pipeline.run.id", fieldRunID, 5, CICD, RoleOther},
	{"cicd.pipeline.task.name", fieldStep, 5, CICD, RoleStep},
	{"cicd.pipeline.result", fieldOutcome, 5, CICD, RoleOther},
	{"cicd.pipeline.task.run.result", fieldOutcome, 6, CICD, RoleOther},
}
