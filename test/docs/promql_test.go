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

	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// TestPromQL parses every query of every promql block, which a blank line ends, and looks
// up the metrics it asks for in the tables of the components, having made sure that a bad
// one is refused.
func TestPromQL(t *testing.T) {
	known := documented(t)
	for query, refusal := range map[string]string{
		"rate(workflow_runs_total[5m])":                  "",
		"rate(workflow_run_duration_seconds_bucket[5m])": "",
		"up":                                     "",
		"sum(workflow_runs_total":                "unclosed left parenthesis",
		"rate(workflow_runs_total)":              "expected type range vector",
		"workflow_run_duration_quantile_seconds": "",
		"workflow_runs":                          "workflow_runs",
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
func ask(query string, known map[string]bool) error {
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(query)
	if err != nil {
		return err
	}
	for _, selectors := range parser.ExtractSelectors(expr) {
		for _, m := range selectors {
			name := strings.TrimSuffix(m.Value, "_bucket")
			if m.Name == "__name__" && strings.HasPrefix(name, "workflow_") && !known[name] {
				return fmt.Errorf("%s: there is no metric %s", query, m.Value)
			}
		}
	}
	return nil
}

// inTable finds the Prometheus name in a row of a component's metrics.
var inTable = regexp.MustCompile("(?m)^\\| `workflow\\.[a-z.]+` \\| `(workflow_[a-z_]+)` \\|")

// documented are the Prometheus names of the metrics.
func documented(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(repo.Root(t), page))
		require.NoError(t, err)
		rows := inTable.FindAllStringSubmatch(string(text), -1)
		require.NotEmpty(t, rows, page)
		for _, row := range rows {
			out[row[1]] = true
		}
	}
	return out
}
