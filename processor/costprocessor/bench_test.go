package costprocessor

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/tta-dev/otelcol-workflow/internal/journal"
	"github.com/tta-dev/otelcol-workflow/internal/shelf"
	"github.com/tta-dev/otelcol-workflow/processor/costprocessor/internal/metadata"
	"github.com/tta-dev/otelcol-workflow/test/storagetest"
)

const batchSpans = 240

// loads are batches of runs of twelve spans: as many of them as are calls of a model.
var loads = []struct {
	name  string
	calls int
}{
	{"nothing to price", 0},
	{"1 span in 12 a call", 1},
	{"every span a call", 12},
}

// BenchmarkSpan tells what a span takes that has just been received: in the middle of all
// batches, and in the one that was disturbed least by the machine and by the garbage of the
// batches that the benchmark makes. The floor is what it takes to write the same attributes
// on the same spans and nothing else.
func BenchmarkSpan(b *testing.B) {
	for _, l := range loads {
		b.Run(l.name, func(b *testing.B) {
			p, err := newProcessor(processortest.NewNopSettings(metadata.Type), createDefaultConfig().(*Config), consumertest.NewNop())
			require.NoError(b, err)
			require.NoError(b, p.ConsumeTraces(b.Context(), runs(b, 0, l.calls)))
			var priced, floor stopwatch
			n := 0
			for b.Loop() {
				n++
				td := runs(b, n, l.calls) // what was priced cannot be priced again
				priced.start()
				err := p.ConsumeTraces(b.Context(), td)
				priced.stop()
				if err != nil {
					b.Fatal(err)
				}
				if l.calls == 0 {
					continue
				}
				written := difference(td, runs(b, n, l.calls))
				floor.start()
				for i := range written {
					put(written[i].to, written[i].notes)
				}
				floor.stop()
			}
			b.ReportMetric(0, "ns/op") // most of it makes batches
			priced.report(b, "")
			if l.calls > 0 {
				floor.report(b, "floor-")
			}
		})
	}
}

// stopwatch measures the same thing over and over.
type stopwatch struct {
	began time.Time
	took  []time.Duration
}

func (w *stopwatch) start() { w.began = time.Now() }

func (w *stopwatch) stop() { w.took = append(w.took, time.Since(w.began)) }

func (w *stopwatch) report(b *testing.B, what string) {
	b.Helper()
	slices.Sort(w.took)
	b.ReportMetric(float64(w.took[len(w.took)/2].Nanoseconds())/batchSpans, what+"ns/span")
	b.ReportMetric(float64(w.took[0].Nanoseconds())/batchSpans, what+"best-ns/span")
}

// addition is what was written on a span.
type addition struct {
	to    pcommon.Map
	notes []note
}

// difference returns what has been added to the spans of priced, to be written on those of bare.
func difference(priced, bare ptrace.Traces) (all []addition) {
	from := priced.ResourceSpans().At(0).ScopeSpans().At(0).Spans()
	for i, to := range bare.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		add := addition{to: to.Attributes()}
		k := 0
		for name, v := range from.At(i).Attributes().All() {
			if k++; k <= to.Attributes().Len() {
				continue
			}
			if v.Type() == pcommon.ValueTypeDouble {
				add.notes = append(add.notes, note{name: name, number: v.Double()})
			} else {
				add.notes = append(add.notes, note{name: name, text: v.AsString()})
			}
		}
		all = append(all, add)
	}
	return all
}

// BenchmarkWarm looks at the same spans again and again, of which none has a price.
func BenchmarkWarm(b *testing.B) {
	p, err := newProcessor(processortest.NewNopSettings(metadata.Type), createDefaultConfig().(*Config), consumertest.NewNop())
	require.NoError(b, err)
	td := runs(b, 0, 0)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.ConsumeTraces(b.Context(), td); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/batchSpans, "ns/span")
}

