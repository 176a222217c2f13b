package otlp_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
)

// plainly reads a span attribute by attribute, without any memory.
func plainly(l *flow.Lexicon, in ptrace.Span, span *flow.Span) (r flow.Reading) {
	var f flow.Facts
	for name, v := range in.Attributes().All() {
		key := l.Lookup(name)
		switch v.Type() {
		case pcommon.ValueTypeStr:
			f.Text(key, v.Str())
		case pcommon.ValueTypeInt:
			f.Int(key, v.Int())
		case pcommon.ValueTypeDouble:
			f.Double(key, v.Double())
		case pcommon.ValueTypeBool:
			f.Bool(key, v.Bool())
		case pcommon.ValueTypeSlice:
			f.Unreadable(key)
		default:
		}
	}
	f.Read(span, &r)
	return r
}

// vocabulary has attributes of every use with values that change the reading.
func vocabulary() map[string][]any {
	return map[string][]any{
		"gen_ai.operation.name":                {"chat", "execute_tool", "run_step", "invoke_workflow", "embeddings", 7},
		"workflow.name":                        {"pay", "ship", "", "a\xff", 7, []any{}},
		"workflow.run.id":                      {"r1", "r2"},
		"workflow.step.name":                   {"charge", "refund", strings.Repeat("long", 1200)},
		"workflow.outcome":                     {"success", "error", "timeout"},
		"workflow.retry.attempts":              {1, 2, "3", "many"},
		"workflow.cache.hit":                   {true, false},
		"workflow.running":                     {true, false},
		"error.type":                           {"timeout", "500"},
		"gen_ai.provider.name":                 {"openai", "anthropic"},
		"gen_ai.response.model":                {"gpt-4o", "unknown"},
		"gen_ai.usage.input_tokens":            {10, 0, -1, "12", "many", 1.5, []any{1}},
		"gen_ai.usage.output_tokens":           {3, 1 << 40},
		"gen_ai.usage.cache_read.input_tokens": {2, 200},
		"workflow.cost.total":                  {0.5, -0.5},
		"workflow.cost.currency":               {"USD", "EUR"},
		"workflow.savings.router":              {0.25},
		"llm.token_count.total":                {13, 300},
		"langfuse.observation.usage_details":   {`{"input":5}`, `{`},
		"openinference.span.kind":              {"LLM", "CHAIN"},
		"http.route":                           {"/a", "/b"},
	}
}

func drawSpan(t *rapid.T) ptrace.Span {
	words := vocabulary()
	names := rapid.SliceOfNDistinct(rapid.SampledFrom(sorted(words)), 0, 6, rapid.ID[string]).Draw(t, "names")
	in := ptrace.NewSpan()
	in.SetName(rapid.SampledFrom([]string{"chat gpt-4o", "run_step charge", "GET /", "primitive.x", "b\xff"}).Draw(t, "name"))
	in.Status().SetCode(rapid.SampledFrom([]ptrace.StatusCode{ptrace.StatusCodeUnset, ptrace.StatusCodeError}).Draw(t, "status"))
	in.SetKind(rapid.SampledFrom([]ptrace.SpanKind{ptrace.SpanKindInternal, ptrace.SpanKindServer}).Draw(t, "kind"))
	in.SetStartTimestamp(pcommon.Timestamp(rapid.IntRange(0, 2).Draw(t, "start")))
	in.SetEndTimestamp(pcommon.Timestamp(rapid.IntRange(0, 2).Draw(t, "end")))
	for _, name := range names {
		_ = in.Attributes().PutEmpty(name).FromRaw(rapid.SampledFrom(words[name]).Draw(t, name))
	}
	return in
}

