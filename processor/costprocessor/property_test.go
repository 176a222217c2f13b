package costprocessor

import (
	"maps"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"pgregory.net/rapid"
)

// forest draws a batch of spans, whose parents may be missing, later, or in a circle.
func forest(t *rapid.T) []span {
	var spans []span
	for i := range rapid.IntRange(1, 14).Draw(t, "spans") {
		id := byte(i + 1)
		parent := byte(rapid.IntRange(0, 16).Draw(t, "parent"))
		var s span
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			s = run(id)
		case 1:
			s = step(id, parent)
		case 2:
			s = tool(id, parent, "search")
		case 3:
			s = agent(tokens(rapid.IntRange(0, 5000).Draw(t, "in"), 10)...)
			s.id, s.parent = id, parent
		default:
			s = chat(id, parent, tokens(rapid.IntRange(-1, 5000).Draw(t, "in"), rapid.IntRange(0, 500).Draw(t, "out"))...)
			if rapid.Bool().Draw(t, "cached") {
				s.attrs["gen_ai.usage.cache_read.input_tokens"] = rapid.IntRange(0, 6000).Draw(t, "read")
			}
			switch rapid.IntRange(0, 3).Draw(t, "says") {
			case 0:
				delete(s.attrs, "gen_ai.usage.input_tokens")
				delete(s.attrs, "gen_ai.usage.output_tokens")
				s.attrs["gen_ai.prompt"] = "What is the capital of France?"
			case 1:
				s.attrs["gen_ai.usage.cost.amount"] = rapid.Float64Range(-0.1, 2).Draw(t, "cost")
				s.attrs["gen_ai.usage.cost.currency"] = rapid.SampledFrom([]string{"USD", "EUR", "GBP"}).Draw(t, "currency")
			}
			if rapid.IntRange(0, 3).Draw(t, "unknown") == 0 {
				s.attrs["gen_ai.response.model"] = "x"
			}
		}
		s.trace = byte(rapid.IntRange(1, 2).Draw(t, "trace"))
		spans = append(spans, s)
	}
	return spans
}

// total is what the spans bear.
func total(written map[byte]map[string]any) (usd float64) {
	for _, w := range written {
		v, _ := w[attrTotal].(float64)
		usd += v
	}
	return usd
}

// TestPropertiesOfABatch: amounts are sums of their parts and never below 0, and what is sent
// twice costs once.
func TestPropertiesOfABatch(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := setUp(t, rapid.SampledFrom([]string{prices, prices + "fx: {EUR: 1.1}", estimates}).Draw(r, "configuration"))
		spans := forest(r)
		first := b.send(t, spans...)
		for id, w := range first {
			assertAmounts(r, id, w)
		}
		assert.InDelta(r, 0, total(b.send(t, spans...)), 0, "the same batch again")
	})
}

func assertAmounts(t *rapid.T, id byte, w map[string]any) {
	number := func(name string) float64 { v, _ := w[name].(float64); return v }
	if usd, ok := w[attrTotal].(float64); ok {
		parts := number(attrInput) + number(attrOutput) + number(attrCacheRead) + number(attrCacheWrite) + number(attrOther)
		assert.InDelta(t, usd, parts, 1e-12, "span %d", id)
		assert.GreaterOrEqual(t, min(usd, number(attrInput), number(attrOutput), number(attrCacheRead)), 0.0)
		assert.False(t, math.IsNaN(usd) || math.IsInf(usd, 0))
		assert.Contains(t, []any{"priced", "partial"}, w[attrStatus])
	} else {
		assert.NotContains(t, []any{"priced", "partial"}, w[attrStatus])
	}
	saved := number(attrSavingsPromptCache) + number(attrSavingsResponseCache) + number(attrSavingsRouter) +
		number(attrSavingsServiceTier) + number(attrSavingsDiscount)
	assert.InDelta(t, number(attrSavingsTotal), saved, 1e-12, "span %d", id)
}

// TestSplitsCostTheSame cuts a batch of calls into two, children first: they cost what the
// whole does.
func TestSplitsCostTheSame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var spans []span
		for i := range rapid.IntRange(1, 12).Draw(r, "spans") { // a parent has a smaller number
			id, parent := byte(i+1), byte(rapid.IntRange(0, i).Draw(r, "parent"))
			s := step(id, parent)
			if rapid.Bool().Draw(r, "call") {
				s = chat(id, parent, tokens(1000*int(id), 0)...)
			}
			spans = append([]span{s}, spans...)
		}
		whole := total(setUp(t, prices).send(t, spans...))
		b := setUp(t, prices)
		cut := rapid.IntRange(0, len(spans)).Draw(r, "cut")
		parts := map[byte]map[string]any{}
		for _, part := range [][]span{spans[:cut], spans[cut:]} {
			if len(part) > 0 {
				maps.Copy(parts, b.send(t, part...))
			}
		}
		assert.InDelta(r, whole, total(parts), 1e-12)
	})
}

// FuzzConsume: whatever a span says, it goes on with all that it said.
func FuzzConsume(f *testing.F) {
	f.Add("gen_ai.usage.input_tokens", "1e308", "langfuse.observation.usage_details", `{"input":-1}`, []byte{1}, []byte{2})
	f.Add("workflow.cost.total", "NaN", "llm.invocation_parameters", `{"service_tier":"batch"}`, []byte{}, []byte{})
	f.Add("gen_ai.request.model", "gpt-4o", "gen_ai.usage.cost", "-Inf", []byte{1}, []byte{1})
	b := setUp(f, prices)
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string, id, parent []byte) {
		td := ptrace.NewTraces()
		s := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
		var spanID, parentID pcommon.SpanID
		copy(spanID[:], id)
		copy(parentID[:], parent)
		s.SetSpanID(spanID)
		s.SetParentSpanID(parentID)
		s.Attributes().PutStr("gen_ai.operation.name", "chat")
		s.Attributes().PutStr(name1, value1)
		s.Attributes().PutStr(name2, value2)
		said := s.Attributes().AsRaw()
		require.NoError(t, b.ConsumeTraces(t.Context(), td))
		require.Equal(t, 1, td.SpanCount())
		for name, v := range said {
			if !ours(name) {
				got, ok := s.Attributes().Get(name)
				require.True(t, ok, name)
				require.Equal(t, v, got.AsRaw())
			}
		}
		if usd, ok := s.Attributes().Get(attrTotal); ok && !(usd.Double() >= 0) {
			t.Fatalf("total %v", usd.Double())
		}
	})
}
