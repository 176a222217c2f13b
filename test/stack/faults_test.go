//go:build unix

package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/prometheusapi"
	"github.com/tta-dev/otelcol-workflow/test/repo"
	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// The fault begins when the stack is a minute and a half old, in which nothing may fire,
// and lasts as long as the slowest of the alerts needs.
const (
	calm     = 90 * time.Second
	troubled = 150 * time.Second
	// patience is how long an alert may take to be told after the fault has begun, and to
	// be told to be over after it has ended.
	patience = 6 * time.Minute
)

// faultTest is a fault and what it must bring about. What else it brings about is not
// wrong, such as that an error budget is spent for the next 30 days.
type faultTest struct {
	kind     string
	replicas int
	// fire are alerts of the workflow that must fire, with their category, and resolve.
	fire map[string]string
}

func (f faultTest) name() string { return fmt.Sprintf("%s, %d replicas", f.kind, f.replicas) }

var faultTests = []faultTest{
	{"none", 1, nil},
	{"errors", 1, map[string]string{"AllRequestsFailing": "outage"}},
	{"errors", 3, map[string]string{"AllRequestsFailing": "outage"}},
	{"latency", 1, map[string]string{"CriticalP95Latency": "latency"}},
	{"cost", 1, map[string]string{"CriticalCostRate": "cost"}},
	{"stop", 1, map[string]string{"WorkflowDown": "outage"}},
}

// TestFaults runs a stack for each fault, all at once, with the rules and the routes as
// they are shipped: the alerts that must tell of the fault reach the sink, from the example
// through collector, Prometheus and Alertmanager, and are over once the fault is. Without a
// fault nothing fires.
func TestFaults(t *testing.T) {
	t.Parallel()
	all, root := built(t), repo.Root(t)
	stacks := make([]*stack, len(faultTests))
	for i, f := range faultTests {
		s := settings{
			root: root, dir: t.TempDir(), binaries: all, rate: 3, seed: uint64(10 * i), ports: free(t, f.replicas),
			fault: fault{f.kind, calm, troubled},
		}
		st, err := start(t.Context(), s)
		require.NoError(t, err)
		t.Cleanup(st.stop)
		stacks[i] = st
	}
	t.Run("each", func(t *testing.T) {
		for i, f := range faultTests {
			t.Run(f.name(), func(t *testing.T) {
				t.Parallel()
				f.run(t, stacks[i])
			})
		}
	})
}

func (f faultTest) run(t *testing.T, st *stack) {
	t.Helper()
	begin := st.started.Add(calm)
	end := begin.Add(troubled)
	if f.fire == nil {
		f.assertQuiet(t, st, st.started.Add(5*time.Minute))
	}
	for _, name := range slices.Sorted(maps.Keys(f.fire)) {
		f.awaitAlert(t, st, name, "fire", begin.Add(patience), func(a told) bool { return true })
	}
	for _, name := range slices.Sorted(maps.Keys(f.fire)) {
		f.awaitAlert(t, st, name, "resolve", end.Add(patience), func(a told) bool { return !a.resolved.IsZero() })
	}
	f.assertAlerts(t, st)
	reports, err := st.quiet()
	require.NoError(t, err)
	sent := runs(reports)
	counted, err := st.settle(t.Context(), sent)
	require.NoError(t, err)
	assert.Equal(t, sent, counted)
	var shown output
	rig.Screen{Writer: &shown}.Table(st.summary())
	t.Logf("%v\n%s", sent, &shown.text)
}

// awaitAlert waits until the sink knows such an alert of the workflow.
func (f faultTest) awaitAlert(t *testing.T, st *stack, name, what string, until time.Time, is func(told) bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		return slices.ContainsFunc(st.sink.all(), func(a told) bool { return a.name() == name && is(a) })
	}, time.Until(until), time.Second, "%s: %s did not %s: %v", f.name(), name, what, st.summary())
}

// assertAlerts asserts that the alerts that had to fire have the labels that dashboards and
// routes rely on, were told once to the pager, and that none fired before the fault, nor any
// about the collector.
func (f faultTest) assertAlerts(t *testing.T, st *stack) {
	t.Helper()
	for _, a := range st.sink.all() {
		assert.True(t, a.fired.After(st.started.Add(calm)), "%v fired before the fault", a.Labels)
		assert.NotEqual(t, "collector", a.Labels["category"], a.Labels)
		category, must := f.fire[a.name()]
		if !must {
			continue
		}
		assert.Equal(t, map[string]string{
			"alertname": a.name(), "category": category, "severity": "critical", "workflow_name": "support",
		}, a.Labels)
		assert.Contains(t, a.receivers, "pager")
		assert.Contains(t, a.Annotations["summary"], "support")
		assert.Contains(t, a.Annotations["description"], "support")
		assert.Equal(t, "https://github.com/tta-dev/otelcol-workflow/blob/main/alerts/runbooks/"+a.name()+".md", a.Annotations["runbook_url"])
		assert.Contains(t, a.Annotations["dashboard_url"], "var-workflow=support")
	}
	if f.fire != nil {
		st.sink.mu.Lock()
		defer st.sink.mu.Unlock()
		assert.NotEmpty(t, st.sink.messages, "people were told nothing")
	}
}

// assertQuiet asserts that nothing fires until then, whether it is told to anybody or not.
func (f faultTest) assertQuiet(t *testing.T, st *stack, until time.Time) {
	t.Helper()
	ctx, cancel := context.WithDeadline(t.Context(), until)
	defer cancel()
	require.ErrorIs(t, st.watch(ctx, func(e event) { assert.Fail(t, "an alert fires", "%v", e.alert.Labels) }), errOver)
	fired, err := prometheusapi.Query(t.Context(), st.settings.ports.prometheus.URL(""), `max_over_time(ALERTS{alertstate="firing"}[1h])`)
	require.NoError(t, err)
	assert.Empty(t, fired)
}
