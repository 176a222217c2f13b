package bench

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
)

const (
	requests     = 400
	warmUps      = 40 // requests before the clock starts
	runsARequest = 50
)

// shape is how many spans a run has, and how many of them are calls of a model.
type shape struct{ spans, chats int }

// pipelines are those of the standalone preset without the memory limiter.
var pipelines = map[string]string{
	// What it takes to receive and decode spans.
	"nop": `yaml:{exporters: {nop: {}}, service: {pipelines: {
		traces: {processors: [], exporters: [nop]}, metrics: {receivers: [otlp], processors: []}}}}`,
	// The same, to count them and to serve the metrics.
	"workflow_metrics": `yaml:{service: {pipelines: {
		traces: {processors: [], exporters: [workflow_metrics]}, metrics: {receivers: [workflow_metrics], processors: []}}}}`,
	// The same, to price them before.
	"cost+workflow_metrics": `yaml:{service: {pipelines: {
		traces: {processors: [cost], exporters: [workflow_metrics]}, metrics: {receivers: [workflow_metrics], processors: []}}}}`,
	// The same with the connector that the Collector has.
	"span_metrics": `yaml:{connectors: {span_metrics: {histogram: {exponential: {max_size: 160}},
		dimensions: [{name: workflow.name}, {name: workflow.step.name}, {name: workflow.outcome}]}}, service: {pipelines: {
		traces: {processors: [], exporters: [span_metrics]}, metrics: {receivers: [span_metrics], processors: []}}}}`,
}

// BenchmarkCPU tells how much processor time the whole collector takes for a span, and how
// many times as much as one that drops what it receives.
func BenchmarkCPU(b *testing.B) {
	compare(b, shape{spans: 10, chats: 2}, "workflow_metrics", "span_metrics")
}

// BenchmarkCPUOfPricing does the same where one span in twelve calls a model.
func BenchmarkCPUOfPricing(b *testing.B) {
	compare(b, shape{spans: 12, chats: 1}, "workflow_metrics", "cost+workflow_metrics")
}

// compare tells what each of the pipelines takes, and how many times as much as nop.
func compare(b *testing.B, load shape, names ...string) {
	b.Helper()
	binary := collectortest.Build(b)
	bodies := requestBodies(b, load)
	spent := make(map[string]time.Duration)
	all := append([]string{"nop"}, names...)
	for b.Loop() {
		for _, name := range all {
			spent[name] += run(b, binary, pipelines[name], bodies)
		}
	}
	spans := float64(b.N * requests * runsARequest * load.spans)
	for _, name := range all {
		b.ReportMetric(float64(spent[name].Microseconds())/spans, name+"-CPU-µs/span")
	}
	for _, name := range names {
		b.ReportMetric(float64(spent[name])/float64(spent["nop"]), name+"/nop")
	}
}

// run sends the requests to a collector and returns what processor time they took.
func run(b *testing.B, binary, config string, bodies [][]byte) time.Duration {
	b.Helper()
	c := collectortest.Start(b, binary, "standalone", config)
	for _, body := range bodies[:warmUps] {
		require.Equal(b, 200, c.Post(b, "application/x-protobuf", body))
	}
	before := c.CPU(b)
	for _, body := range bodies[warmUps:] {
		require.Equal(b, 200, c.Post(b, "application/x-protobuf", body))
	}
	after := c.CPU(b)
	require.NoError(b, c.Stop())
	return after - before
}

// requestBodies returns runs as the SDK exports them, each request in the wire format.
func requestBodies(b *testing.B, load shape) (bodies [][]byte) {
	b.Helper()
	for r := range warmUps + requests {
		td := ptrace.NewTraces()
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", "support-agent")
		spans := rs.ScopeSpans().AppendEmpty().Spans()
		for run := range runsARequest {
			addRun(spans, r*runsARequest+run, load)
		}
		body, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
		require.NoError(b, err)
		bodies = append(bodies, body)
	}
	return bodies
}

// addRun adds a run of steps, a tool and chats, children first.
func addRun(spans ptrace.SpanSlice, run int, load shape) {
	workflow := fmt.Sprintf("flow-%d", run%5)
	for n := range load.spans {
		s := spans.AppendEmpty()
		identify(s, run, n, load.spans-1)
		a := s.Attributes()
		a.PutStr("workflow.name", workflow)
		a.PutStr("workflow.run.id", fmt.Sprintf("%032x", run))
		a.PutStr("workflow.correlation_id", fmt.Sprintf("%032x", run*7))
		switch {
		case n == load.spans-1:
			s.SetName("invoke_workflow " + workflow)
			a.PutStr("gen_ai.operation.name", "invoke_workflow")
			a.PutStr("gen_ai.workflow.name", workflow)
			a.PutStr("workflow.outcome", "success")
		case n >= load.spans-1-load.chats:
			s.SetName("chat gpt-4o-mini")
			a.PutStr("gen_ai.operation.name", "chat")
			a.PutStr("gen_ai.provider.name", "openai")
			a.PutStr("gen_ai.request.model", "gpt-4o-mini")
			a.PutStr("gen_ai.response.model", "gpt-4o-mini-2024-07-18")
			a.PutInt("gen_ai.usage.input_tokens", int64(300+run%97))
			a.PutInt("gen_ai.usage.output_tokens", int64(40+run%13))
		case n == load.spans-2-load.chats:
			s.SetName("execute_tool search")
			a.PutStr("gen_ai.operation.name", "execute_tool")
			a.PutStr("gen_ai.tool.name", "search")
		default:
			step := fmt.Sprintf("step-%d", n)
			s.SetName("run_step " + step)
			a.PutStr("gen_ai.operation.name", "run_step")
			a.PutStr("workflow.step.name", step)
			a.PutStr("workflow.step.kind", "task")
			a.PutStr("workflow.step.path", workflow+"/"+step)
			a.PutInt("workflow.step.index", int64(n))
			a.PutStr("workflow.outcome", "success")
		}
	}
}

// identify gives a span its ids, far apart as random ones are, and its times.
func identify(s ptrace.Span, run, n, root int) {
	const spread = 0x9E3779B97F4A7C15
	var trace pcommon.TraceID
	binary.BigEndian.PutUint64(trace[:8], uint64(run+1)*spread)
	binary.BigEndian.PutUint64(trace[8:], uint64(run+1)*spread)
	s.SetTraceID(trace)
	id := func(n int) (out pcommon.SpanID) {
		binary.BigEndian.PutUint64(out[:], (uint64(run)<<8+uint64(n)+1)*spread)
		return out
	}
	s.SetSpanID(id(n))
	if n < root {
		s.SetParentSpanID(id(root))
	}
	end := time.Now()
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(end))
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(end.Add(-time.Duration(run%1000+1) * time.Millisecond)))
}
