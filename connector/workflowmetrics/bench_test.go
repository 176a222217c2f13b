package workflowmetrics

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/connector/spanmetricsconnector"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const batchSpans = 1000

// load returns a batch of runs of ten spans each: the run, six steps, two chats
// and a tool.
func load() ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "support-agent")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for r := range batchSpans / 10 {
		tr := trace{spans: spans}
		for s := range byte(10) {
			tr.loadSpan(r, s)
		}
	}
	return td
}

func (t trace) loadSpan(run int, n byte) {
	var s ptrace.Span
	own := map[string]any{
		"workflow.name": fmt.Sprintf("flow-%d", run%5), "workflow.run.id": fmt.Sprintf("run-%d", run), "workflow.outcome": "success",
	}
	switch {
	case n == 9:
		own["gen_ai.operation.name"], own["gen_ai.workflow.name"] = "invoke_workflow", own["workflow.name"]
		s = t.span(10, 0, "invoke_workflow", own)
	case n >= 7:
		own["gen_ai.operation.name"], own["gen_ai.provider.name"] = "chat", "openai"
		own["gen_ai.request.model"], own["gen_ai.response.model"] = "gpt-4o-mini", "gpt-4o-mini-2024-07-18"
		own["gen_ai.usage.input_tokens"], own["gen_ai.usage.output_tokens"] = int64(300+run), int64(40+run)
		s = t.span(n+1, n-6, "chat gpt-4o-mini", own)
	case n == 6:
		own["gen_ai.operation.name"], own["gen_ai.tool.name"] = "execute_tool", "search"
		s = t.span(7, 1, "execute_tool search", own)
	default:
		own["gen_ai.operation.name"], own["workflow.step.name"] = "run_step", fmt.Sprintf("step-%d", n)
		own["workflow.step.kind"], own["workflow.step.path"] = "task", fmt.Sprintf("flow/step-%d", n)
		own["workflow.step.index"] = int64(n)
		s = t.span(n+1, 10, "run_step", own)
	}
	var id pcommon.TraceID
	binary.BigEndian.PutUint64(id[8:], uint64(run+1)*0x9E3779B97F4A7C15)
	id[0] = byte(run)
	s.SetTraceID(id)
	s.SetSpanID(spread(s.SpanID(), run))
	s.SetParentSpanID(spread(s.ParentSpanID(), run))
	s.SetStartTimestamp(s.EndTimestamp() - pcommon.Timestamp(time.Duration(run+1)*13*time.Millisecond))
}

// spread makes span ids as far apart as random ones are.
func spread(id pcommon.SpanID, run int) pcommon.SpanID {
	if id.IsEmpty() {
		return id
	}
	binary.BigEndian.PutUint64(id[:], (uint64(run)<<8+uint64(id[7]))*0x9E3779B97F4A7C15)
	return id
}

// contestants are the connectors that the benchmarks put side by side.
func contestants(b *testing.B) map[string]connector.Traces {
	b.Helper()
	peer := spanmetricsconnector.NewFactory()
	peerConfig := peer.CreateDefaultConfig()
	require.NoError(b, confmap.NewFromStringMap(map[string]any{
		"dimensions": []any{
			map[string]any{"name": "workflow.name"},
			map[string]any{"name": "workflow.step.name"},
			map[string]any{"name": "workflow.outcome"},
		},
		"histogram": map[string]any{"exponential": map[string]any{"max_size": 160}},
	}).Unmarshal(peerConfig))
	return map[string]connector.Traces{
		"ours":         begin(b, NewFactory(), createDefaultConfig()),
		"span_metrics": begin(b, peer, peerConfig),
	}
}

func begin(b *testing.B, f connector.Factory, cfg component.Config) connector.Traces {
	b.Helper()
	c, err := f.CreateTracesToMetrics(b.Context(), connectortest.NewNopSettings(f.Type()), cfg, consumertest.NewNop())
	require.NoError(b, err)
	require.NoError(b, c.Start(b.Context(), componenttest.NewNopHost()))
	b.Cleanup(func() { require.NoError(b, c.Shutdown(context.WithoutCancel(b.Context()))) })
	return c
}

// BenchmarkConsume folds the same batches with one goroutine; ns/span and
// allocs/span are to be compared within one run.
func BenchmarkConsume(b *testing.B) {
	td := load()
	for name, c := range contestants(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			require.NoError(b, c.ConsumeTraces(b.Context(), td))
			for b.Loop() {
				_ = c.ConsumeTraces(b.Context(), td)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batchSpans, "ns/span")
		})
	}
}

// BenchmarkConsumeParallel folds the same batches with as many goroutines as
// there are processors; compare with -cpu=1,2.
func BenchmarkConsumeParallel(b *testing.B) {
	td := load()
	for name, c := range contestants(b) {
		b.Run(name, func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_ = c.ConsumeTraces(b.Context(), td)
				}
			})
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batchSpans, "ns/span")
		})
	}
}