func sorted(m map[string][]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// What a reader makes of a span does not depend on the spans it has read before, and
// two readings of a batch have the same shape only if their words are the same.
func TestReadingsDoNotDependOnWhatWasReadBefore(t *testing.T) {
	lexicon := flow.NewLexicon()
	r := otlp.NewReader(lexicon, nil)
	rapid.Check(t, func(t *rapid.T) {
		shapes := make(map[uint32]flow.Reading)
		for range rapid.IntRange(1, 20).Draw(t, "spans") {
			in := drawSpan(t)
			scope := rapid.SampledFrom([]string{"", "openinference.instrumentation.beeai", "gcp.vertex.agent"}).Draw(t, "scope")
			var span flow.Span
			r.Span(in, scope, "svc", &span)
			got := *r.Read(in, &span)
			want := plainly(lexicon, in, &span)
			same := shapes[got.Shape]
			shape := got.Shape
			got.Shape = 0
			assert.Equal(t, want, got)
			if shape != 0 && (same.Role != 0 || same.Step != "") {
				assert.Equal(t, wordsOf(same), wordsOf(got))
			}
			shapes[shape] = got
		}
		r.Turn()
	})
}

// wordsOf is a reading without what differs from span to span.
func wordsOf(r flow.Reading) flow.Reading {
	r.Faults = 0
	r.Call.Usage, r.Call.Cost, r.Call.Savings = flow.Usage{}, flow.Cost{}, flow.Savings{}
	return r
}

// A reader whose memory is full of spans that never come again reads on, without
// ever growing.
func TestAReaderOutlivesSpansThatNeverRepeat(t *testing.T) {
	lexicon := flow.NewLexicon()
	r := otlp.NewReader(lexicon, nil)
	for i := range 60_000 {
		in := ptrace.NewSpan()
		in.SetName("run_step")
		in.Attributes().PutStr("gen_ai.operation.name", "run_step")
		in.Attributes().PutStr("workflow.step.name", fmt.Sprintf("step-%d-of-many", i))
		if i%2 == 0 {
			in.Attributes().PutStr(fmt.Sprintf("%0*d", i%500, 1), "")
		}
		var span flow.Span
		r.Span(in, "", "", &span)
		if step := r.Read(in, &span).Step; step != fmt.Sprintf("step-%d-of-many", i) {
			t.Fatalf("span %d: step %q", i, step)
		}
		if i%100 == 99 {
			r.Turn()
		}
	}
}

func TestAKnownSpanCostsNoAllocation(t *testing.T) {
	r := otlp.NewReader(flow.NewLexicon(), nil)
	in := ptrace.NewSpan()
	in.SetName("chat gpt-4o")
	in.Attributes().PutStr("gen_ai.operation.name", "chat")
	in.Attributes().PutInt("gen_ai.usage.input_tokens", 12)
	var span flow.Span
	read := func() {
		r.Span(in, "", "", &span)
		r.Read(in, &span)
		r.Turn()
	}
	read()
	assert.Zero(t, testing.AllocsPerRun(100, read))
}

// Readings of the same shape agree in what the reader heeds: in texts, numbers and truth values.
func TestShapesAgreeInWhatIsHeeded(t *testing.T) {
	shape := func(r *otlp.Reader, name string, value any) uint32 {
		in := ptrace.NewSpan()
		in.Attributes().PutStr("gen_ai.operation.name", "chat")
		_ = in.Attributes().PutEmpty(name).FromRaw(value)
		var span flow.Span
		r.Span(in, "", "", &span)
		return r.Read(in, &span).Shape
	}
	for _, values := range [][]any{{"eu", "us", "", 7}, {1, 2, 1.0, "1"}, {true, false}} {
		r := otlp.NewReader(flow.NewLexicon(), nil)
		r.Heed("region", "zone")
		seen := map[uint32]any{}
		for _, v := range values {
			heeded := shape(r, "region", v)
			assert.NotContains(t, seen, heeded, "%v", v)
			assert.Equal(t, heeded, shape(r, "region", v))
			seen[heeded] = v
			assert.Equal(t, shape(r, "route", values[0]), shape(r, "route", v), "not heeded")
		}
	}
}
