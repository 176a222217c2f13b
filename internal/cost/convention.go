package cost

import "strings"

// ConventionOfAPI is how a provider counts in the bodies of its own API, by gen_ai.provider.name or the name
// of the product. It is for who copies those counts; most instrumentation converts them.
func ConventionOfAPI(provider string) Convention {
	return apiConventions[provider]
}

var (
	allInside        = Convention{Cache: Inside, Reasoning: Inside}
	cacheOutside     = Convention{Cache: Outside, Reasoning: Inside}
	reasoningOutside = Convention{Cache: Inside, Reasoning: Outside}
)

var apiConventions = map[string]Convention{
	"openai":          allInside,
	"azure.ai.openai": allInside,
	"deepseek":        allInside,
	"groq":            allInside,
	"mistral_ai":      allInside,
	"openrouter":      allInside,
	"x_ai":            reasoningOutside, // total = prompt + completion + reasoning
	"perplexity":      reasoningOutside,
	"gcp.gemini":      reasoningOutside, // thoughtsTokenCount stands beside candidatesTokenCount
	"gcp.gen_ai":      reasoningOutside,
	"gcp.vertex_ai":   reasoningOutside,
	"anthropic":       cacheOutside,
	"aws.bedrock":     cacheOutside, // Converse
	"minimax":         cacheOutside,
	"cursor":          cacheOutside,
}

// ConventionOfScope is how an instrumentation is known to count, by the name of its scope and the provider.
// An instrumentation that is right for one provider and wrong for another is not in the list: there the
// numbers tell.
func ConventionOfScope(scope, provider string) Convention {
	for _, row := range scopeConventions {
		if (row.provider == "" || row.provider == provider) && strings.HasPrefix(scope, row.scope) {
			return row.counts
		}
	}
	return Convention{}
}

// scopeConventions lists scopes by how their names begin; the first counts.
var scopeConventions = []struct {
	scope, provider string
	counts          Convention
}{
	{"openlit.instrumentation.claude_agent_sdk", "", allInside},
	{"openlit.", "anthropic", cacheOutside}, // its total is input + output, which proves nothing
	{"pydantic-ai", "", allInside},
	{"opentelemetry.instrumentation.openai_v2", "", allInside},
	{"opentelemetry.util.genai", "", allInside},
	{"litellm", "", allInside},
}
