package dashboards_test

import (
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/dashboards"
	"github.com/tta-dev/otelcol-workflow/test/metricdocs"
	"github.com/tta-dev/otelcol-workflow/test/repo"
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
	page := documented(t)
	asked := map[string]bool{}
	for _, q := range queries(t) {
		t.Run(q.Board+"/"+q.Panel+"/"+q.RefID, func(t *testing.T) {
			expr := parse(t, q)
			assert.Empty(t, page.wrongWith(expr))
			for _, s := range selectors(expr) {
				asked[s.Name] = true
			}
		})
	}
	assert.Greater(t, len(asked), 50, "most of what there is")
}

// documented is docs/metrics.md.
func documented(t *testing.T) page {
	t.Helper()
	rows, err := metricdocs.Read(repo.Root(t))
	require.NoError(t, err)
	return page(rows)
}

// page judges queries by the metrics that it lists.
type page metricdocs.Metrics

// kind is that of the metric with the name, "" where there is none.
func (p page) kind(name string) string {
	for _, row := range p {
		if row.Prometheus == name {
			return row.Kind
		}
	}
	return ""
}

// selectors are those of an expression.
func selectors(expr parser.Expr) (out []*parser.VectorSelector) {
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		if s, ok := node.(*parser.VectorSelector); ok {
			out = append(out, s)
		}
		return nil
	})
	return out
}

func TestWrongWith(t *testing.T) {
	for expr, want := range map[string]string{
		`sum(rate(workflow_runs_total[5m]))`:                                         "",
		`sum(workflow_runs_total)`:                                                   "raw counter",
		`sum(rate(workflow_run_duration_seconds[5m]))`:                               "",
		`histogram_quantile(0.9, sum(workflow_run_duration_seconds))`:                "raw counter",
		`sum(delta(workflow_runs_total[5m]))`:                                        "raw counter",
		`max(slo_burn_rate{slo_window="1h"})`:                                        "",
		`max(rate(otelcol_connector_workflow_metrics_folded[5m]))`:                   "",
		`sum(otelcol_connector_workflow_metrics_folded)`:                             "raw counter",
		`sum(workflow_runs_active{job="otelcol-workflow"})`:                          "job",
		`workflow_runs_active`:                                                       "not aggregated",
		`workflow_runs_active > 1`:                                                   "not aggregated",
		`histogram_quantile(0.9, rate(workflow_run_duration_seconds[5m]))`:           "not aggregated",
		`max(workflow:runs:rate5m)`:                                                  "not documented",
		`max(workflow_run_total)`:                                                    "not documented",
		`histogram_quantile(0.9, sum(rate(workflow_run_duration_seconds[5m]))) >= 0`: "",
		`histogram_avg(sum(rate(workflow_run_duration_seconds[5m])))`:                "NaN",
		`count(ALERTS)`:             "",
		`max(slo_burn_rate) > 0.95`: "",
		`sum(rate(workflow_runs_total[5m])) / on () sum(rate(workflow_steps_total[5m]))`: "",
	} {
		parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
		require.NoError(t, err)
		got := strings.Join(documented(t).wrongWith(parsed), "; ")
		if want == "" {
			assert.Empty(t, got, expr)
		} else {
			assert.Contains(t, got, want, expr)
		}
	}
}

// wrongWith returns which rules the selectors of an expression break: metrics are
// documented, and no recording rules, which not everyone loads; counters and histograms are
// asked for by how much they grew, so that a restart does no harm; all is aggregated, so
// that several collectors look like one; what is NaN of no values is left out; nothing depends on the name of a scrape job.
func (p page) wrongWith(expr parser.Expr) []string {
	var out []string
	parser.Inspect(expr, func(node parser.Node, path []parser.Node) error {
		selector, ok := node.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		grows, aggregated, compared, quotient := false, false, false, false
		for _, n := range path {
			switch n := n.(type) {
			case *parser.Call:
				grows = grows || n.Func.Name == "rate" || n.Func.Name == "increase"
				quotient = quotient || n.Func.Name == "histogram_quantile" || n.Func.Name == "histogram_avg"
			case *parser.AggregateExpr:
				aggregated = true
			case *parser.BinaryExpr:
				compared = compared || n.Op.IsComparisonOperator()
			}
		}
		if quotient && !compared {
			out = append(out, selector.Name+": NaN where nothing came")
		}
		switch kind := p.kind(selector.Name); {
		case kind == "" && selector.Name != "ALERTS":
			out = append(out, selector.Name+": not documented")
		case (kind == "counter" || kind == "histogram") && !grows:
			out = append(out, selector.Name+": raw counter")
		}
		if !aggregated {
			out = append(out, selector.Name+": not aggregated")
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
