package main

import "github.com/tta-dev/otelcol-workflow/dashboards/internal/grafana"

// cost answers: what do the workflows cost, what for, and what is saved.
func cost() grafana.Board {
	return grafana.Board{
		UID: costUID, Title: "Cost tracking", Tags: tags("cost"), Links: links(costUID),
		Description: "What workflows cost in US dollars, by workflow, step and model; what was saved, and what could not be priced.",
		Variables:   variables("workflow_runs_total", "service_name", "Service that runs the workflows."),
		Rows: []grafana.Row{
			{Title: "In the time of the board", Panels: totals()},
			{Title: "Over time", Panels: spending()},
			{Title: "A run", Panels: perRun()},
			{Title: "Savings", Panels: savings()},
			{Title: "Who and what", Panels: breakdown()},
			{Title: "What is not priced", Panels: unpriced()},
		},
	}
}

// Sums over the time of the board; 0 where nothing was saved, or cost more than without.
const (
	spent = `sum(increase(workflow_cost_usd_total{W}[$__range]))`
	saved = `(sum(increase(workflow_savings_usd_total{W}[$__range])) or vector(0))`
	extra = `(sum(increase(workflow_extra_cost_usd_total{W}[$__range])) or vector(0))`
)

func dollars(title, description, expr string) grafana.Panel {
	return grafana.Stat(title, "currencyUSD", description, now(expr, "")).Decimals(2).Size(3, 4)
}

func totals() []grafana.Panel {
	return []grafana.Panel{
		dollars("Spent", "US dollars that calls cost.", spent),
		dollars("Saved", "US dollars that were not spent: prompt and response caches, routers, service tiers and discounts.", saved),
		dollars("Extra cost", "US dollars that a mechanism cost more than it saved, such as writing to a prompt cache that is not read again.", extra),
		grafana.Stat("Savings rate", "percentunit", "What was saved, of what calls would have cost. Whether it is enough is yours to say.",
			now(saved+` / (`+spent+` + `+saved+` > 0)`, "")).Decimals(1).Size(3, 4),
		dollars("A month at this rate", "What 30 days cost if all goes on as in the time of the board.", `sum(rate(workflow_cost_usd_total{W}[$__range])) * 30 * 86400`),
		grafana.Stat("A successful run", "currencyUSD", "All that was spent, over the runs that succeeded: what one good result costs, failures and retries included.",
			now(spent+` / (sum(increase(workflow_runs_total{W,workflow_outcome="success"}[$__range])) > 0)`, "")).Decimals(4).Size(3, 4),
		grafana.Stat("Spent on failed runs", "percentunit", "Share of the cost of all runs that went to those which did not succeed.",
			now(`(histogram_sum(sum(increase(workflow_run_cost_usd{W,workflow_outcome!="success"}[$__range]))) or vector(0)) / (histogram_sum(sum(increase(workflow_run_cost_usd{W}[$__range]))) > 0)`, "")).Decimals(1).Size(3, 4),
		grafana.Stat("Calls without a price", "short", "Calls whose cost is not known and that count as nothing in all other figures.",
			now(`sum(increase(workflow_calls_unpriced_total{W}[$__range])) or vector(0)`, "")).
			Colored(grafana.Steps("green", grafana.At(1, "orange"))).Size(3, 4),
	}
}

func spending() []grafana.Panel {
	return []grafana.Panel{
		grafana.TimeSeries("Cost an hour", "currencyUSD", "US dollars an hour of each workflow.",
			over(`sum by (workflow_name) (rate(workflow_cost_usd_total{W}[$interval])) * 3600`, "{{workflow_name}}")).
			Stacked().Links(toBoard(overviewUID, "This workflow")),
		grafana.TimeSeries("Cost an hour by model", "currencyUSD", "US dollars an hour of each model.",
			over(`sum by (gen_ai_provider_name, gen_ai_response_model) (rate(workflow_cost_usd_total{W}[$interval])) * 3600`, "{{gen_ai_provider_name}} {{gen_ai_response_model}}")).
			Stacked(),
		grafana.TimeSeries("Now and a day ago", "currencyUSD", "US dollars an hour of all that is chosen, beside those of the same time yesterday. Empty of yesterday for the first day.",
			over(`sum(rate(workflow_cost_usd_total{W}[$interval])) * 3600`, "now"),
			over(`sum(rate(workflow_cost_usd_total{W}[$interval] offset 1d)) * 3600`, "yesterday")).Dashed("B", "text"),
	}
}

