package flow

// Reading is what one span means on its own, before nesting is looked at. The zero value
// reads as a span that means nothing to us (Role Other). Its strings are borrowed from the
// batch or are constants. It is a plain value: concurrent reads are safe.
type Reading struct {
	Role     Role
	Dialect  Dialect
	Outcome  Outcome
	Faults   Faults
	Rank     Rank     // how strongly the span claims to be the run of its trace
	Echo     bool     // the span states the usage of a call which another span tells
	Replay   bool     // the span is of a run that answers from a recording, as is its whole trace
	Recovery Recovery // what the step did to recover
	Cache    Cache    // what the step's response cache said

	Workflow  string // name of the workflow the span says it belongs to, "" if it does not say
	Step      string // for a Step or an Attempt, and for a Run that turns out to be nested
	StepKind  string // kind of the step; see the StepKind constants
	Within    string // the step that the span says it lies in, "" if it is one or does not say
	Agent     string // the agent that a call says it is of, "" if it does not say
	ErrorType string // error.type of a span that failed, "" if it does not say

	Call CallReading // for Role Call, and for any span which states usage, cost or savings

	// Shape is for who reads many spans: it may give readings with the same words, of spans of
	// the same kind, the same number. 0 says nothing.
	Shape   uint32
	wrapper bool // repeats the usage of a call elsewhere
}

// Name is the name of the run when the span turns out to be one: its workflow, else its step,
// else, for a call, its agent; "" for a call without.
func (r *Reading) Name() string {
	switch {
	case r.Workflow != "":
		return r.Workflow
	case r.Step != "":
		return r.Step
	}
	return r.Agent
}

// CallReading is what a span says about one call of a model, a tool or another priced
// service. It is a plain value: concurrent reads are safe.
type CallReading struct {
	Operation string // OpenTelemetry gen_ai.operation.name: chat, embeddings, execute_tool, …
	Provider  string // OpenTelemetry gen_ai.provider.name: openai, aws.bedrock, …; "" if unknown
	Model     string // response model, else the request model
	Tool      string // for execute_tool
	Kind      CostKind
	Usage     Usage
	Cost      Cost
	Savings   Savings
	Unpriced  bool // whoever looked for a price found none
}

// Usage is the count of tokens of one call in the inclusive form: Input includes CacheRead
// and CacheWrite, Output includes Reasoning. No field is ever negative.
// It is a plain value: concurrent reads are safe.
type Usage struct {
	Input      int64
	Output     int64
	CacheRead  int64
	CacheWrite int64
	Reasoning  int64
	Known      UsageMask // the fields the span stated; the others are 0
}

// UsageMask is a set of fields of Usage.
type UsageMask uint8

// The fields of Usage.
const (
	UsageInput UsageMask = 1 << iota
	UsageOutput
	UsageCacheRead
	UsageCacheWrite
	UsageReasoning
)

// Cost is what a span says its call cost, in US dollars. It is a plain value: concurrent
// reads are safe.
type Cost struct {
	USD float64 // from 0 to MaxDollars
	OK  bool    // whether the span stated a cost; a stated 0 is a cost
}

// Savings is what a span says was not spent, in US dollars, whole and by mechanism; what was
// dearer than without the mechanism is negative.
// It is a plain value: concurrent reads are safe.
type Savings struct {
	Total float64 // the stated total, else the sum of the parts
	By    [MechanismCount]float64
	OK    bool // whether the span stated any saving
}

// Mechanism is a way to save money; it indexes Savings.By.
type Mechanism uint8

// The mechanisms of saving.
const (
	MechanismPromptCache Mechanism = iota
	MechanismResponseCache
	MechanismRouter
	MechanismServiceTier
	MechanismDiscount
	MechanismCount // the number of mechanisms
)

// String returns the value of the attribute workflow.savings.mechanism.
func (m Mechanism) String() string {
	return word(m, "prompt_cache", "response_cache", "router", "service_tier", "discount")
}

// Role is what part of a workflow a span is.
type Role uint8

// The roles. RoleRun is a candidate until Tree says that it is the outermost one.
const (
	RoleOther   Role = iota // nothing of a workflow
	RoleRun                 // a whole run of a workflow
	RoleStep                // one step of a run
	RoleAttempt             // one attempt of a step with a retry policy
	RoleCall                // one call of a model, a tool or another service
	RoleMarker              // a sign that a run is in flight, not a piece of work
	RoleCount               // the number of roles
)

