package dashboards_test

import (
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/dashboards"
)

// queries are all queries of all boards, of which there must be some.
func queries(t *testing.T) []dashboards.Query {
	t.Helper()
	out, err := dashboards.Queries()
	require.NoError(t, err)
	require.NotEmpty(t, out)
	return out
}

// parse returns an expression with all variables bound.
func parse(t *testing.T, q dashboards.Query) parser.Expr {
	t.Helper()
	bound, err := dashboards.Bind(q.Expr, dashboards.Defaults())
	require.NoError(t, err)
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(bound)
	require.NoError(t, err, bound)
	return expr
}

// TestQueries has the parser of Prometheus read every query, and looks at what each asks
// for. See wrongWith for the rules.
func TestQueries(t *testing.T) {
	for _, q := range queries(t) {
		t.Run(q.Board+"/"+q.Panel+"/"+q.RefID, func(t *testing.T) {
			assert.Empty(t, wrongWith(parse(t, q)))
		})
	}
}

func TestWrongWith(t *testing.T) {
	for expr, want := range map[string]string{
		`sum(rate(workflow_runs_total[5m]))`:                                             "",
		`sum(workflow_runs_total)`:                                                       "raw counter",
		`sum(rate(workflow_run_duration_seconds[5m]))`:                                   "",
		`histogram_quantile(0.9, sum(workflow_run_duration_seconds))`:                    "raw counter",
		`sum(delta(workflow_runs_total[5m]))`:                                            "raw counter",
		`max(slo_burn_rate{slo_window="1h"})`:                                            "",
		`max(rate(otelcol_connector_workflow_metrics_folded[5m]))`:                       "",
		`sum(otelcol_connector_workflow_metrics_folded)`:                                 "raw counter",
		`sum(workflow_runs_active{job="otelcol-workflow"})`:                              "job",
		`workflow_runs_active`:                                                           "not aggregated",
		`workflow_runs_active > 1`:                                                       "not aggregated",
		`histogram_quantile(0.9, rate(workflow_run_duration_seconds[5m]))`:               "not aggregated",
		`workflow:runs:rate5m`:                                                           "recording rule",
		`max(slo_burn_rate) > 0.95`:                                                      "",
		`sum(rate(workflow_runs_total[5m])) / on () sum(rate(workflow_steps_total[5m]))`: "",
	} {
		parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
		require.NoError(t, err)
		got := strings.Join(wrongWith(parsed), "; ")
		if want == "" {
			assert.Empty(t, got, expr)
		} else {
			assert.Contains(t, got, want, expr)
		}
	}
}

// wrongWith returns which rules the selectors of an expression break: counters and
// histograms are asked for by how much they grew, so that a restart does no harm; all is
// aggregated, so that several collectors look like one; nothing depends on the name of a
// scrape job, nor on recording rules.
func wrongWith(expr parser.Expr) []string {
	var out []string
	parser.Inspect(expr, func(node parser.Node, path []parser.Node) error {
		selector, ok := node.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		grows, aggregated := false, false
		for _, n := range path {
			switch n := n.(type) {
			case *parser.Call:
				grows = grows || n.Func.Name == "rate" || n.Func.Name == "increase"
			case *parser.AggregateExpr:
				aggregated = true
			}
		}
		if cumulative(selector.Name) && !grows {
			out = append(out, selector.Name+": raw counter")
		}
		if !aggregated {
			out = append(out, selector.Name+": not aggregated")
		}
		if strings.Contains(selector.Name, ":") {
			out = append(out, selector.Name+": recording rule")
		}
		for _, m := range selector.LabelMatchers {
			if m.Name == "job" && m.Type == labels.MatchEqual {
				out = append(out, selector.Name+": job")
			}
		}
		return nil
	})
	return out
}

// histograms are those of the connector; the gauges of their quantiles have other names.
var histograms = map[string]bool{
	"workflow_run_duration_seconds": true, "workflow_step_duration_seconds": true,
	"workflow_call_duration_seconds": true, "workflow_run_cost_usd": true,
}

// gauges are the series of the collector's own telemetry that may fall. Its counters have
// no suffix to tell them by.
var gauges = map[string]bool{
	"otelcol_connector_workflow_metrics_series": true, "otelcol_connector_workflow_metrics_open": true,
	"otelcol_processor_slo_groups": true, "otelcol_processor_cost_catalog_age": true,
	"otelcol_process_memory_rss": true, "otelcol_exporter_queue_size": true, "otelcol_exporter_queue_capacity": true,
}

// cumulative says whether the series of a name only grow.
func cumulative(name string) bool {
	if strings.HasPrefix(name, "otelcol_") {
		return !gauges[name]
	}
	return strings.HasSuffix(name, "_total") || histograms[name]
}
