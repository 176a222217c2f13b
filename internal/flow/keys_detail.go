package flow

// detailAttrs are the attributes that only pricing reads. Each block says where its names come
// from.
var detailAttrs = []detailAttr{
	// OpenTelemetry semconv v1.37 and later, docs/gen-ai/openai.md.
	{"openai.response.service_tier", detailResponseTier, 9},
	{"openai.request.service_tier", detailRequestTier, 9},
	// OpenTelemetry semconv v1.28 to v1.36, docs/gen-ai/openai.md.
	{"gen_ai.openai.response.service_tier", detailResponseTier, 8},
	{"gen_ai.openai.request.service_tier", detailRequestTier, 8},
	// LangSmith 0.12 (npm), its OpenTelemetry exporter.
	{"gen_ai.response.service_tier", detailResponseTier, 7},
	{"gen_ai.request.service_tier", detailRequestTier, 7},

	// openinference-semantic-conventions 2.12 (npm), spec/semantic_conventions.md.
	{"llm.invocation_parameters", detailParameters, 5},
	// Langfuse SDKs 2.60 to 4.3.
	{"langfuse.observation.model.parameters", detailParameters, 5},

	// OpenTelemetry semconv v1.27 and later, docs/gen-ai/gen-ai-spans.md.
	{"server.address", detailServer, 8},
	// OpenLLMetry 0.26 to 0.62 (Python): the base URL of the client.
	{"gen_ai.openai.api_base", detailServer, 9},
	{"llm.openai.api_base", detailServer, 7},
}
