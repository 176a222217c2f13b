package cost

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Any bytes as a price file: an error that names the file, or a catalog that prices without a fault.
func FuzzFile(f *testing.F) {
	f.Add([]byte(`{"prices": [{"provider": "p", "model": {"prefix": "m"}, "effective_from": "2026-01-01", "when": {"service_tier": "flex", "hours_utc": "16:30-00:30"}, "prices": {"input_mtok": 1}, "tiers": [{"above_input_tokens": 5, "prices": {"input_mtok": 2}}]}]}`))
	f.Add([]byte(`{"prices": [{"model": {"equals": "m"}, "as": "p/m"}, {"model": {"regex": "^m$"}, "prices": {"audio_hours": 1}, "min_seconds": 10}]}`))
	f.Add([]byte(`[{"id": "p", "api_pattern": "https://p", "provider_match": {"contains": "p"}, "model_match": {"or": [{"regex": "m"}]}, "fallback_model_providers": ["p", "q"], "models": [{"id": "m", "match": {"and": [{"regex": "^(?!x)"}, {"ends_with": "m"}]}, "prices": [{"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 1, "price": 2}]}}}, {"constraint": {"start_date": "2026-01-01"}, "prices": {}}]}]}]`))
	f.Add([]byte(`[{"id": "p", "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": 2}, "price_variants": [{"when": {"service_tier": ["priority", "fast"]}, "constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 4}}]}]}]`))
	f.Add([]byte(`{"source": "s", "version": "1", "date": "2026-01-01", "providers": [{"id": "p", "models": []}]}`))
	f.Add([]byte(`{"currency": "EUR", "prices": [{"model": {"equals": "m"}, "currency": "JPY", "effective_to": "2026-07-01", "prices": {"input_mtok": 1}, "tiers": [{"from_input_tokens": 5, "prices": {"input_mtok": 2}}]}]}`))
	f.Add([]byte(`{"prices": [{"model": {"equals": "m"}, "as": "0/m"}, {"model": {"regex": "("}}]}`))
	f.Add([]byte(`{"m": {"litellm_provider": "openai"}}`))
	rates := map[string][]Rate{"EUR": {{USD: 1.1}, {From: instant(f, "2026-05-01"), USD: 1.2}}, "JPY": {{From: instant(f, "2026-05-01"), USD: 0.006}}}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, _, err := New(Settings{Files: []File{{Path: "f.json", Data: data}}, Rates: rates})
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				assert.NotEmpty(t, line)
			}
			return
		}
		for _, provider := range []string{"", "p", "litellm"} {
			for tier := range tierCount {
				requireSound(t, c.Price(&Request{
					Provider: provider, Model: "m", Endpoint: "https://p", Baseline: "p/m", Tier: tier, At: time.Unix(1_780_000_000, 0),
					Usage: Usage{Input: 12, CacheRead: 5, Output: 3, AudioSeconds: 1},
				}))
			}
		}
	})
}

// Any override of a configuration.
func FuzzOverride(f *testing.F) {
	f.Add(`{"provider": "openai", "model": {"glob": "gpt-*"}, "prices": {"input_mtok": 1, "output_mtok": 2}}`)
	f.Add(`{"model": {"equals": "gpt-4o"}, "as": "openai/gpt-5"}`)
	f.Add(`{"model": {"regex": "(a+)+$"}, "prices": {"requests_kcount": 1e300}, "tiers": [{"from_input_tokens": 9223372036854775807, "prices": {"requests_kcount": 0}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var o fileOverride
		if json.Unmarshal([]byte(text), &o) != nil {
			return
		}
		var bad faults
		override := bad.override("overrides[0]", &o)
		small := []File{{Path: "g.json", Data: []byte(`[{"id": "openai", "models": [{"id": "gpt-4o", "match": {"equals": "gpt-4o"}, "prices": {"input_mtok": 1}}]}]`)}}
		c, _, err := New(Settings{Files: small, Overrides: []Override{override}})
		if err != nil {
			assert.Contains(t, err.Error(), "overrides[0]")
			return
		}
		requireSound(t, c.Price(&Request{Provider: "openai", Model: "gpt-4o", Usage: Usage{Input: 12, Output: 3}}))
	})
}

// Any names on a span, against the embedded catalog.
func FuzzNames(f *testing.F) {
	for _, s := range [][3]string{
		{"openai", "gpt-4o", ""},
		{"", "ft:gpt-4o:org::id", "api.openai.com"},
		{"litellm", "azure/gpt-4o", "https://"},
		{"aws.bedrock", "arn:aws:bedrock:us-east-1:1:x/us.anthropic.claude", ""},
		{"gcp.vertex_ai", "publishers/x/models/@20250929", ""},
		{"x", "-20250230", ""},
	} {
		f.Add(s[0], s[1], s[2])
	}
	c, _, err := New(Settings{Builtin: true})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, provider, model, endpoint string) {
		r := &Request{Provider: provider, Model: model, Endpoint: endpoint, Usage: Usage{Input: 5, Output: 5}}
		q := c.Price(r)
		requireSound(t, q)
		require.Equal(t, q, c.Price(r), "remembered as found")
	})
}

// requireSound checks what holds for every quote.
func requireSound(t *testing.T, q Quote) {
	t.Helper()
	if q.Status == StatusUnpriced {
		require.Equal(t, Quote{Reason: q.Reason}, q)
		require.NotEqual(t, ReasonNone, q.Reason)
		return
	}
	require.NotNil(t, q.Entry)
	require.NotEmpty(t, q.Entry.Ref)
	require.GreaterOrEqual(t, q.Cost.Total(), 0.0)
	require.False(t, math.IsNaN(q.Cost.Total()))
}
