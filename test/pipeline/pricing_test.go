package pipeline_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics"
	"github.com/tta-dev/otelcol-workflow/processor/costprocessor"
)

// kinds are the spans that batches are made of, by attributes: frameworks say the same in
// different words, and some say it twice.
var kinds = []map[string]any{
	{"gen_ai.operation.name": "invoke_workflow", "workflow.name": "support"},
	{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "helper", "gen_ai.usage.input_tokens": 300, "gen_ai.request.model": "gpt-4o"},
	{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "helper"},
	{"gen_ai.operation.name": "run_step", "workflow.step.name": "plan", "workflow.step.kind": "task", "workflow.name": "support"},
	{"gen_ai.operation.name": "run_step", "workflow.step.name": "look up", "workflow.step.kind": "cache", "workflow.cache.hit": true},
	{"gen_ai.operation.name": "run_step", "workflow.step.name": "look up", "workflow.step.kind": "cache", "workflow.cache.hit": false},
	{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "gpt-4o", "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 10},
	{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "nobody-knows", "gen_ai.usage.input_tokens": 100},
	{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o"},
	{"openinference.span.kind": "LLM", "llm.model_name": "claude-sonnet-4-5", "llm.token_count.prompt": 70, "llm.token_count.completion": 7, "llm.cost.total": 0.5},
	{"openinference.span.kind": "EMBEDDING", "embedding.model_name": "text-embedding-3-small", "llm.token_count.prompt": 70},
	{"openinference.span.kind": "CHAIN"},
	{"ai.operationId": "ai.generateText", "ai.model.id": "gpt-4o", "ai.usage.promptTokens": 50},
	{"ai.operationId": "ai.generateText.doGenerate", "ai.model.id": "gpt-4o", "ai.usage.promptTokens": 50},
	{"langfuse.observation.type": "generation", "langfuse.observation.model.name": "gpt-4o", "langfuse.observation.usage_details": `{"input":9,"output":3}`},
	{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"},
	{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "ocr", "ocr.pages": 3},
	{"http.route": "/ask"},
	{"host.type": "h100"},
}

const pricing = `
unit_prices:
  - {name: search, match: {tool: search}, per_call: 0.01}
  - {name: ocr, match: {tool: ocr}, per_unit: {attribute: ocr.pages, price: 0.5}}
  - {name: gpu, match: {attributes: {host.type: h100}}, per_second: 0.01}
`

// TestPricingChangesNoCount: with and without the processor in front, everything but the money
// is counted the same.
func TestPricingChangesNoCount(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		batches := draw(r)
		plain, priced := newChain(t, ""), newChain(t, pricing)
		for _, td := range batches {
			plain.send(t, td)
			priced.send(t, td)
		}
		want, got := plain.counts(t), priced.counts(t)
		assert.Equal(r, want, got)
	})
}

// draw returns one to four traces in one to three batches, children mostly first.
func draw(r *rapid.T) []ptrace.Traces {
	batches := make([]ptrace.Traces, rapid.IntRange(1, 3).Draw(r, "batches"))
	for i := range batches {
		batches[i] = ptrace.NewTraces()
	}
	start := time.Now().Add(-time.Minute)
	for n := range rapid.IntRange(1, 12).Draw(r, "spans") {
		s := ptrace.NewSpan()
		s.SetTraceID(pcommon.TraceID{15: byte(rapid.IntRange(1, 2).Draw(r, "trace"))})
		s.SetSpanID(pcommon.SpanID{7: byte(n + 1)})
		if parent := rapid.IntRange(0, 12).Draw(r, "parent"); parent != 0 && parent != n+1 {
			s.SetParentSpanID(pcommon.SpanID{7: byte(parent)})
		}
		s.SetName("s")
		s.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
		s.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(time.Second)))
		if err := s.Attributes().FromRaw(rapid.SampledFrom(kinds).Draw(r, "kind")); err != nil {
			r.Fatal(err)
		}
		td := batches[rapid.IntRange(0, len(batches)-1).Draw(r, "batch")]
		s.CopyTo(td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty())
	}
	return batches
}

// chain is the connector, with the processor in front if there is a configuration for it.
type chain struct {
	first  consumer.Traces
	parts  []component.Component
	counts func(*testing.T) map[string]float64
}

func newChain(t *testing.T, prices string) *chain {
	t.Helper()
	sink := new(consumertest.MetricsSink)
	factory := workflowmetrics.NewFactory()
	connector, err := factory.CreateTracesToMetrics(
		t.Context(), connectortest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig(), sink)
	require.NoError(t, err)
	c := &chain{first: connector, parts: []component.Component{connector}}
	if prices != "" {
		c.first = newPricing(t, prices, connector)
		c.parts = append(c.parts, c.first.(component.Component))
	}
	for _, p := range c.parts {
		require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
	}
	c.counts = func(t *testing.T) map[string]float64 {
		t.Helper()
		for _, p := range slices.Backward(c.parts) {
			require.NoError(t, p.Shutdown(context.WithoutCancel(t.Context())))
		}
		return last(sink)
	}
	return c
}

func newPricing(t *testing.T, yaml string, next consumer.Traces) consumer.Traces {
	t.Helper()
	factory := costprocessor.NewFactory()
	cfg := factory.CreateDefaultConfig()
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(yaml))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	require.NoError(t, conf.Unmarshal(cfg))
	p, err := factory.CreateTraces(t.Context(), processortest.NewNopSettings(factory.Type()), cfg, next)
	require.NoError(t, err)
	return p
}

