package workflowmetrics

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadatatest"
)

// consume sends the batches one after the other, stops the connector and returns what it counted.
func consume(t *testing.T, change func(*Config), batches ...ptrace.Traces) map[string]float64 {
	t.Helper()
	c, sink, _ := start(t, change)
	for _, td := range batches {
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
	}
	require.NoError(t, c.Shutdown(t.Context()))
	return last(sink)
}

func chat() map[string]any {
	return map[string]any{"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": int64(10)}
}

func agent(name string) map[string]any {
	return map[string]any{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name}
}

func TestRootsSayWhichTracesAreRuns(t *testing.T) {
	for roots, want := range map[Roots]map[string]float64{
		RootsNone:     {},
		RootsWorkflow: {"GET /ask": 1, "unknown_workflow": 1},
		RootsAny:      {"GET /ask": 1, "unknown_workflow": 1, "GET /cart": 1},
	} {
		t.Run(string(roots), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				td := newBatch()
				plain := in(td, 1)
				plain.span(1, 0, "GET /cart", map[string]any{"http.request.method": "GET"})
				plain.span(2, 1, "SELECT cart", map[string]any{"db.system.name": "postgresql"})
				asks := in(td, 2)
				asks.span(1, 0, "GET /ask", map[string]any{"http.request.method": "GET"})
				asks.span(2, 1, "chat gpt-4o", chat())
				in(td, 3).span(1, 0, "chat gpt-4o", chat())
				got := consume(t, func(cfg *Config) { cfg.Runs.Roots = roots }, td)
				for _, name := range []string{"GET /cart", "GET /ask", "unknown_workflow"} {
					assert.InDelta(t, want[name], got["workflow.runs "+name+" success"], 0, name)
				}
			})
		})
	}
}

// TestATraceThatEntersFromElsewhereIsARun is a service whose caller sends its spans to another collector.
func TestATraceThatEntersFromElsewhereIsARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := func(td ptrace.Traces, id byte, name string) {
			in(td, id).span(1, 77, name, map[string]any{"http.request.method": "POST"}).SetKind(ptrace.SpanKindServer)
		}
		ask, entry, plain, caller := newBatch(), newBatch(), newBatch(), newBatch()
		in(ask, 1).span(2, 1, "chat gpt-4o", chat())
		in(ask, 1).span(3, 1, "chat gpt-4o", chat())
		server(entry, 1, "POST /ask")
		server(plain, 2, "POST /cart")
		in(caller, 3).span(2, 1, "chat gpt-4o", chat())
		server(caller, 3, "POST /ask")
		in(caller, 3).span(77, 0, "click", nil)

		c, sink, _ := start(t, defaults)
		for _, td := range []ptrace.Traces{ask, entry, plain, caller} {
			require.NoError(t, c.ConsumeTraces(t.Context(), td))
		}
		time.Sleep(31 * time.Second)
		got := last(sink)
		assert.InDelta(t, 1, got["workflow.runs click success"], 0, "this caller is here")
		assert.NotContains(t, got, "workflow.runs POST /ask success", "the caller may still come")
		time.Sleep(90 * time.Second)
		got = last(sink)
		assert.InDelta(t, 1, got["workflow.runs POST /ask success"], 0)
		assert.NotContains(t, got, "workflow.runs POST /cart success")
		assert.NotContains(t, got, "workflow.steps POST /ask POST /ask success")
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

func TestPlainTracesAreNotRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _, tel := start(t, defaults)
		td := newBatch()
		in(td, 1).span(1, 0, "GET /cart", map[string]any{"http.request.method": "GET"})
		in(td, 2).span(2, 9, "SELECT cart", map[string]any{"db.system.name": "postgresql"})
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		metadatatest.AssertEqualConnectorWorkflowMetricsOpen(t, tel, []metricPoint{{Value: 0}}, ignoreTimestamp())
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

func TestANestedAgentOfAnEarlierBatchIsAStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner, middle, outer := newBatch(), newBatch(), newBatch()
		in(inner, 1).span(4, 3, "chat gpt-4o", chat())
		in(inner, 1).span(3, 2, "invoke_agent critic", agent("critic"))
		in(middle, 1).span(2, 1, "GET /critic", map[string]any{"http.request.method": "GET"})
		in(outer, 1).span(1, 0, "invoke_agent planner", agent("planner"))
		got := consume(t, defaults, inner, middle, outer)
		assert.InDelta(t, 1, got["workflow.runs planner success"], 0)
		assert.InDelta(t, 1, got["workflow.run.duration planner success"], 0)
		assert.NotContains(t, got, "workflow.runs critic success")
		assert.InDelta(t, 1, got["workflow.steps planner critic success"], 0)
	})
}

