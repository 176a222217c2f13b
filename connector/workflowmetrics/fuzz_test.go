package workflowmetrics

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadata"
)

// FuzzConsume gives the connector whatever the wire format can carry, twice, so that what it
// remembers of the first time is met again. It never fails, and no point is broken.
func FuzzConsume(f *testing.F) {
	for _, seed := range []ptrace.Traces{compose(0), ptrace.NewTraces()} {
		wire, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(seed)
		require.NoError(f, err)
		f.Add(wire[:min(len(wire), 4096)])
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(wire)
		if err != nil {
			return
		}
		cfg := createDefaultConfig().(*Config)
		cfg.MaxSeries, cfg.Exemplars.Enabled = 10, true
		cfg.Dimensions = []DimensionConfig{{Name: "tenant"}}
		sink := new(consumertest.MetricsSink)
		c, err := newConnector(connectortest.NewNopSettings(metadata.Type), cfg, sink)
		require.NoError(t, err)
		require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()))
		for range 2 {
			require.NoError(t, c.ConsumeTraces(t.Context(), td))
		}
		require.NoError(t, c.Shutdown(t.Context()))
		for series, v := range last(sink) {
			if v < 0 || math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%s is %v", series, v)
			}
		}
	})
}
