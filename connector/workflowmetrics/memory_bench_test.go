package workflowmetrics

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const (
	heavyResources = 50
	heavySpans     = 1000
)

// heavy returns the spans of a resource: one step of one trace each, with that many bytes of
// attributes that no metric needs.
func heavy(resource, payload int) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", fmt.Sprintf("service-%d", resource))
	rs.Resource().Attributes().PutStr("note", strings.Repeat("r", payload))
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for n := range heavySpans {
		s := spans.AppendEmpty()
		loadSpan(s, resource, n%6)
		s.Attributes().PutStr("gen_ai.input.messages", strings.Repeat("x", payload))
	}
	return td
}

// retained returns how many bytes more are in use after the connector has seen the spans.
func retained(b *testing.B, c connector.Traces, payload int) uint64 {
	b.Helper()
	before := inUse()
	for resource := range heavyResources {
		require.NoError(b, c.ConsumeTraces(b.Context(), heavy(resource, payload)))
	}
	after := inUse()
	runtime.KeepAlive(c)
	return max(after, before+1) - before
}

// inUse collects twice: a sync.Pool keeps what it has over one collection.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkRetained tells how much is kept of 50 resources with 1000 spans of 1 KB, against
// what the same series need when the spans bear nothing else.
func BenchmarkRetained(b *testing.B) {
	for _, name := range []string{"ours", "span_metrics"} {
		b.Run(name, func(b *testing.B) {
			var needed, kept uint64
			for b.Loop() {
				needed += retained(b, contestants(b)[name], 0)
				kept += retained(b, contestants(b)[name], 1024)
			}
			b.ReportMetric(float64(kept)/float64(b.N)/1024, "KiB-kept")
			b.ReportMetric(float64(kept)/float64(needed), "kept/needed")
		})
	}
}

// BenchmarkSeries tells how many bytes a step's two series take: its counter and its
// histogram with durations over three decades.
func BenchmarkSeries(b *testing.B) {
	const steps = 2000
	var kept uint64
	for b.Loop() {
		cfg := createDefaultConfig().(*Config)
		cfg.MaxSeries = 2 * steps
		c := begin(b, NewFactory(), cfg)
		before := inUse()
		for round := range 50 {
			require.NoError(b, c.ConsumeTraces(b.Context(), manySteps(steps, round)))
		}
		kept += inUse() - before
		runtime.KeepAlive(c)
	}
	b.ReportMetric(float64(kept)/float64(b.N)/(2*steps), "B/series")
}

// manySteps returns one span of each of many steps.
func manySteps(steps, round int) ptrace.Traces {
	td := ptrace.NewTraces()
	spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for n := range steps {
		s := spans.AppendEmpty()
		loadSpan(s, 1<<(round%10), 0)
		s.SetSpanID(spanID(1, n+1))
		s.SetName("run_step " + strconv.Itoa(n))
		s.Attributes().PutStr("workflow.step.name", strconv.Itoa(n))
	}
	return td
}

// BenchmarkOpenRuns tells how many bytes a run in flight takes, and one that has ended and is
// not forgotten yet.
func BenchmarkOpenRuns(b *testing.B) {
	const runs = 50_000
	for name, spans := range map[string][]int{"in-flight": {0}, "ended": {0, 9}} {
		b.Run(name, func(b *testing.B) {
			var kept uint64
			for b.Loop() {
				c := begin(b, NewFactory(), createDefaultConfig())
				before := inUse()
				for run := range runs {
					td := ptrace.NewTraces()
					out := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
					for _, n := range spans {
						loadSpan(out.AppendEmpty(), run, n)
					}
					require.NoError(b, c.ConsumeTraces(b.Context(), td))
				}
				kept += inUse() - before
				runtime.KeepAlive(c)
			}
			b.ReportMetric(float64(kept)/float64(b.N)/runs, "B/run")
		})
	}
}

// BenchmarkScratch tells how many bytes a goroutine that folds batches of 1000 spans keeps from
// one to the next: where the spans are alike, and where it has learnt as much as it may.
func BenchmarkScratch(b *testing.B) {
	for name, tds := range map[string][]ptrace.Traces{"alike": {load(b, 0)}, "motley": motley()} {
		b.Run(name, func(b *testing.B) {
			var kept uint64
			for b.Loop() {
				c := begin(b, NewFactory(), createDefaultConfig()).(*workflowMetrics)
				refold(c, c.newScratch(), tds) // what it brings to the series is not measured
				before := inUse()
				s := c.newScratch()
				refold(c, s, tds)
				kept += inUse() - before
				runtime.KeepAlive(s)
			}
			b.ReportMetric(float64(kept)/float64(b.N)/(1<<20), "MiB")
		})
	}
}

// refold folds the batches often enough that all that can be learnt of them is.
func refold(c *workflowMetrics, s *scratch, tds []ptrace.Traces) {
	for range 4 {
		for _, td := range tds {
			s.now = time.Now()
			s.view(td)
			s.decide()
			c.ledger.Apply(s.rows, s.now.UnixNano())
			s.reset()
		}
	}
}

// motley returns batches of 1024 kinds of span, each with words of 3.5 KB, with 200 lists of
// up to 110 attributes, in traces of 128 spans, each of another order.
func motley() (tds []ptrace.Traces) {
	const kinds, traceSpans, batches = 1024, 128, 32
	for batch := range batches {
		td := ptrace.NewTraces()
		spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
		for n := range kinds {
			s, kind := spans.AppendEmpty(), n*(2*batch+1)%kinds
			loadSpan(s, n/traceSpans, 0)
			s.SetSpanID(spanID(n/traceSpans, n+1))
			s.Attributes().PutStr("workflow.step.name", fmt.Sprintf("%d-%s", kind, strings.Repeat("x", 3500)))
			for k := range kind % 100 {
				s.Attributes().PutStr(fmt.Sprintf("note-%d-%d", kind%200, k), "")
			}
		}
		tds = append(tds, td)
	}
	return tds
}
