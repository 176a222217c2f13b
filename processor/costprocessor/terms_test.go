package costprocessor

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"pgregory.net/rapid"
)

// choice is an attribute that the terms of a call may depend on.
type choice struct {
	name   string
	values []any
}

var choices = []choice{
	{"gen_ai.response.model", []any{"a", "big", "nobody-knows"}},
	{"gen_ai.request.model", []any{"a", "big", 7}},
	{"gen_ai.provider.name", []any{"openai", "anthropic"}},
	{"openai.response.service_tier", []any{"batch", "priority", "", 7}},
	{"openai.request.service_tier", []any{"batch", "auto"}},
	{"server.address", []any{"api.openai.com", "api.anthropic.com"}},
	{"llm.invocation_parameters", []any{"", `{}`, `{"service_tier":"batch"}`, `{"service_tier":"priority"}`, 7}},
	{"batch", []any{true, false, "true", "yes"}},
	{"lots", []any{[]any{"a"}, []any{"b"}, map[string]any{"a": "b"}, `["a"]`}},
	{"workflow.cache.hit", []any{true, false, "true"}},
	{"cached", []any{1, 2, "1", 1.0}},
	{"gen_ai.usage.cache_read.input_tokens", []any{0, 1}},
	{"http.route", []any{"/a", "/b"}},
}

// flagged asks for flags of all kinds: one that no dialect knows, one that is a word of a dialect,
// and one that may be a list.
const flagged = prices + `
service_tier:
  batch_attributes: [{key: batch, value: "true"}, {key: lots, value: '["a"]'}]
savings:
  response_cache:
    attributes: [{key: workflow.cache.hit, value: "true"}, {key: cached, value: "1"}]
    cost_per_hit: {"": 2}
`

// TestTermsAreThoseOfTheSpan: what is written on a span does not depend on those before it, that
// may have agreed with it in some words, or in all that a reader looks at but one.
func TestTermsAreThoseOfTheSpan(t *testing.T) {
	for name, yaml := range map[string]string{
		"words":     flagged,
		"an amount": prices + `service_tier: {batch_attributes: [{key: gen_ai.usage.cache_read.input_tokens, value: "1"}]}`,
		"scopes":    prices + `usage: {rules: [{scope: litellm, cache_semantics: exclusive}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, yaml)
			warm := b.newScratch()
			run := uint64(0)
			rapid.Check(t, func(r *rapid.T) {
				asked := rapid.SliceOfNDistinct(rapid.SampledFrom(choices), 1, 3, func(c choice) string { return c.name }).Draw(r, "asked")
				for range rapid.IntRange(2, 8).Draw(r, "spans") {
					td := call(r, asked)
					run += 2 // the same span is priced once
					want := written(b.newScratch(), td, run)
					assert.Equal(r, want, written(warm, td, run+1))
				}
			})
		})
	}
}

// call is a call of model a unless the attributes say otherwise.
func call(t *rapid.T, asked []choice) ptrace.Traces {
	td := ptrace.NewTraces()
	ss := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
	ss.Scope().SetName(rapid.SampledFrom([]string{"", "litellm", "openlit.x"}).Draw(t, "scope"))
	s := ss.Spans().AppendEmpty()
	s.SetName("chat")
	s.SetSpanID(spanID(1))
	s.SetStartTimestamp(1)
	s.SetEndTimestamp(2)
	a := s.Attributes()
	a.PutStr("gen_ai.operation.name", "chat")
	a.PutStr("gen_ai.provider.name", "openai")
	a.PutStr("gen_ai.response.model", "a")
	a.PutInt("gen_ai.usage.input_tokens", int64(rapid.IntRange(0, 3).Draw(t, "in")))
	for _, c := range asked {
		if err := a.PutEmpty(c.name).FromRaw(rapid.SampledFrom(c.values).Draw(t, c.name)); err != nil {
			t.Fatal(err)
		}
	}
	return td
}

// written is what a span has when a scratch is done with it.
func written(s *scratch, td ptrace.Traces, run uint64) map[string]any {
	defer s.reset()
	own := ptrace.NewTraces()
	td.CopyTo(own)
	span := own.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	var trace pcommon.TraceID
	binary.BigEndian.PutUint64(trace[8:], run)
	span.SetTraceID(trace)
	if s.scan(own) {
		s.view(own)
		s.price()
	}
	return span.Attributes().AsRaw()
}

// TestAPricedCallAllocatesItsAttributes: and nothing else, once a call like it has been seen.
func TestAPricedCallAllocatesItsAttributes(t *testing.T) {
	b := setUp(t, "{}")
	s := b.newScratch()
	const batches = 20
	var fresh, bare []ptrace.Traces
	for n := range batches {
		fresh, bare = append(fresh, runs(t, n, 12)), append(bare, runs(t, n, 12))
	}
	n := 0
	took := testing.AllocsPerRun(batches-1, func() {
		if s.scan(fresh[n]) {
			s.view(fresh[n])
			s.price()
		}
		s.reset()
		n++
	})
	var additions [][]addition
	for n := range batches {
		additions = append(additions, difference(fresh[n], bare[n]))
		require.Len(t, additions[n], batchSpans)
		require.Len(t, additions[n][0].notes, 7)
	}
	n = 0
	needed := testing.AllocsPerRun(batches-1, func() {
		for _, add := range additions[n] {
			put(add.to, add.notes)
		}
		n++
	})
	// Now and then what is remembered of earlier batches grows.
	assert.InDelta(t, needed/batchSpans, took/batchSpans, 0.1)
}
