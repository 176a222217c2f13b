package flow

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func detail(pairs ...string) Detail {
	var d Detail
	for i := 0; i < len(pairs); i += 2 {
		d.Text(LookupDetail(pairs[i]), pairs[i+1])
	}
	d.rank = [detailCount]uint8{}
	return d
}

func TestDetail(t *testing.T) {
	for _, c := range []struct {
		name  string
		pairs []string
		want  Detail
	}{
		{"model asked for", []string{"llm.request.model_name", "a", "gen_ai.request.model", "b"}, Detail{RequestModel: "b"}},
		{"the other way round", []string{"gen_ai.request.model", "b", "llm.request.model_name", "a"}, Detail{RequestModel: "b"}},
		{"tier, semconv 1.37", []string{"openai.response.service_tier", "default", "openai.request.service_tier", "auto"}, Detail{ResponseTier: "default", RequestTier: "auto"}},
		{"tier, semconv 1.28", []string{"gen_ai.openai.response.service_tier", "flex"}, Detail{ResponseTier: "flex"}},
		{"tier, LangSmith", []string{"gen_ai.response.service_tier", "priority"}, Detail{ResponseTier: "priority"}},
		{"tier in parameters", []string{"llm.invocation_parameters", `{"temperature":0,"service_tier":"flex"}`}, Detail{RequestTier: "flex", Parameters: true}},
		{"speed in parameters", []string{"langfuse.observation.model.parameters", `{"speed":"fast"}`}, Detail{RequestTier: "fast", Parameters: true}},
		{"an attribute before parameters", []string{"llm.invocation_parameters", `{"service_tier":"flex"}`, "openai.request.service_tier", "batch"}, Detail{RequestTier: "batch", Parameters: true}},
		{"parameters that are no JSON", []string{"llm.invocation_parameters", `{"service_tier":"flex"`}, Detail{Parameters: true}},
		{"parameters of another type", []string{"llm.invocation_parameters", `{"service_tier":7,"speed":["fast"]}`}, Detail{Parameters: true}},
		{"huge parameters", []string{"llm.invocation_parameters", `{"service_tier":"flex"}` + strings.Repeat(" ", maxJSON)}, Detail{Parameters: true}},
		{"no parameters", []string{"llm.invocation_parameters", ""}, Detail{Parameters: true}},
		{"server", []string{"server.address", "api.x.ai"}, Detail{Server: "api.x.ai"}},
		{"empty", []string{"server.address", "", "gen_ai.request.model", ""}, Detail{}},
		{"anything else", []string{"http.route", "/"}, Detail{}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, detail(c.pairs...)) })
	}
}

// TestDetailNames: spans that agree in these have the same Detail, but for parameters.
func TestDetailNames(t *testing.T) {
	names := DetailNames()
	assert.Contains(t, names, "server.address")
	assert.Contains(t, names, "gen_ai.request.model")
	for _, name := range names {
		k := LookupDetail(name)
		assert.NotZero(t, k, name)
		var d Detail
		d.Text(k, "{}")
		assert.False(t, d.Parameters, name)
	}
}

func FuzzDetail(f *testing.F) {
	f.Add("llm.invocation_parameters", `{"service_tier":"flex"}`)
	f.Add("langfuse.observation.model.parameters", `{"speed":{}}`)
	f.Fuzz(func(t *testing.T, name, value string) {
		d := detail(name, value)
		assert.LessOrEqual(t, len(d.RequestTier)+len(d.ResponseTier)+len(d.Server)+len(d.RequestModel), 3*len(value)+1)
	})
}

