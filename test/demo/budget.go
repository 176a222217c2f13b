package main

import (
	"maps"
	"slices"
	"strconv"

	dto "github.com/prometheus/client_model/go"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// objective is what a table says of a service level objective.
type objective struct {
	target, sli, remaining, burn float64
	judged                       bool // there were events
}

// objectives are a row for each service level objective of a workflow.
func (m metrics) objectives(workflow string) [][]string {
	all := make(map[string]*objective)
	at := func(family, window string, put func(*objective, float64)) {
		m.each(family, func(l labels, metric *dto.Metric) {
			if l["workflow_name"] != workflow || l["slo_window"] != window {
				return
			}
			name := l["slo_name"]
			if all[name] == nil {
				all[name] = &objective{}
			}
			put(all[name], value(metric))
		})
	}
	at("slo_objective_ratio", "", func(o *objective, v float64) { o.target = v })
	at("slo_error_budget_remaining_ratio", "", func(o *objective, v float64) { o.remaining = v })
	at("slo_sli_ratio", "30d", func(o *objective, v float64) { o.sli, o.judged = v, true })
	at("slo_burn_rate", "5m", func(o *objective, v float64) { o.burn = v })

	rows := [][]string{{"objectives", "target", "compliance", "budget left", "burn rate"}}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		o := all[name]
		row := []string{"  " + name, percent(o.target), "-", percent(o.remaining), "-"}
		if o.judged {
			row[2], row[4] = percent(o.sli), strconv.FormatFloat(o.burn, 'f', 2, 64)
		}
		rows = append(rows, row)
	}
	return rows
}

func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 1, 64) + " %" }

// budget is what the budget of successful runs must hold, and what it does.
func (r *report) budget(m metrics) (a rig.Account, counted map[string]int64) {
	a = rig.Account{What: "runs in the error budget", Sent: make(map[string]int64)}
	for outcome, n := range r.Runs {
		switch outcome {
		case "success":
			a.Sent["good"] += n
		case "cancelled":
		default:
			a.Sent["bad"] += n
		}
	}
	counted = make(map[string]int64)
	m.each("slo_events_total", func(l labels, metric *dto.Metric) {
		if l["slo_name"] == "run-success" && l["workflow_name"] == r.Workflow {
			counted[l["slo_outcome"]] += int64(value(metric))
		}
	})
	return a, counted
}
