package workflowmetrics

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"sync"
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
// and a tool. It has been through the wire format, so that no two attributes
// share memory.
func load(b *testing.B, firstRun int) ptrace.Traces {
	b.Helper()
	wire, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(compose(firstRun))
	require.NoError(b, err)
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(wire)
	require.NoError(b, err)
	return td
}

func compose(firstRun int) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "support-agent")
	rs.Resource().Attributes().PutStr("telemetry.sdk.language", "go")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for r := range batchSpans / 10 {
		for s := range 10 {
			loadSpan(spans.AppendEmpty(), firstRun+r, s)
		}
	}
	return td
}

// pair is an attribute; the order is that in which the SDK writes them.
type pair struct {
	name  string
	value any
}

// loadSpan writes the n-th span of a run as the SDK does, children first.
func loadSpan(s ptrace.Span, run, n int) {
	workflow, parent := fmt.Sprintf("flow-%d", run%5), 10
	own := []pair{
		{"workflow.name", workflow},
		{"workflow.run.id", fmt.Sprintf("%032x", run)},
		{"workflow.correlation_id", fmt.Sprintf("%032x", run*7)},
	}
	switch {
	case n == 9:
		s.SetName("invoke_workflow " + workflow)
		own = append(own, pair{"gen_ai.operation.name", "invoke_workflow"}, pair{"gen_ai.workflow.name", workflow},
			pair{"workflow.version", "v1"}, pair{"workflow.outcome", "success"})
		parent = 0
	case n >= 7:
		s.SetName("chat gpt-4o-mini")
		own = append(own, pair{"gen_ai.operation.name", "chat"}, pair{"gen_ai.provider.name", "openai"},
			pair{"gen_ai.request.model", "gpt-4o-mini"}, pair{"gen_ai.response.model", "gpt-4o-mini-2024-07-18"},
			pair{"gen_ai.usage.input_tokens", 300 + run}, pair{"gen_ai.usage.output_tokens", 40 + run})
		parent = n - 6
	case n == 6:
		s.SetName("execute_tool search")
		own = append(own, pair{"gen_ai.operation.name", "execute_tool"}, pair{"gen_ai.tool.name", "search"})
		parent = 1
	default:
		step := fmt.Sprintf("step-%d", n)
		s.SetName("run_step " + step)
		own = append([]pair{
			{"gen_ai.operation.name", "run_step"}, {"workflow.step.name", step}, {"workflow.step.kind", "task"},
		}, own...)
		own = append(own, pair{"workflow.step.path", workflow + "/" + step}, pair{"workflow.step.index", n},
			pair{"workflow.outcome", "success"})
	}
	for _, p := range own {
		_ = s.Attributes().PutEmpty(p.name).FromRaw(p.value)
	}
	identify(s, run, n+1, parent)
}

func identify(s ptrace.Span, run, id, parent int) {
	var trace pcommon.TraceID
	binary.BigEndian.PutUint64(trace[8:], uint64(run+1)*0x9E3779B97F4A7C15)
	trace[0] = byte(run)
	s.SetTraceID(trace)
	s.SetSpanID(spanID(run, id))
	if parent != 0 {
		s.SetParentSpanID(spanID(run, parent))
	}
	end := time.Now()
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(end))
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(end.Add(-time.Duration(run+1) * 13 * time.Millisecond)))
}

// spanID returns ids that are as far apart as random ones are.
func spanID(run, n int) (id pcommon.SpanID) {
	binary.BigEndian.PutUint64(id[:], (uint64(run)<<8+uint64(n))*0x9E3779B97F4A7C15)
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
	td := load(b, 0)
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

// BenchmarkConsumeRatio folds the same batches with both in turn, so that whatever else the
// machine does slows both down alike. Each pays for its own garbage. The middle of all turns
// counts: one in which the machine was taken away from either would weigh more than ten others.
func BenchmarkConsumeRatio(b *testing.B) {
	td, cs := load(b, 0), contestants(b)
	var ratios []float64
	for b.Loop() {
		var spent [2]time.Duration
		for i, name := range [...]string{"ours", "span_metrics"} {
			runtime.GC()
			began := time.Now()
			for range 50 {
				_ = cs[name].ConsumeTraces(b.Context(), td)
			}
			spent[i] = time.Since(began)
		}
		ratios = append(ratios, float64(spent[1])/float64(spent[0]))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "span_metrics/ours")
}

// BenchmarkConsumeParallel folds batches with one goroutine and with two in turn. It tells
// how many times as much two get done.
func BenchmarkConsumeParallel(b *testing.B) {
	for name, c := range contestants(b) {
		b.Run(name, func(b *testing.B) {
			tds := [2]ptrace.Traces{load(b, 0), load(b, batchSpans/10)}
			fold := func(i int) {
				for range 20 { // so that starting two goroutines does not count
					_ = c.ConsumeTraces(b.Context(), tds[i])
				}
			}
			var one, two time.Duration
			for b.Loop() {
				began := time.Now()
				fold(0)
				fold(1)
				one += time.Since(began)
				began = time.Now()
				var wg sync.WaitGroup
				wg.Go(func() { fold(0) })
				wg.Go(func() { fold(1) })
				wg.Wait()
				two += time.Since(began)
			}
			b.ReportMetric(float64(one)/float64(two), "x-throughput")
		})
	}
}
