package recordings_test

import (
	"encoding/json"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// usageKeys are the attributes which state how many tokens went in and came out. The oracle
// knows nothing of dialects: it takes the largest it finds.
var (
	inputKeys = []string{
		"gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt", "llm.usage.prompt_tokens",
		"ai.usage.inputTokens", "ai.usage.promptTokens", "input_tokens",
	}
	outputKeys = []string{
		"gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion",
		"llm.usage.completion_tokens", "ai.usage.outputTokens", "ai.usage.completionTokens", "output_tokens",
	}
	genAIKeys = []string{
		"gen_ai.operation.name", "gen_ai.request.model", "gen_ai.response.model", "openinference.span.kind", "traceloop.span.kind",
		"llm.request.type", "ai.operationId", "langfuse.observation.type", "langsmith.span.kind", "agentops.span.kind", "genkit:type",
	}
)

// tokens returns the largest count under any of the keys, and whether there was one.
func tokens(attributes pcommon.Map, keys []string) (n int64, ok bool) {
	for _, k := range keys {
		v, has := attributes.Get(k)
		if !has {
			continue
		}
		if f, err := strconv.ParseFloat(v.AsString(), 64); err == nil && f >= 0 && f < 1e9 {
			n, ok = max(n, int64(f)), true
		}
	}
	return n, ok
}

// speaks says whether the span has anything of GenAI on it.
func (n *node) speaks() bool {
	for _, k := range genAIKeys {
		if _, ok := n.span.Attributes().Get(k); ok {
			return true
		}
	}
	return false
}

// usesBelow says whether any span below states usage.
func (n *node) usesBelow(keys []string) bool {
	for _, c := range n.children {
		if _, ok := tokens(c.span.Attributes(), keys); ok || c.usesBelow(keys) {
			return true
		}
	}
	return false
}

// lowest sums the tokens of the spans below which no span states any.
func (spans tree) lowest(keys []string) (sum int64) {
	for _, n := range spans {
		if count, ok := tokens(n.span.Attributes(), keys); ok && !n.usesBelow(keys) {
			sum += count
		}
	}
	return sum
}

func (spans tree) genAI() bool {
	for _, n := range spans {
		if n.speaks() {
			return true
		}
	}
	return false
}

// faults returns which reasons of malformed spans the recording gives.
func (spans tree) faults() map[string]bool {
	out := map[string]bool{}
	for _, n := range spans {
		s := n.span
		out["zero_time"] = out["zero_time"] || s.StartTimestamp() == 0 || s.EndTimestamp() == 0
		out["negative_duration"] = out["negative_duration"] || s.EndTimestamp() < s.StartTimestamp()
		out["no_id"] = out["no_id"] || s.TraceID().IsEmpty() || s.SpanID().IsEmpty()
		in, _ := tokens(s.Attributes(), inputKeys)
		for k, v := range s.Attributes().All() {
			count, err := strconv.ParseFloat(v.AsString(), 64)
			out["usage_mismatch"] = out["usage_mismatch"] || strings.Contains(k, "cach") && err == nil && int64(count) > in
			out["bad_number"] = out["bad_number"] || strings.Contains(k, "token") && v.Type() == pcommon.ValueTypeStr && err != nil
			out["bad_json"] = out["bad_json"] || v.Type() == pcommon.ValueTypeStr && strings.HasPrefix(v.Str(), "{") && !json.Valid([]byte(v.Str()))
		}
	}
	return out
}

// tops are the names of the spans whose parents the recording lacks.
func (spans tree) tops() map[string]bool {
	out := map[string]bool{}
	for _, n := range spans {
		if n.parent == nil {
			out[n.span.Name()] = true
		}
	}
	return out
}
