package main

import "github.com/tta-dev/otelcol-workflow/dashboards/internal/grafana"

func steps() []grafana.Panel {
	const (
		ended = `sum by (workflow_name, workflow_step_name, workflow_step_kind) (increase(workflow_steps_total{W%s}[$__range]))`
		step  = "workflow_name, workflow_step_name"
		names = "{{workflow_name}} {{workflow_step_name}}"
	)
	p95 := func(of string) string {
		return quantile("0.95", step, `workflow_step_duration_seconds{W`+of+`}[$interval]`)
	}
	tasks := p95(`,workflow_step_kind="task"`) + ` and on (workflow_name) ` + p95(`,workflow_step_kind="parallel"`)
	traces := toTraces("This step", `{ span.workflow.name = "${__field.labels.workflow_name}" && span.workflow.step.name = "${__field.labels.workflow_step_name}" }`)
	return []grafana.Panel{
		grafana.TimeSeries("Step duration", "s", "p95 of each step.",
			over(p95(""), names)).Exemplars().Links(traces),
		grafana.TimeSeries("Steps by kind", perSecond, "Steps that ended.",
			over(`sum by (workflow_name, workflow_step_name, workflow_step_kind) (rate(workflow_steps_total{W}[$interval]))`, names+" ({{workflow_step_kind}})")),
		grafana.TimeSeries("Failed steps", perSecond, "Steps that ended in an error or ran out of time. A run may still succeed: see Recoveries. Empty while none has failed.",
			over(`sum by (workflow_name, workflow_step_name, workflow_outcome, error_type) (rate(workflow_steps_total{W,workflow_outcome=~"error|timeout"}[$interval]))`, names+" {{workflow_outcome}} {{error_type}}")).
			Links(traces),
		grafana.BarGauge("Where the time goes", "percentunit", "Time spent in each step over that spent in the runs of its workflow. A step that holds others counts them in, and branches in parallel add up to more than 100 %.",
			now(`sum by (workflow_name, workflow_step_name) (histogram_sum(rate(workflow_step_duration_seconds{W}[$__range]))) / on (workflow_name) group_left () (sum by (workflow_name) (histogram_sum(rate(workflow_run_duration_seconds{W}[$__range]))) > 0)`, names)).
			From(0),
		grafana.TimeSeries("Parallel steps and their branches", "s", "p95 of parallel steps, dashed, and of the tasks of the same workflows. A parallel step takes as long as its slowest branch: the task just below it. Empty without parallel steps.",
			over(p95(`,workflow_step_kind="parallel"`), names),
			over(tasks, names)).
			Dashed("A", "text").Exemplars().Links(traces),
		grafana.BarGauge("Slowest branches", "s", "The three tasks with the highest p95 of each workflow that has parallel steps: quicker ones gain nothing by being made quicker. Empty without parallel steps.",
			now(`topk by (workflow_name) (3, `+tasks+`)`, names)).
			From(0),
		grafana.Table("Steps", "All steps over the time of the board.",
			grafana.Column{Title: "Workflow", Label: "workflow_name"},
			grafana.Column{Title: "Step", Label: "workflow_step_name"},
			grafana.Column{Title: "Kind", Label: "workflow_step_kind"},
			grafana.Column{Title: "Ended", Unit: "short", Expr: promql(ended+` > 0`, "")},
			grafana.Column{Title: "Failed", Unit: "short", Expr: promql(ended+` or 0 * `+ended, `,workflow_outcome=~"error|timeout"`, ""), Steps: grafana.Steps("text", grafana.At(1, "orange"))},
			grafana.Column{Title: "p50", Unit: "s", Expr: quantile("0.5", step+", workflow_step_kind", `workflow_step_duration_seconds{W}[$__range]`)},
			grafana.Column{Title: "p95", Unit: "s", Expr: quantile("0.95", step+", workflow_step_kind", `workflow_step_duration_seconds{W}[$__range]`)},
			grafana.Column{Title: "p95 of the collector", Unit: "s", Expr: promql(`max by (workflow_name, workflow_step_name, workflow_step_kind) (workflow_step_duration_quantile_seconds{W,quantile="0.95"})`)},
		),
	}
}

