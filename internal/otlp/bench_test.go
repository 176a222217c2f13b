package otlp_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
)

// BenchmarkRead reads step spans as the SDK writes them, of 20 kinds.
func BenchmarkRead(b *testing.B) {
	const spans = 1000
	td := ptrace.NewTraces()
	out := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for i := range spans {
		s := out.AppendEmpty()
		s.SetName(fmt.Sprintf("run_step step-%d", i%4))
		s.SetSpanID([8]byte{byte(i), byte(i >> 8), 1})
		s.SetTraceID([16]byte{1})
		s.SetStartTimestamp(1)
		s.SetEndTimestamp(2)
		a := s.Attributes()
		a.PutStr("gen_ai.operation.name", "run_step")
		a.PutStr("workflow.step.name", fmt.Sprintf("step-%d", i%4))
		a.PutStr("workflow.step.kind", "task")
		a.PutStr("workflow.name", fmt.Sprintf("flow-%d", i%5))
		a.PutStr("workflow.run.id", fmt.Sprintf("%032x", i))
		a.PutStr("workflow.correlation_id", fmt.Sprintf("%032x", i*7))
		a.PutStr("workflow.step.path", fmt.Sprintf("flow/step-%d", i%4))
		a.PutInt("workflow.step.index", int64(i%4))
		a.PutStr("workflow.outcome", "success")
	}
	wire, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	require.NoError(b, err)
	td, err = (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(wire)
	require.NoError(b, err)
	out = td.ResourceSpans().At(0).ScopeSpans().At(0).Spans()

	r := otlp.NewReader(flow.NewLexicon(), nil)
	var span flow.Span
	b.ReportAllocs()
	for b.Loop() {
		for _, in := range out.All() {
			r.Span(in, "scope", "svc", &span)
			r.Read(in, &span)
		}
		r.Turn()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/spans, "ns/span")
}
