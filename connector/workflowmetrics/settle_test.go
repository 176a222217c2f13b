package workflowmetrics

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// An agent whose parent never comes is a run once its trace is silent, and bears the user's
// dimensions like any other.
func TestARunThatSettlesLateBearsTheDimensions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, func(cfg *Config) {
			cfg.Dimensions = []DimensionConfig{{Name: "tenant", Default: "nobody"}}
		})
		td := newBatch()
		a := agent("bob")
		a["tenant"], a["workflow.cost.total"] = "acme", 0.5
		in(td, 1).span(2, 1, "invoke_agent bob", a)
		in(td, 2).span(2, 1, "invoke_agent eve", agent("eve"))
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		assert.Zero(t, last(sink)["workflow.runs bob success acme"])
		time.Sleep(2 * time.Minute)
		require.NoError(t, c.Shutdown(t.Context()))
		got := last(sink)
		for _, series := range []string{
			"workflow.runs bob success acme", "workflow.run.duration bob success acme", "workflow.run.cost.usd bob success acme",
			"workflow.runs eve success nobody",
		} {
			assert.InDelta(t, 1, got[series], 0, series)
		}
	})
}

// Delta points are of one interval each: what they add up to is what was sent.
func TestDeltaPointsAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, func(cfg *Config) { cfg.Temporality = TemporalityDelta })
		for id := byte(1); id <= 3; id++ {
			td := newBatch()
			in(td, id).support()
			require.NoError(t, c.ConsumeTraces(t.Context(), td))
			time.Sleep(20 * time.Second)
		}
		require.NoError(t, c.Shutdown(t.Context()))
		total, ends := 0.0, pcommon.Timestamp(0)
		for _, m := range metrics(sink, "workflow.runs") {
			assert.Equal(t, pmetric.AggregationTemporalityDelta, m.Sum().AggregationTemporality())
			p := m.Sum().DataPoints().At(0)
			total += number(p)
			assert.GreaterOrEqual(t, p.StartTimestamp(), ends, "intervals do not overlap")
			ends = p.Timestamp()
		}
		assert.InDelta(t, 3, total, 0)
	})
}
