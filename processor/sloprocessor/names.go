package sloprocessor

// The metrics of the sets counters, windows and derived. An empty unit keeps Prometheus names
// without a suffix.
//
//nolint:gochecknoglobals // a table, never written to.
var (
	metricEvents = emitted{
		name: "slo.events", unit: "{event}", counter: true,
		description: "Events, or slices of time, that were good or bad.",
	}
	metricWindowEvents = emitted{
		name: "slo.window.events", unit: "{event}",
		description: "Events in a window. Those of several replicas may be added up.",
	}
	metricSLI = emitted{
		name: "slo.sli", unit: "1",
		description: "Share of the events of a window that were good. Without events there is none.",
	}
	metricBurnRate = emitted{
		name:        "slo.burn_rate",
		description: "How many times faster than evenly over its period the error budget is spent.",
	}
	metricObjective = emitted{
		name: "slo.objective", unit: "1",
		description: "Share of events that is to be good.",
	}
	metricBudget = emitted{
		name: "slo.error_budget", unit: "1",
		description: "Share of events that may be bad.",
	}
	metricRemaining = emitted{
		name: "slo.error_budget.remaining", unit: "1",
		description: "Share of the error budget that is left, below 0 when it is overspent.",
	}
	metricRemainingEvents = emitted{
		name: "slo.error_budget.remaining_events", unit: "{event}",
		description: "How many more events may be bad, below 0 when the budget is overspent.",
	}
	metricExhaustion = emitted{
		name: "slo.error_budget.time_to_exhaustion", unit: "s",
		description: "Time until the error budget is used up if things go on as in the last hour.",
	}
	metricAlertBurn = emitted{
		name:        "slo.alert.burn_ratio",
		description: "The lower of the burn rates of both windows of a policy, over its factor: above 1 an alert is due.",
	}
	metricAlertActive = emitted{
		name:        "slo.alert.active",
		description: "Whether the alert of a policy is due.",
	}
	metricViolations = emitted{
		name: "slo.violations", unit: "{violation}", counter: true,
		description: "How often the alert of a policy became due, and the budget overspent.",
	}
	metricCoverage = emitted{
		name: "slo.coverage", unit: "1",
		description: "Share of a window in which the processor ran and the source was alive.",
	}
	metricLastEventAge = emitted{
		name: "slo.last_event_age", unit: "s",
		description: "Time since the latest event.",
	}
	metricPeriod = emitted{
		name: "slo.period", unit: "s",
		description: "Length of the period that the error budget is for.",
	}
	metricThreshold = emitted{
		name: "slo.latency.threshold", unit: "s",
		description: "Longest duration that is good.",
	}
	metricInfo = emitted{
		name:        "slo.info",
		description: "What the SLO is like, always 1.",
	}
	metricUncertainty = emitted{
		name: "slo.sli.uncertainty", unit: "1",
		description: "Share of events, since the start, of which a histogram does not tell whether they are good.",
	}
)