// BenchmarkLedger tells what it takes to add to an account, and how large one is of which the name
// is as long as most.
func BenchmarkLedger(b *testing.B) {
	for _, window := range []string{"calendar_month", "720h"} {
		b.Run(window, func(b *testing.B) {
			const accounts = 10_000
			l := newLedger(b, window)
			l.most = accounts
			names := make([]string, accounts)
			for i := range names {
				names[i] = fmt.Sprintf("customer-support-agent-%05d", i)
			}
			now := day(2)
			before := heap()
			for _, name := range names {
				l.spend(name, 0.01, now, now)
			}
			size := heap() - before
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				l.spend(names[i%accounts], 0.01, now, now)
				i++
			}
			b.ReportMetric(float64(size)/accounts, "B/account")
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// runs returns the n-th batch: runs of eleven spans under one.
func runs(tb testing.TB, n, calls int) ptrace.Traces {
	tb.Helper()
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "support-agent")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for i := range batchSpans {
		run := n*batchSpans + i/12
		addSpan(spans.AppendEmpty(), run, i%12, calls)
	}
	wire, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
	require.NoError(tb, err)
	td, err = (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(wire)
	require.NoError(tb, err)
	return td
}

func addSpan(s ptrace.Span, run, n, calls int) {
	const spread = 0x9E3779B97F4A7C15 // ids as far apart as random ones
	var trace pcommon.TraceID
	binary.BigEndian.PutUint64(trace[8:], uint64(run+1)*spread)
	s.SetTraceID(trace)
	id := func(n int) (out pcommon.SpanID) {
		binary.BigEndian.PutUint64(out[:], (uint64(run)<<8+uint64(n)+1)*spread)
		return out
	}
	s.SetSpanID(id(n))
	if n < 11 {
		s.SetParentSpanID(id(11))
	}
	now := time.Unix(1_790_000_000, 0)
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(now))
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(now.Add(time.Second)))
	a := s.Attributes()
	a.PutStr("workflow.name", "support")
	a.PutStr("workflow.run.id", fmt.Sprintf("%032x", run))
	a.PutStr("workflow.correlation_id", fmt.Sprintf("%032x", run*7))
	if n < calls {
		s.SetName("chat gpt-4o-mini")
		a.PutStr("gen_ai.operation.name", "chat")
		a.PutStr("gen_ai.provider.name", "openai")
		a.PutStr("gen_ai.request.model", "gpt-4o-mini")
		a.PutStr("gen_ai.response.model", "gpt-4o-mini-2024-07-18")
		a.PutInt("gen_ai.usage.input_tokens", int64(300+run%97))
		a.PutInt("gen_ai.usage.output_tokens", int64(40+run%13))
		return
	}
	name := fmt.Sprintf("step-%d", n)
	s.SetName("run_step " + name)
	a.PutStr("gen_ai.operation.name", "run_step")
	a.PutStr("workflow.step.name", name)
	a.PutStr("workflow.step.kind", "task")
	a.PutStr("workflow.step.path", "support/"+name)
	a.PutInt("workflow.step.index", int64(n))
	a.PutStr("workflow.outcome", "success")
}

// BenchmarkKeep writes what 1000 workflows have spent in all parts of a window, with the file
// storage of the Collector, and tells how much that is. Spans wait for record, not for the disk.
func BenchmarkKeep(b *testing.B) {
	l := newLedger(b, "24h")
	for hour := range 25 {
		for i := range l.most {
			at := day(1).Add(time.Duration(hour) * time.Hour)
			l.spend(fmt.Sprintf("workflow-%d", i), 0.1, at, at)
		}
	}
	k := keeper{ledgers: []*ledger{l}}
	var err error
	k.shelf, err = shelf.Open(b.Context(), storagetest.File(b, b.TempDir(), false), component.MustNewID("cost"))
	require.NoError(b, err)
	k.journal, _ = journal.Open(b.Context(), k.shelf, 1)
	now := day(2).Add(time.Hour)
	b.Run("record", func(b *testing.B) {
		for b.Loop() {
			k.record(now)
		}
		b.ReportMetric(float64(len(k.record(now)))/float64(l.most), "bytes/account")
	})
	b.Run("write", func(b *testing.B) {
		record := k.record(now)
		for b.Loop() {
			require.NoError(b, k.journal.Replace(b.Context(), [][]byte{record}))
		}
	})
	require.NoError(b, k.shelf.Close(b.Context()))
}
