package workflowmetrics

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An agent of the SDK is a step at once, though its run comes much later: it is never
// taken for a run of the workflow that it names.
func TestAnAgentOfTheSDKIsAStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, defaults)
		td := newBatch()
		in(td, 1).span(2, 1, "invoke_agent triage", map[string]any{
			"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "triage", "workflow.name": "support", "workflow.run.id": "r",
			"workflow.step.name": "triage", "workflow.step.kind": "task", "workflow.step.path": "ask/triage", "workflow.outcome": "success",
		})
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		time.Sleep(40 * time.Second)
		assert.InDelta(t, 1, last(sink)["workflow.steps support triage success"], 0)
		time.Sleep(time.Hour)
		require.NoError(t, c.Shutdown(t.Context()))
		assert.Zero(t, last(sink)["workflow.runs support success"])
	})
}