func recoveries() []grafana.Panel {
	return []grafana.Panel{
		grafana.TimeSeries("Recoveries", perSecond, "Steps that were saved or stopped by a policy: retried, done by a fallback, cut off by a timeout, undone, or not tried since a circuit is open. Empty while there are none.",
			over(`sum by (workflow_name, workflow_step_name, workflow_recovery) (rate(workflow_recoveries_total{W}[$interval]))`, "{{workflow_name}} {{workflow_step_name}} {{workflow_recovery}}")),
		grafana.TimeSeries("Retries and fallbacks a run", "short", "Recoveries of each kind over the runs that ended. Where it rises while the success rate stays, a dependency is failing and the policies hold. Empty while there are none.",
			over(`sum by (workflow_name, workflow_recovery) (rate(workflow_recoveries_total{W}[$interval])) / on (workflow_name) group_left () (sum by (workflow_name) (rate(workflow_runs_total{W}[$interval])) > 0)`, "{{workflow_name}} {{workflow_recovery}}")),
		grafana.TimeSeries("Cache hits", "percentunit", "Share of the requests of cache steps that were answered from the cache. Empty without cache steps.",
			over(share("workflow_cache_requests_total", ``, `workflow_cache_hit="true"`, "workflow_name, workflow_step_name"), "{{workflow_name}} {{workflow_step_name}}")).
			Within(0, 1),
	}
}

func calls() []grafana.Panel {
	const (
		model  = `gen_ai_response_model!=""`
		tool   = `gen_ai_tool_name!=""`
		failed = `,workflow_outcome=~"error|timeout"`
		models = "gen_ai_provider_name, gen_ai_response_model"
		named  = "{{gen_ai_provider_name}} {{gen_ai_response_model}}"
		took   = `workflow_call_duration_seconds{W,%s}[$interval]`
	)
	return []grafana.Panel{
		grafana.TimeSeries("Calls of models", perSecond, "Calls that ended, by model and operation. Empty without calls of models.",
			over(`sum by (`+models+`, gen_ai_operation_name) (rate(workflow_calls_total{W,`+model+`}[$interval]))`, named+" {{gen_ai_operation_name}}")),
		grafana.TimeSeries("Duration of model calls", "s", "p95 of the calls of each model. Empty without calls of models.",
			over(quantile("0.95", models, promql(took, model)), named)).Exemplars().
			Links(toTraces("Calls of this model", `{ span.gen_ai.response.model = "${__field.labels.gen_ai_response_model}" }`)),
		grafana.TimeSeries("Failed model calls", "percentunit", "Share of the calls of each model that failed or ran out of time. Empty without calls of models.",
			over(share("workflow_calls_total", model, failed, models), named)).Within(0, 1),
		grafana.TimeSeries("Tokens", perSecond, "Tokens in and out of each model; those of the cache and of reasoning are among them. Empty without calls of models.",
			over(`sum by (`+models+`, gen_ai_token_type) (rate(workflow_tokens_total{W,gen_ai_token_type=~"input|output"}[$interval]))`, named+" {{gen_ai_token_type}}")),
		grafana.TimeSeries("Cached input tokens", "percentunit", "Share of the input tokens that the provider read from its prompt cache. Empty without calls of models.",
			over(`(sum by (`+models+`) (rate(workflow_tokens_total{W,gen_ai_token_type="cache_read"}[$interval])) or 0 * sum by (`+models+`) (rate(workflow_tokens_total{W,gen_ai_token_type="input"}[$interval]))) / (sum by (`+models+`) (rate(workflow_tokens_total{W,gen_ai_token_type="input"}[$interval])) > 0)`, named)).
			Within(0, 1),
		grafana.TimeSeries("Tokens a run", "short", "Input and output tokens of all models over the runs that ended. Empty without calls of models.",
			over(`sum by (workflow_name, gen_ai_token_type) (rate(workflow_tokens_total{W,gen_ai_token_type=~"input|output"}[$interval])) / on (workflow_name) group_left () (sum by (workflow_name) (rate(workflow_runs_total{W}[$interval])) > 0)`, "{{workflow_name}} {{gen_ai_token_type}}")),
		grafana.TimeSeries("Tool calls", perSecond, "Calls of tools that ended. Empty without tools.",
			over(`sum by (gen_ai_tool_name, workflow_outcome) (rate(workflow_calls_total{W,`+tool+`}[$interval]))`, "{{gen_ai_tool_name}} {{workflow_outcome}}")),
		grafana.TimeSeries("Duration of tool calls", "s", "p95 of the calls of each tool. Empty without tools.",
			over(quantile("0.95", "gen_ai_tool_name", promql(took, tool)), "{{gen_ai_tool_name}}")).Exemplars().
			Links(toTraces("Calls of this tool", `{ span.gen_ai.tool.name = "${__field.labels.gen_ai_tool_name}" }`)),
		grafana.TimeSeries("Failed tool calls", "percentunit", "Share of the calls of each tool that failed or ran out of time. Empty without tools.",
			over(share("workflow_calls_total", tool, failed, "gen_ai_tool_name"), "{{gen_ai_tool_name}}")).Within(0, 1),
	}
}
