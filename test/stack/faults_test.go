//go:build unix

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
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

// trial is a fault test and the stack that it runs on.
type trial struct {
	faultTest
	*stack
}

// TestFaults runs a stack for each fault, all at once, with the rules and the routes as
// they are shipped: the alerts that must tell of the fault reach the sink, from the example
// through collector, Prometheus and Alertmanager, and are over once the fault is. Without a
// fault nothing fires. In the end every query of every board and every series that a rule
// looks at is there, and tells what was sent.
func TestFaults(t *testing.T) {
	t.Parallel()
	var trials []trial
	all := built(t)
	for i, f := range faultTests {
		st, err := start(t.Context(), settings{
			root: repo.Root(t), dir: t.TempDir(), binaries: all, rate: 3, seed: uint64(10 * i), ports: free(t, f.replicas),
			fault: fault{f.kind, calm, troubled},
		})
		require.NoError(t, err)
		t.Cleanup(st.stop)
		trials = append(trials, trial{f, st})
	}
	each := func(what string, do func(*testing.T, trial)) {
		for _, tr := range trials {
			t.Run(what+"/"+tr.name(), func(t *testing.T) { do(t, tr) })
		}
	}
	each("fires", awaitAlerts)
	each("tells", assertAlerts)
	sent := make(map[*stack][]*rig.Report)
	each("counts", func(t *testing.T, tr trial) {
		t.Helper()
		reports, err := tr.quiet()
		require.NoError(t, err)
		sent[tr.stack] = reports
	})
	questions := questions(t)
	var results []answers
	each("answers", func(t *testing.T, tr trial) {
		t.Helper()
		b := newBooks(sent[tr.stack])
		counted, err := tr.settle(t.Context(), b.runs)
		require.NoError(t, err)
		assert.Equal(t, b.runs, counted)
		assertAccounts(t, tr.stack, sent[tr.stack])
		got := ask(t, tr.stack, questions)
		askThen(t, tr.stack, questions, got)
		results = append(results, got)
		assertFigures(t, tr.stack, questions, b.figures(tr.kind))
	})
	assertAnswered(t, questions, results)
}

// awaitAlerts waits until the alerts have fired and resolved. Without any it waits until
// the stack is five minutes old.
func awaitAlerts(t *testing.T, tr trial) {
	t.Helper()
	begin := tr.started.Add(calm)
	for _, name := range slices.Sorted(maps.Keys(tr.fire)) {
		tr.await(t, begin.Add(patience), name+" to fire", func(a told) bool { return a.name() == name })
		tr.await(t, begin.Add(troubled+patience), name+" to resolve", func(a told) bool { return a.name() == name && !a.resolved.IsZero() })
	}
	if tr.fire == nil {
		time.Sleep(time.Until(tr.started.Add(5 * time.Minute)))
	}
}

// await waits until the sink knows such an alert.
func (tr trial) await(t *testing.T, until time.Time, what string, is func(told) bool) {
	t.Helper()
	for !slices.ContainsFunc(tr.sink.all(), is) {
		select {
		case c := <-tr.failed:
			require.NoError(t, c.Failure())
		case <-time.After(time.Second):
			require.True(t, time.Now().Before(until), "waited for %s: %v", what, tr.summary())
		}
	}
}

// assertAlerts asserts that the alerts that had to fire have the labels that boards and
// routes rely on and were told to the pager, that none fired before the fault or about the
// collector, and that none fired at all, told or not, where there was no fault.
func assertAlerts(t *testing.T, tr trial) {
	t.Helper()
	for _, a := range tr.sink.all() {
		assert.True(t, a.fired.After(tr.started.Add(calm)), "%v fired before the fault", a.Labels)
		if category, must := tr.fire[a.name()]; must {
			assertPage(t, a, category)
		}
	}
	fired, err := prometheusapi.Query(t.Context(), tr.url(), `count by (alertname, category) (max_over_time(ALERTS{alertstate="firing"}[1h]))`)
	require.NoError(t, err)
	for _, s := range fired {
		assert.NotEqual(t, "collector", s.Labels["category"], s.Labels)
		assert.NotNil(t, tr.fire, "without a fault there fired %v", s.Labels)
	}
	assert.Equal(t, tr.fire != nil, len(tr.sink.written()) > 0, "messages to people")
	var shown strings.Builder
	rig.Screen{Writer: &shown}.Table(tr.summary())
	t.Log("\n" + shown.String())
}

// assertPage asserts that an alert is whole.
func assertPage(t *testing.T, a told, category string) {
	t.Helper()
	assert.Equal(t, map[string]string{
		"alertname": a.name(), "category": category, "severity": "critical", "workflow_name": "support",
	}, a.Labels)
	assert.Contains(t, a.receivers, "pager")
	assert.Contains(t, a.Annotations["summary"], "support")
	assert.Contains(t, a.Annotations["description"], "support")
	assert.Equal(t, "https://github.com/tta-dev/otelcol-workflow/blob/main/alerts/runbooks/"+a.name()+".md", a.Annotations["runbook_url"])
	assert.Contains(t, a.Annotations["dashboard_url"], "var-workflow=support")
}
