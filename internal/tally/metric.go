package tally

// ID names one of the metrics this package keeps.
type ID uint8

// The counters and histograms, in the order of the contract (docs/metrics).
const (
	Runs ID = iota
	RunDuration
	RunCost
	Steps
	StepDuration
	Recoveries
	CacheRequests
	Calls
	CallDuration
	Tokens
	CallsUnpriced
	Cost
	Savings
	ExtraCost
	numMetrics
)

// Kind is the shape of a metric's points.
type Kind uint8

// The shapes.
const (
	// Count points are whole numbers that only grow.
	Count Kind = iota
	// Amount points are sums of fractional values that only grow.
	Amount
	// Distribution points are histograms.
	Distribution
)

// Metric describes one metric: its OTLP name, unit and shape, and the
// attributes that follow the identity (service.name, workflow.name and the
// user's dimensions) in a series' key.
type Metric struct {
	ID          ID
	Name        string
	Description string
	Unit        string
	Kind        Kind
	Attributes  []string
}

// Metrics lists every metric, indexed by its ID.
//
//nolint:gochecknoglobals // the contract as a table, never written to.
var Metrics = [numMetrics]Metric{
	Runs: {
		Runs, "workflow.runs", "Runs that ended, by outcome.", "{run}", Count,
		[]string{"workflow.outcome", "error.type"},
	},
	RunDuration: {
		RunDuration, "workflow.run.duration", "How long runs took from start to end.", "s", Distribution,
		[]string{"workflow.outcome"},
	},
	RunCost: {
		RunCost, "workflow.run.cost.usd", "What a run cost, in US dollars.", "{USD}", Distribution,
		[]string{"workflow.outcome"},
	},
	Steps: {
		Steps, "workflow.steps", "Steps that ended, by outcome.", "{step}", Count,
		[]string{"workflow.step.name", "workflow.step.kind", "workflow.outcome", "error.type"},
	},
	StepDuration: {
		StepDuration, "workflow.step.duration", "How long steps took from start to end.", "s", Distribution,
		[]string{"workflow.step.name", "workflow.step.kind", "workflow.outcome"},
	},
	Recoveries: {
		Recoveries, "workflow.recoveries", "Times a step was saved or stopped by a policy.", "{recovery}", Count,
		[]string{"workflow.step.name", "workflow.recovery"},
	},
	CacheRequests: {
		CacheRequests, "workflow.cache.requests", "Look-ups in a step's cache.", "{request}", Count,
		[]string{"workflow.step.name", "workflow.cache.hit"},
	},
	Calls: {
		Calls, "workflow.calls", "Calls of models and tools that ended, by outcome.", "{call}", Count, callAttributes,
	},
	CallDuration: {
		CallDuration, "workflow.call.duration", "How long calls of models and tools took.", "s", Distribution, callAttributes,
	},
	Tokens: {
		Tokens, "workflow.tokens", "Tokens used; cache_read, cache_write and reasoning are parts of input and output.", "{token}", Count,
		[]string{"gen_ai.provider.name", "gen_ai.response.model", "gen_ai.token.type"},
	},
	CallsUnpriced: {
		CallsUnpriced, "workflow.calls.unpriced", "Calls whose price is not known, as the cost processor says.", "{call}", Count,
		[]string{"gen_ai.provider.name", "gen_ai.response.model"},
	},
	Cost: {
		Cost, "workflow.cost.usd", "Money spent, in US dollars.", "{USD}", Amount,
		[]string{"workflow.step.name", "gen_ai.provider.name", "gen_ai.response.model", "workflow.cost.kind"},
	},
	Savings: {
		Savings, "workflow.savings.usd", "Money not spent, in US dollars.", "{USD}", Amount,
		[]string{"workflow.savings.mechanism"},
	},
	ExtraCost: {
		ExtraCost, "workflow.extra_cost.usd", "Money spent beyond what was spent without the mechanism, in US dollars.", "{USD}", Amount,
		[]string{"workflow.savings.mechanism"},
	},
}

//nolint:gochecknoglobals // shared by the two call metrics, never written to.
var callAttributes = []string{
	"gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.response.model", "gen_ai.tool.name", "workflow.outcome",
}