// String returns the name of the role in lower case.
func (r Role) String() string {
	return word(r, "other", "run", "step", "attempt", "call", "marker")
}

// Rank is how strongly a span claims to be the run of its trace.
type Rank uint8

// The ranks, weakest first.
const (
	RankNone     Rank = iota // never a run
	RankCall                 // a call of a language model: a run only if nothing stands around it
	RankRoot                 // a span without meaning: a run only as the root of a trace, or of what is here of it
	RankAgent                // an agent or a chain
	RankWorkflow             // a workflow of a framework, a crew, a flow
	RankDefinite             // a run said outright
)

// Outcome is how a span ended.
type Outcome uint8

// The outcomes.
const (
	OutcomeSuccess Outcome = iota
	OutcomeError
	OutcomeTimeout
	OutcomeCancelled
	OutcomeSkipped
	OutcomeCompensated
)

// String returns the value of the attribute workflow.outcome.
func (o Outcome) String() string {
	return word(o, "success", "error", "timeout", "cancelled", "skipped", "compensated")
}

// CostKind is what kind of work money was spent on.
type CostKind uint8

// The kinds of cost.
const (
	CostOther CostKind = iota
	CostLLM
	CostEmbedding
	CostTool
	CostCompute
)

// String returns the value of the attribute workflow.cost.kind.
func (k CostKind) String() string {
	return word(k, "other", "llm", "embedding", "tool", "compute")
}

// Cache is what a response cache said to a step.
type Cache uint8

// The answers of a cache.
const (
	CacheNone Cache = iota // no cache was asked
	CacheHit
	CacheMiss
)

// String returns the value of the attribute workflow.cache.hit, "" if no cache was asked.
func (c Cache) String() string { return word(c, "", "true", "false") }

// Recovery is the set of things a step did to recover from a failure.
type Recovery uint8

// The kinds of recovery.
const (
	RecoveryRetry Recovery = 1 << iota
	RecoveryFallback
	RecoveryTimeout
	RecoveryCompensation
	RecoveryCircuitOpen
)

// Faults is the set of things that are wrong with a span.
type Faults uint16

// The faults. A span with a fault is still read as far as possible.
const (
	FaultZeroTime         Faults = 1 << iota // start or end is missing
	FaultNegativeDuration                    // the end lies before the start
	FaultNoID                                // trace id or span id is all zero
	FaultInvalidName                         // a name is not UTF-8; what is not became U+FFFD
	FaultNegativeTokens                      // a token count below 0; it was dropped
	FaultAbsurdTokens                        // a token count above MaxTokens; it was dropped
	FaultUsageMismatch                       // the parts of the usage exceed the whole; they were clamped
	FaultBadNumber                           // a number that does not parse, is not finite or is negative
	FaultBadJSON                             // usage or cost in JSON that does not parse
	FaultLongName                            // a name is longer than MaxName; it was cut
	FaultAbsurdDuration                      // the span took longer than MaxDuration
	FaultWrongType                           // a list, a map or bytes where a name or a number belongs; it was left out
	FaultDuplicateID                         // another span of the batch has the same id; the span was left out
	FaultCycle                               // the span was its own ancestor; it was read as if its parent had not come, the rest of the circle as it says
	FaultAbsurdCost                          // a cost or a saving above MaxDollars; it was dropped
)

// MaxTokens is the largest token count that is believed: a thousand times the largest
// context window of 2026.
const MaxTokens = 1_000_000_000

// MaxDuration is the longest that a span is believed to have taken, in nanoseconds: a
// leap year. One end of a longer one was read from a clock that was not set.
const MaxDuration = 366 * 24 * 3600 * 1_000_000_000

// word returns names[i], or "" when there is none.
func word[T ~uint8](i T, names ...string) string {
	if int(i) >= len(names) {
		return ""
	}
	return names[i]
}

// The kinds of step of the attribute workflow.step.kind.
const (
	StepKindTask        = "task"
	StepKindSequential  = "sequential"
	StepKindParallel    = "parallel"
	StepKindConditional = "conditional"
	StepKindSwitch      = "switch"
	StepKindRouter      = "router"
	StepKindRetry       = "retry"
	StepKindFallback    = "fallback"
	StepKindTimeout     = "timeout"
	StepKindCache       = "cache"
	StepKindSaga        = "saga"
	StepKindMap         = "map"
)
