package workflowmetrics

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// arrange puts the spans of a batch into batches of their own: to tells the batch of the n-th
// span of a run, and in which turn of it.
func arrange(b *testing.B, batches, turns int, to func(run, n int) (batch, turn int)) []ptrace.Traces {
	b.Helper()
	in := compose(0)
	spans := in.ResourceSpans().At(0).ScopeSpans().At(0).Spans()
	out := make([]ptrace.Traces, batches)
	for i := range out {
		out[i] = ptrace.NewTraces()
		rs := out[i].ResourceSpans().AppendEmpty()
		in.ResourceSpans().At(0).Resource().CopyTo(rs.Resource())
		into := rs.ScopeSpans().AppendEmpty().Spans()
		for turn := range turns {
			for k, s := range spans.All() {
				if batch, at := to(k/10, k%10); batch == i && at == turn {
					s.CopyTo(into.AppendEmpty())
				}
			}
		}
		wire, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(out[i])
		require.NoError(b, err)
		out[i], err = (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(wire)
		require.NoError(b, err)
	}
	return out
}

// BenchmarkConsumeShapes folds the same 1000 spans, cut and ordered in other ways, with both in
// turn.
func BenchmarkConsumeShapes(b *testing.B) {
	for _, shape := range []struct {
		name           string
		batches, turns int
		to             func(run, n int) (batch, turn int)
	}{
		{"whole", 1, 1, func(int, int) (int, int) { return 0, 0 }},
		{"batches of 100", 10, 1, func(run, _ int) (int, int) { return run / 10, 0 }},
		{"batches of 10", 100, 1, func(run, _ int) (int, int) { return run, 0 }},
		{"interleaved", 1, 10, func(_, n int) (int, int) { return 0, n }},
		{"interleaved at random", 1, 14, func(run, n int) (int, int) { return 0, n + run*7%5 }},
		{"in two parts", 2, 1, func(_, n int) (int, int) { return n / 5, 0 }},
	} {
		b.Run(shape.name, func(b *testing.B) {
			tds, cs := arrange(b, shape.batches, shape.turns, shape.to), contestants(b)
			var spent [2]time.Duration
			for b.Loop() {
				for i, name := range [...]string{"ours", "span_metrics"} {
					runtime.GC()
					began := time.Now()
					for range 20 {
						for _, td := range tds {
							_ = cs[name].ConsumeTraces(b.Context(), td)
						}
					}
					spent[i] += time.Since(began)
				}
			}
			b.ReportMetric(float64(spent[1])/float64(spent[0]), "span_metrics/ours")
			b.ReportMetric(float64(spent[0].Nanoseconds())/float64(b.N)/20/batchSpans, "ns/span")
			b.ReportMetric(0, "ns/op")
		})
	}
}
