package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
)

// The shapes there are: tiers of context and of service, both together, a provider in front, sound by the second,
// images, models without a price, names twice.
const litellm = `{
	"sample_spec": {"input_cost_per_token": 1, "litellm_provider": "one of"},
	"gpt-5.5": {"litellm_provider": "openai", "mode": "chat", "supports_vision": true,
		"input_cost_per_token": 5e-06, "input_cost_per_token_above_272k_tokens": 1e-05, "input_cost_per_token_flex": 2.5e-06,
		"output_cost_per_token": 3e-05, "output_cost_per_token_batches": 1.5e-05,
		"input_cost_per_token_above_272k_tokens_flex": 5e-06, "output_cost_per_token_above_272k_tokens_flex": 4e-05,
		"cache_read_input_token_cost": 5e-07},
	"openai/gpt-5.5": {"litellm_provider": "openai", "input_cost_per_token": 1},
	"vertex_ai/Claude-X": {"litellm_provider": "vertex_ai-anthropic_models", "input_cost_per_token": 3e-06,
		"cache_creation_input_token_cost": 3.75e-06, "cache_creation_input_token_cost_above_1hr": 6e-06},
	"groq/whisper-large-v3": {"litellm_provider": "groq", "input_cost_per_second": 3.083e-05, "output_cost_per_second": 0.0},
	"bedrock/us.nova": {"litellm_provider": "bedrock_converse", "input_cost_per_token": "free", "output_cost_per_token": 2e-06},
	"no-input": {"litellm_provider": "p", "cache_read_input_token_cost": 1e-06, "output_cost_per_token": 1e-06, "input_cost_per_token_above_128k_tokens": 1e-06},
	"image": {"litellm_provider": "openai", "output_cost_per_image": 0.04},
	"negative": {"litellm_provider": "p", "input_cost_per_token": -1},
	"local": {"litellm_provider": "lemonade", "input_cost_per_token": 0, "output_cost_per_token": 0.0},
	"flex-only": {"litellm_provider": "p", "input_cost_per_token_flex": 1e-06},
	"absurd": {"litellm_provider": "p", "input_cost_per_token_above_99999999999999999999k_tokens": 1e-06}
}`

func TestConvertLiteLLM(t *testing.T) {
	text, left, err := convertLiteLLM([]byte(litellm))
	require.NoError(t, err)
	assert.Equal(t, 6, left)
	assert.JSONEq(t, `{"source": "litellm", "prices": [
		{"provider": "bedrock_converse", "model": {"equals": "us.nova"}, "prices": {"output_mtok": 2}},
		{"provider": "openai", "model": {"equals": "gpt-5.5"}, "prices": {"input_mtok": 5, "cache_read_mtok": 0.5, "output_mtok": 30},
			"tiers": [{"above_input_tokens": 272000, "prices": {"input_mtok": 10}}]},
		{"provider": "openai", "model": {"equals": "gpt-5.5"}, "when": {"service_tier": "batch"}, "prices": {"output_mtok": 15}},
		{"provider": "openai", "model": {"equals": "gpt-5.5"}, "when": {"service_tier": "flex"}, "prices": {"input_mtok": 2.5},
			"tiers": [{"above_input_tokens": 272000, "prices": {"input_mtok": 5}}]},
		{"provider": "groq", "model": {"equals": "whisper-large-v3"}, "prices": {"audio_hours": 0.110988}},
		{"provider": "p", "model": {"equals": "no-input"}, "prices": {"output_mtok": 1}},
		{"provider": "vertex_ai", "model": {"equals": "claude-x"}, "prices": {"input_mtok": 3, "cache_write_mtok": 3.75, "cache_write_1h_mtok": 6}}
	]}`, text)

	c, warnings, err := cost.New(cost.Settings{Builtin: true, Files: []cost.File{{Path: "l.json", Data: []byte(text)}}})
	require.NoError(t, err)
	assert.Empty(t, warnings)
	q := c.Price(&cost.Request{Provider: "openai", Model: "gpt-5.5", Tier: cost.TierFlex, Usage: cost.Usage{cost.Input: 1e6}})
	assert.Equal(t, "litellm/openai/gpt-5.5", q.Entry.Ref)
	assert.InDelta(t, 5, q.Cost.Total(), 1e-12)
}

func TestConvertFlag(t *testing.T) {
	path := filepath.Join(t.TempDir(), "litellm.json")
	require.NoError(t, os.WriteFile(path, []byte(litellm), 0o600))
	code, out, errs := ask("-convert-litellm", path)
	assert.Equal(t, exitPriced, code)
	assert.Contains(t, out, `"source": "litellm"`)
	assert.Equal(t, "workflow-price: 6 entries have no price that spans could be charged by, or one that another has too\n", errs)

	require.NoError(t, os.WriteFile(path, []byte(`[]`), 0o600))
	code, _, errs = ask("-convert-litellm", path)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "no price file of LiteLLM")
	code, _, errs = ask("-convert-litellm", "no/such.json")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "open no/such.json")
	code, _, errs = ask("-convert-litellm", path, "gpt-5")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "-convert-litellm takes no MODEL")
}
