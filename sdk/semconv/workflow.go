package semconv

// Attributes of runs, steps and attempts.
const (
	// WorkflowName is the low-cardinality name of the workflow. On every span of a run.
	WorkflowName = "workflow.name"
	// WorkflowVersion is the version of the workflow's definition. On the run span.
	WorkflowVersion = "workflow.version"
	// WorkflowRunID is unique per run and never a metric attribute. On every span of a run.
	WorkflowRunID = "workflow.run.id"
	// WorkflowTenant is the tenant a run works for. Optional, on every span of a run.
	WorkflowTenant = "workflow.tenant"
	// WorkflowCorrelationID ties a run to a request outside of it; the trace id unless told otherwise.
	WorkflowCorrelationID = "workflow.correlation_id"
	// WorkflowCausationID is the id of what started a run: the run around it unless told otherwise. On the run span.
	WorkflowCausationID = "workflow.causation_id"
	// WorkflowCheckpoints lists the names of the places that a run reached, in order. On the run span.
	WorkflowCheckpoints = "workflow.checkpoints"
	// WorkflowReplay is true on every span of a run that answers from a recording; such a run counts nowhere.
	WorkflowReplay = "workflow.replay"
	// WorkflowHandoffFrom is the agent that handed its task to this one.
	WorkflowHandoffFrom = "workflow.handoff.from"
	// WorkflowHandoffReason is why it did, in a few fixed words.
	WorkflowHandoffReason = "workflow.handoff.reason"
	// WorkflowRunning is true on the marker spans of a run that is still in flight.
	WorkflowRunning = "workflow.running"
	// WorkflowOutcome is how a run, step or attempt ended: one of the Outcome values.
	WorkflowOutcome = "workflow.outcome"

	// WorkflowStepName is the low-cardinality name of a step.
	WorkflowStepName = "workflow.step.name"
	// WorkflowStepKind is the primitive a step is made of: one of the StepKind values.
	WorkflowStepKind = "workflow.step.kind"
	// WorkflowStepPath is the names from the outermost step down to this one, as in a/b/c.
	WorkflowStepPath = "workflow.step.path"
	// WorkflowStepIndex is the 0-based position among the steps of the same parent.
	WorkflowStepIndex = "workflow.step.index"

	// WorkflowAttemptNumber is the 1-based number of an attempt under a retry policy.
	WorkflowAttemptNumber = "workflow.attempt.number"
	// WorkflowRetryAttempts is how many attempts a retry step made in all.
	WorkflowRetryAttempts = "workflow.retry.attempts"
	// WorkflowAttemptMax is how many attempts a retry makes at most. The log tells it, no span does.
	WorkflowAttemptMax = "workflow.attempt.max"
	// WorkflowRetryDelayMS is the wait before an attempt in milliseconds. On every attempt but the first.
	WorkflowRetryDelayMS = "workflow.retry.delay_ms"
	// WorkflowFallbackUsed is true when a fallback step left its first choice.
	WorkflowFallbackUsed = "workflow.fallback.used"
	// WorkflowFallbackIndex is the 0-based position of the alternative that answered.
	WorkflowFallbackIndex = "workflow.fallback.index"
	// WorkflowBranchName is the branch that a conditional or switch step took.
	WorkflowBranchName = "workflow.branch.name"
	// WorkflowRouterChoice is the route that a router step chose.
	WorkflowRouterChoice = "workflow.router.choice"
	// WorkflowRouterReason says why the router chose it, in few and fixed words.
	WorkflowRouterReason = "workflow.router.reason"
	// WorkflowRouterCandidates are the routes that the router chose from.
	WorkflowRouterCandidates = "workflow.router.candidates"
	// WorkflowRouterTier is the cost tier of the chosen route, as in small.
	WorkflowRouterTier = "workflow.router.tier"
	// WorkflowParallelSize is the number of branches of a parallel step, or of elements of a map step.
	WorkflowParallelSize = "workflow.parallel.size"
	// WorkflowParallelLimit is how many elements of a map step run at a time.
	WorkflowParallelLimit = "workflow.parallel.limit"
	// WorkflowCacheHit is true when a cache step answered without its inner step.
	WorkflowCacheHit = "workflow.cache.hit"
	// WorkflowCacheShared is true when the answer is that of a concurrent request for the same key.
	WorkflowCacheShared = "workflow.cache.shared"
	// WorkflowCacheError is the class of the error of a store that could not be used.
	WorkflowCacheError = "workflow.cache.error"
	// WorkflowTimeoutMS is the limit of a timeout step in milliseconds.
	WorkflowTimeoutMS = "workflow.timeout_ms"
	// WorkflowCompensationOf is the name of the step that a compensation undoes.
	WorkflowCompensationOf = "workflow.compensation.of"
	// WorkflowCircuitState is the state of the circuit breaker a step ran under.
	WorkflowCircuitState = "workflow.circuit.state"
	// WorkflowHedgeCount is how many further executions a hedge started because the first took long.
	WorkflowHedgeCount = "workflow.hedge.count"
	// WorkflowLimiterLimit is how many executions an adaptive limiter lets run at a time.
	WorkflowLimiterLimit = "workflow.limiter.limit"
	// WorkflowLimiterInflight is how many executions ran under an adaptive limiter at the end of this one.
	WorkflowLimiterInflight = "workflow.limiter.inflight"

	// WorkflowMemoryOperation is what a step did with a memory: one of the Memory values.
	WorkflowMemoryOperation = "workflow.memory.operation"
	// WorkflowMemoryEntries is how many entries a memory held after the operation.
	WorkflowMemoryEntries = "workflow.memory.entries"

	// WorkflowLinkType says what a link to another span means: one of the Link values.
	WorkflowLinkType = "workflow.link.type"
)

