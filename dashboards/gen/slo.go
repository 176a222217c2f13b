package main

import "github.com/tta-dev/otelcol-workflow/dashboards/internal/grafana"

// objective names a line in a legend.
const objective = "{{slo_service}} {{slo_name}} {{slo_objective_name}} {{workflow_name}} {{service_name}} {{workflow_tenant}}"

// slo answers: do we keep our promises, how long can we go on like this, and who was woken.
func slo() grafana.Board {
	head := variables("slo_info", "slo_service", "Service that the objectives name. Those that name none are always shown.")
	return grafana.Board{
		UID: sloUID, Title: "SLO tracking", Tags: tags("slo"), Links: links(sloUID),
		Description: "Service level objectives of workflows: compliance, error budgets, burn rates and alerts.",
		Variables: append(head, grafana.Label("slo", "Objective", "slo_name",
			`slo_info{slo_service=~"$service|",workflow_name=~"$workflow|"}`, "Name of the objective.")),
		Rows: []grafana.Row{
			{Title: "Now", Panels: standing()},
			{Title: "Compliance and budget", Panels: budgets()},
			{Title: "Burn rates and alerts", Panels: burns()},
			{Title: "Latency", Panels: promised()},
			{Title: "What the figures rest on", Panels: evidence()},
		},
	}
}

// The series of one collector hold for all only if it sees every event: see [oneOrSum].
var (
	remaining = oneOrSum(`max by ([OBJECTIVE]) (slo_error_budget_remaining_ratio{O,slo_period=""})`,
		`1 - `+inPeriod(`,slo_outcome="bad"`)+` / (`+inPeriod(``)+` > 0) / on ([SLO]) group_right () (1 - `+target+`)`)
	remainingEvents = oneOrSum(`max by ([OBJECTIVE]) (slo_error_budget_remaining_events{O})`,
		`(1 - `+target+`) * on ([SLO]) group_left () `+inPeriod(``)+` - on ([SLO]) group_left () `+inPeriod(`,slo_outcome="bad"`))
	burnRate   = burn(``)
	compliance = promql(`1 - (1 - (` + remaining + `)) * (1 - ` + target + `)`)
)

// target is the promised share of good events.
const target = `max by ([OBJECTIVE]) (slo_objective_ratio{O})`

// period is the length of that of each objective.
const period = `(0 * ` + target + ` + on ([SLO]) group_left () max by ([SLO]) (slo_period_seconds{O}))`

// oneOrSum asks for the series that the collector has worked out, where there is only one
// collector and so no other that has seen a part of the events; else it adds up what all
// have seen, and works it out anew:
//
//	collectors   good   bad   objective 99 %          budget left
//	     1        990    10   the collector's own         0
//	     2        600     2   1 - 2/602 / 0.01            0.67  ┐ never their
//	              400     8   1 - 8/408 / 0.01           -0.96  ┘ mean
//	            ─────   ───
//	             1000    10   1 - 10/1010 / 0.01          0.01
func oneOrSum(one, sum string) string {
	return promql(`(` + one + ` and on ([OBJECTIVE]) count by ([OBJECTIVE]) (slo_objective_ratio{O}) == 1) or (` + sum + `)`)
}

// inPeriod is the number of events in the period of the budget: a calendar period has a
// window of that name, and a rolling period is the longest of the windows.
func inPeriod(outcome string) string {
	return `(sum by ([SLO]) (slo_window_events{O,slo_window="period"` + outcome + `})` +
		` or max by ([SLO]) (sum by ([SLO], slo_window) (slo_window_events{O` + outcome + `})))`
}

// burn is the burn rate in each window that the matcher finds. Of several objectives each has
// one in each window, so the collectors' own say which there are.
func burn(window string) string {
	return oneOrSum(`max by ([OBJECTIVE], slo_window) (slo_burn_rate{O`+window+`})`,
		`group by ([OBJECTIVE], slo_window) (slo_burn_rate{O`+window+`})`+
			` * on ([SLO], slo_window) group_left () (sum by ([SLO], slo_window) (slo_window_events{O`+window+`,slo_outcome="bad"})`+
			` / (sum by ([SLO], slo_window) (slo_window_events{O`+window+`}) > 0))`+
			` / on ([OBJECTIVE]) group_left () (1 - `+target+`)`)
}