func TestAnAgentUnderAPlainRootOfALaterBatchIsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, defaults)
		inner, root := newBatch(), newBatch()
		in(inner, 1).span(2, 1, "invoke_agent planner", agent("planner"))
		in(root, 1).span(1, 0, "POST /plan", map[string]any{"http.request.method": "POST"})
		require.NoError(t, c.ConsumeTraces(t.Context(), inner))
		require.NoError(t, c.ConsumeTraces(t.Context(), root))
		time.Sleep(31 * time.Second)
		assert.InDelta(t, 1, last(sink)["workflow.runs planner success"], 0, "counted as the root arrives, not when the trace is idle")
		require.NoError(t, c.Shutdown(t.Context()))
		assert.NotContains(t, last(sink), "workflow.runs POST /plan success")
	})
}

func TestManyAgentsSideBySideAreStepsOfTheirRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var batches []ptrace.Traces
		for i := range byte(20) {
			td := newBatch()
			in(td, 1).span(i+2, 1, "invoke_agent worker", agent("worker"))
			batches = append(batches, td)
		}
		root := newBatch()
		in(root, 1).span(1, 0, "invoke_agent boss", agent("boss"))
		got := consume(t, defaults, append(batches, root)...)
		assert.InDelta(t, 1, got["workflow.runs boss success"], 0)
		assert.InDelta(t, 20, got["workflow.steps boss worker success"]+got["workflow.steps worker worker success"], 0)
	})
}

func TestALoneCallIsARunAfterTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, defaults)
		td := newBatch()
		named := chat()
		named["gen_ai.agent.name"] = "cli"
		in(td, 1).span(1, 0, "chat gpt-4o", named)
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		time.Sleep(31 * time.Second)
		got := last(sink)
		assert.InDelta(t, 1, got["workflow.runs cli success"], 0)
		assert.InDelta(t, 1, got["workflow.calls cli chat success"], 0)
		assert.InDelta(t, 10, got["workflow.tokens cli input"], 0)
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

func TestTwoRunsOfOneTraceAreBothInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, defaults)
		step := func(run, workflow string) map[string]any {
			return map[string]any{
				"gen_ai.operation.name": "run_step", "workflow.name": workflow, "workflow.run.id": run, "workflow.step.name": "s",
			}
		}
		td := newBatch()
		tr := in(td, 1)
		tr.span(4, 3, "run_step s", step("r1", "outer"))
		tr.span(5, 6, "run_step s", step("r2", "inner"))
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		time.Sleep(16 * time.Second)
		assert.InDelta(t, 1, last(sink)["workflow.runs.active outer"], 0)
		assert.InDelta(t, 1, last(sink)["workflow.runs.active inner"], 0)

		end := newBatch()
		in(end, 1).span(6, 4, "invoke_workflow inner", map[string]any{
			"gen_ai.operation.name": "invoke_workflow", "workflow.name": "inner", "workflow.run.id": "r2",
		})
		require.NoError(t, c.ConsumeTraces(t.Context(), end))
		time.Sleep(15 * time.Second)
		assert.InDelta(t, 1, last(sink)["workflow.runs.active outer"], 0)
		assert.InDelta(t, 0, last(sink)["workflow.runs.active inner"], 0)
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

func TestBatchesOfOneTraceMayComeAtOnce(t *testing.T) {
	c, sink, _ := start(t, defaults)
	var wg sync.WaitGroup
	for i := range byte(8) {
		wg.Go(func() {
			for k := range byte(20) {
				td := newBatch()
				in(td, 1).span(i*20+k+2, 1, "invoke_agent worker", agent("worker"))
				in(td, 1).span(i*20+k+2, 200, "chat gpt-4o", chat())
				assert.NoError(t, c.ConsumeTraces(t.Context(), td))
			}
		})
	}
	wg.Wait()
	root := newBatch()
	in(root, 1).span(1, 0, "invoke_agent boss", agent("boss"))
	require.NoError(t, c.ConsumeTraces(t.Context(), root))
	require.NoError(t, c.Shutdown(t.Context()))
	got := last(sink)
	assert.InDelta(t, 1, got["workflow.runs boss success"], 0)
	assert.NotContains(t, got, "workflow.runs worker success")
}
