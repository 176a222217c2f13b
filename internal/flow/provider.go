package flow

import "strings"

// providers maps the names of providers in use to those of gen_ai.provider.name. "" is the
// name of a framework, which is not a provider: the model tells.
var providers = []struct{ word, name string }{
	{"openai", "openai"},
	{"OpenAI", "openai"},
	{"openai-agents", "openai"},
	{"anthropic", "anthropic"},
	{"Anthropic", "anthropic"},
	{"claude", "anthropic"},
	{"aws.bedrock", "aws.bedrock"},
	{"bedrock", "aws.bedrock"},
	{"aws_bedrock", "aws.bedrock"},
	{"AWS", "aws.bedrock"},
	{"amazon-bedrock", "aws.bedrock"},
	{"bedrock_converse", "aws.bedrock"},
	{"amazon_bedrock", "aws.bedrock"},
	{"azure.ai.openai", "azure.ai.openai"},
	{"azure", "azure.ai.openai"},
	{"az.ai.openai", "azure.ai.openai"},
	{"azure-openai", "azure.ai.openai"},
	{"azure_openai", "azure.ai.openai"},
	{"azure.ai.inference", "azure.ai.inference"},
	{"az.ai.inference", "azure.ai.inference"},
	{"azure_ai", "azure.ai.inference"},
	{"gcp.gemini", "gcp.gemini"},
	{"google-gla", "gcp.gemini"},
	{"gemini", "gcp.gemini"},
	{"google", "gcp.gemini"},
	{"google_genai", "gcp.gemini"},
	{"Google", "gcp.gemini"},
	{"gcp.gen_ai", "gcp.gen_ai"},
	{"gcp.vertex_ai", "gcp.vertex_ai"},
	{"vertexai", "gcp.vertex_ai"},
	{"vertex_ai", "gcp.vertex_ai"},
	{"google-vertex", "gcp.vertex_ai"},
	{"vertex", "gcp.vertex_ai"},
	{"gcp.vertex.agent", ""},
	{"cohere", "cohere"},
	{"cohereai", "cohere"},
	{"Cohere", "cohere"},
	{"deepseek", "deepseek"},
	{"groq", "groq"},
	{"Groq", "groq"},
	{"mistral_ai", "mistral_ai"},
	{"mistral", "mistral_ai"},
	{"mistralai", "mistral_ai"},
	{"MistralAI", "mistral_ai"},
	{"x_ai", "x_ai"},
	{"xai", "x_ai"},
	{"x-ai", "x_ai"},
	{"perplexity", "perplexity"},
	{"ibm.watsonx.ai", "ibm.watsonx.ai"},
	{"watsonx", "ibm.watsonx.ai"},
	{"moonshot_ai", "moonshot_ai"},
	{"moonshotai", "moonshot_ai"},
	{"ollama", "ollama"},
	{"Ollama", "ollama"},
	{"openrouter", "openrouter"},
	{"langchain", ""},
	{"langgraph", ""},
	{"crewai", ""},
	{"strands-agents", ""},
	{"litellm", ""},
	{"llamaindex", ""},
	{"microsoft.agent_framework", ""},
	{"pydantic-ai", ""},
	{"agno", ""},
	{"smolagents", ""},
	{"unknown", ""},
	{"Langchain", ""},
}

// families are the beginnings of model names and who serves them; the first wins.
var families = []struct{ prefix, provider string }{
	{"gpt-", "openai"},
	{"o1", "openai"},
	{"o3", "openai"},
	{"o4", "openai"},
	{"chatgpt", "openai"},
	{"text-embedding-", "openai"},
	{"davinci", "openai"},
	{"babbage", "openai"},
	{"claude", "anthropic"},
	{"gemini", "gcp.gemini"},
	{"mistral", "mistral_ai"},
	{"codestral", "mistral_ai"},
	{"command", "cohere"},
	{"deepseek", "deepseek"},
	{"grok", "x_ai"},
	{"sonar", "perplexity"},
	{"kimi", "moonshot_ai"},
	{"us.", "aws.bedrock"},
	{"eu.", "aws.bedrock"},
	{"apac.", "aws.bedrock"},
	{"global.", "aws.bedrock"},
	{"anthropic.", "aws.bedrock"},
	{"amazon.", "aws.bedrock"},
	{"meta.", "aws.bedrock"},
	{"projects/", "gcp.vertex_ai"},
}

var providerWords = func() words {
	list := make([]string, len(providers))
	for i := range providers {
		list[i] = providers[i].word
	}
	return newWords(list)
}()

// provider returns the canonical provider of a call.
func provider(said, model string) string {
	if said == "" {
		return providerOfModel(model)
	}
	name, known := canonicalProvider(said)
	if !known {
		return said
	}
	if name == "" {
		return providerOfModel(model)
	}
	return name
}

// modelName cuts the resource path of Vertex AI: projects/p/…/models/gemini-2.5-flash.
func modelName(path string) string {
	if !strings.HasPrefix(path, "projects/") {
		return path
	}
	return path[strings.LastIndexByte(path, '/')+1:]
}

// canonicalProvider also knows the Vercel form provider.api, as in openai.responses.
func canonicalProvider(said string) (name string, known bool) {
	i := providerWords.find(said)
	if i < 0 {
		head, _, dotted := strings.Cut(said, ".")
		if !dotted {
			return "", false
		}
		if i = providerWords.find(head); i < 0 {
			return "", false
		}
	}
	return providers[i].name, true
}

// providerOfModel reads the prefix of routers (mistral/mistral-small) or the family.
func providerOfModel(model string) string {
	if head, _, ok := strings.Cut(model, "/"); ok {
		if name, known := canonicalProvider(head); known && name != "" {
			return name
		}
	}
	for i := range families {
		if strings.HasPrefix(model, families[i].prefix) {
			return families[i].provider
		}
	}
	return ""
}
