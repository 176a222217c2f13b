package workflowmetrics

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

func step(workflow string) map[string]any {
	a := map[string]any{"gen_ai.operation.name": "run_step", "workflow.step.name": "plan", "workflow.step.kind": "task", "workflow.run.id": "r"}
	if workflow != "" {
		a["workflow.name"] = workflow
	}
	return a
}

// Which span of a batch says whose workflow the trace is makes no difference.
func TestATraceKeepsTheNameThatAnySpanSaid(t *testing.T) {
	for _, names := range [][]string{{"support", ""}, {"", "support"}} {
		synctest.Test(t, func(t *testing.T) {
			first, later := newBatch(), newBatch()
			for i, name := range names {
				in(first, 1).span(byte(10+i), 99, "run_step plan", step(name))
			}
			in(later, 1).span(20, 98, "run_step plan", step(""))
			got := consume(t, defaults, first, later)
			assert.GreaterOrEqual(t, got["workflow.steps support plan success"], 2.0, "%q", names)
		})
	}
}

// A trace whose workflow is not known is not remembered under the name for that.
func TestTheUnknownWorkflowDoesNotStick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := chat()
		a["gen_ai.agent.name"] = "bob"
		first, later := newBatch(), newBatch()
		in(first, 1).span(10, 99, "chat gpt-4o", a)
		in(later, 1).span(20, 98, "run_step plan", step("support"))
		in(later, 1).span(21, 97, "run_step plan", step(""))
		got := consume(t, defaults, first, later)
		assert.InDelta(t, 2, got["workflow.steps support plan success"], 0)
	})
}

// A run that is known to be one only when its trace is silent counts for the throughput then.
func TestGuessedRunsHaveAThroughput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, defaults)
		highest := 0.0
		for i := range 200 {
			td := newBatch()
			tr := in(td, byte(i+1))
			tr.span(2, 1, "invoke_agent bob", agent("bob"))
			require.NoError(t, c.ConsumeTraces(t.Context(), td))
			time.Sleep(time.Second)
			highest = max(highest, last(sink)["workflow.throughput bob"])
		}
		assert.InDelta(t, 1, highest, 0.3, "one a second")
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

// Evicted traces are counted with the batch that evicts them: they do not pile up.
func TestEvictedTracesDoNotPileUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, func(cfg *Config) { cfg.Runs.MaxOpen = 2 })
		td := newBatch()
		for i := range 100 {
			s := in(td, byte(i+1)).span(2, 1, "invoke_agent bob", agent("bob"))
			s.SetTraceID(pcommon.TraceID{0: byte(i), 15: 1})
		}
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		assert.Equal(t, 2, c.flights.Len())
		time.Sleep(40 * time.Second)
		assert.InDelta(t, 98, last(sink)["workflow.runs bob success"], 0)
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

func TestDimensionsThatWouldBreakTheExporterAreRefused(t *testing.T) {
	for _, name := range []string{
		"otel.scope.name", "__name__", "workflow name", "workflow+outcome", " ", "+", "service/name", "error type",
	} {
		cfg := DimensionConfig{Name: name}
		require.Error(t, cfg.Validate(), "%q", name)
	}
	for _, name := range []string{"tenant", "1st", "team a", "_x"} {
		cfg := DimensionConfig{Name: name}
		require.NoError(t, cfg.Validate(), "%q", name)
	}
	cfg := createDefaultConfig().(*Config)
	cfg.Dimensions = []DimensionConfig{{Name: "team a"}, {Name: "team_a"}}
	require.Error(t, cfg.Validate())
}

func TestBranchesThatAreNotRememberedAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _, tel := start(t, defaults)
		td := newBatch()
		for i := range byte(100) {
			in(td, 1).span(i+1, i+101, "chat gpt-4o", chat())
		}
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		dropped, err := tel.GetMetric("otelcol_connector_workflow_metrics_dropped")
		require.NoError(t, err)
		assert.Equal(t, int64(100-flow.MaxFrontiers), dropped.Data.(metricdata.Sum[int64]).DataPoints[0].Value)
		require.NoError(t, c.Shutdown(t.Context()))
	})
}