// Attributes of what a call cost and saved. Amounts are US dollars as doubles.
const (
	// WorkflowCostTotal is the cost of one call; absent when unknown, never 0 for unknown.
	WorkflowCostTotal = "workflow.cost.total"
	// WorkflowCostInput is the part of the total paid for uncached input.
	WorkflowCostInput = "workflow.cost.input"
	// WorkflowCostOutput is the part of the total paid for output, reasoning included.
	WorkflowCostOutput = "workflow.cost.output"
	// WorkflowCostCacheRead is the part of the total paid for input read from the provider's cache.
	WorkflowCostCacheRead = "workflow.cost.cache_read"
	// WorkflowCostCacheWrite is the part of the total paid for input written to the provider's cache.
	WorkflowCostCacheWrite = "workflow.cost.cache_write"
	// WorkflowCostReasoning is the part of the output cost paid for reasoning.
	WorkflowCostReasoning = "workflow.cost.reasoning"
	// WorkflowCostOther is the part of the total that is not paid by the token.
	WorkflowCostOther = "workflow.cost.other"
	// WorkflowCostCurrency is the currency of the amounts: USD.
	WorkflowCostCurrency = "workflow.cost.currency"
	// WorkflowCostSource says where the price came from: reported, catalog, override, unit_price or estimated.
	WorkflowCostSource = "workflow.cost.source"
	// WorkflowCostStatus says how far a call could be priced: priced, partial, unpriced, aggregate_skipped or duplicate.
	WorkflowCostStatus = "workflow.cost.status"
	// WorkflowCostReason says why a call is not fully priced.
	WorkflowCostReason = "workflow.cost.reason"
	// WorkflowCostPriceRef names the price entry that was used.
	WorkflowCostPriceRef = "workflow.cost.price_ref"
	// WorkflowCostServiceTier is the service tier the price is for.
	WorkflowCostServiceTier = "workflow.cost.service_tier"
	// WorkflowCostUsageSemantics says how the reported token counts were read.
	WorkflowCostUsageSemantics = "workflow.cost.usage_semantics"
	// WorkflowCostKind is what was paid for: llm, embedding, tool, compute or other.
	WorkflowCostKind = "workflow.cost.kind"

	// WorkflowSavingsTotal is what was not spent; its parts add up to it.
	WorkflowSavingsTotal = "workflow.savings.total"
	// WorkflowSavingsPromptCache is saved by the provider's prompt cache.
	WorkflowSavingsPromptCache = "workflow.savings.prompt_cache"
	// WorkflowSavingsResponseCache is saved by answers from our own cache.
	WorkflowSavingsResponseCache = "workflow.savings.response_cache"
	// WorkflowSavingsRouter is saved by routing to a cheaper model.
	WorkflowSavingsRouter = "workflow.savings.router"
	// WorkflowSavingsServiceTier is saved by a cheaper service tier.
	WorkflowSavingsServiceTier = "workflow.savings.service_tier"
	// WorkflowSavingsDiscount is saved by a negotiated discount.
	WorkflowSavingsDiscount = "workflow.savings.discount"
	// WorkflowSavingsMechanism names one of the savings above as a metric attribute.
	WorkflowSavingsMechanism = "workflow.savings.mechanism"
)

