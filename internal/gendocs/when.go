package main

// when says for each metric when there are series of it.
//
//nolint:gochecknoglobals // a table, never written to.
var when = map[string]string{
	"workflow.runs":           "a run has ended",
	"workflow.run.duration":   "a run has ended",
	"workflow.runs.active":    "a run is in flight, and as 0 for an hour after",
	"workflow.throughput":     "a run has ended, and as 0 until ten minutes after",
	"workflow.run.cost.usd":   "a run is settled that has cost something: `runs::wait` after its end",
	"workflow.steps":          "a step has ended",
	"workflow.step.duration":  "a step has ended",
	"workflow.recoveries":     "a step was retried, fell back, timed out, was compensated, or met an open circuit",
	"workflow.cache.requests": "a step says `workflow.cache.hit`",
	"workflow.calls":          "a call has ended",
	"workflow.call.duration":  "a call has ended",
	"workflow.calls.unpriced": "the cost processor is in front and knows no price",
	"workflow.tokens":         "a call states tokens",
	"workflow.cost.usd":       "a span states a cost: the cost processor is in front, or the application's instrumentation does it",
	"workflow.savings.usd":    "a span states savings, as the cost processor writes them",
	"workflow.extra_cost.usd": "a span states negative savings: with the mechanism it was dearer",

	"workflow.run.duration.explicit":  "`histogram::kind: both`",
	"workflow.run.cost.usd.explicit":  "`histogram::kind: both`",
	"workflow.step.duration.explicit": "`histogram::kind: both`",
	"workflow.call.duration.explicit": "`histogram::kind: both`",

	"workflow.run.duration.quantile":           hasValues,
	"workflow.run.cost.usd.quantile":           hasValues,
	"workflow.step.duration.quantile":          hasValues,
	"workflow.call.duration.quantile":          hasValues,
	"workflow.run.duration.explicit.quantile":  "also `histogram::kind: both`",
	"workflow.run.cost.usd.explicit.quantile":  "also `histogram::kind: both`",
	"workflow.step.duration.explicit.quantile": "also `histogram::kind: both`",
	"workflow.call.duration.explicit.quantile": "also `histogram::kind: both`",

	"workflow.run.duration.quantile.error":           toldError,
	"workflow.run.cost.usd.quantile.error":           toldError,
	"workflow.step.duration.quantile.error":          toldError,
	"workflow.call.duration.quantile.error":          toldError,
	"workflow.run.duration.explicit.quantile.error":  toldError + ", and `histogram::kind: both`",
	"workflow.run.cost.usd.explicit.quantile.error":  toldError + ", and `histogram::kind: both`",
	"workflow.step.duration.explicit.quantile.error": toldError + ", and `histogram::kind: both`",
	"workflow.call.duration.explicit.quantile.error": toldError + ", and `histogram::kind: both`",

	"slo.events":                              always,
	"slo.window.events":                       always,
	"slo.sli":                                 hasEvents,
	"slo.burn_rate":                           hasEvents,
	"slo.objective":                           always,
	"slo.error_budget":                        always,
	"slo.error_budget.remaining":              always,
	"slo.error_budget.remaining_events":       always,
	"slo.error_budget.time_to_exhaustion":     "it ends within the period at the pace of the last hour; 0 when it is used up",
	"slo.alert.burn_ratio":                    always,
	"slo.alert.active":                        always,
	"slo.violations":                          always,
	"slo.coverage":                            always,
	"slo.last_event_age":                      "there was an event",
	"slo.period":                              always,
	"slo.latency.threshold":                   "the SLI is a `latency`",
	"slo.info":                                always,
	"slo.sli.uncertainty":                     "the threshold of a `latency` SLI lies within a bucket that has values",
	"slo:sli_error:ratio_rate<window>":        "the window has events; `<window>` is `5m`, `30m`, `1h`, `2h`, `6h`, `1d`, `3d` and the period, `30d` by default",
	"slo:objective:ratio":                     always,
	"slo:error_budget:ratio":                  always,
	"slo:time_period:days":                    always,
	"slo:current_burn_rate:ratio":             "the last 5 minutes have events",
	"slo:period_burn_rate:ratio":              "the period has events",
	"slo:period_error_budget_remaining:ratio": always,
	"sloth_slo_info":                          always,
	"pyrra_objective":                         always,
	"pyrra_window":                            always,
	"pyrra_availability":                      "the period has events",
	"pyrra_requests:rate5m":                   always,
	"pyrra_errors:rate5m":                     always,
}

const (
	always    = "always"
	hasValues = "the window has `min_count` values"
	hasEvents = "the window has events"
	toldError = "`rules::error: true`, and the error is known"
)