func (c *chain) send(t *testing.T, td ptrace.Traces) {
	t.Helper()
	own := ptrace.NewTraces()
	td.CopyTo(own)
	require.NoError(t, c.first.ConsumeTraces(t.Context(), own))
}

// money are the metrics that pricing is for.
var money = []string{
	"workflow.cost.usd", "workflow.run.cost.usd", "workflow.savings.usd", "workflow.extra_cost.usd", "workflow.calls.unpriced",
	"workflow.throughput", // depends on the moment
}

// last returns the newest value of every series that is not about money.
func last(sink *consumertest.MetricsSink) map[string]float64 {
	out := map[string]float64{}
	for _, md := range sink.AllMetrics() {
		for _, rm := range md.ResourceMetrics().All() {
			for _, sm := range rm.ScopeMetrics().All() {
				for _, m := range sm.Metrics().All() {
					if !slices.Contains(money, m.Name()) {
						record(m, out)
					}
				}
			}
		}
	}
	return out
}

func record(m pmetric.Metric, out map[string]float64) {
	key := func(a pcommon.Map) string {
		var labels []string
		for name, v := range a.All() {
			labels = append(labels, name+"="+v.AsString())
		}
		slices.Sort(labels)
		return fmt.Sprint(m.Name(), labels)
	}
	switch m.Type() {
	case pmetric.MetricTypeSum:
		for _, p := range m.Sum().DataPoints().All() {
			out[key(p.Attributes())] = float64(p.IntValue()) + p.DoubleValue()
		}
	case pmetric.MetricTypeExponentialHistogram:
		for _, p := range m.ExponentialHistogram().DataPoints().All() {
			out[key(p.Attributes())] = float64(p.Count())
		}
	default:
	}
}

// TestCostReachesTheMetrics follows one run of known prices to the end.
func TestCostReachesTheMetrics(t *testing.T) {
	sink := new(consumertest.MetricsSink)
	factory := workflowmetrics.NewFactory()
	connector, err := factory.CreateTracesToMetrics(
		t.Context(), connectortest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig(), sink)
	require.NoError(t, err)
	p := newPricing(t, `
overrides:
  - {provider: openai, model: {equals: cheap}, prices: {input_mtok: 1, output_mtok: 10, cache_read_mtok: 0.1}}
  - {provider: openai, model: {equals: cheap}, when: {service_tier: priority}, prices: {input_mtok: 3, output_mtok: 30}}
unit_prices: [{name: search, match: {tool: search}, per_call: 0.01}]
savings: {router: {enabled: true, baseline: {default: openai/cheap}}}
`, connector)
	batch := ptrace.NewTraces()
	spans := batch.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for i, attributes := range []map[string]any{
		{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "cheap", "gen_ai.usage.input_tokens": 1_000_000, "gen_ai.usage.cache_read.input_tokens": 500_000},
		{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "cheap", "gen_ai.usage.input_tokens": 1_000_000, "openai.response.service_tier": "priority"},
		{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "nobody-knows", "gen_ai.usage.input_tokens": 1_000_000},
		{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"},
		{"gen_ai.operation.name": "invoke_workflow", "workflow.name": "support"},
	} {
		s := spans.AppendEmpty()
		s.SetTraceID(pcommon.TraceID{15: 1})
		s.SetSpanID(pcommon.SpanID{7: byte(i + 1)})
		if i < 4 {
			s.SetParentSpanID(pcommon.SpanID{7: 5})
		}
		s.SetStartTimestamp(1)
		s.SetEndTimestamp(2)
		require.NoError(t, s.Attributes().FromRaw(attributes))
	}
	require.NoError(t, p.ConsumeTraces(t.Context(), batch))
	require.NoError(t, connector.Shutdown(t.Context()))

	got := amounts(sink)
	want := map[string]float64{
		"workflow.cost.usd cheap llm": 0.55 + 3, "workflow.cost.usd  tool": 0.01,
		"workflow.savings.usd prompt_cache": 0.45, "workflow.extra_cost.usd service_tier": 2,
		"workflow.calls.unpriced nobody-knows": 1, "workflow.run.cost.usd": 3.56,
	}
	for name, usd := range want {
		assert.InDelta(t, usd, got[name], 1e-9, name)
	}
	assert.Len(t, got, len(want), "%v", got)
}

// amounts returns what the money metrics came to, by name and the labels that tell them apart.
func amounts(sink *consumertest.MetricsSink) map[string]float64 {
	out := map[string]float64{}
	add := func(m pmetric.Metric, a pcommon.Map, v float64) {
		words := []string{m.Name()}
		for _, label := range []string{"gen_ai.response.model", "workflow.cost.kind", "workflow.savings.mechanism"} {
			if value, ok := a.Get(label); ok {
				words = append(words, value.Str())
			} else if label == "gen_ai.response.model" && m.Name() == "workflow.cost.usd" {
				words = append(words, "")
			}
		}
		if v != 0 && !math.IsNaN(v) {
			out[strings.Join(words, " ")] = v
		}
	}
	for _, md := range sink.AllMetrics() {
		for _, m := range md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
			switch {
			case !slices.Contains(money, m.Name()):
			case m.Type() == pmetric.MetricTypeSum:
				for _, p := range m.Sum().DataPoints().All() {
					add(m, p.Attributes(), float64(p.IntValue())+p.DoubleValue())
				}
			case m.Type() == pmetric.MetricTypeExponentialHistogram:
				for _, p := range m.ExponentialHistogram().DataPoints().All() {
					add(m, p.Attributes(), p.Sum())
				}
			}
		}
	}
	return out
}
