package workflowmetrics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// weather draws batches of runs that look alike, and now and then do not: whole or in parts,
// one after the other or mixed, of one service or two, with and without costs.
type weather struct {
	*rand.Rand
	runs int
	late []ptrace.Span // parts that come with a later batch
}

func (w *weather) batch() ptrace.Traces {
	var spans []ptrace.Span
	spans, w.late = w.late, nil
	for range 1 + w.IntN(12) {
		w.runs++
		spans = append(spans, w.run()...)
	}
	if w.IntN(3) == 0 {
		w.mix(spans)
	}
	td := ptrace.NewTraces()
	var into []ptrace.SpanSlice
	for i := range 1 + w.IntN(2) {
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", fmt.Sprint("svc-", i))
		into = append(into, rs.ScopeSpans().AppendEmpty().Spans())
	}
	at := 0
	for _, s := range spans {
		if w.IntN(15) == 0 {
			at = w.IntN(len(into))
		}
		s.CopyTo(into[at].AppendEmpty())
	}
	return td
}

// mix changes the order of the spans, but not of those of a trace.
func (w *weather) mix(spans []ptrace.Span) {
	for range 4 * len(spans) {
		i := w.IntN(len(spans))
		if i > 0 && spans[i].TraceID() != spans[i-1].TraceID() {
			spans[i], spans[i-1] = spans[i-1], spans[i]
		}
	}
}

func (w *weather) run() (spans []ptrace.Span) {
	kind, coin, run := w.IntN(10), w.IntN(2) == 0, 5*w.runs+w.IntN(2)
	for n := range 10 {
		s := ptrace.NewSpan()
		loadSpan(s, run, n)
		switch {
		case kind == 0 && n >= 7:
			s.Attributes().PutDouble("workflow.cost.total", w.Float64()-0.1)
		case kind == 1 && n == 4:
			s.Attributes().PutStr("workflow.outcome", "error")
			s.TraceState().FromRaw("ot=th:c")
		case kind == 2 && n == 9:
			s.SetParentSpanID(pcommon.SpanID{1}) // that never comes
		case kind == 3 && w.IntN(5) == 0:
			continue // lost
		case kind == 4 && n == 2 && w.IntN(2) == 0:
			s.SetSpanID(spanID(run, 1))
		case kind == 5 && n < 7:
			s.Attributes().Remove("workflow.name")
		case kind == 7 && n == 8 && coin:
			continue
		case kind == 7 && n == 8: // the same call, instrumented twice, of which the inner span comes first
			s.SetParentSpanID(spanID(run, 8))
		case kind == 8 && n != 7:
			continue
		case kind == 8: // a call that stands alone
			s.SetParentSpanID(pcommon.SpanID{})
			s.Attributes().RemoveIf(func(name string, _ pcommon.Value) bool {
				return strings.HasPrefix(name, "workflow.") || coin && strings.HasPrefix(name, "gen_ai.usage.")
			})
		}
		if kind == 6 && n >= 5 || kind == 7 && n != 8 && !coin {
			w.late = append(w.late, s)
			continue
		}
		spans = append(spans, s)
	}
	return spans
}

// everything returns the newest value and, for histograms, sum of every series.
func everything(sink *consumertest.MetricsSink) map[string]float64 {
	out := make(map[string]float64)
	for _, md := range sink.AllMetrics() {
		for _, m := range md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
			points := pmetric.NewNumberDataPointSlice()
			switch m.Type() {
			case pmetric.MetricTypeExponentialHistogram:
				for _, p := range m.ExponentialHistogram().DataPoints().All() {
					name := fmt.Sprint(m.Name(), p.Attributes().AsRaw())
					out[name], out[name+" sum"] = float64(p.Count()), math.Round(1e6*p.Sum())
				}
			case pmetric.MetricTypeSum:
				points = m.Sum().DataPoints()
			case pmetric.MetricTypeGauge:
				points = m.Gauge().DataPoints()
			default:
			}
			for _, p := range points.All() {
				out[fmt.Sprint(m.Name(), p.Attributes().AsRaw())] = math.Round(1e6 * number(p))
			}
		}
	}
	return out
}

// What a connector remembers of earlier batches, to be quick, changes nothing: one that forgets
// phrases, forms, plans and rows after each batch sends the same on.
func TestWhatIsKeptToBeQuickChangesNothing(t *testing.T) {
	repeated := 0
	for seed := range uint64(12) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &weather{Rand: rand.New(rand.NewPCG(seed, 1))}
				change := func(cfg *Config) {
					cfg.SeriesExpiration = Duration(2 * time.Minute)
					cfg.Exemplars.Enabled = seed%3 == 0
					if seed%4 == 0 {
						cfg.Dimensions = []DimensionConfig{{Name: "workflow.step.kind", Default: "none"}}
					}
				}
				warm, got, _ := start(t, change)
				cold, want, _ := start(t, change)
				kept := warm.newScratch() // a pool may lose it
				warm.scratches = sync.Pool{New: func() any { return kept }}
				time.Sleep(time.Second / 2) // never at the same time as a flush
				for range 30 {
					td := w.batch()
					require.NoError(t, warm.ConsumeTraces(t.Context(), td))
					cold.scratches = sync.Pool{New: cold.scratches.New}
					require.NoError(t, cold.ConsumeTraces(t.Context(), td))
					time.Sleep(time.Duration(w.IntN(40)) * time.Second)
				}
				require.NoError(t, warm.Shutdown(t.Context()))
				require.NoError(t, cold.Shutdown(t.Context()))
				assert.Equal(t, everything(want), everything(got))
				for i := range kept.plans.all {
					repeated += len(kept.plans.all[i].deeds)
				}
			})
		})
	}
	assert.Positive(t, repeated, "no plan was ever made")
}
