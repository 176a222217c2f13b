package e2e_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/rigtest"
)

// counters are those that the program's books name.
var counters = []string{
	"workflow_runs_total", "workflow_steps_total", "workflow_recoveries_total",
	"workflow_cache_requests_total", "workflow_calls_total", "workflow_tokens_total",
}

// TestEveryPrimitiveIsCounted runs 10,000 workflows that are made of all primitives
// of the SDK, and holds every counter against what the program saw itself do. A few
// more runs are kept open, and are in flight for as long as they are.
func TestEveryPrimitiveIsCounted(t *testing.T) {
	const held = 3
	c := collectortest.Start(t, collectortest.Build(t), "standalone", "yaml:connectors::workflow_metrics::flush_interval: 200ms")
	p := startProgram(t, c, "-runs", "10000", "-held", "3", "-hold", "20s")

	open := labels{"workflow_name": "held", "service_name": "primitives"}.String()
	active := func() float64 { return series(c.Scrape(t, c.Metrics), "workflow_runs_active")[open] }
	require.Eventually(t, func() bool { return active() == held }, patience, tick, "the runs are not seen to be in flight")
	want := p.books(t)
	require.Eventually(t, func() bool { return active() == 0 }, patience, tick, "the runs are still in flight")

	for _, recovery := range []string{"retry", "fallback", "timeout", "compensation", "circuit_open"} {
		assert.Contains(t, strings.Join(slices.Collect(maps.Keys(want["workflow_recoveries_total"])), " "), recovery)
	}
	for _, metric := range counters {
		require.NotEmpty(t, want[metric], metric)
		assert.Eventually(t, func() bool {
			return assert.ObjectsAreEqual(want[metric], series(c.Scrape(t, c.Metrics), metric))
		}, 10*time.Second, tick, metric)
		got := series(c.Scrape(t, c.Metrics), metric)
		for at, v := range want[metric] {
			assert.InDelta(t, v, got[at], 0, "%s %s", metric, at)
		}
		assert.Len(t, got, len(want[metric]), "%s: %v", metric, got)
	}
	assert.NoError(t, c.Stop())
}

// program is the one that runs the workflows.
type program struct {
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
}

func startProgram(t *testing.T, c *collectortest.Collector, args ...string) *program {
	t.Helper()
	p := &program{cmd: exec.CommandContext(t.Context(), rigtest.Example(t, "primitives"), args...)}
	p.cmd.Env = append(p.cmd.Environ(), "OTEL_EXPORTER_OTLP_ENDPOINT="+c.OTLP)
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	require.NoError(t, p.cmd.Start())
	return p
}

// books returns what the program saw, by metric and series, once it has ended.
func (p *program) books(t *testing.T) map[string]map[string]float64 {
	t.Helper()
	require.NoError(t, p.cmd.Wait(), "%s", &p.stderr)
	var list []struct {
		Metric string
		Labels labels
		Value  float64
	}
	require.NoError(t, json.Unmarshal(p.stdout.Bytes(), &list))
	all := map[string]map[string]float64{}
	for _, s := range list {
		if all[s.Metric] == nil {
			all[s.Metric] = map[string]float64{}
		}
		all[s.Metric][s.Labels.with(labels{"service_name": "primitives"}).String()] = s.Value
	}
	return all
}
