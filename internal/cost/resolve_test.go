package cost

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// How the names on spans lead to an entry of the embedded catalog, or rightly do not.
func TestResolve(t *testing.T) {
	c := builtin(t)
	for _, tc := range []struct {
		provider, endpoint, model string
		want                      string // provider/entry, or the reason for none
	}{
		// as they are written
		{"openai", "", "gpt-4o", "openai/gpt-4o"},
		{"openai", "", "  GPT-4o ", "openai/gpt-4o"},
		{"openai", "", "openai/gpt-4o", "openai/gpt-4o"},
		{"openai", "", "gpt-5-nano-2025-08-07", "openai/gpt-5-nano"},
		{"anthropic", "", "claude-sonnet-4-20250514", "anthropic/claude-sonnet-4-0"},
		// the specific is not eaten by the general
		{"openai", "", "gpt-5.6-sol", "openai/gpt-5.6-sol"},
		{"openai", "", "gpt-5.6-luna-2026-07-01", "openai/gpt-5.6-luna"},
		{"google", "", "gemini-2.5-flash-lite-preview-06-17", "google/gemini-2.5-flash-lite"},
		{"google", "", "gemini-2.5-flash-lite-preview-tts", "google/gemini-2.5-flash-lite-preview-tts"},
		{"google", "", "gemini-2.5-pro-preview-tts", "google/gemini-2.5-pro-tts"},
		// providers by their names in OpenTelemetry
		{"gcp.gemini", "", "gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"gcp.gen_ai", "", "gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"gcp.vertex_ai", "", "gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"x_ai", "", "grok-4.5", "x-ai/grok-4.5"},
		{"mistral_ai", "", "codestral-latest", "mistral/codestral"},
		{"moonshot_ai", "", "kimi-k2.7-code", "moonshotai/kimi-k2.7-code"},
		{"azure.ai.openai", "", "gpt-4o", "openai/gpt-4o"},
		{"azure.ai.inference", "", "gpt-4o-2024-08-06", "openai/gpt-4o"},
		{"together_ai", "", "meta-llama/llama-3.3-70b-instruct-turbo", "together/meta-llama/Llama-3.3-70B-Instruct-Turbo"},
		{"huggingface groq", "", "no-such", "unknown_model"},
		{"ibm.watsonx.ai", "", "granite", "unknown_provider"},
		{"ollama", "", "llama3", "unknown_provider"},
		{"my-gateway", "", "gpt-4o", "unknown_provider"},
		// paths
		{"gcp.gemini", "", "models/gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"gcp.vertex_ai", "", "publishers/google/models/gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"gcp.vertex_ai", "", "projects/p/locations/l/publishers/google/models/gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"gcp.vertex_ai", "", "publishers/anthropic/models/claude-sonnet-4-5@20250929", "google/claude-sonnet-4-5"},
		{"gcp.vertex_ai", "", "claude-sonnet-4-5@default", "google/claude-sonnet-4-5"},
		{"fireworks", "", "accounts/fireworks/models/no-such-model", "unknown_model"},
		// Bedrock: the geography is a price
		{"aws.bedrock", "", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"aws.bedrock", "", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"aws.bedrock", "", "arn:aws:bedrock:us-east-1:123:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		{"aws.bedrock", "", "arn:aws:bedrock:us-east-1:123:application-inference-profile/abc123", "unknown_model"},
		{"", "", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"},
		// fine-tuned: a price of its own or none
		{"openai", "", "ft:gpt-4o-mini-2024-07-18:org::id", "openai/ft:gpt-4o-mini"},
		{"openai", "", "ft:gpt-5-2025-08-07:org::id", "unknown_model"},
		{"", "", "ft:gpt-4o-2024-08-06:org::id", "openai/ft:gpt-4o"},
		// routers have prices of their own
		{"openrouter", "", "anthropic/claude-sonnet-4.5", "openrouter/anthropic/claude-sonnet-4.5"},
		{"openrouter", "", "anthropic/claude-sonnet-4.5:nitro", "unknown_model"},
		{"openrouter", "", "claude-sonnet-4-5", "unknown_model"},
		{"litellm", "", "anthropic/claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"},
		{"litellm", "", "azure/gpt-4o", "openai/gpt-4o"},
		// no provider: prefix, endpoint, model
		{"", "", "openai/gpt-4o", "openai/gpt-4o"},
		{"", "", "gemini-2.5-pro", "google/gemini-2.5-pro"},
		{"", "", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"},
		{"", "", "codestral-latest", "mistral/codestral"},
		{"", "api.groq.com", "llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile"},
		{"", "https://api.groq.com/openai/v1", "llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile"},
		{"litellm", "api.groq.com", "llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile"},
		{"", "myres.openai.azure.com", "gpt-4o", "openai/gpt-4o"},
		{"", "", "llama-3.3-70b-versatile", "unknown_model"},
		{"", "", "", "unknown_model"},
		// dates
		{"anthropic", "", "claude-opus-5-20260801", "anthropic/claude-opus-5"},
		{"openai", "", "o3-mini-20250131", "openai/o3-mini"},
		{"openai", "", "gpt-9-2031-01-01", "unknown_model"},
	} {
		t.Run(tc.provider+" "+tc.endpoint+" "+tc.model, func(t *testing.T) {
			q := c.Price(&Request{
				Provider: tc.provider, Endpoint: tc.endpoint, Model: tc.model,
				At: instant(t, "2026-09-30"), Usage: Usage{Input: 1},
			})
			got := q.Reason.String()
			if q.Entry != nil {
				got = q.Entry.Provider + "/" + q.Entry.Model
				assert.Contains(t, []string{"genai-prices@0.1.8/" + got, "otelcol-workflow@2/" + got}, q.Entry.Ref)
				assert.NotEmpty(t, q.Entry.Why)
			}
			assert.Equal(t, tc.want, got)
		})
	}
}

// The model that answered counts; the one that was asked for helps where the answer names a deployment.
func TestResponseModelFirst(t *testing.T) {
	c := builtin(t)
	for _, tc := range []struct{ answered, asked, want string }{
		{"gpt-4o", "gpt-5", "gpt-4o"},
		{"my-deployment", "gpt-5", "gpt-5"},
		{"", "gpt-5", "gpt-5"},
		{"my-deployment", "another", ""},
	} {
		q := c.Price(&Request{Provider: "openai", Model: tc.answered, RequestModel: tc.asked, Usage: Usage{Input: 1}})
		if tc.want == "" {
			assert.Equal(t, Quote{Reason: ReasonUnknownModel}, q)
			continue
		}
		assert.Equal(t, tc.want, q.Entry.Model)
	}
}

func TestSpellings(t *testing.T) {
	for _, tc := range []struct {
		name string
		want []string
	}{
		{"gpt-4o", []string{"gpt-4o"}},
		{"publishers/anthropic/models/claude-sonnet-4-5@20250929", []string{
			"publishers/anthropic/models/claude-sonnet-4-5@20250929", "claude-sonnet-4-5@20250929",
			"claude-sonnet-4-5-20250929", "claude-sonnet-4-5-2025-09-29", "claude-sonnet-4-5",
		}},
		{"o3-2025-04-16", []string{"o3-2025-04-16", "o3-20250416", "o3"}},
		{"claude-3-5-haiku-latest", []string{"claude-3-5-haiku-latest", "claude-3-5-haiku"}},
		{"x-20251332", []string{"x-20251332"}},
		{"a.b-20250929-v1:0", []string{"a.b-20250929-v1:0"}},
		{"ft:gpt-4o-2024-08-06:org::id", []string{"ft:gpt-4o-2024-08-06:org::id"}},
		{"@default", []string{"@default"}},
	} {
		names := make([]string, 0, len(tc.want))
		for _, s := range spellings(tc.name) {
			names = append(names, s.name)
		}
		assert.Equal(t, tc.want, names)
	}
}

// Overrides are for the name on the span, or for the entry it leads to; the specific wins over the general.
func TestOverridesWin(t *testing.T) {
	c := newCatalog(t, Settings{
		Builtin:   true,
		Providers: map[string]string{"my-gateway": "openai"},
		Files:     file(`{"provider": "openai", "model": {"equals": "gpt-4.1"}, "prices": {"input_mtok": 7}}`),
		Overrides: []Override{
			{Model: ModelMatch{Regex: "^gpt-5"}, Prices: mtok(1, 1)},
			{Model: ModelMatch{Glob: "gpt-5*"}, Prices: mtok(2, 2)},
			{Model: ModelMatch{Prefix: "gpt-5"}, Prices: mtok(3, 3)},
			{Model: ModelMatch{Prefix: "gpt-5.6"}, Prices: mtok(4, 4)},
			{Model: ModelMatch{Equals: "gpt-5.6-sol"}, Prices: mtok(5, 5)},
			{Provider: "azure.ai.openai", Model: ModelMatch{Equals: "my-deploy"}, As: "openai/gpt-4o"},
			{Provider: "corp", Model: ModelMatch{Equals: "Llama"}, Prices: mtok(6, 6)},
		},
	})
	for _, tc := range []struct {
		provider, model string
		input           float64
		source          Source
		ref             string
	}{
		{"openai", "gpt-5.6-sol", 5, SourceOverride, "override/openai/gpt-5.6-sol"},
		{"openai", "GPT-5.6-Sol-2026-07-01", 5, SourceOverride, "override/openai/gpt-5.6-sol"}, // by its entry
		{"openai", "gpt-5.6-terra", 4, SourceOverride, "override/overrides[3]"},
		{"openai", "gpt-5.1", 3, SourceOverride, "override/overrides[2]"},
		{"openai", "gpt-4o", 2.5, SourceCatalog, "genai-prices@0.1.8/openai/gpt-4o"},
		{"openai", "gpt-4.1", 7, SourceCatalog, "own@7/openai/gpt-4.1"},
		{"azure.ai.openai", "my-deploy", 2.5, SourceCatalog, "genai-prices@0.1.8/openai/gpt-4o"},
		{"corp", "llama", 6, SourceOverride, "override/corp/llama"},
		{"my-gateway", "gpt-4o", 2.5, SourceCatalog, "genai-prices@0.1.8/openai/gpt-4o"},
	} {
		t.Run(tc.provider+"/"+tc.model, func(t *testing.T) {
			q := c.Price(&Request{Provider: tc.provider, Model: tc.model, At: instant(t, "2026-09-30"), Usage: Usage{Input: million}})
			require.NotNil(t, q.Entry, q.Reason)
			assert.InDelta(t, tc.input, q.Cost.Input, tolerance)
			assert.Equal(t, tc.source, q.Source)
			assert.Equal(t, tc.ref, q.Entry.Ref)
		})
	}
	deploy := c.Price(&Request{Provider: "azure.ai.openai", Model: "my-deploy", Usage: Usage{Input: 1}})
	assert.Equal(t, "azure/my-deploy is priced as gpt-4o, in the list of openai", deploy.Entry.Why)
	assert.True(t, c.Has("corp/llama"))
	assert.True(t, c.Has("openai/gpt-4o"))
	assert.False(t, c.Has("openai/gpt-99"))
	assert.False(t, c.Has("gpt-4o"))
}

// A name or an endpoint of any length costs no memory.
func TestAbsurdNames(t *testing.T) {
	c := builtin(t)
	long := string(make([]byte, maxName+1))
	for _, r := range []Request{{Model: long}, {Provider: long, Model: "gpt-4o"}, {Endpoint: long, Model: "gpt-4o"}} {
		assert.Equal(t, Quote{Reason: ReasonUnknownModel}, c.Price(&r))
	}
	assert.Empty(t, c.matches.young)
}

// The cache stays within its bound and keeps what is in use.
func TestMatchCacheIsBounded(t *testing.T) {
	c := newCache(8)
	used, m := cacheKey{model: "used"}, &match{}
	c.put(used, m)
	for i := range 100 {
		require.Same(t, m, c.get(used), "forgotten after %d others", i)
		c.put(cacheKey{model: string(rune('a' + i))}, &match{})
		assert.LessOrEqual(t, len(c.young)+len(c.old), 8)
	}
	assert.Nil(t, c.get(cacheKey{model: "a"}))
}
