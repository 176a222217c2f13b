package workflowmetrics

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadata"
	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadatatest"
)

// trace builds one trace of the service svc that ends now.
type trace struct {
	spans ptrace.SpanSlice
	id    byte
}

func newBatch() ptrace.Traces { return ptrace.NewTraces() }

func in(td ptrace.Traces, id byte) trace {
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "svc")
	return trace{rs.ScopeSpans().AppendEmpty().Spans(), id}
}

// span adds a span that took 100 ms. A span's id is a number from 1; parent 0 is none.
func (t trace) span(id, parent byte, name string, attributes map[string]any) ptrace.Span {
	s := t.spans.AppendEmpty()
	s.SetTraceID(pcommon.TraceID{15: t.id})
	s.SetSpanID(pcommon.SpanID{7: id})
	if parent != 0 {
		s.SetParentSpanID(pcommon.SpanID{7: parent})
	}
	s.SetName(name)
	end := time.Now()
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(end.Add(-100 * time.Millisecond)))
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(end))
	if err := s.Attributes().FromRaw(attributes); err != nil {
		panic(err)
	}
	return s
}

// support adds a run of the workflow "support" with one step and one chat in it.
func (t trace) support() {
	t.span(3, 2, "chat gpt-4o", map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "gpt-4o",
		"gen_ai.usage.input_tokens": int64(100), "gen_ai.usage.output_tokens": int64(20),
		"workflow.cost.total": 0.25,
	}).SetKind(ptrace.SpanKindClient)
	t.span(2, 1, "run_step plan", map[string]any{
		"gen_ai.operation.name": "run_step", "workflow.name": "support", "workflow.run.id": "r",
		"workflow.step.name": "plan", "workflow.step.kind": "task", "workflow.outcome": "success",
	})
	t.span(1, 0, "invoke_workflow support", map[string]any{
		"gen_ai.operation.name": "invoke_workflow", "workflow.name": "support", "gen_ai.workflow.name": "support",
		"workflow.run.id": "r", "workflow.outcome": "success",
	})
}

// start returns a running connector and what it sends on.
func start(t *testing.T, change func(*Config)) (*workflowMetrics, *consumertest.MetricsSink, *componenttest.Telemetry) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	change(cfg)
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.WithoutCancel(t.Context()))) })
	sink := new(consumertest.MetricsSink)
	set := connectortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	c, err := newConnector(set, cfg, sink)
	require.NoError(t, err)
	require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()))
	return c, sink, tel
}

func defaults(*Config) {}

// last returns the newest value of every series, by metric and labels.
func last(sink *consumertest.MetricsSink) map[string]float64 {
	out := make(map[string]float64)
	for _, md := range sink.AllMetrics() {
		for _, m := range md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
			record(m, out)
		}
	}
	return out
}

func record(m pmetric.Metric, out map[string]float64) {
	switch m.Type() {
	case pmetric.MetricTypeExponentialHistogram:
		for _, p := range m.ExponentialHistogram().DataPoints().All() {
			out[m.Name()+suffix(p.Attributes())] = float64(p.Count())
		}
	case pmetric.MetricTypeSum:
		for _, p := range m.Sum().DataPoints().All() {
			out[m.Name()+suffix(p.Attributes())] = number(p)
		}
	default:
		for _, p := range m.Gauge().DataPoints().All() {
			out[m.Name()+suffix(p.Attributes())] = number(p)
		}
	}
}

func number(p pmetric.NumberDataPoint) float64 {
	if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
		return float64(p.IntValue())
	}
	return p.DoubleValue()
}

// suffix writes the labels that tell series of one metric apart in these tests.
func suffix(attributes pcommon.Map) string {
	var out strings.Builder
	for _, name := range []string{"workflow.name", "workflow.step.name", "gen_ai.operation.name", "gen_ai.token.type", "workflow.outcome", "tenant"} {
		if v, ok := attributes.Get(name); ok {
			out.WriteString(" " + v.Str())
		}
	}
	return out.String()
}

func TestARunIsCountedWithItsStepsCallsTokensAndCost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, tel := start(t, defaults)
		td := newBatch()
		in(td, 1).support()
		in(td, 2).support()
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		require.NoError(t, c.Shutdown(t.Context()))

		got := last(sink)
		for series, want := range map[string]float64{
			"workflow.runs support success":               2,
			"workflow.run.duration support success":       2,
			"workflow.run.cost.usd support success":       2,
			"workflow.throughput support":                 2.0 / 60,
			"workflow.steps support plan success":         2,
			"workflow.step.duration support plan success": 2,
			"workflow.calls support chat success":         2,
			"workflow.call.duration support chat success": 2,
			"workflow.tokens support input":               200,
			"workflow.tokens support output":              40,
			"workflow.cost.usd support plan":              0.5,
		} {
			v, ok := got[series]
			assert.True(t, ok, series)
			assert.InDelta(t, want, v, 1e-9, series)
		}
		metrics, err := tel.GetMetric("otelcol_connector_workflow_metrics_spans")
		require.NoError(t, err)
		assert.NotEmpty(t, metrics.Data)
	})
}

func TestOutputHasNoResourceIdentity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, defaults)
		td := newBatch()
		in(td, 1).support()
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		require.NoError(t, c.Shutdown(t.Context()))
		for _, md := range sink.AllMetrics() {
			assert.Equal(t, 1, md.ResourceMetrics().Len())
			assert.Zero(t, md.ResourceMetrics().At(0).Resource().Attributes().Len())
		}
	})
}

