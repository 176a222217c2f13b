package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/metric"
)

const root = "../.."

func TestThePageIsUpToDate(t *testing.T) {
	want, err := write(root)
	require.NoError(t, err)
	got, err := os.ReadFile(filepath.Join(root, "docs", "metrics.md"))
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "run make generate")
}

func TestWhatNobodyExplainsIsAnError(t *testing.T) {
	_, err := newPage(root).rows([]*metric.Metric{{Name: "workflow.new"}})
	require.ErrorContains(t, err, "workflow.new: nothing says when")

	p := newPage(root)
	p.bears["new.attribute"] = true
	_, err = p.attributes()
	require.ErrorContains(t, err, "new.attribute: nothing says what it means")
}

func TestExplanationsOfNothingAreAnError(t *testing.T) {
	p := newPage(root)
	require.ErrorContains(t, p.unused(), "which no table has")
	for name := range when {
		p.explained[name] = true
	}
	require.ErrorContains(t, p.unused(), "which no metric bears")
}

func TestPrometheusNames(t *testing.T) {
	for want, m := range map[string]metric.Metric{
		"workflow_runs_total":                         metric.Runs,
		"workflow_throughput_per_second":              metric.Throughput,
		"workflow_run_duration_explicit_seconds":      metric.RunDuration.Explicit(),
		"slo_error_budget_remaining_ratio":            metric.SLORemaining,
		"slo:sli_error:ratio_rate<window>":            metric.SlothError.Of(anyWindow),
		"workflow_run_cost_usd_quantile_error":        metric.Uncertainty("workflow.run.cost.usd.quantile", "workflow.run.cost.usd", "{USD}"),
		"workflow_step_duration_quantile_seconds":     metric.Estimate("workflow.step.duration.quantile", "workflow.step.duration", "s"),
		"slo_error_budget_time_to_exhaustion_seconds": metric.SLOExhaustion,
	} {
		got, err := prometheusName(&m)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestSourcesThatAreNotThereAreAnError(t *testing.T) {
	p := newPage(root)
	_, err := p.own("nosuch")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = p.upstream("example.com/nosuch")
	require.ErrorContains(t, err, "example.com/nosuch")
	_, err = p.slo("nosuch")
	require.ErrorContains(t, err, "nosuch")

	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "metadata.yaml"), []byte("telemetry: {metrics: 1}"), 0o600))
	_, err = read(folder)
	require.ErrorContains(t, err, folder)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "metadata.yaml"), []byte("type: x"), 0o600))
	_, err = read(folder)
	require.ErrorContains(t, err, "has no metrics")
}
