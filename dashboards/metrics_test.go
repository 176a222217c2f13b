package dashboards_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// upstream are the series of the collector itself, and the one that Prometheus has for
// its alerts. All others are ours, and stand in the pages of our components.
var upstream = []string{
	"ALERTS",
	"otelcol_exporter_enqueue_failed_spans", "otelcol_exporter_queue_capacity", "otelcol_exporter_queue_size",
	"otelcol_exporter_send_failed_metric_points", "otelcol_exporter_send_failed_spans",
	"otelcol_process_cpu_seconds", "otelcol_process_memory_rss",
	"otelcol_receiver_accepted_spans", "otelcol_receiver_refused_spans",
}

// TestMetricsAreDocumented looks up what the queries ask for in the tables of the
// components: a name that is misspelt is an empty panel.
func TestMetricsAreDocumented(t *testing.T) {
	known := slices.Clone(upstream)
	name := regexp.MustCompile("`((?:workflow|slo)_[a-z_]+)`|(?m:^### (otelcol_\\w+))")
	for _, pattern := range []string{"README.md", "documentation.md"} {
		for _, kind := range []string{"connector", "processor"} {
			pages, err := filepath.Glob(filepath.Join("..", kind, "*", pattern))
			require.NoError(t, err)
			require.NotEmpty(t, pages)
			for _, page := range pages {
				text, err := os.ReadFile(page)
				require.NoError(t, err)
				for _, found := range name.FindAllStringSubmatch(string(text), -1) {
					known = append(known, found[1]+found[2])
				}
			}
		}
	}
	asked := map[string]bool{}
	for _, q := range queries(t) {
		parser.Inspect(parse(t, q), func(node parser.Node, _ []parser.Node) error {
			if s, ok := node.(*parser.VectorSelector); ok {
				assert.Contains(t, known, s.Name, "%s/%s", q.Board, q.Panel)
				asked[s.Name] = true
			}
			return nil
		})
	}
	assert.Greater(t, len(asked), 50, "most of what there is")
}
