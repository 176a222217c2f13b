package flow

import (
	"math"
	"math/bits"
	"strings"
)

// tokens returns a token count, or false, and adds why, when it is absent, negative or absurd.
func (f *Facts) tokens(x field, faults *Faults) (int64, bool) {
	if !f.has(x) {
		return 0, false
	}
	n := f.number[x]
	if n >= 0 && n <= MaxTokens {
		return int64(n), true
	}
	switch {
	case math.IsNaN(n) || math.IsInf(n, 0):
		*faults |= FaultBadNumber
	case n < 0:
		*faults |= FaultNegativeTokens
	default:
		*faults |= FaultAbsurdTokens
	}
	return 0, false
}

const (
	usageCounts = 1<<fieldInput | 1<<fieldOutput | 1<<fieldCacheRead | 1<<fieldCacheWrite | 1<<fieldReasoning
	usageFields = usageCounts | 1<<fieldUsageJSON
)

// usage reads the token counts of the span into the inclusive form.
func (f *Facts) usage(r *Reading) {
	if f.known&usageFields == 0 {
		return
	}
	if f.has(fieldUsageJSON) {
		f.usageJSON(r)
	}
	u := &r.Call.Usage
	f.stated(u, &r.Faults)
	total, _ := f.tokens(fieldTotal, &r.Faults)
	if u.normalise(total, u.CacheRead+u.CacheWrite > 0 && cacheInside(&r.Call)) {
		r.Faults |= FaultUsageMismatch
	}
}

// stated sets the token counts as the span says them. A cache write that is told only by
// how long it lives is the sum of its parts.
func (f *Facts) stated(u *Usage, faults *Faults) {
	*u = Usage{}
	for known := f.known & usageCounts; known != 0; known &= known - 1 {
		x := field(bits.TrailingZeros64(known))
		n, ok := f.tokens(x, faults)
		if !ok {
			continue
		}
		u.Known |= UsageInput << (x - fieldInput)
		switch x {
		case fieldInput:
			u.Input = n
		case fieldOutput:
			u.Output = n
		case fieldCacheRead:
			u.CacheRead = n
		case fieldCacheWrite:
			u.CacheWrite = n
		default:
			u.Reasoning = n
		}
	}
	if short, long := f.known>>fieldCacheWrite5m&1, f.known>>fieldCacheWrite1h&1; u.Known&UsageCacheWrite == 0 && short|long != 0 {
		b := f.breakdown(faults)
		u.CacheWrite, u.Known = b.CacheWrite5m+b.CacheWrite1h, u.Known|UsageCacheWrite
	}
}

// normalise makes the usage inclusive: the cache is part of the input and the reasoning part
// of the output. It returns whether the parts still exceeded the whole and were clamped.
//
//	said: in 3  out 13  cache write 12629  total 12645  → in 12632: the total counts the cache beside the input
//	said: in 40 out 18  reasoning 141      total 199    → out 159: the total counts the reasoning beside the output
func (u *Usage) normalise(total int64, inside bool) (clamped bool) {
	cache := u.CacheRead + u.CacheWrite
	if u.Known&UsageInput != 0 && u.cacheOutside(total, inside) {
		u.Input += cache
	}
	if u.Known&UsageOutput != 0 && u.reasoningOutside(total) {
		u.Output += u.Reasoning
	}
	if u.Known&UsageInput != 0 && u.CacheRead+u.CacheWrite > u.Input {
		u.CacheRead = min(u.CacheRead, u.Input)
		u.CacheWrite = min(u.CacheWrite, u.Input-u.CacheRead)
		clamped = true
	}
	return clamped
}

// cacheInside says whether the provider always counts the cache inside the input, so that a
// cache larger than the input is a mistake: Gemini's cached count may exceed its prompt by a
// few per cent. Anthropic and Bedrock count it beside, whoever serves their models.
func cacheInside(c *CallReading) bool {
	switch c.Provider {
	case "openai", "azure.ai.openai", "azure.ai.inference", "deepseek", "groq", "mistral_ai", "openrouter",
		"x_ai", "perplexity", "gcp.gemini", "gcp.vertex_ai", "gcp.gen_ai":
		return !strings.Contains(c.Model, "claude")
	}
	return false
}

// cacheOutside says whether the cache was counted beside the input.
func (u *Usage) cacheOutside(total int64, inside bool) bool {
	cache := u.CacheRead + u.CacheWrite
	if cache == 0 {
		return false
	}
	return total == u.Input+cache+u.Output || cache > u.Input && !inside
}

func (u *Usage) reasoningOutside(total int64) bool {
	if u.Reasoning == 0 {
		return false
	}
	return total == u.Input+u.Output+u.Reasoning || u.Reasoning > u.Output
}