// exhaustion is how long the budget lasts. Of one collector it knows what leaves the period
// as time goes on; of several it is what is left at the burn rate of the last hour.
func exhaustion() string {
	return promql(`(max by ([OBJECTIVE]) (slo_error_budget_time_to_exhaustion_seconds{O}) and on ([OBJECTIVE]) count by ([OBJECTIVE]) (slo_objective_ratio{O}) == 1)` +
		` or (clamp_min(` + remaining + `, 0) * ` + period + ` / on ([OBJECTIVE]) (max by ([OBJECTIVE]) (` + burn(`,slo_window="1h"`) + `) > 0)` +
		` and on ([OBJECTIVE]) count by ([OBJECTIVE]) (slo_objective_ratio{O}) > 1)`)
}

// left colors a budget: none, little, enough.
func left() []grafana.Step {
	return grafana.Steps("red", grafana.At(0, "orange"), grafana.At(0.3, "green"))
}

// due colors a burn rate or ratio: 1 is where it spends the budget, or an alert is due.
func due() []grafana.Step { return grafana.Steps("green", grafana.At(1, "red")) }

func standing() []grafana.Panel {
	return []grafana.Panel{
		grafana.Stat("Objectives missed", "short", "Objectives whose budget is overspent.",
			over(`count((`+remaining+`) < 0) or 0 * count(slo_objective_ratio{O})`, "")).Colored(due()).Size(4, 5),
		grafana.Stat("Alerts due", "short", "Policies whose burn rates are too high in both of their windows. Factors and gates are those of the collector's configuration.",
			over(`count(max by ([OBJECTIVE], slo_policy) (slo_alert_active{O}) > 0) or 0 * count(slo_alert_active{O})`, "")).Colored(due()).Size(4, 5),
		grafana.Stat("Compliance above target", "percentunit", "Share of good events in the period, less what was promised. Below 0 the promise is broken.",
			over(`(`+compliance+`) - `+target, objective)).Decimals(2).
			Colored(grafana.Steps("red", grafana.At(0, "green"))).Size(8, 5),
		grafana.Gauge("Error budget left", "percentunit", "Share of the budget of the period that is left. Below 0 it is overspent.",
			over(remaining, objective)).Within(0, 1).Colored(left()).Size(8, 5),
		grafana.Table("Objectives", "Where each objective stands. Empty under Exhausted in: the budget lasts.",
			grafana.Column{Title: "Service", Label: "slo_service"},
			grafana.Column{Title: "SLO", Label: "slo_name"},
			grafana.Column{Title: "Objective", Label: "slo_objective_name"},
			grafana.Column{Title: "Workflow", Label: "workflow_name"},
			grafana.Column{Title: "Budget left", Unit: "percentunit", Expr: remaining, Steps: left()},
			grafana.Column{Title: "Bad events left", Unit: "short", Expr: remainingEvents, Steps: grafana.Steps("red", grafana.At(0, "text"))},
			grafana.Column{Title: "Compliance", Unit: "percentunit", Expr: compliance},
			grafana.Column{Title: "Target", Unit: "percentunit", Expr: promql(target)},
			grafana.Column{Title: "Burn rate, 1 h", Unit: "short", Expr: promql(`max by ([OBJECTIVE]) (` + burn(`,slo_window="1h"`) + `)`), Steps: due()},
			grafana.Column{Title: "Exhausted in", Unit: "s", Expr: exhaustion()},
			grafana.Column{Title: "Period", Unit: "s", Expr: promql(period)},
		),
	}
}

func budgets() []grafana.Panel {
	return []grafana.Panel{
		grafana.TimeSeries("Compliance", "percentunit", "Share of good events in the period, and the target of each objective, dashed.",
			over(compliance, objective), over(target, objective+" target")).Dashed("B", "red").Size(12, 8),
		grafana.TimeSeries("Error budget over time", "percentunit", "Share of the budget of the period that is left. Below 0 it is overspent.",
			over(remaining, objective)).Marked(grafana.Steps("transparent", grafana.At(0, "red"))).Size(12, 8),
		grafana.TimeSeries("Bad events left", "short", "How many more events of the period may be bad. Below 0 the budget is overspent.",
			over(remainingEvents, objective)).Marked(grafana.Steps("transparent", grafana.At(0, "red"))),
		grafana.TimeSeries("Time to exhaustion", "s", "How long the budget lasts if things go on as in the last hour. Empty while it lasts.",
			over(exhaustion(), objective)).From(0),
		grafana.Table("Objectives missed now", "Objectives whose compliance is below their target. Empty while all are kept.",
			grafana.Column{Title: "Service", Label: "slo_service"},
			grafana.Column{Title: "SLO", Label: "slo_name"},
			grafana.Column{Title: "Objective", Label: "slo_objective_name"},
			grafana.Column{Title: "Workflow", Label: "workflow_name"},
			grafana.Column{Title: "Compliance", Unit: "percentunit", Expr: promql(`(` + compliance + `) < ` + target), Steps: grafana.Steps("red")},
		).Size(8, 8),
	}
}

