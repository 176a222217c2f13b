package main

import (
	"maps"
	"math"
	"slices"
	"strconv"

	dto "github.com/prometheus/client_model/go"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

var quantiles = []float64{0.5, 0.9, 0.95, 0.99}

// print shows the metrics of each workflow, beside what the report knows better.
func (m metrics) print(out rig.Screen, r *report) {
	for _, workflow := range m.workflows() {
		for _, rows := range [][][]string{
			m.timings(workflow, r), m.calls(workflow), m.tokens(workflow), m.money(workflow), m.objectives(workflow),
		} {
			out.Say("")
			out.Table(rows)
		}
	}
}

func (m metrics) workflows() []string {
	names := make(map[string]bool)
	m.each("workflow_runs_total", func(l labels, _ *dto.Metric) { names[l["workflow_name"]] = true })
	return slices.Sorted(maps.Keys(names))
}

// timings are a row for the runs and one for each step. Rates are over the time
// from the start of the first run to the end of the last.
func (m metrics) timings(workflow string, r *report) [][]string {
	rows := [][]string{{"workflow " + workflow, "count", "per s", "in flight", "errors", "p50", "p90", "p95", "p99"}}
	add := func(l line, name, active string) {
		rate := strconv.FormatFloat(l.count/r.ElapsedSeconds, 'f', 1, 64)
		rows = append(rows, append([]string{name, number(l.count), rate, active, number(l.failed)}, l.latencies()...))
	}
	for _, l := range m.lines("workflow_runs_total", "workflow_run_duration_seconds", workflow) {
		add(l, "  runs", number(m.active(workflow)))
	}
	if workflow == r.Workflow {
		q := r.RunSeconds
		rows = append(rows, []string{"    as sent, exactly", "", "", "", "", seconds(q.P50), seconds(q.P90), seconds(q.P95), seconds(q.P99)})
	}
	for _, l := range m.lines("workflow_steps_total", "workflow_step_duration_seconds", workflow, "workflow_step_name") {
		add(l, "  step "+l.name, "")
	}
	return rows
}

// calls are a row for each model and tool.
func (m metrics) calls(workflow string) [][]string {
	rows := [][]string{{"calls", "count", "errors", "p50", "p90", "p95", "p99"}}
	for _, l := range m.lines("workflow_calls_total", "workflow_call_duration_seconds", workflow,
		"gen_ai_operation_name", "gen_ai_response_model", "gen_ai_tool_name") {
		rows = append(rows, append([]string{"  " + l.name, number(l.count), number(l.failed)}, l.latencies()...))
	}
	return rows
}

// tokens are a row for each model.
func (m metrics) tokens(workflow string) [][]string {
	models := make(map[string]map[string]float64)
	m.each("workflow_tokens_total", func(l labels, metric *dto.Metric) {
		if l["workflow_name"] != workflow {
			return
		}
		name := l.pick([]string{"gen_ai_provider_name", "gen_ai_response_model"})
		if models[name] == nil {
			models[name] = make(map[string]float64)
		}
		models[name][l["gen_ai_token_type"]] += value(metric)
	})
	rows := [][]string{{"tokens", "input", "of it cached", "output"}}
	for _, name := range slices.Sorted(maps.Keys(models)) {
		n := models[name]
		rows = append(rows, []string{"  " + name, number(n["input"]), number(n["cache_read"]), number(n["output"])})
	}
	return rows
}

// active is the number of runs in flight.
func (m metrics) active(workflow string) (n float64) {
	m.each("workflow_runs_active", func(l labels, metric *dto.Metric) {
		if l["workflow_name"] == workflow {
			n += value(metric)
		}
	})
	return n
}

// latencies are the quantiles that the percentile processor tells.
func (l *line) latencies() []string {
	var cells []string
	for _, q := range quantiles {
		cells = append(cells, seconds(l.quantile(q)))
	}
	return cells
}

// quantile is NaN where none is told.
func (l *line) quantile(q float64) float64 {
	if v, ok := l.told[number(q)]; ok {
		return v
	}
	return math.NaN()
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// seconds shows three digits of a duration.
func seconds(s float64) string {
	switch {
	case math.IsNaN(s):
		return "-"
	case s < 0.0995:
		return strconv.FormatFloat(s*1000, 'f', 1, 64) + " ms"
	case s < 0.9995:
		return strconv.FormatFloat(s*1000, 'f', 0, 64) + " ms"
	default:
		return strconv.FormatFloat(s, 'f', 2, 64) + " s"
	}
}