func perRun() []grafana.Panel {
	const costs = `workflow_run_cost_usd{W}[$interval]`
	return []grafana.Panel{
		grafana.TimeSeries("Cost of a run", "currencyUSD", "The median run, the dearest 5 %, and the mean.",
			over(quantile("0.5", "workflow_name", costs), "{{workflow_name}} p50"),
			over(quantile("0.95", "workflow_name", costs), "{{workflow_name}} p95"),
			over(`histogram_avg(sum by (workflow_name) (rate(`+costs+`))) >= 0`, "{{workflow_name}} mean")).
			Decimals(4).Exemplars().Links(toTraces("Runs", `{ span.gen_ai.operation.name = "invoke_workflow" && span.workflow.name = "${__field.labels.workflow_name}" }`)),
		grafana.TimeSeries("Quantiles of the collector", "currencyUSD", "Quantiles of the cost of a run over the last 5 minutes, as the percentile processor tells them. Of several services or collectors this is the highest.",
			over(`max by (workflow_name, quantile) (workflow_run_cost_usd_quantile{W})`, "{{workflow_name}} {{quantile}}")).Decimals(4),
		grafana.Heatmap("Costs of runs", "currencyUSD", "How the costs of runs are spread: a second band is a dearer kind of run.",
			over(`sum(rate(workflow_run_cost_usd{W}[$interval]))`, "")).Exemplars(),
	}
}

func savings() []grafana.Panel {
	return []grafana.Panel{
		grafana.BarGauge("From list price to bill", "currencyUSD", "What all calls would have cost, less what each mechanism saved, plus what one cost extra, is what was paid. Empty of what there was none of.",
			now(spent+` + `+saved+` - `+extra, "list price"),
			now(`-sum by (workflow_savings_mechanism) (increase(workflow_savings_usd_total{W}[$__range]))`, "{{workflow_savings_mechanism}}"),
			now(`sum by (workflow_savings_mechanism) (increase(workflow_extra_cost_usd_total{W}[$__range]))`, "{{workflow_savings_mechanism}} extra"),
			now(spent, "paid")).Decimals(2).Colored(grafana.Steps("green", grafana.At(0, "blue"))),
		grafana.TimeSeries("Savings an hour", "currencyUSD", "US dollars an hour that each mechanism saves. Empty while nothing is saved.",
			over(`sum by (workflow_savings_mechanism) (rate(workflow_savings_usd_total{W}[$interval])) * 3600`, "{{workflow_savings_mechanism}}")).Stacked(),
		grafana.TimeSeries("Savings rate by workflow", "percentunit", "What is saved, of what calls would have cost, for each workflow. Empty while nothing is saved.",
			over(`sum by (workflow_name) (rate(workflow_savings_usd_total{W}[$interval])) / (sum by (workflow_name) (rate(workflow_cost_usd_total{W}[$interval])) + sum by (workflow_name) (rate(workflow_savings_usd_total{W}[$interval])) > 0)`, "{{workflow_name}}")).Within(0, 1),
		grafana.Pie("Savings by workflow", "currencyUSD", "Who saved it. Empty while nothing is saved.",
			now(`sum by (workflow_name) (increase(workflow_savings_usd_total{W}[$__range]))`, "{{workflow_name}}")),
		grafana.TimeSeries("Extra cost an hour", "currencyUSD", "US dollars an hour that a mechanism costs more than it saves. Empty while none does.",
			over(`sum by (workflow_name, workflow_savings_mechanism) (rate(workflow_extra_cost_usd_total{W}[$interval])) * 3600`, "{{workflow_name}} {{workflow_savings_mechanism}}")),
	}
}

