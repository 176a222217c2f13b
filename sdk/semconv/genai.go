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
	// GenAIAgentName is the agent that was invoked.
	GenAIAgentName = "gen_ai.agent.name"
	// GenAIResponseID is the id that the provider gave the answer.
	GenAIResponseID = "gen_ai.response.id"
	// GenAIResponseFinishReasons is why the model stopped, as a list.
	GenAIResponseFinishReasons = "gen_ai.response.finish_reasons"
	// GenAIResponseTimeToFirstChunk is the seconds from the request to the first piece of a streamed answer.
	GenAIResponseTimeToFirstChunk = "gen_ai.response.time_to_first_chunk"
	// GenAIInputMessages is what a model was told, as JSON. Written only when asked for.
	GenAIInputMessages = "gen_ai.input.messages"
	// GenAIOutputMessages is what a model answered, as JSON. Written only when asked for.
	GenAIOutputMessages = "gen_ai.output.messages"
	// GenAIToolCallArguments is what a tool was given. Written only when asked for.
	GenAIToolCallArguments = "gen_ai.tool.call.arguments"
	// GenAIToolCallResult is what a tool returned. Written only when asked for.
	GenAIToolCallResult = "gen_ai.tool.call.result"
	// GenAIUsageInputTokens counts all input tokens, cached ones included.
	GenAIUsageInputTokens = "gen_ai.usage.input_tokens"
	// GenAIUsageOutputTokens counts all output tokens, reasoning included.
	GenAIUsageOutputTokens = "gen_ai.usage.output_tokens"
	// GenAIUsageCacheReadInputTokens counts the input tokens read from the provider's cache.
	GenAIUsageCacheReadInputTokens = "gen_ai.usage.cache_read.input_tokens"
	// GenAIUsageCacheWriteInputTokens counts the input tokens written to the provider's cache.
	GenAIUsageCacheWriteInputTokens = "gen_ai.usage.cache_write.input_tokens"
	// GenAIUsageReasoningOutputTokens counts the output tokens spent on reasoning.
	GenAIUsageReasoningOutputTokens = "gen_ai.usage.reasoning.output_tokens"
	// GenAITokenType tells tokens apart in metrics: input, output, cache_read, cache_write or reasoning.
	GenAITokenType = "gen_ai.token.type"
	// SessionID ties the runs of one conversation with a user together. On the run span.
	SessionID = "session.id"
	// UserID is who the run works for. On the run span.
	UserID = "user.id"
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
	// OperationEmbeddings turns texts into vectors.
	OperationEmbeddings = "embeddings"
	// OperationInvokeAgent is an agent at work; also the prefix of its span name.
	OperationInvokeAgent = "invoke_agent"
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
