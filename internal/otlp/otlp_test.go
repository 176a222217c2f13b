package otlp_test

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/metric"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

func TestASpanIsReadWithEveryTypeOfAttribute(t *testing.T) {
	in := ptrace.NewSpan()
	in.SetTraceID(pcommon.TraceID{15: 7})
	in.SetSpanID(pcommon.SpanID{7: 2})
	in.SetParentSpanID(pcommon.SpanID{6: 1})
	in.SetName("chat gpt-4o")
	in.SetKind(ptrace.SpanKindClient)
	in.SetStartTimestamp(10)
	in.SetEndTimestamp(30)
	in.Status().SetCode(ptrace.StatusCodeError)
	require.NoError(t, in.Attributes().FromRaw(map[string]any{
		"gen_ai.operation.name":     "chat",
		"gen_ai.usage.input_tokens": 12,
		"workflow.cost.total":       0.5,
		"workflow.running":          false,
		"gen_ai.output.messages":    []any{"not", "ours"},
	}))

	r := otlp.NewReader(flow.NewLexicon(), nil)
	var span flow.Span
	r.Span(in, "scope", "svc", &span)
	reading := r.Read(in, &span)

	assert.Equal(t, flow.Span{
		Trace: flow.TraceID{15: 7}, ID: 2, Parent: 256, Name: "chat gpt-4o", Scope: "scope", Service: "svc",
		Kind: flow.KindClient, Status: flow.StatusError, Start: 10, End: 30,
	}, span)
	assert.Equal(t, flow.RoleCall, reading.Role)
	assert.Equal(t, int64(12), reading.Call.Usage.Input)
	assert.Equal(t, flow.Cost{USD: 0.5, OK: true}, reading.Call.Cost)
	assert.Equal(t, flow.OutcomeError, reading.Outcome)
}

func TestDimensionsTakeEveryTypeOfValue(t *testing.T) {
	span, resource := pcommon.NewMap(), pcommon.NewMap()
	span.PutBool("cached", true)
	span.PutInt("tier", 3)
	resource.PutStr("region", "eu")
	resource.PutInt("tier", 9)
	r := otlp.NewReader(flow.NewLexicon(), []otlp.Dimension{
		{Name: "cached"}, {Name: "tier"}, {Name: "region"}, {Name: "absent", Default: "none"}, {Name: "absent"},
	})
	got, faults := r.Dimensions(nil, span, resource)
	assert.Equal(t, []string{"true", "3", "eu", "none", ""}, got)
	assert.Zero(t, faults)

	span.PutStr("region", "\xff")
	got, faults = r.Dimensions(nil, span, resource)
	assert.Equal(t, "\uFFFD", got[2])
	assert.Equal(t, flow.FaultInvalidName, faults)
}

func TestServiceAndLink(t *testing.T) {
	resource := pcommon.NewResource()
	service, faults := otlp.Service(resource)
	assert.Empty(t, service)
	assert.Zero(t, faults)
	resource.Attributes().PutStr("service.name", "svc\xff")
	service, faults = otlp.Service(resource)
	assert.Equal(t, "svc\uFFFD", service)
	assert.Equal(t, flow.FaultInvalidName, faults)

	span := ptrace.NewSpan()
	_, ok := otlp.LinkedTrace(span)
	assert.False(t, ok)
	link := span.Links().AppendEmpty()
	_, ok = otlp.LinkedTrace(span)
	assert.False(t, ok, "a link to nowhere")
	link.SetTraceID(pcommon.TraceID{15: 1})
	id, ok := otlp.LinkedTrace(span)
	assert.True(t, ok)
	assert.Equal(t, flow.TraceID{15: 1}, id)
}

func TestWeight(t *testing.T) {
	low := pcommon.SpanID{0: 0x10}
	for _, tc := range []struct {
		state string
		id    pcommon.SpanID
		want  uint64
	}{
		{"", low, 1},
		{"ot=th:c", low, 4},
		{"vendor=x,ot=th:8", low, 2},
		{"ot=th:0", low, 1},
		{"ot=th:zz", low, 1},
		{"ot=rv:00000000000001", low, 1},
		{"ot=th:ffffffffffffff", low, 1}, // 1 of 2^56: more likely broken than real
		{"=", low, 1},
	} {
		var w otlp.Weigher
		span := ptrace.NewSpan()
		span.SetSpanID(tc.id)
		span.TraceState().FromRaw(tc.state)
		assert.Equal(t, tc.want, w.Weight(span), tc.state)
		assert.Equal(t, tc.want, w.Weight(span), "%s, remembered", tc.state)
	}
}