func burns() []grafana.Panel {
	return []grafana.Panel{
		grafana.TimeSeries("Burn rate, 1 h", "short", "How many times faster than evenly the budget was spent in the last hour: at 1 it lasts the period exactly. Empty without events.",
			over(burn(`,slo_window="1h"`), objective)).From(0).Marked(due()).Size(12, 8),
		grafana.TimeSeries("Burn rate by window", "short", "The highest burn rate of the chosen objectives in each window. Empty without events.",
			over(`max by (slo_window) (`+burnRate+`)`, "{{slo_window}}")).From(0).Marked(due()).Size(12, 8),
		grafana.TimeSeries("Burn ratio by policy", "short", "The lower burn rate of both windows of a policy, over its factor: at 1 its alert is due. Factors come from the collector. Of several collectors this is the highest, and each judges by what it sees itself.",
			over(`max by ([OBJECTIVE], slo_policy, slo_severity) (slo_alert_burn_ratio{O})`, objective+" {{slo_policy}} ({{slo_severity}})")).
			From(0).Marked(due()).Size(12, 8),
		grafana.Timeline("Alerts", "When the alert of each policy was due.", "ok", "due",
			over(`max by ([OBJECTIVE], slo_policy) (slo_alert_active{O})`, objective+" {{slo_policy}}")).Size(12, 8),
		grafana.Table("Burn rates", "Each objective in each window. Empty without events.",
			grafana.Column{Title: "Service", Label: "slo_service"},
			grafana.Column{Title: "SLO", Label: "slo_name"},
			grafana.Column{Title: "Objective", Label: "slo_objective_name"},
			grafana.Column{Title: "Workflow", Label: "workflow_name"},
			grafana.Column{Title: "Window", Label: "slo_window"},
			grafana.Column{Title: "Burn rate", Unit: "short", Expr: burnRate, Steps: due()},
		).Size(12, 8),
		grafana.Table("Violations", "How often the alert of each policy became due in the time of the board, and how often a budget was overspent. Empty while there was none.",
			grafana.Column{Title: "Service", Label: "slo_service"},
			grafana.Column{Title: "SLO", Label: "slo_name"},
			grafana.Column{Title: "Objective", Label: "slo_objective_name"},
			grafana.Column{Title: "Workflow", Label: "workflow_name"},
			grafana.Column{Title: "Policy", Label: "slo_policy"},
			grafana.Column{Title: "Violations", Unit: "short", Expr: promql(`sum by ([OBJECTIVE], slo_policy) (increase(slo_violations_total{O}[$__range])) > 0`), Steps: grafana.Steps("orange")},
		).Size(12, 8),
	}
}

func promised() []grafana.Panel {
	const durations = `workflow_run_duration_seconds{workflow_name=~"$workflow",workflow_tenant=~"$tenant",workflow_outcome="success"}[$interval]`
	return []grafana.Panel{
		grafana.TimeSeries("Latency and its threshold", "s", "Percentiles of the runs that succeeded, and the threshold of each objective about latency, dashed: a run above it is a bad event. Where the target is 95 %, p95 must stay below the line.",
			over(quantile("0.5", "workflow_name", durations), "{{workflow_name}} p50"),
			over(quantile("0.95", "workflow_name", durations), "{{workflow_name}} p95"),
			over(quantile("0.99", "workflow_name", durations), "{{workflow_name}} p99"),
			over(`max by ([SLO]) (slo_latency_threshold_seconds{O})`, objective+" threshold")).
			Dashed("D", "red").Exemplars().Links(toBoard(overviewUID, "This workflow")).Size(24, 9),
	}
}

func evidence() []grafana.Panel {
	return []grafana.Panel{
		grafana.TimeSeries("Events", perSecond, "Good and bad events of each objective.",
			over(`sum by ([SLO], slo_outcome) (rate(slo_events_total{O}[$interval]))`, objective+" {{slo_outcome}}")),
		grafana.TimeSeries("Coverage", "percentunit", "Share of each window that is known, of the objective of which least is: the collector ran and the source was alive. Alerts keep still below 90 %.",
			over(`min by (slo_window) (slo_coverage_ratio{O})`, "{{slo_window}}")).Within(0, 1),
		grafana.TimeSeries("Time since the last event", "s", "Of an objective whose source is silent it grows, and its figures are of the past. Empty before the first event.",
			over(`min by ([SLO]) (slo_last_event_age_seconds{O})`, objective)).From(0),
	}
}
