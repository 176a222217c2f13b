package flow

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// maxJSON bounds the size of a usage object: the largest seen has 400 bytes.
const maxJSON = 16 << 10

// rankUsageObject is the lowest rank of an attribute that is all about usage.
const rankUsageObject = 4

// usageWords maps the keys of usage objects (Langfuse 4 usage_details, LangSmith 0.12
// usage_metadata, input_token_details; Vercel AI SDK 5 providerMetadata of Anthropic) to fields.
var usageWords = map[string]field{
	"input": fieldInput, "input_tokens": fieldInput, "prompt_tokens": fieldInput, "promptTokens": fieldInput, "inputTokens": fieldInput,
	"output": fieldOutput, "output_tokens": fieldOutput, "completion_tokens": fieldOutput,
	"completionTokens": fieldOutput, "outputTokens": fieldOutput,
	"total": fieldTotal, "total_tokens": fieldTotal, "totalTokens": fieldTotal,
	"input_cached_tokens": fieldCacheRead, "cache_read_input_tokens": fieldCacheRead, "cache_read": fieldCacheRead,
	"input_cache_read": fieldCacheRead, "cached_tokens": fieldCacheRead,
	"cache_creation_input_tokens": fieldCacheWrite, "input_cache_creation": fieldCacheWrite,
	"cacheReadInputTokens": fieldCacheRead, "cacheWriteInputTokens": fieldCacheWrite, "cacheCreationInputTokens": fieldCacheWrite,
	"cache_creation": fieldCacheWrite, "cache_write": fieldCacheWrite,
	"output_reasoning_tokens": fieldReasoning, "output_reasoning": fieldReasoning,
	"reasoning": fieldReasoning, "reasoning_tokens": fieldReasoning,
	"ephemeral_5m_input_tokens": fieldCacheWrite5m, "input_cache_creation_5m": fieldCacheWrite5m,
	"ephemeral_1h_input_tokens": fieldCacheWrite1h, "input_cache_creation_1h": fieldCacheWrite1h,
	"input_audio_tokens": fieldInputAudio, "input_audio": fieldInputAudio,
	"output_audio_tokens": fieldOutputAudio, "output_audio": fieldOutputAudio,
	"input_image_tokens": fieldInputImage, "output_image_tokens": fieldOutputImage,
	"total_cost": fieldCost, "input_cost": fieldCostIn, "output_cost": fieldCostOut,
}

// usageJSON takes what the object says wherever no attribute said it.
func (f *Facts) usageJSON(r *Reading) {
	text := f.text[fieldUsageJSON]
	if f.rank[fieldUsageJSON] < rankUsageObject && !strings.Contains(text, "ache") {
		return // metadata of a provider that says nothing about its cache
	}
	f.object(text, r, func(key string, n float64) {
		if x, ok := usageWords[key]; ok && !f.has(x) {
			f.known |= 1 << x
			f.rank[x] = 0
			f.number[x] = n
		}
	})
}

// costJSON reads Langfuse's cost_details: the total, else the sum of the kinds of token.
func (f *Facts) costJSON(r *Reading) {
	c := &r.Call.Cost
	sum := 0.0
	f.object(f.text[fieldCostJSON], r, func(key string, n float64) {
		switch {
		case n < 0:
			r.Faults |= FaultBadNumber
		case key == "total":
			c.USD, c.OK = n, true
		default:
			sum += n
		}
	})
	if !c.OK && sum > 0 {
		c.USD, c.OK = sum, true
	}
}

// object calls visit with each number of a JSON object and of the objects in it.
func (f *Facts) object(text string, r *Reading, visit func(key string, n float64)) {
	if len(text) > maxJSON {
		r.Faults |= FaultBadJSON
		return
	}
	var values map[string]any
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&values); err != nil {
		r.Faults |= FaultBadJSON
		return
	}
	visitNumbers(values, visit)
}

// visitNumbers goes through the keys in order, so that of two words for one field always
// the same wins.
func visitNumbers(values map[string]any, visit func(key string, n float64)) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		switch v := values[key].(type) {
		case float64:
			visit(key, v)
		case map[string]any:
			visitNumbers(v, visit)
		}
	}
}
