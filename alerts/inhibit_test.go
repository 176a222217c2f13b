package alerts_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInhibition has alerts fire together, each set in a cluster of its own, which no
// rule looks across, and asks the running Alertmanager which of them are hidden.
func TestInhibition(t *testing.T) {
	all := alerts(t)
	m := startOurs(t)
	for _, tc := range []struct {
		name   string
		fire   []string
		change func(i int, l labels) labels
		hidden []string
	}{
		{
			"an outage says it all",
			[]string{"AllRequestsFailing", "CriticalErrorRate", "CriticalSuccessRate", "ErrorBudgetFastBurn", "HighP95Latency", "HighErrorRate"},
			nil,
			[]string{"CriticalErrorRate", "CriticalSuccessRate", "ErrorBudgetFastBurn", "HighErrorRate", "HighP95Latency"},
		},
		{"an outage does not hide that the budget is spent, nor money", []string{"AllRequestsFailing", "ErrorBudgetExhausted", "SLOComplianceCritical", "CriticalCostRate"}, nil, nil},
		{"errors are the reason for too few successes: one page", []string{"CriticalErrorRate", "CriticalSuccessRate", "LowSuccessRate"}, nil, []string{"CriticalSuccessRate", "LowSuccessRate"}},
		{"a warning of errors hides no critical lack of successes", []string{"HighErrorRate", "CriticalSuccessRate"}, nil, nil},
		{"a warning of errors hides the warning of successes", []string{"HighErrorRate", "LowSuccessRate"}, nil, []string{"LowSuccessRate"}},
		{"HighConcurrency hides no CriticalP95Latency", []string{"HighConcurrency", "CriticalP95Latency"}, nil, nil},
		{"ErrorBudgetLow hides no SLOComplianceCritical", []string{"ErrorBudgetLow", "SLOComplianceCritical"}, nil, nil},
		{
			"the critical one of a pair hides the warning",
			[]string{"CriticalP95Latency", "HighP95Latency", "HighP99Latency", "CriticalCostRate", "HighCostRate"},
			nil,
			[]string{"HighCostRate", "HighP95Latency", "HighP99Latency"},
		},
		{"but not of another workflow", []string{"CriticalP95Latency", "HighP95Latency"}, other("workflow_name", "support"), nil},
		{"nor of another objective", []string{"ErrorBudgetFastBurn", "ErrorBudgetModerateBurn"}, other("slo_name", "run-latency"), nil},
		{"nor of another tenant", []string{"ErrorBudgetFastBurn", "ErrorBudgetModerateBurn"}, other("workflow_tenant", "acme"), nil},
		{
			"nor of another tenant, of no workflow",
			[]string{"ErrorBudgetFastBurn", "ErrorBudgetModerateBurn"},
			func(i int, l labels) labels { return other("workflow_tenant", "acme")(i, l.with("workflow_name", "")) }, nil,
		},
		{"nor of another environment", []string{"AllRequestsFailing", "CriticalErrorRate"}, other("environment", "staging"), nil},
		{
			"what names no workflow is not of the same one",
			[]string{"AllRequestsFailing", "ErrorBudgetFastBurn", "HighP95Latency"},
			func(_ int, l labels) labels { return l.with("workflow_name", "") }, nil,
		},
		{
			"objectives of no workflow",
			[]string{"ErrorBudgetFastBurn", "ErrorBudgetModerateBurn"},
			func(_ int, l labels) labels { return l.with("workflow_name", "") },
			[]string{"ErrorBudgetModerateBurn"},
		},
		{
			"without a collector nothing is known",
			[]string{"CollectorDown", "CollectorReplicaDown", "WorkflowDown", "LowThroughput", "PriceCatalogOld", "CriticalErrorRate"},
			nil,
			[]string{"CollectorReplicaDown", "CriticalErrorRate", "LowThroughput", "WorkflowDown"},
		},
		{"a critical one of the collector hides no warning of it", []string{"SLOStateNotPersisted", "PriceCatalogOld", "SeriesFolded"}, nil, nil},
		{"a workflow that is down has no throughput", []string{"WorkflowDown", "ThroughputDrop", "LowThroughput"}, nil, []string{"LowThroughput", "ThroughputDrop"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var fire []labels
			for i, name := range tc.fire {
				l := firing(t, all, name).with("cluster", tc.name)
				if tc.change != nil {
					l = tc.change(i, l)
				}
				fire = append(fire, l)
			}
			m.post(t, fire...)
			require.Eventually(t, func() bool { return slices.Equal(tc.hidden, m.hidden(t, "cluster", tc.name)) }, 10*time.Second, 50*time.Millisecond,
				"hidden must be %v", tc.hidden)
		})
	}
}

// other gives all alerts but the first another value of a label.
func other(name, value string) func(int, labels) labels {
	return func(i int, l labels) labels {
		if i == 0 {
			return l
		}
		return l.with(name, value)
	}
}

// TestNothingHidesWhatIsWorse has every alert of ours fire at once: what hides another is
// never less severe.
func TestNothingHidesWhatIsWorse(t *testing.T) {
	m := startOurs(t)
	all := alerts(t)
	var fire []labels
	for name := range all {
		fire = append(fire, firing(t, all, name))
	}
	m.post(t, fire...)
	require.Eventually(t, func() bool { return len(m.alerts(t)) == len(all) && len(m.hidden(t, "category", "errors")) > 0 }, 10*time.Second, 50*time.Millisecond)
	severity := map[string]string{}
	for _, a := range m.alerts(t) {
		severity[a.Fingerprint] = a.Labels["severity"]
	}
	hidden := 0
	for _, a := range m.alerts(t) {
		for _, by := range a.Status.InhibitedBy {
			hidden++
			assert.LessOrEqual(t, slices.Index(severities, severity[by]), slices.Index(severities, a.Labels["severity"]), a.Labels["alertname"])
		}
	}
	assert.Positive(t, hidden)
}
