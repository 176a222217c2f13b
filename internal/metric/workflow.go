package metric

// The metrics of the workflow_metrics connector. Their attributes follow the identity
// (service.name, workflow.name and the user's dimensions) in a series' key.
//
//nolint:gochecknoglobals // a table, never written to.
var (
	Runs = Metric{
		"workflow.runs", "Runs that ended, by outcome.", "{run}", Count,
		[]string{"workflow.outcome", "error.type"},
	}
	RunDuration = Metric{
		"workflow.run.duration", "How long runs took from start to end.", "s", Distribution,
		[]string{"workflow.outcome"},
	}
	RunsActive = Metric{
		"workflow.runs.active", "Runs in flight.", "{run}", Level, nil,
	}
	Throughput = Metric{
		"workflow.throughput", "Runs a second that ended within the last minute.", "{run}/s", Level, nil,
	}
	RunCost = Metric{
		"workflow.run.cost.usd", "What a run cost, in US dollars.", "{USD}", Distribution,
		[]string{"workflow.outcome"},
	}
	Steps = Metric{
		"workflow.steps", "Steps that ended, by outcome.", "{step}", Count,
		[]string{"workflow.step.name", "workflow.step.kind", "workflow.outcome", "error.type"},
	}
	StepDuration = Metric{
		"workflow.step.duration", "How long steps took from start to end.", "s", Distribution,
		[]string{"workflow.step.name", "workflow.step.kind", "workflow.outcome"},
	}
	Recoveries = Metric{
		"workflow.recoveries", "Times a step was saved or stopped by a policy.", "{recovery}", Count,
		[]string{"workflow.step.name", "workflow.recovery"},
	}
	CacheRequests = Metric{
		"workflow.cache.requests", "Look-ups in a step's cache.", "{request}", Count,
		[]string{"workflow.step.name", "workflow.cache.hit"},
	}
	Calls = Metric{
		"workflow.calls", "Calls of models and tools that ended, by outcome.", "{call}", Count, callAttributes,
	}
	CallDuration = Metric{
		"workflow.call.duration", "How long calls of models and tools took.", "s", Distribution, callAttributes,
	}
	Tokens = Metric{
		"workflow.tokens", "Tokens used; cache_read, cache_write and reasoning are parts of input and output.", "{token}", Count,
		[]string{"gen_ai.provider.name", "gen_ai.response.model", "gen_ai.token.type"},
	}
	CallsUnpriced = Metric{
		"workflow.calls.unpriced", "Calls whose price is not known, as the cost processor says.", "{call}", Count,
		[]string{"gen_ai.provider.name", "gen_ai.response.model"},
	}
	Cost = Metric{
		"workflow.cost.usd", "Money spent, in US dollars.", "{USD}", Amount,
		[]string{"workflow.step.name", "gen_ai.provider.name", "gen_ai.response.model", "workflow.cost.kind"},
	}
	Savings = Metric{
		"workflow.savings.usd", "Money not spent, in US dollars.", "{USD}", Amount,
		[]string{"workflow.savings.mechanism"},
	}
	ExtraCost = Metric{
		"workflow.extra_cost.usd", "Money spent beyond what was spent without the mechanism, in US dollars.", "{USD}", Amount,
		[]string{"workflow.savings.mechanism"},
	}

	callAttributes = []string{
		"gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.response.model", "gen_ai.tool.name", "workflow.outcome",
	}
)

// Workflow returns the metrics of the workflow_metrics connector.
func Workflow() []*Metric {
	return []*Metric{
		&Runs, &RunDuration, &RunsActive, &Throughput, &RunCost, &Steps, &StepDuration, &Recoveries, &CacheRequests,
		&Calls, &CallDuration, &CallsUnpriced, &Tokens, &Cost, &Savings, &ExtraCost,
	}
}

// ExplicitSuffix is what the name of a histogram with explicit buckets ends with where
// there is one with exponential buckets too: the same name cannot be of two types.
const ExplicitSuffix = ".explicit"

// Explicit returns the metric as it is with explicit buckets beside exponential ones.
func (m Metric) Explicit() Metric {
	m.Name += ExplicitSuffix
	return m
}
