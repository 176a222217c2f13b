package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/metricdocs"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// TestPromQL parses every query of every promql block, which a blank line ends, and looks
// up the metrics it asks for in docs/metrics.md, having made sure that a bad one is refused.
func TestPromQL(t *testing.T) {
	known, err := metricdocs.Read(repo.Root(t))
	require.NoError(t, err)
	for query, refusal := range map[string]string{
		"rate(workflow_runs_total[5m])":                  "",
		"rate(workflow_run_duration_seconds_bucket[5m])": "",
		"slo_burn_rate > 1":                              "",
		"slo_burn_ratio > 1":                             "slo_burn_ratio",
		"up":                                             "",
		"sum(workflow_runs_total":                        "unclosed left parenthesis",
		"rate(workflow_runs_total)":                      "expected type range vector",
		"workflow_run_duration_quantile_seconds":         "",
		"workflow_runs":                                  "workflow_runs",
		"workflow_tokens_total / on (a) workflow_token_totals": "workflow_token_totals",
	} {
		err := ask(query, known)
		if refusal == "" {
			require.NoError(t, err, query)
		} else {
			require.ErrorContains(t, err, refusal, query)
		}
	}
	found := blocks(t, "promql")
	require.NotEmpty(t, found)
	for _, b := range found {
		for query := range strings.SplitSeq(strings.TrimSpace(b.Text), "\n\n") {
			assert.NoError(t, ask(query, known), "%v", b)
		}
	}
}

// ask returns what is wrong with a query.
func ask(query string, known metricdocs.Metrics) error {
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(query)
	if err != nil {
		return err
	}
	for _, selectors := range parser.ExtractSelectors(expr) {
		for _, m := range selectors {
			if m.Name == "__name__" && m.Value != "up" && !known.Knows(m.Value) {
				return fmt.Errorf("%s: there is no metric %s", query, m.Value)
			}
		}
	}
	return nil
}

// inTable finds both names in a row of a component's metrics.
var inTable = regexp.MustCompile("`((?:workflow|slo)\\.[a-z_.]+)` \\| `([a-z_]+)` \\|")

// TestTablesOfMetrics holds the tables of the components against docs/metrics.md.
func TestTablesOfMetrics(t *testing.T) {
	all, err := metricdocs.Read(repo.Root(t))
	require.NoError(t, err)
	names := map[string]string{}
	for i := range all {
		names[all[i].Name] = all[i].Prometheus
	}
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(repo.Root(t), page))
		require.NoError(t, err)
		rows := inTable.FindAllStringSubmatch(string(text), -1)
		require.NotEmpty(t, rows, page)
		for _, row := range rows {
			assert.Equal(t, names[row[1]], row[2], "%s: %s", page, row[0])
		}
	}
}
