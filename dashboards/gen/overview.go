package main

import "github.com/tta-dev/otelcol-workflow/dashboards/internal/grafana"

// Units that Grafana knows no better name of.
const (
	perSecond     = "suffix: /s"
	runsPerSecond = "suffix: runs/s"
)

// overview answers: do my workflows run, how fast, and what goes wrong in which step.
func overview() grafana.Board {
	return grafana.Board{
		UID: overviewUID, Title: "Workflow overview", Tags: tags("workflow"), Links: links(overviewUID),
		Description: "Runs of agent and AI workflows: how many, how fast, and which step, model or tool fails or is slow.",
		Variables:   variables("workflow_runs_total", "service_name", "Service that runs the workflows."),
		Rows: []grafana.Row{
			{Title: "Now", Panels: headlines()},
			{Title: "Runs", Panels: runs()},
			{Title: "Latency", Panels: latency()},
			{Title: "Steps", Panels: steps()},
			{Title: "Recoveries and caches", Panels: recoveries()},
			{Title: "Models and tools", Panels: calls()},
			{Title: "Collector", Panels: health()},
		},
	}
}

func headlines() []grafana.Panel {
	return []grafana.Panel{
		grafana.Stat("Runs a second", runsPerSecond, "Runs that ended, whatever their outcome.",
			over(`sum(rate(workflow_runs_total{W}[$interval]))`, "")),
		grafana.Stat("In flight", "short", "Runs that have begun and not ended, of all collectors.",
			over(`sum(workflow_runs_active{G})`, "")),
		grafana.Stat("Success", "percentunit", "Share of the runs that succeeded, of those that were not cancelled. What was promised is on the board Objectives.",
			over(`(sum(rate(workflow_runs_total{W,workflow_outcome="success"}[$interval])) or vector(0)) / (sum(rate(workflow_runs_total{W,workflow_outcome!="cancelled"}[$interval])) > 0)`, "")).Decimals(2),
		grafana.Stat("p95 latency", "s", "95 % of the runs took at most this long.",
			over(quantile("0.95", "", `workflow_run_duration_seconds{W}[$interval]`), "")),
		grafana.Stat("Cost an hour", "currencyUSD", "US dollars an hour at the present rate. Empty while no span states a cost.",
			over(`sum(rate(workflow_cost_usd_total{W}[$interval])) * 3600`, "")).Decimals(2),
		grafana.Stat("Nearest alert", "short", "The highest burn ratio of any policy of an objective: at 1 its alert is due. Empty without objectives.",
			over(`max(slo_alert_burn_ratio{workflow_name=~"$workflow|"})`, "")).
			Decimals(2).Colored(grafana.Steps("green", grafana.At(1, "red"))),
	}
}

func runs() []grafana.Panel {
	return []grafana.Panel{
		grafana.TimeSeries("Runs by outcome", runsPerSecond, "Runs that ended, by workflow and outcome.",
			over(`sum by (workflow_name, workflow_outcome) (rate(workflow_runs_total{W}[$interval]))`, "{{workflow_name}} {{workflow_outcome}}")).
			Stacked().Links(toBoard(sloUID, "Objectives of this workflow")),
		grafana.TimeSeries("Throughput", runsPerSecond, "Runs that ended within the last minute, as the collectors count them. It needs no rate over an interval, so it follows a change at once.",
			over(`sum by (workflow_name) (workflow_throughput_per_second{G})`, "{{workflow_name}}")),
		grafana.TimeSeries("Runs in flight", "short", "Runs that have begun and not ended. One that sends nothing is known after its first span or, with the SDK, 2 s.",
			over(`sum by (workflow_name) (workflow_runs_active{G})`, "{{workflow_name}}")),
		grafana.TimeSeries("Success rate", "percentunit", "Share of the runs that succeeded, of those that were not cancelled.",
			over(share("workflow_runs_total", `workflow_outcome!="cancelled"`, `,workflow_outcome="success"`, "workflow_name"), "{{workflow_name}}")).
			Size(12, 8).Within(0, 1).Links(toBoard(sloUID, "Objectives of this workflow")),
		grafana.TimeSeries("Failed runs", runsPerSecond, "Runs that ended in an error or ran out of time, by the type of the error. Empty while none has failed.",
			over(`sum by (workflow_name, workflow_outcome, error_type) (rate(workflow_runs_total{W,workflow_outcome=~"error|timeout"}[$interval]))`, "{{workflow_name}} {{workflow_outcome}} {{error_type}}")).
			Size(12, 8).Links(toTraces("Failed runs", `{ span.workflow.name = "${__field.labels.workflow_name}" && status = error }`)),
		firing(),
	}
}

// firing lists the alerts of alerts/, whichever are loaded.
func firing() grafana.Panel {
	return grafana.Table("Firing alerts", "Alerts that Prometheus sends for these workflows, if it has rules. Empty while none fires.",
		grafana.Column{Title: "Alert", Label: "alertname"},
		grafana.Column{Title: "Severity", Label: "severity"},
		grafana.Column{Title: "Category", Label: "category"},
		grafana.Column{Title: "Workflow", Label: "workflow_name"},
		grafana.Column{Title: "Objective", Label: "slo_name"},
		grafana.Column{Title: "Series", Unit: "short", Expr: `count by (alertname, severity, category, workflow_name, slo_name) (ALERTS{alertstate="firing",category!="",workflow_name=~"$workflow|"})`},
	).Size(24, 6)
}

func latency() []grafana.Panel {
	slow := toTraces("Slow runs", `{ span.gen_ai.operation.name = "invoke_workflow" && span.workflow.name = "${__field.labels.workflow_name}" && duration > ${__value.raw}s }`)
	const durations = `workflow_run_duration_seconds{W}[$interval]`
	return []grafana.Panel{
		grafana.TimeSeries("Latency percentiles", "s", "Percentiles of all runs of a workflow, over all services and collectors, from native histograms.",
			over(quantile("0.5", "workflow_name", durations), "{{workflow_name}} p50"),
			over(quantile("0.9", "workflow_name", durations), "{{workflow_name}} p90"),
			over(quantile("0.95", "workflow_name", durations), "{{workflow_name}} p95"),
			over(quantile("0.99", "workflow_name", durations), "{{workflow_name}} p99")).
			Exemplars().Links(slow, toBoard(sloUID, "Objectives of this workflow")),
		grafana.TimeSeries("Percentiles of the collector", "s", "The same over the last 5 minutes as the percentile processor tells them, from finer buckets. Quantiles do not add up: of several services or collectors this is the highest.",
			over(`max by (workflow_name, quantile) (workflow_run_duration_quantile_seconds{W})`, "{{workflow_name}} {{quantile}}")).
			Links(slow),
		grafana.Heatmap("Latency", "s", "How the durations of all runs are spread: a second band is a second kind of run.",
			over(`sum(rate(`+durations+`))`, "")).Exemplars(),
		grafana.TimeSeries("p95 by outcome", "s", "Timeouts and errors are often slower, or much quicker, than what succeeds.",
			over(quantile("0.95", "workflow_name, workflow_outcome", durations), "{{workflow_name}} {{workflow_outcome}}")).
			Size(12, 8).Exemplars().Links(slow),
		grafana.TimeSeries("Now and a day ago", "s", "p95 of each workflow beside that of the same time yesterday. Empty of yesterday for the first day.",
			over(quantile("0.95", "workflow_name", durations), "{{workflow_name}}"),
			over(quantile("0.95", "workflow_name", durations+` offset 1d`), "{{workflow_name}} yesterday")).
			Size(12, 8).Dashed("B", "text"),
	}
}
