package semconv

// Attributes of the OpenTelemetry GenAI conventions that workflows use. They
// are spelled here because the Go packages of newer conventions dropped them.
const (
	// GenAIOperationName is what a span does: one of the Operation values. On every span.
	GenAIOperationName = "gen_ai.operation.name"
	// GenAIWorkflowName repeats WorkflowName on run spans for readers of the GenAI conventions.
	GenAIWorkflowName = "gen_ai.workflow.name"
	// GenAIProviderName is who served a model call, as in openai.
	GenAIProviderName = "gen_ai.provider.name"
	// GenAIRequestModel is the model that was asked for.
	GenAIRequestModel = "gen_ai.request.model"
	// GenAIResponseModel is the model that answered.
	GenAIResponseModel = "gen_ai.response.model"
	// GenAIToolName is the tool that was executed.
	GenAIToolName = "gen_ai.tool.name"
	// GenAIUsageInputTokens counts all input tokens, cached ones included.
	GenAIUsageInputTokens = "gen_ai.usage.input_tokens"
	// GenAIUsageOutputTokens counts all output tokens, reasoning included.
	GenAIUsageOutputTokens = "gen_ai.usage.output_tokens"
	// GenAIUsageCacheReadInputTokens counts the input tokens read from the provider's cache.
	GenAIUsageCacheReadInputTokens = "gen_ai.usage.cache_read.input_tokens"
	// GenAIUsageReasoningOutputTokens counts the output tokens spent on reasoning.
	GenAIUsageReasoningOutputTokens = "gen_ai.usage.reasoning.output_tokens"
	// GenAITokenType tells tokens apart in metrics: input, output, cache_read, cache_write or reasoning.
	GenAITokenType = "gen_ai.token.type"
	// ErrorType is the low-cardinality class of a failure; absent on success.
	ErrorType = "error.type"
)

// Values of GenAIOperationName.
const (
	// OperationInvokeWorkflow is one run of a workflow; also the prefix of its span name.
	OperationInvokeWorkflow = "invoke_workflow"
	// OperationRunStep is one step of a run; also the prefix of its span name.
	OperationRunStep = "run_step"
	// OperationChat is a chat completion by a model.
	OperationChat = "chat"
	// OperationExecuteTool is the execution of a tool.
	OperationExecuteTool = "execute_tool"
)

// Values of ErrorType that the SDK itself gives.
const (
	// ErrorTypeTimeout is given when time ran out.
	ErrorTypeTimeout = "timeout"
	// ErrorTypePanic is given when a step panicked.
	ErrorTypePanic = "panic"
	// ErrorTypeNoBranch is given when a switch or router has no branch for what was chosen.
	ErrorTypeNoBranch = "no_branch"
	// ErrorTypeOther is given when nothing better is known.
	ErrorTypeOther = "_OTHER"
)
