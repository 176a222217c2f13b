package e2e_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
)

// runs returns n runs of the workflow support, each with a step and a chat in it,
// as OTLP/JSON. Every tenth fails.
func runs(t *testing.T, n int) []byte {
	t.Helper()
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "e2e")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for i := range n {
		outcome := "success"
		if i%10 == 0 {
			outcome = "error"
		}
		for id, attributes := range []map[string]any{
			{"gen_ai.operation.name": "invoke_workflow", "workflow.outcome": outcome},
			{"gen_ai.operation.name": "run_step", "workflow.step.name": "plan", "workflow.step.kind": "task", "workflow.outcome": outcome},
			{
				"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "gpt-4o",
				"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 20,
			},
		} {
			attributes["workflow.name"] = "support"
			span(t, spans, byte(i), byte(id+1), attributes)
		}
	}
	body, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
	require.NoError(t, err)
	return body
}

func span(t *testing.T, spans ptrace.SpanSlice, trace, id byte, attributes map[string]any) {
	t.Helper()
	s := spans.AppendEmpty()
	s.SetName(attributes["gen_ai.operation.name"].(string))
	s.SetTraceID(pcommon.TraceID{0: 1, 15: trace})
	s.SetSpanID(pcommon.SpanID{0: trace, 7: id})
	if id > 1 {
		s.SetParentSpanID(pcommon.SpanID{0: trace, 7: id - 1})
	}
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-time.Second)))
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	require.NoError(t, s.Attributes().FromRaw(attributes))
}

// value returns the value of the first sample of the metric whose labels contain
// all the given ones, and whether there is one.
func value(scrape, metric string, labels ...string) (float64, bool) {
	for line := range strings.Lines(scrape) {
		if !strings.HasPrefix(line, metric+"{") {
			continue
		}
		all := true
		for _, l := range labels {
			all = all && strings.Contains(line, l)
		}
		if all {
			fields := strings.Fields(line)
			v, err := strconv.ParseFloat(fields[len(fields)-1], 64)
			return v, err == nil
		}
	}
	return 0, false
}

func TestSpansInMetricsOut(t *testing.T) {
	c := collectortest.Start(t, collectortest.Build(t), "standalone", "yaml:connectors::workflow_metrics::flush_interval: 200ms")
	require.Equal(t, 200, c.Send(t, runs(t, 100)))

	var scrape string
	require.Eventually(t, func() bool {
		scrape = c.Scrape(t, c.Metrics)
		n, _ := value(scrape, "workflow_runs_total", `workflow_outcome="success"`)
		return n == 90
	}, 30*time.Second, 100*time.Millisecond)
	for _, tc := range []struct {
		metric, label string
		want          float64
	}{
		{"workflow_runs_total", `workflow_outcome="error"`, 10},
		{"workflow_run_duration_seconds_count", `workflow_outcome="success"`, 90},
		{"workflow_steps_total", `workflow_outcome="error"`, 10},
		{"workflow_step_duration_seconds_count", `workflow_step_name="plan"`, 90},
		{"workflow_calls_total", `gen_ai_response_model="gpt-4o"`, 100},
		{"workflow_tokens_total", `gen_ai_token_type="input"`, 10000},
		{"workflow_tokens_total", `gen_ai_token_type="output"`, 2000},
		{"workflow_runs_active", `workflow_name="support"`, 0},
		{"workflow_throughput_per_second", `workflow_name="support"`, 100.0 / 60},
	} {
		labels := []string{tc.label, `workflow_name="support"`, `service_name="e2e"`}
		if tc.metric == "workflow_step_duration_seconds_count" {
			labels = append(labels, `workflow_outcome="success"`)
		}
		got, ok := value(scrape, tc.metric, labels...)
		assert.True(t, ok, tc.metric)
		assert.InDelta(t, tc.want, got, 1e-9, tc.metric)
	}
	assert.NotRegexp(t, `[{,](job|instance)=`, scrape)
	assert.NoError(t, c.Stop())
}