func breakdown() []grafana.Panel {
	const (
		by     = `sum by (workflow_name) (increase(%s{W}[$__range]))`
		orNone = by + ` or 0 * sum by (workflow_name) (increase(workflow_runs_total{W}[$__range]))`
	)
	return []grafana.Panel{
		grafana.Pie("Cost by workflow", "currencyUSD", "Who spent it.",
			now(promql(by, "workflow_cost_usd_total"), "{{workflow_name}}")),
		grafana.Pie("Cost by model", "currencyUSD", "What it was spent on.",
			now(`sum by (gen_ai_provider_name, gen_ai_response_model) (increase(workflow_cost_usd_total{W}[$__range]))`, "{{gen_ai_provider_name}} {{gen_ai_response_model}}")),
		grafana.Pie("Cost by kind", "currencyUSD", "Language models, embeddings, tools, computing and other.",
			now(`sum by (workflow_cost_kind) (increase(workflow_cost_usd_total{W}[$__range]))`, "{{workflow_cost_kind}}")),
		grafana.Table("Workflows", "What each workflow cost in the time of the board.",
			grafana.Column{Title: "Workflow", Label: "workflow_name"},
			grafana.Column{Title: "Cost", Unit: "currencyUSD", Expr: promql(by, "workflow_cost_usd_total")},
			grafana.Column{Title: "Saved", Unit: "currencyUSD", Expr: promql(orNone, "workflow_savings_usd_total")},
			grafana.Column{Title: "Extra cost", Unit: "currencyUSD", Expr: promql(orNone, "workflow_extra_cost_usd_total")},
			grafana.Column{Title: "Runs", Unit: "short", Expr: promql(by, "workflow_runs_total")},
			grafana.Column{Title: "Cost of a run", Unit: "currencyUSD", Expr: promql(by+` / (`+by+` > 0)`, "workflow_cost_usd_total", "workflow_runs_total")},
			grafana.Column{Title: "Calls without a price", Unit: "short", Expr: promql(orNone, "workflow_calls_unpriced_total")},
		).Size(12, 8),
		grafana.Table("Steps", "What each step cost in the time of the board, and with which model.",
			grafana.Column{Title: "Workflow", Label: "workflow_name"},
			grafana.Column{Title: "Step", Label: "workflow_step_name"},
			grafana.Column{Title: "Model", Label: "gen_ai_response_model"},
			grafana.Column{Title: "Cost", Unit: "currencyUSD", Expr: promql(`sum by (workflow_name, workflow_step_name, gen_ai_response_model) (increase(workflow_cost_usd_total{W}[$__range]))`)},
		).Size(12, 8),
	}
}

func unpriced() []grafana.Panel {
	return []grafana.Panel{
		grafana.Table("Models without a price", "Give them a price in the cost processor. Empty while all calls are priced.",
			grafana.Column{Title: "Provider", Label: "gen_ai_provider_name"},
			grafana.Column{Title: "Model", Label: "gen_ai_response_model"},
			grafana.Column{Title: "Calls", Unit: "short", Expr: promql(`sum by (gen_ai_provider_name, gen_ai_response_model) (increase(workflow_calls_unpriced_total{W}[$__range])) > 0`)},
		).Size(8, 8),
		grafana.TimeSeries("Prices found", perSecond, "Spans that state a model, tokens or a cost, by what became of them, in all collectors.",
			over(`sum by (status, reason) (rate(otelcol_processor_cost_spans[$interval]))`, "{{status}} {{reason}}")),
		grafana.TimeSeries("Runs over budget", perSecond, "Runs that cost more than the budget that the cost processor is given. Empty without budgets.",
			over(`sum by (workflow_name) (rate(otelcol_processor_cost_budget_exceeded[$interval]))`, "{{workflow_name}}")),
	}
}
