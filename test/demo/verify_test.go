package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// sent is what the report of a small run looks like.
const sent = `{
  "workflow": "support", "service": "desk", "elapsed_seconds": 2,
  "runs": {"success": 3, "error": 1},
  "run_seconds": {"p50": 0.5, "p90": 1, "p95": 1, "p99": 1.5},
  "steps": [{"step": "ask", "kind": "task", "outcome": "success", "count": 4}],
  "calls": [
    {"operation": "chat", "provider": "openai", "model": "gpt-4o", "outcome": "success", "count": 4},
    {"operation": "execute_tool", "tool": "search", "outcome": "timeout", "count": 1}
  ],
  "tokens": [{"provider": "openai", "model": "gpt-4o", "type": "input", "count": 900}]
}`

// counted is what the collector should make of it, as one line a series.
var counted = []string{
	`# TYPE workflow_runs_total counter`,
	`workflow_runs_total{workflow_name="support",service_name="desk",workflow_outcome="success"} 3`,
	`workflow_runs_total{workflow_name="support",service_name="desk",workflow_outcome="error",error_type="x"} 1`,
	`# TYPE workflow_steps_total counter`,
	`workflow_steps_total{workflow_name="support",service_name="desk",workflow_step_name="ask",workflow_step_kind="task",workflow_outcome="success"} 4`,
	`# TYPE workflow_calls_total counter`,
	`workflow_calls_total{workflow_name="support",service_name="desk",gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_response_model="gpt-4o",workflow_outcome="success"} 4`,
	`workflow_calls_total{workflow_name="support",service_name="desk",gen_ai_operation_name="execute_tool",gen_ai_tool_name="search",workflow_outcome="timeout"} 1`,
	`# TYPE workflow_tokens_total counter`,
	`workflow_tokens_total{workflow_name="support",service_name="desk",gen_ai_provider_name="openai",gen_ai_response_model="gpt-4o",gen_ai_token_type="input"} 900`,
	`# TYPE slo_events_total counter`,
	`slo_events_total{workflow_name="support",slo_name="run-success",slo_outcome="good"} 3`,
	`slo_events_total{workflow_name="support",slo_name="run-success",slo_outcome="bad"} 1`,
	`# TYPE workflow_runs_active gauge`,
	`workflow_runs_active{workflow_name="support",service_name="desk"} 0`,
	`# TYPE workflow_run_duration_seconds histogram`,
	`workflow_run_duration_seconds_count{workflow_name="support",service_name="desk",workflow_outcome="success"} 3`,
	`workflow_run_duration_seconds_count{workflow_name="support",service_name="desk",workflow_outcome="error"} 1`,
	`# TYPE workflow_step_duration_seconds histogram`,
	`workflow_step_duration_seconds_count{workflow_name="support",service_name="desk",workflow_step_name="ask",workflow_step_kind="task",workflow_outcome="success"} 4`,
	`# TYPE workflow_call_duration_seconds histogram`,
	`workflow_call_duration_seconds_count{workflow_name="support",service_name="desk",gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_response_model="gpt-4o",workflow_outcome="success"} 4`,
	`workflow_call_duration_seconds_count{workflow_name="support",service_name="desk",gen_ai_operation_name="execute_tool",gen_ai_tool_name="search",workflow_outcome="timeout"} 1`,
}

// told are the quantiles of the runs over the last minutes, by a little too high.
var told = []string{
	`# TYPE workflow_run_duration_quantile_seconds gauge`,
	`workflow_run_duration_quantile_seconds{workflow_name="support",service_name="desk",quantile="0.5"} 0.501`,
	`workflow_run_duration_quantile_seconds{workflow_name="support",service_name="desk",quantile="0.9"} 1`,
	`workflow_run_duration_quantile_seconds{workflow_name="support",service_name="desk",quantile="0.95"} 1`,
	`workflow_run_duration_quantile_seconds{workflow_name="support",service_name="desk",quantile="0.99"} 1.5`,
}

func smallReport(t *testing.T) *report {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.json")
	require.NoError(t, os.WriteFile(path, []byte(sent), 0o600))
	r, err := rig.ReadReport(path)
	require.NoError(t, err)
	return (*report)(r)
}

func TestAllIsCounted(t *testing.T) {
	v := smallReport(t).verify(given(t, counted...))
	require.NoError(t, v.err())
	assert.Equal(t, []string{"4 of 4 runs", "4 of 4 steps", "5 of 5 calls", "900 of 900 tokens", "4 of 4 runs in the error budget"}, v.summary)
}

// Any single series that is missing, short, or too much must not pass.
func TestEveryDifferenceIsSeen(t *testing.T) {
	for i, series := range counted {
		if strings.HasPrefix(series, "# ") || strings.HasPrefix(series, "workflow_runs_active") {
			continue
		}
		for name, changed := range map[string][]string{
			"missing": slices.Delete(slices.Clone(counted), i, i+1),
			"more":    slices.Replace(slices.Clone(counted), i, i+1, series+"1"),
		} {
			v := smallReport(t).verify(given(t, changed...))
			require.Len(t, v.differences, 1, "%s: %s", name, series)
			assert.ErrorContains(t, v.err(), "the metrics are not what was sent: ")
		}
	}
}

func TestDifferencesAreOneLine(t *testing.T) {
	m := given(t, slices.Insert(slices.Clone(counted), 1,
		`workflow_runs_total{workflow_name="support",service_name="desk",workflow_outcome="timeout"} 2`)...)
	v := smallReport(t).verify(m)
	require.EqualError(t, v.err(), "the metrics are not what was sent: runs timeout: sent 0, counted 2")
	assert.Equal(t, "6 of 4 runs", v.summary[0])

	v = smallReport(t).verify(given(t, counted[:1]...))
	require.EqualError(t, v.err(), "the metrics are not what was sent: runs error: sent 1, counted 0, and 12 more differences")
}
