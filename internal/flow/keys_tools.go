package flow

// observabilityAttrs are the attributes of libraries that instrument frameworks. Each block
// says where its names come from.
var observabilityAttrs = []attr{
	// openinference-semantic-conventions 2.12 (npm), spec/semantic_conventions.md.
	{"openinference.span.kind", fieldKind, 6, OpenInference, RoleOther},
	{"llm.provider", fieldProvider, 6, OpenInference, RoleOther},
	{"llm.system", fieldProvider, 5, OpenInference, RoleOther},
	{"llm.response.model_name", fieldResponseModel, 6, OpenInference, RoleCall},
	{"llm.request.model_name", fieldRequestModel, 6, OpenInference, RoleCall},
	{"llm.model_name", fieldResponseModel, 5, OpenInference, RoleCall},
	{"embedding.model_name", fieldResponseModel, 5, OpenInference, RoleCall},
	{"reranker.model_name", fieldResponseModel, 5, OpenInference, RoleCall},
	{"llm.token_count.prompt", fieldInput, 6, OpenInference, RoleCall},
	{"llm.token_count.completion", fieldOutput, 6, OpenInference, RoleCall},
	{"llm.token_count.total", fieldTotal, 6, OpenInference, RoleOther},
	{"llm.token_count.prompt_details.cache_read", fieldCacheRead, 5, OpenInference, RoleOther},
	{"llm.token_count.prompt_details.cache_input", fieldCacheRead, 4, OpenInference, RoleOther},
	{"llm.token_count.prompt_details.cache_write", fieldCacheWrite, 5, OpenInference, RoleOther},
	{"llm.token_count.completion_details.reasoning", fieldReasoning, 5, OpenInference, RoleOther},
	{"llm.token_count.prompt_details.audio", fieldInputAudio, 5, OpenInference, RoleOther},
	{"llm.token_count.completion_details.audio", fieldOutputAudio, 5, OpenInference, RoleOther},
	{"llm.cost.total", fieldCost, 6, OpenInference, RoleOther},
	{"llm.cost.prompt", fieldCostIn, 6, OpenInference, RoleOther},
	{"llm.cost.completion", fieldCostOut, 6, OpenInference, RoleOther},
	{"tool.name", fieldTool, 6, OpenInference, RoleOther},
	{"agent.name", fieldAgent, 6, OpenInference, RoleOther},

	// OpenLLMetry 0.26 to 0.62 (Python) and semantic conventions 0.27 (npm).
	{"traceloop.span.kind", fieldKind, 5, OpenLLMetry, RoleOther},
	{"llm.request.type", fieldKind, 4, OpenLLMetry, RoleOther},
	{"traceloop.workflow.name", fieldWorkflow, 5, OpenLLMetry, RoleOther},
	{"traceloop.entity.name", fieldStep, 5, OpenLLMetry, RoleOther},
	{"traceloop.association.properties.ls_model_name", fieldRequestModel, 1, OpenLLMetry, RoleOther},

	// go-openllmetry 00070b0 (2025-08): names from before gen_ai.*.
	{"llm.vendor", fieldProvider, 4, OpenLLMetry, RoleOther},
	{"llm.request.model", fieldRequestModel, 5, OpenLLMetry, RoleCall},
	{"llm.response.model", fieldResponseModel, 4, OpenLLMetry, RoleCall},
	{"llm.usage.prompt_tokens", fieldInput, 5, OpenLLMetry, RoleCall},
	{"llm.usage.completion_tokens", fieldOutput, 5, OpenLLMetry, RoleCall},
	{"llm.usage.total_tokens", fieldTotal, 5, OpenLLMetry, RoleOther},

	// ioa_observe SDK 1 (AGNTCY), a fork of OpenLLMetry.
	{"ioa_observe.span.kind", fieldKind, 5, Observe, RoleOther},
	{"ioa_observe.workflow.name", fieldWorkflow, 3, Observe, RoleOther},
	{"ioa_observe.entity.name", fieldStep, 4, Observe, RoleOther},
	{"ioa_observe.association.properties.ls_model_name", fieldRequestModel, 1, Observe, RoleOther},

	// LangSmith 0.12 (npm), its OpenTelemetry exporter.
	{"langsmith.span.kind", fieldKind, 4, LangSmith, RoleOther},
	{"langsmith.trace.name", fieldStep, 2, LangSmith, RoleOther},
	{"langsmith.usage_metadata", fieldUsageJSON, 5, LangSmith, RoleOther},
	{"langsmith.metadata.ls_model_name", fieldRequestModel, 2, LangSmith, RoleOther},

	// Langfuse SDKs 2.60 to 4.3.
	{"langfuse.observation.type", fieldKind, 3, Langfuse, RoleOther},
	{"langfuse.observation.model.name", fieldResponseModel, 9, Langfuse, RoleCall},
	{"langfuse.observation.usage_details", fieldUsageJSON, 6, Langfuse, RoleCall},
	{"langfuse.observation.cost_details", fieldCostJSON, 6, Langfuse, RoleOther},

	// AgentOps 0.4.
	{"agentops.span.kind", fieldKind, 5, AgentOps, RoleOther},
	{"agentops.entity.name", fieldStep, 4, AgentOps, RoleOther},

	// LangWatch 0.6 (Python).
	{"langwatch.span.type", fieldKind, 2, LangWatch, RoleOther},
}
