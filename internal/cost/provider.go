package cost

import (
	"cmp"
	"strings"
)

// providerIDs maps names of providers to ids of the catalog, "" where it has no prices of theirs. The
// catalog's own patterns would take azure.ai.openai for openai and know no x_ai.
var providerIDs = map[string]string{
	"anthropic":          "anthropic",
	"aws.bedrock":        "aws",
	"bedrock":            "aws",
	"aws_bedrock":        "aws",
	"bedrock_converse":   "aws",
	"azure":              "azure",
	"azure.ai.openai":    "azure",
	"azure.ai.inference": "azure",
	"az.ai.openai":       "azure",
	"az.ai.inference":    "azure",
	"azure_openai":       "azure",
	"azure_ai":           "azure",
	"cohere":             "cohere",
	"deepseek":           "deepseek",
	"fireworks_ai":       "fireworks",
	"gcp.gemini":         "google",
	"gcp.gen_ai":         "google",
	"gcp.vertex_ai":      "google",
	"gemini":             "google",
	"google":             "google",
	"google_genai":       "google",
	"vertex_ai":          "google",
	"groq":               "groq",
	"ibm.watsonx.ai":     "",
	"mistral":            "mistral",
	"mistral_ai":         "mistral",
	"mistralai":          "mistral",
	"moonshot_ai":        "moonshotai",
	"ollama":             "",
	"openai":             "openai",
	"perplexity":         "perplexity",
	"together_ai":        "together",
	"x_ai":               "x-ai",
	"xai":                "x-ai",
}

// frameworks are named as providers by some instrumentation but serve no model themselves.
var frameworks = map[string]bool{"litellm": true, "langchain": true, "langgraph": true, "llamaindex": true, "crewai": true}

// bedrockNames are how names of models begin that only Bedrock uses.
var bedrockNames = []string{
	"arn:aws:bedrock:", "us.", "eu.", "apac.", "au.", "jp.", "global.", "us-gov.", "anthropic.", "amazon.", "meta.", "mistral.", "cohere.",
}

// served is who serves a call, as far as the catalog knows.
type served struct {
	id     string // of the catalog, or what was said in lower case, or ""
	known  bool   // the catalog has prices of theirs
	stated bool   // not inferred
	model  string // in lower case, without the prefix of a router
	why    string
}

// serves finds who serves a model: who says so, else the prefix of a router, else the endpoint, else the
// name of the model.
func (c *Catalog) serves(provider, endpoint, model string) served {
	said := strings.ToLower(strings.TrimSpace(provider))
	s := served{id: said, model: model, stated: true}
	if said != "" && !frameworks[said] {
		s.id, s.known = c.providerID(said)
		if s.known && s.id != said {
			s.why = said + " is " + s.id
		}
		return s
	}
	s.stated, s.id = false, ""
	if head, rest, ok := strings.Cut(model, "/"); ok && rest != "" {
		if id, known := c.providerID(head); known {
			return served{id: id, known: true, model: rest, why: id + " by the prefix of the name"}
		}
	}
	if p := c.providerOfEndpoint(endpoint); p != nil {
		return served{id: p.id, known: true, model: model, why: p.id + " by the endpoint"}
	}
	if p := c.providerOfModel(model); p != nil {
		return served{id: p.id, known: true, model: model, why: p.id + " by the name of the model"}
	}
	return s
}

// providerID finds the id of a provider that the catalog has prices of.
func (c *Catalog) providerID(said string) (id string, known bool) {
	if id, found := c.providerNames[said]; found {
		return id, true
	}
	if id, found := providerIDs[said]; found {
		return cmp.Or(id, said), c.provider(id) != nil
	}
	if c.provider(said) != nil {
		return said, true
	}
	for _, p := range c.providers() {
		if p.names != nil && p.names.matches(said) {
			return p.id, true
		}
	}
	return said, false
}

// provider returns the upper layer's provider of an id, or nil.
func (c *Catalog) provider(id string) *provider {
	for _, l := range c.layers {
		if p := l.byID[id]; p != nil {
			return p
		}
	}
	return nil
}

func (c *Catalog) providerOfEndpoint(endpoint string) *provider {
	if endpoint == "" {
		return nil
	}
	if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	for _, p := range c.providers() {
		if p.endpoints != nil && p.endpoints.MatchString(endpoint) {
			return p
		}
	}
	return nil
}

func (c *Catalog) providerOfModel(model string) *provider {
	for _, prefix := range bedrockNames {
		if strings.HasPrefix(model, prefix) {
			return c.provider("aws")
		}
	}
	name := lastSegment(strings.TrimPrefix(model, "ft:"))
	for _, p := range c.providers() {
		if p.models != nil && (p.models.matches(model) || p.models.matches(name)) {
			return p
		}
	}
	return nil
}