// Values of WorkflowOutcome.
const (
	// OutcomeSuccess is a run or step that returned no error.
	OutcomeSuccess = "success"
	// OutcomeError is a failure that is neither a timeout nor a cancellation.
	OutcomeError = "error"
	// OutcomeTimeout is a failure because time ran out.
	OutcomeTimeout = "timeout"
	// OutcomeCancelled was told to stop, by its caller or because a sibling failed.
	OutcomeCancelled = "cancelled"
	// OutcomeSkipped was decided against.
	OutcomeSkipped = "skipped"
	// OutcomeCompensated failed, and all that it had done before was undone.
	OutcomeCompensated = "compensated"
)

// Values of WorkflowStepKind.
const (
	// StepKindTask is a function.
	StepKindTask = "task"
	// StepKindSequential runs its steps one after another.
	StepKindSequential = "sequential"
	// StepKindParallel runs its steps at the same time.
	StepKindParallel = "parallel"
	// StepKindConditional runs one of two steps, or none.
	StepKindConditional = "conditional"
	// StepKindSwitch runs the step that belongs to a value.
	StepKindSwitch = "switch"
	// StepKindRouter runs the step that a strategy chooses.
	StepKindRouter = "router"
	// StepKindRetry runs its step again when it fails.
	StepKindRetry = "retry"
	// StepKindFallback runs the next alternative when one fails.
	StepKindFallback = "fallback"
	// StepKindTimeout bounds how long its step may take.
	StepKindTimeout = "timeout"
	// StepKindCache remembers what its step answered.
	StepKindCache = "cache"
	// StepKindSaga undoes what was done when a later step fails.
	StepKindSaga = "saga"
	// StepKindMap runs its step once per element.
	StepKindMap = "map"
)

// Values of WorkflowCircuitState.
const (
	// CircuitClosed lets every execution pass.
	CircuitClosed = "closed"
	// CircuitOpen rejects every execution.
	CircuitOpen = "open"
	// CircuitHalfOpen lets some executions pass to see how they end.
	CircuitHalfOpen = "half_open"
)

// Values of WorkflowMemoryOperation.
const (
	// MemoryGet reads from a memory.
	MemoryGet = "get"
	// MemoryPut writes to a memory.
	MemoryPut = "put"
	// MemoryAppend adds to the end of a conversation.
	MemoryAppend = "append"
)

// Values of WorkflowLinkType.
const (
	// LinkRetryOf leads from an attempt to the one before.
	LinkRetryOf = "retry_of"
	// LinkCompensates leads from a compensation to the step that it undoes.
	LinkCompensates = "compensates"
	// LinkReplayOf leads from a replay to the run that was recorded.
	LinkReplayOf = "replay_of"
)

// TagPrefix begins the key of an attribute that carries a tag: workflow.tag.region.
const TagPrefix = "workflow.tag."

// Span names: the prefix, a space, then the name of what ran. A running marker
// and an attempt have no operation name of their own in the GenAI vocabulary.
const (
	// SpanAttempt begins the name of an attempt span.
	SpanAttempt = "attempt"
	// SpanRunning begins the name of a running marker.
	SpanRunning = "workflow_running"
)
