package main

import (
	"maps"
	"slices"
	"strconv"

	dto "github.com/prometheus/client_model/go"
)

// money are a row for all that a workflow cost and one for each model and tool of it, then what
// was not spent, and how many calls nobody knows a price of.
func (m metrics) money(workflow string) [][]string {
	runs := m.sum("workflow_runs_total", workflow)[""]
	rows := [][]string{{"money", "USD", "per run"}}
	add := func(name string, usd float64) {
		rows = append(rows, []string{name, dollars(usd), dollars(usd / max(runs, 1))})
	}
	add("  cost", m.sum("workflow_cost_usd_total", workflow)[""])
	list := func(prefix string, by map[string]float64) {
		for _, name := range slices.Sorted(maps.Keys(by)) {
			add(prefix+name, by[name])
		}
	}
	list("    ", m.sum("workflow_cost_usd_total", workflow, "gen_ai_provider_name", "gen_ai_response_model", "workflow_cost_kind"))
	list("  saved by ", m.sum("workflow_savings_usd_total", workflow, "workflow_savings_mechanism"))
	list("  dearer for ", m.sum("workflow_extra_cost_usd_total", workflow, "workflow_savings_mechanism"))
	return append(rows, []string{"  calls without a price", number(m.sum("workflow_calls_unpriced_total", workflow)[""]), ""})
}

// sum adds the series of a workflow up by labels.
func (m metrics) sum(family, workflow string, by ...string) map[string]float64 {
	sums := make(map[string]float64)
	m.each(family, func(l labels, metric *dto.Metric) {
		if l["workflow_name"] == workflow {
			sums[l.pick(by)] += value(metric)
		}
	})
	return sums
}

// dollars shows four digits of an amount, most of which are small.
func dollars(usd float64) string { return strconv.FormatFloat(usd, 'g', 4, 64) }
