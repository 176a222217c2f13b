package main

// everywhere are attributes that all series of some tables bear.
//
//nolint:gochecknoglobals // a table, never written to.
var everywhere = []string{"workflow.name", "service.name", "otel.metric.overflow", "slo.name", "slo.service", "slo.overflow"}

// meanings says what the attributes mean, and which values they have.
//
//nolint:gochecknoglobals // a table, never written to.
var meanings = map[string]string{
	"workflow.name":              "The workflow; `unknown_workflow` for spans that name none.",
	"service.name":               "The service that sent the span, where its resource says so.",
	"otel.metric.overflow":       "`true` on the series that others were folded into because `max_series` was reached.",
	"workflow.outcome":           "`success`, `error`, `timeout`, `cancelled`, `skipped`, `compensated`",
	"error.type":                 "What went wrong, as the span says; absent on success.",
	"workflow.step.name":         "The step; of a cost the innermost one, absent outside of steps.",
	"workflow.step.kind":         "`task`, `sequential`, `parallel`, `conditional`, `switch`, `router`, `retry`, `fallback`, `timeout`, `cache`, `saga`, `map`, or what the span says",
	"workflow.recovery":          "`retry`, `fallback`, `timeout`, `compensation`, `circuit_open`",
	"workflow.cache.hit":         "`true`, `false`",
	"workflow.cost.kind":         "`llm`, `embedding`, `tool`, `compute`, `other`",
	"workflow.savings.mechanism": "`prompt_cache`, `response_cache`, `router`, `service_tier`, `discount`",
	"gen_ai.operation.name":      "What the call did: `chat`, `execute_tool`, `embeddings`, …",
	"gen_ai.provider.name":       "Whose model was called: `openai`, `anthropic`, …; absent on tools.",
	"gen_ai.response.model":      "The model that answered, else the one that was asked for; absent on tools.",
	"gen_ai.tool.name":           "The tool; absent on models.",
	"gen_ai.token.type":          "`input`, and of these `cache_read` and `cache_write`; `output`, and of these `reasoning`. All tokens are `input` and `output`: a sum over all five counts some twice.",
	"quantile":                   "`0.5`, `0.9`, `0.95`, `0.99`, or what `rules::quantiles` lists",
	"window":                     "`5m`, …; absent when a rule has one window.",
	"slo.name":                   "The SLO, as `slos::name` says.",
	"slo.service":                "What the SLO is about, where `slos::service` says so.",
	"slo.overflow":               "`true` on the group that others were counted in because `max_groups` was reached.",
	"slo.outcome":                "`good`, `bad`",
	"slo.window":                 "`5m`, `30m`, `1h`, …: those of the policies, and the period, `30d`, or `period` where that is a calendar's",
	"slo.objective.name":         "Which of several objectives of an SLO; absent when it has one.",
	"slo.period":                 "`previous` on what was left at the end of the last calendar period; else absent.",
	"slo.policy":                 "The policy, `page-fast` and so on; of `slo.violations` also `budget`.",
	"slo.severity":               "`page`, `ticket`, or what the policy says",
	"slo.budgeting":              "`occurrences`, `timeslices`, `ratio_timeslices`",
	"slo.window_type":            "`rolling`, `calendar`",
	"slo.owner":                  "As `slos::owner` says; the labels of `slos::labels` stand beside it under their own names.",
	"sloth_id":                   "Service and name of the SLO, `service-name`.",
	"sloth_service":              "As `slo.service`, or `none`.",
	"sloth_slo":                  "As `slo.name`, and the name of the objective where there are several.",
	"sloth_window":               "The window in the name of the metric.",
	"sloth_mode":                 "`otelcol`",
	"sloth_spec":                 "`otelcol-workflow/slo`",
	"sloth_version":              "`none`",
	"sloth_objective":            "The objective in percent.",
	"slo":                        "As `slo.name`, and the name of the objective where there are several.",
}