func TestAZeroComesOneIntervalBeforeTheValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, defaults)
		td := newBatch()
		in(td, 1).support()
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		var seen []float64
		for range 3 {
			time.Sleep(15*time.Second + time.Millisecond)
			seen = append(seen, last(sink)["workflow.runs support success"])
		}
		assert.Equal(t, []float64{0, 1, 1}, seen)
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

func TestChildrenOfEarlierBatchesFindTheirRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, tel := start(t, defaults)
		step := newBatch()
		in(step, 1).span(2, 1, "run_step plan", map[string]any{
			"gen_ai.operation.name": "run_step", "workflow.name": "support", "workflow.step.name": "plan",
		})
		chat := newBatch()
		in(chat, 1).span(3, 2, "chat", map[string]any{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai"})
		orphan := newBatch()
		in(orphan, 9).span(3, 2, "chat", map[string]any{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai"})
		for _, td := range []ptrace.Traces{step, chat, orphan} {
			require.NoError(t, c.ConsumeTraces(t.Context(), td))
		}
		time.Sleep(16 * time.Second)
		assert.InDelta(t, 1, last(sink)["workflow.runs.active support"], 0)
		time.Sleep(90 * time.Second)
		assert.InDelta(t, 0, last(sink)["workflow.runs.active support"], 0)
		require.NoError(t, c.Shutdown(t.Context()))
		got := last(sink)
		assert.InDelta(t, 1, got["workflow.calls support chat success"], 0)
		assert.InDelta(t, 1, got["workflow.calls unknown_workflow chat success"], 0)
		_, err := tel.GetMetric("otelcol_connector_workflow_metrics_unattributed")
		require.NoError(t, err)
	})
}

func TestAMarkerTellsOfARunInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, defaults)
		td := newBatch()
		marker := in(td, 7).span(1, 0, "workflow_running support", map[string]any{
			"workflow.name": "support", "workflow.run.id": "r", "workflow.running": true,
		})
		marker.Links().AppendEmpty().SetTraceID(pcommon.TraceID{15: 1})
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		time.Sleep(16 * time.Second)
		assert.InDelta(t, 1, last(sink)["workflow.runs.active support"], 0)

		run := newBatch()
		in(run, 1).support()
		require.NoError(t, c.ConsumeTraces(t.Context(), run))
		time.Sleep(15 * time.Second)
		assert.InDelta(t, 0, last(sink)["workflow.runs.active support"], 0, "the marker and the run are one")
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

func TestSampledSpansWeighMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, defaults)
		td := newBatch()
		tr := in(td, 1)
		tr.support()
		for _, s := range tr.spans.All() {
			s.TraceState().FromRaw("ot=th:c")
		}
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		require.NoError(t, c.Shutdown(t.Context()))
		got := last(sink)
		assert.InDelta(t, 4, got["workflow.runs support success"], 0)
		assert.InDelta(t, 400, got["workflow.tokens support input"], 0)
	})
}

func TestDimensionsComeFromSpanThenResourceThenDefault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, _ := start(t, func(cfg *Config) {
			cfg.Dimensions = []DimensionConfig{{Name: "tenant", Default: "nobody"}}
		})
		run := map[string]any{"gen_ai.operation.name": "invoke_workflow", "workflow.name": "w"}
		own := map[string]any{"gen_ai.operation.name": "invoke_workflow", "workflow.name": "w", "tenant": "span"}
		td := newBatch()
		in(td, 1).span(1, 0, "invoke_workflow w", own)
		in(td, 2).span(1, 0, "invoke_workflow w", run)
		in(td, 3).span(1, 0, "invoke_workflow w", run)
		td.ResourceSpans().At(0).Resource().Attributes().PutStr("tenant", "resource")
		td.ResourceSpans().At(1).Resource().Attributes().PutStr("tenant", "resource")
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		require.NoError(t, c.Shutdown(t.Context()))
		got := last(sink)
		for _, tenant := range []string{"span", "resource", "nobody"} {
			assert.InDelta(t, 1, got["workflow.runs w success "+tenant], 0, tenant)
		}
	})
}

func TestMalformedSpansAreCountedAndTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, sink, tel := start(t, defaults)
		td := newBatch()
		s := in(td, 1).span(1, 0, "invoke_workflow w", map[string]any{
			"gen_ai.operation.name": "invoke_workflow", "workflow.name": "w",
		})
		s.SetStartTimestamp(s.EndTimestamp() + 5)
		in(td, 2).span(0, 0, "", nil).SetTraceID(pcommon.TraceID{})
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		require.NoError(t, c.Shutdown(t.Context()))
		assert.InDelta(t, 1, last(sink)["workflow.runs w success"], 0)
		_, err := tel.GetMetric("otelcol_connector_workflow_metrics_malformed")
		require.NoError(t, err)
	})
}

func TestShutdownConcurrentSafe(t *testing.T) {
	c, sink, tel := start(t, defaults)
	var wg sync.WaitGroup
	for g := range byte(4) {
		wg.Go(func() {
			for i := range byte(50) {
				td := newBatch()
				in(td, g*50+i).support()
				assert.NoError(t, c.ConsumeTraces(t.Context(), td))
			}
		})
	}
	wg.Wait()
	metadatatest.AssertEqualConnectorWorkflowMetricsOpen(t, tel, []metricPoint{{Value: 200}}, ignoreTimestamp())
	require.NoError(t, c.Shutdown(t.Context()))
	require.NoError(t, c.Shutdown(t.Context()), "a second shutdown is harmless")
	assert.InDelta(t, 200, last(sink)["workflow.runs support success"], 0)
}
