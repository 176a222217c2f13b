package e2e_test

import (
	"maps"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
)

// TestTextScrape holds what a scrape shows as text, without native buckets, against
// the books of what was sent.
func TestTextScrape(t *testing.T) {
	c := collectortest.Start(t, collectortest.Build(t), "standalone",
		"yaml:connectors::workflow_metrics::flush_interval: 200ms", "yaml:connectors::workflow_metrics::runs::wait: 1s",
		"yaml:processors::cost::savings::response_cache::estimate_from_misses: false")
	const runs = 60
	l := newLoad(3)
	require.Equal(t, 200, c.Post(t, asProtobuf, protobuf(t, l.batch(runs/3))))
	var scrape string
	require.Eventually(t, func() bool {
		scrape = c.Scrape(t, c.Metrics)
		return sum(scrape, "workflow_run_cost_usd_count") == l.sum("histogram_count(workflow_run_cost_usd)") && // the cost comes last
			sum(scrape, "workflow_calls_total") == l.sum("workflow_calls_total")
	}, patience, tick)

	for query, want := range l.numbers {
		metric := inText(query)
		got := series(scrape, metric)
		for at, v := range want {
			assert.InDelta(t, v, got[at], 1e-9*max(1, v), "%s %s", metric, at)
		}
		assert.Len(t, got, len(want), "%s: %v", metric, got)
	}
	assert.Zero(t, sum(scrape, "workflow_runs_active"))
	assert.InDelta(t, runs/60.0, sum(scrape, "workflow_throughput_per_second"), 1e-9)
	assert.NotRegexp(t, `[{,](job|instance)=`, scrape)
	assert.NoError(t, c.Stop())
}

// inText returns what the text calls the result of a query of the books:
// histogram_count(x) is x_count.
func inText(query string) string {
	return histogram.ReplaceAllString(query, "${2}_$1")
}

var histogram = regexp.MustCompile(`^histogram_(count|sum)\((\w+)\)$`)

func sum(scrape, metric string) (total float64) {
	for v := range maps.Values(series(scrape, metric)) {
		total += v
	}
	return total
}

// series returns the series of a metric in a text scrape, without the labels of the
// scope.
func series(scrape, metric string) map[string]float64 {
	out := map[string]float64{}
	for line := range strings.Lines(scrape) {
		rest, found := strings.CutPrefix(line, metric+"{")
		end := strings.LastIndex(rest, "} ")
		if !found || end < 0 {
			continue
		}
		at := labels{}
		for _, pair := range label.FindAllStringSubmatch(rest[:end], -1) {
			at[pair[1]] = pair[2]
		}
		if v, err := strconv.ParseFloat(strings.TrimSpace(rest[end+2:]), 64); err == nil {
			out[ours(at).String()] = v
		}
	}
	return out
}

var label = regexp.MustCompile(`(\w+)="((?:[^"\\]|\\.)*)"`)