// A span stands for 1.6 on average, however its ids are made: six standard deviations of the
// mean of 10,000 are 0.03.
func TestFractionalWeightsAreRightOnAverage(t *testing.T) {
	for name, id := range map[string]func(i uint64) pcommon.SpanID{
		"counting up":         func(i uint64) (id pcommon.SpanID) { binary.BigEndian.PutUint64(id[:], i); return id },
		"counting at the top": func(i uint64) (id pcommon.SpanID) { binary.LittleEndian.PutUint64(id[:], i); return id },
	} {
		var w otlp.Weigher
		span, total := ptrace.NewSpan(), uint64(0)
		span.TraceState().FromRaw("ot=th:6")
		for i := range uint64(10_000) {
			span.SetSpanID(id(i + 1))
			total += w.Weight(span)
		}
		assert.InDelta(t, 1.6, float64(total)/10_000, 0.03, name)
	}
}

func labels(pairs ...string) func(func(string, string) bool) {
	return func(yield func(string, string) bool) {
		for i := 0; i < len(pairs); i += 2 {
			if !yield(pairs[i], pairs[i+1]) {
				return
			}
		}
	}
}

func TestPointsAreWrittenInTheirTemporality(t *testing.T) {
	for temporality, start := range map[tally.Temporality]pcommon.Timestamp{tally.Cumulative: 5, tally.Delta: 90} {
		ms := pmetric.NewMetricSlice()
		w := otlp.NewWriter(ms, tally.Metrics[tally.Cost], temporality, 90, 100)
		assert.Zero(t, ms.Len(), "no point, no metric")
		w.Point(&tally.Point{Labels: labels("workflow.name", "w", "otel.metric.overflow", "true"), Started: 5, Amount: 0.25})
		w.Point(&tally.Point{Labels: labels(), Started: 5, Amount: 1})
		require.Equal(t, 1, ms.Len())
		sum := ms.At(0).Sum()
		assert.True(t, sum.IsMonotonic())
		p := sum.DataPoints().At(0)
		assert.Equal(t, start, p.StartTimestamp())
		assert.Equal(t, pcommon.Timestamp(100), p.Timestamp())
		assert.InDelta(t, 0.25, p.DoubleValue(), 0)
		assert.Equal(t, map[string]any{"workflow.name": "w", "otel.metric.overflow": true}, p.Attributes().AsRaw())
	}
}

func TestHistogramsKeepTheirBuckets(t *testing.T) {
	h := exphist.New(160)
	for _, v := range []float64{1, 2, 4, 0} {
		h.Add(v)
	}
	ms := pmetric.NewMetricSlice()
	w := otlp.NewWriter(ms, tally.Metrics[tally.RunDuration], tally.Cumulative, 0, 100)
	w.Point(&tally.Point{Labels: labels(), Hist: h})
	w.Point(&tally.Point{Labels: labels(), Hist: exphist.New(160)})

	p := ms.At(0).ExponentialHistogram().DataPoints().At(0)
	assert.Equal(t, uint64(4), p.Count())
	assert.Equal(t, uint64(1), p.ZeroCount())
	assert.InDelta(t, 7, p.Sum(), 0)
	assert.InDelta(t, 4, p.Max(), 0)
	assert.Equal(t, h.Scale(), p.Scale())
	assert.Equal(t, h.Positive().Offset(), p.Positive().Offset())
	assert.Equal(t, h.Positive().AppendTo(nil), p.Positive().BucketCounts().AsRaw())
	empty := ms.At(0).ExponentialHistogram().DataPoints().At(1)
	assert.False(t, empty.HasMin(), "an empty histogram has no least value")
}

func TestGaugesAreWrittenPerWorkflow(t *testing.T) {
	ms := pmetric.NewMetricSlice()
	g := otlp.NewGauge(ms, &metric.RunsActive, time.Unix(1, 0))
	assert.Zero(t, ms.Len())
	g.Int("w", "svc", 3)
	g.Double("w", "", 0.5)
	require.Equal(t, 1, ms.Len())
	points := ms.At(0).Gauge().DataPoints()
	assert.Equal(t, int64(3), points.At(0).IntValue())
	assert.Equal(t, map[string]any{"workflow.name": "w"}, points.At(1).Attributes().AsRaw())
}
