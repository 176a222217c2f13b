package metric

// The metrics of the sets counters, windows and derived of the slo processor. An empty unit
// keeps Prometheus names without a suffix.
//
//nolint:gochecknoglobals // a table, never written to.
var (
	SLOEvents = Metric{
		"slo.events", "Events, or slices of time, that were good or bad.", "{event}", Amount,
		[]string{"slo.outcome"},
	}
	SLOWindowEvents = Metric{
		"slo.window.events", "Events in a window. Those of several replicas may be added up.", "{event}", Level,
		[]string{"slo.window", "slo.outcome"},
	}
	SLI = Metric{
		"slo.sli", "Share of the events of a window that were good. Without events there is none.", "1", Level,
		[]string{"slo.window"},
	}
	SLOBurnRate = Metric{
		"slo.burn_rate", "How many times faster than evenly over its period the error budget is spent.", "", Level,
		[]string{"slo.objective.name", "slo.window"},
	}
	SLOObjective = Metric{
		"slo.objective", "Share of events that is to be good.", "1", Level,
		[]string{"slo.objective.name"},
	}
	SLOBudget = Metric{
		"slo.error_budget", "Share of events that may be bad.", "1", Level,
		[]string{"slo.objective.name"},
	}
	SLORemaining = Metric{
		"slo.error_budget.remaining", "Share of the error budget that is left, below 0 when it is overspent.", "1", Level,
		[]string{"slo.objective.name", "slo.period"},
	}
	SLORemainingEvents = Metric{
		"slo.error_budget.remaining_events", "How many more events may be bad, below 0 when the budget is overspent.", "{event}", Level,
		[]string{"slo.objective.name"},
	}
	SLOExhaustion = Metric{
		"slo.error_budget.time_to_exhaustion", "Time until the error budget is used up if things go on as in the last hour.", "s", Level,
		[]string{"slo.objective.name"},
	}
	SLOAlertBurn = Metric{
		"slo.alert.burn_ratio", "The lower of the burn rates of both windows of a policy, over its factor: above 1 an alert is due.", "", Level,
		[]string{"slo.objective.name", "slo.policy", "slo.severity"},
	}
	SLOAlertActive = Metric{
		"slo.alert.active", "Whether the alert of a policy is due.", "", Level,
		[]string{"slo.objective.name", "slo.policy", "slo.severity"},
	}
	SLOViolations = Metric{
		"slo.violations", "How often the alert of a policy became due, and the budget overspent.", "{violation}", Amount,
		[]string{"slo.objective.name", "slo.policy"},
	}
	SLOCoverage = Metric{
		"slo.coverage", "Share of a window in which the processor ran and the source was alive.", "1", Level,
		[]string{"slo.window"},
	}
	SLOLastEventAge = Metric{
		"slo.last_event_age", "Time since the latest event.", "s", Level, nil,
	}
	SLOPeriod = Metric{
		"slo.period", "Length of the period that the error budget is for.", "s", Level, nil,
	}
	SLOThreshold = Metric{
		"slo.latency.threshold", "Longest duration that is good.", "s", Level, nil,
	}
	SLOInfo = Metric{
		"slo.info", "What the SLO is like, always 1.", "", Level,
		[]string{"slo.budgeting", "slo.window_type", "slo.owner"},
	}
	SLIUncertainty = Metric{
		"slo.sli.uncertainty", "Share of events, since the start, of which a histogram does not tell whether they are good.", "1", Level, nil,
	}
)

// SLOCounters returns the metrics of the set counters.
func SLOCounters() []*Metric { return []*Metric{&SLOEvents} }

// SLOWindows returns the metrics of the set windows.
func SLOWindows() []*Metric { return []*Metric{&SLOWindowEvents} }

// SLODerived returns the metrics of the set derived.
func SLODerived() []*Metric {
	return []*Metric{
		&SLI, &SLOBurnRate, &SLOObjective, &SLOBudget, &SLORemaining, &SLORemainingEvents, &SLOExhaustion, &SLOAlertBurn,
		&SLOAlertActive, &SLOViolations, &SLOCoverage, &SLOLastEventAge, &SLOPeriod, &SLOThreshold, &SLOInfo, &SLIUncertainty,
	}
}
