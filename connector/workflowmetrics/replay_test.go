package workflowmetrics

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// replay marks what the SDK marks of a run: every span but that of the model's own client.
func replay(td ptrace.Traces) ptrace.Traces {
	for _, span := range td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		if span.Name() != "chat gpt-4o" {
			span.Attributes().PutBool("workflow.replay", true)
		}
	}
	return td
}

// A replay is no run: it counts in no series, is not in flight, and costs nothing, in
// whatever batches its spans come. The run beside it counts.
func TestAReplayCountsNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, tel := start(t, defaults)
		whole := newBatch()
		in(whole, 1).support()
		steps, late := newBatch(), newBatch()
		in(steps, 2).support()
		steps.ResourceSpans().At(0).ScopeSpans().At(0).Spans().RemoveIf(func(s ptrace.Span) bool { return s.Name() == "chat gpt-4o" })
		in(late, 2).span(3, 2, "chat gpt-4o", map[string]any{
			"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "gpt-4o",
			"gen_ai.usage.input_tokens": int64(100), "workflow.cost.total": 0.25,
		})
		for _, td := range []ptrace.Traces{replay(whole), replay(steps), late} {
			require.NoError(t, c.ConsumeTraces(t.Context(), td))
		}
		time.Sleep(16 * time.Second)
		for series, value := range last(sink) {
			assert.Zero(t, value, series)
			assert.False(t, strings.HasPrefix(series, "workflow.runs.active"), series)
		}

		run := newBatch()
		in(run, 3).support()
		require.NoError(t, c.ConsumeTraces(t.Context(), run))
		require.NoError(t, c.Shutdown(t.Context()))
		got := last(sink)
		assert.InDelta(t, 1, got["workflow.runs support success"], 0)
		assert.InDelta(t, 100, got["workflow.tokens support input"], 0)
		replayed, err := tel.GetMetric("otelcol_connector_workflow_metrics_replayed")
		require.NoError(t, err)
		assert.Equal(t, int64(6), replayed.Data.(metricdata.Sum[int64]).DataPoints[0].Value)
	})
}