// TestBreakdown reads the parts of a usage that some models price apart.
func TestBreakdown(t *testing.T) {
	for _, c := range []struct {
		name  string
		attrs []any
		usage Usage
		parts Breakdown
	}{
		{
			"Anthropic's cache writes in Vercel's metadata (recording 63)",
			[]any{
				"ai.usage.inputTokens", 12632, "ai.usage.inputTokenDetails.cacheWriteTokens", 12629, "ai.response.providerMetadata",
				`{"anthropic":{"usage":{"cache_creation":{"ephemeral_5m_input_tokens":12000,"ephemeral_1h_input_tokens":629}}}}`,
			},
			Usage{Input: 12632, CacheWrite: 12629, Known: UsageInput | UsageCacheWrite},
			Breakdown{CacheWrite5m: 12000, CacheWrite1h: 629},
		},
		{
			"LangSmith tells only the parts of the writes",
			[]any{"langsmith.usage_metadata", `{"input_tokens":90,"input_token_details":{"ephemeral_5m_input_tokens":30,"ephemeral_1h_input_tokens":20}}`},
			Usage{Input: 90, CacheWrite: 50, Known: UsageInput | UsageCacheWrite},
			Breakdown{CacheWrite5m: 30, CacheWrite1h: 20},
		},
		{
			"audio and images, OpenTelemetry",
			[]any{
				"gen_ai.usage.input_tokens", 50, "gen_ai.usage.audio.input_tokens", 20, "gen_ai.usage.image.input_tokens", 10,
				"gen_ai.usage.audio.cache_read.input_tokens", 4, "gen_ai.usage.audio.output_tokens", 3, "gen_ai.usage.image.output_tokens", 2,
			},
			Usage{Input: 50, Known: UsageInput},
			Breakdown{InputAudio: 20, InputImage: 10, CacheReadAudio: 4, OutputAudio: 3, OutputImage: 2},
		},
		{
			"audio, OpenInference",
			[]any{"llm.token_count.prompt", 50, "llm.token_count.prompt_details.audio", 20, "llm.token_count.completion_details.audio", 5},
			Usage{Input: 50, Known: UsageInput},
			Breakdown{InputAudio: 20, OutputAudio: 5},
		},
		{
			"what cannot be is left out",
			[]any{"gen_ai.usage.input_tokens", 50, "gen_ai.usage.audio.input_tokens", -20},
			Usage{Input: 50, Known: UsageInput},
			Breakdown{},
		},
		{"nothing", []any{"gen_ai.request.model", "gpt-4o"}, Usage{}, Breakdown{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := facts(c.attrs...)
			var r Reading
			f.Read(named("c"), &r)
			var s Stated
			assert.Equal(t, c.usage.Known != 0, f.Stated(&s))
			assert.Equal(t, c.usage, s.Usage)
			assert.Equal(t, c.parts, s.Breakdown)
		})
	}
}

// TestStatedIsAsSaid: what is stated is not made inclusive, the reading is.
func TestStatedIsAsSaid(t *testing.T) {
	f := facts("gen_ai.usage.input_tokens", 10, "gen_ai.usage.cache_read.input_tokens", 70, "gen_ai.usage.output_tokens", 5,
		"gen_ai.usage.total_tokens", 85)
	var r Reading
	f.Read(named("c"), &r)
	var s Stated
	assert.True(t, f.Stated(&s))
	assert.Equal(t, int64(10), s.Usage.Input)
	assert.Equal(t, int64(85), s.Total)
	assert.Equal(t, int64(80), r.Call.Usage.Input)
}

func facts(pairs ...any) *Facts {
	f := &Facts{}
	for i := 0; i < len(pairs); i += 2 {
		k := lexicon.Lookup(pairs[i].(string))
		switch v := pairs[i+1].(type) {
		case string:
			f.Text(k, v)
		case int:
			f.Int(k, int64(v))
		}
	}
	return f
}

func TestNamesOfSubjects(t *testing.T) {
	assert.Subset(t, Names(SubjectModel), []string{"gen_ai.request.model", "llm.model_name"})
	assert.Subset(t, Names(SubjectAmount), []string{"gen_ai.usage.input_tokens", "llm.cost.total", "langfuse.observation.usage_details"})
	assert.NotContains(t, Names(SubjectModel|SubjectAmount), "gen_ai.operation.name")
	assert.Contains(t, Names(SubjectKind), "gen_ai.operation.name")
	assert.Contains(t, Names(SubjectTool), "gen_ai.tool.name")
}

// TestMoneySaysNothingOfTheDialect: the cost processor writes on spans of any dialect.
func TestMoneySaysNothingOfTheDialect(t *testing.T) {
	pairs := []any{"openinference.span.kind", "LLM", "llm.token_count.prompt", 3}
	want := read(named("c"), pairs...)
	got := read(named("c"), append(pairs, "workflow.cost.total", 0.5, "workflow.cost.currency", "USD", "workflow.savings.router", -0.1)...)
	assert.Equal(t, OpenInference, got.Dialect)
	assert.Equal(t, Cost{USD: 0.5, OK: true}, got.Call.Cost)
	assert.InDelta(t, -0.1, got.Call.Savings.By[MechanismRouter], 0)
	got.Call.Cost, got.Call.Savings = Cost{}, Savings{}
	assert.Equal(t, want, got)
}
