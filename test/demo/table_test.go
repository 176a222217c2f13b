package main

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// judged are the objectives that the run of verify_test comes to.
var judged = []string{
	`# TYPE slo_objective_ratio gauge`,
	`slo_objective_ratio{workflow_name="support",slo_name="run-success"} 0.99`,
	`slo_objective_ratio{workflow_name="support",slo_name="run-latency"} 0.95`,
	`slo_objective_ratio{workflow_name="other",slo_name="run-latency"} 0.5`,
	`# TYPE slo_sli_ratio gauge`,
	`slo_sli_ratio{workflow_name="support",slo_name="run-success",slo_window="30d"} 0.75`,
	`slo_sli_ratio{workflow_name="support",slo_name="run-success",slo_window="1h"} 0.5`,
	`# TYPE slo_burn_rate gauge`,
	`slo_burn_rate{workflow_name="support",slo_name="run-success",slo_window="5m"} 25`,
	`# TYPE slo_error_budget_remaining_ratio gauge`,
	`slo_error_budget_remaining_ratio{workflow_name="support",slo_name="run-success"} -24`,
	`slo_error_budget_remaining_ratio{workflow_name="support",slo_name="run-latency"} 1`,
}

func TestTables(t *testing.T) {
	var buf bytes.Buffer
	given(t, slices.Concat(counted, told, judged)...).print(rig.Screen{Writer: &buf}, smallReport(t))
	assert.Equal(t, `
workflow support      count  per s  in flight  errors     p50     p90     p95     p99
  runs                    4    2.0          0       1  501 ms  1.00 s  1.00 s  1.50 s
    as sent, exactly                                   500 ms  1.00 s  1.00 s  1.50 s
  step ask                4    2.0                  0       -       -       -       -

calls                  count  errors  p50  p90  p95  p99
  chat gpt-4o              4       0    -    -    -    -
  execute_tool search      1       1    -    -    -    -

tokens           input  of it cached  output
  openai gpt-4o    900             0       0

money                    USD  per run
  cost                     0        0
  calls without a price    0

objectives     target  compliance  budget left  burn rate
  run-latency  95.0 %           -      100.0 %          -
  run-success  99.0 %      75.0 %    -2400.0 %      25.00
`, buf.String())
}

func TestMoney(t *testing.T) {
	m := given(t,
		`# TYPE workflow_runs_total counter`,
		`workflow_runs_total{workflow_name="w",workflow_outcome="success"} 3`,
		`workflow_runs_total{workflow_name="w",workflow_outcome="error"} 1`,
		`workflow_runs_total{workflow_name="other",workflow_outcome="error"} 7`,
		`# TYPE workflow_cost_usd_total counter`,
		`workflow_cost_usd_total{workflow_name="w",gen_ai_provider_name="openai",gen_ai_response_model="gpt-4o",workflow_cost_kind="llm"} 0.25`,
		`workflow_cost_usd_total{workflow_name="w",workflow_cost_kind="tool"} 0.015`,
		`workflow_cost_usd_total{workflow_name="other",workflow_cost_kind="tool"} 99`,
		`# TYPE workflow_savings_usd_total counter`,
		`workflow_savings_usd_total{workflow_name="w",workflow_savings_mechanism="prompt_cache"} 0.1`,
		`# TYPE workflow_extra_cost_usd_total counter`,
		`workflow_extra_cost_usd_total{workflow_name="w",workflow_savings_mechanism="service_tier"} 0.000012345`,
		`# TYPE workflow_calls_unpriced_total counter`,
		`workflow_calls_unpriced_total{workflow_name="w",gen_ai_response_model="mine"} 2`)
	assert.Equal(t, [][]string{
		{"money", "USD", "per run"},
		{"  cost", "0.265", "0.06625"},
		{"    openai gpt-4o llm", "0.25", "0.0625"},
		{"    tool", "0.015", "0.00375"},
		{"  saved by prompt_cache", "0.1", "0.025"},
		{"  dearer for service_tier", "1.234e-05", "3.086e-06"},
		{"  calls without a price", "2", ""},
	}, m.money("w"))
}

func TestLatencies(t *testing.T) {
	some := line{told: map[string]float64{"0.5": 0.5, "0.9": 0.9, "0.99": math.NaN()}}
	assert.Equal(t, []string{"500 ms", "900 ms", "-", "-"}, some.latencies())
	assert.Equal(t, []string{"-", "-", "-", "-"}, new(line).latencies())
}

func TestSeconds(t *testing.T) {
	for s, want := range map[float64]string{
		0: "0.0 ms", 0.0123: "12.3 ms", 0.09949: "99.5 ms", 0.0996: "100 ms", 0.9994: "999 ms", 0.9996: "1.00 s", 61.234: "61.23 s",
	} {
		assert.Equal(t, want, seconds(s))
	}
	assert.Equal(t, "-", seconds(math.NaN()))
}

func TestProgress(t *testing.T) {
	assert.Equal(t, "4 runs, 0 in flight, 1 errors, p99 1.50 s", given(t, slices.Concat(counted, told)...).progress())
	assert.Equal(t, "4 runs, 0 in flight, 1 errors, p99 -", given(t, counted...).progress())
	assert.Equal(t, "0 runs, 0 in flight, 0 errors, p99 -", metrics{}.progress())
}

func TestShowOfNothing(t *testing.T) {
	var buf bytes.Buffer
	require.NoError(t, show(t.Context(), settings{}, &report{}, rig.Screen{Writer: &buf}))
	assert.Equal(t, "no run was started\n", buf.String())
}
