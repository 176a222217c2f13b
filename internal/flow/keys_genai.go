package flow

// genAIAttrs are the attributes of the OpenTelemetry semantic conventions: GenAI 1.26 to
// 1.42 and its successor semantic-conventions-genai 0.1 (migration.md), CI/CD 1.43, and
// what other writers put under gen_ai.* in the wild.
var genAIAttrs = []attr{
	{"gen_ai.operation.name", fieldKind, 9, GenAI, RoleOther}, // 1.27
	{"gen_ai.provider.name", fieldProvider, 8, GenAI, RoleOther},
	{"gen_ai.system", fieldProvider, 7, GenAI, RoleOther}, // until 1.36
	{"gen_ai.request.model", fieldRequestModel, 8, GenAI, RoleCall},
	{"gen_ai.response.model", fieldResponseModel, 8, GenAI, RoleCall},
	{"gen_ai.workflow.name", fieldWorkflow, 8, GenAI, RoleOther}, // 1.41
	{"gen_ai.agent.name", fieldAgent, 8, GenAI, RoleRun},         // 1.33; names the workflow since genai 0.1
	{"gen_ai.tool.name", fieldTool, 8, GenAI, RoleCall},
	{"gen_ai.usage.input_tokens", fieldInput, 8, GenAI, RoleCall},
	{"gen_ai.usage.prompt_tokens", fieldInput, 7, GenAI, RoleCall}, // until 1.26
	{"gen_ai.usage.output_tokens", fieldOutput, 8, GenAI, RoleCall},
	{"gen_ai.usage.completion_tokens", fieldOutput, 7, GenAI, RoleCall}, // until 1.26
	{"gen_ai.usage.cache_read.input_tokens", fieldCacheRead, 8, GenAI, RoleOther},
	{"gen_ai.usage.cache_write.input_tokens", fieldCacheWrite, 9, GenAI, RoleOther},    // genai 0.1
	{"gen_ai.usage.cache_creation.input_tokens", fieldCacheWrite, 8, GenAI, RoleOther}, // 1.40, 1.41
	{"gen_ai.usage.reasoning.output_tokens", fieldReasoning, 8, GenAI, RoleOther},
	{"error.type", fieldErrorType, 8, None, RoleOther},

	{"gen_ai.usage.total_tokens", fieldTotal, 7, OpenLLMetry, RoleOther}, // also LangSmith and OpenLIT
	{"gen_ai.usage.cache_read_input_tokens", fieldCacheRead, 6, OpenLLMetry, RoleOther},
	{"gen_ai.usage.cache_creation_input_tokens", fieldCacheWrite, 6, OpenLLMetry, RoleOther},
	{"gen_ai.usage.reasoning_tokens", fieldReasoning, 6, OpenLLMetry, RoleOther},
	{"gen_ai.usage.input_tokens.cached", fieldCacheRead, 5, GenAI, RoleOther},      // Sentry
	{"gen_ai.usage.output_tokens.reasoning", fieldReasoning, 5, GenAI, RoleOther},  // Sentry
	{"gen_ai.usage.input_cached_tokens", fieldCacheRead, 5, Langfuse, RoleOther},   // Langfuse 3 usage keys
	{"gen_ai.usage.input_cache_creation", fieldCacheWrite, 5, Langfuse, RoleOther}, // Langfuse 3 usage keys
	{"gen_ai.usage.details.cache_read_tokens", fieldCacheRead, 4, PydanticAI, RoleOther},
	{"gen_ai.usage.details.cache_write_tokens", fieldCacheWrite, 4, PydanticAI, RoleOther},
	{"gen_ai.usage.details.reasoning_tokens", fieldReasoning, 4, PydanticAI, RoleOther},
	{"gen_ai.usage.details.thoughts_tokens", fieldReasoning, 3, PydanticAI, RoleOther}, // Gemini
	{"gen_ai.usage.experimental.reasoning_tokens", fieldReasoning, 3, GoogleADK, RoleOther},
	{"gen_ai.usage.input_token_details", fieldUsageJSON, 4, LangSmith, RoleOther},
	{"gen_ai.usage.cost", fieldCost, 5, OpenLIT, RoleOther}, // also OpenRouter and LiteLLM
	{"gen_ai.cost.total_cost", fieldCost, 4, LiteLLM, RoleOther},
	{"gen_ai.cost.amount", fieldCost, 4, LiteLLM, RoleOther},
	{"gen_ai.usage.cost.amount", fieldCost, 6, GenAI, RoleOther}, // proposal #443
	{"gen_ai.usage.input_cost", fieldCostIn, 5, AnyAgent, RoleOther},
	{"gen_ai.usage.output_cost", fieldCostOut, 5, AnyAgent, RoleOther},
	{"operation.cost", fieldCost, 5, PydanticAI, RoleOther},

	{"cicd.pipeline.name", fieldWorkflow, 5, CICD, RoleRun},
	{"cicd.pipeline.run.id", fieldRunID, 5, CICD, RoleOther},
	{"cicd.pipeline.task.name", fieldStep, 5, CICD, RoleStep},
	{"cicd.pipeline.result", fieldOutcome, 5, CICD, RoleOther},
	{"cicd.pipeline.task.run.result", fieldOutcome, 6, CICD, RoleOther},
}
