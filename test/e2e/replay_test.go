package e2e_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/rigtest"
)

// replayed matches the count of spans of replays, unless that is 0.
var replayed = regexp.MustCompile(`(?m)^otelcol_connector_workflow_metrics_replayed(\{.*\})? [1-9]`)

// TestReplaysCountNowhere runs workflows of which half fail, and replays of those that do:
// the counters know the runs alone.
func TestReplaysCountNowhere(t *testing.T) {
	c := collectortest.Start(t, collectortest.Build(t), "standalone", "yaml:connectors::workflow_metrics::flush_interval: 200ms")
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), rigtest.Example(t, "support-agent"), "-rate", "50", "-duration", "2s", "-fault-rate", "0.5", "-replay", "-report", "-")
	cmd.Env = append(cmd.Environ(), "OTEL_EXPORTER_OTLP_ENDPOINT="+c.OTLP)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), "%s", &stderr)
	var report struct {
		Runs          map[string]int64
		Calls, Tokens []struct{ Count int64 }
	}
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &report))

	require.Eventually(t, func() bool { return replayed.MatchString(c.Scrape(t, c.Own)) }, patience, tick, "%s", &stderr)
	total := func(of []struct{ Count int64 }) (n float64) {
		for _, one := range of {
			n += float64(one.Count)
		}
		return n
	}
	var runs float64
	for n := range maps.Values(report.Runs) {
		runs += float64(n)
	}
	require.InDelta(t, 100, runs, 0)
	for metric, want := range map[string]float64{
		"workflow_runs_total": runs, "workflow_calls_total": total(report.Calls), "workflow_tokens_total": total(report.Tokens),
	} {
		assert.Eventually(t, func() bool { return sum(c.Scrape(t, c.Metrics), metric) == want }, patience, tick, metric)
		assert.InDelta(t, want, sum(c.Scrape(t, c.Metrics), metric), 0, metric)
	}
	assert.NoError(t, c.Stop())
}
