package flow

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Content is how many characters a span says were sent to a model and came back. The zero value
// has none. It is a plain value: concurrent reads are safe.
type Content struct {
	Input  int
	Output int

	rank [2]uint8
}

// contentAttr is one row of the table of texts. Attributes of one rank add up; of several ranks
// the highest counts, since many write the same text twice.
type contentAttr struct {
	name   string
	output bool
	rank   uint8
	list   bool // the name begins so and ends with one of contentEnds: …0.message.content
}

// contentAttrs are the attributes with what a model was told and what it said. Each block says
// where its names come from.
var contentAttrs = []contentAttr{
	// OpenTelemetry semconv v1.37 and later, docs/gen-ai/gen-ai-spans.md.
	{"gen_ai.input.messages", false, 9, false},
	{"gen_ai.system_instructions", false, 9, false},
	{"gen_ai.tool.definitions", false, 9, false},
	{"gen_ai.output.messages", true, 9, false},
	// openinference-semantic-conventions 2.12 (npm), spec/semantic_conventions.md.
	{"llm.input_messages.", false, 8, true},
	{"llm.prompts.", false, 7, true},
	{"llm.output_messages.", true, 8, true},
	{"llm.choices.", true, 7, true},
	// OpenLLMetry 0.26 to 0.62 (Python).
	{"gen_ai.prompt.", false, 7, true},
	{"gen_ai.completion.", true, 7, true},
	// OpenTelemetry semconv v1.26 to v1.36, on spans and on their events.
	{"gen_ai.prompt", false, 6, false},
	{"gen_ai.completion", true, 6, false},
	// Vercel AI SDK 5.
	{"ai.prompt.messages", false, 6, false},
	{"ai.prompt", false, 5, false},
	{"ai.response.text", true, 6, false},
	{"ai.response.toolCalls", true, 6, false},
	{"ai.response.object", true, 6, false},
	// Langfuse SDKs 2.60 to 4.3.
	{"langfuse.observation.input", false, 4, false},
	{"langfuse.observation.output", true, 4, false},
	// OpenLLMetry, AgentOps and ioa_observe.
	{"traceloop.entity.input", false, 3, false},
	{"traceloop.entity.output", true, 3, false},
	{"agentops.entity.input", false, 3, false},
	{"agentops.entity.output", true, 3, false},
	{"ioa_observe.entity.input", false, 3, false},
	{"ioa_observe.entity.output", true, 3, false},
	// openinference-semantic-conventions 2.12 (npm), of spans of any kind.
	{"input.value", false, 2, false},
	{"output.value", true, 2, false},
}

// contentEnds are how names of texts in lists end; roles and ids are in them too.
var contentEnds = []string{"content", "text", "arguments"}

// Text takes an attribute whose value is a text, or JSON with texts in it.
func (c *Content) Text(name, text string) {
	for i := range contentAttrs {
		if a := &contentAttrs[i]; a.is(name) {
			c.add(a, text)
			return
		}
	}
}

func (a *contentAttr) is(name string) bool {
	if !a.list {
		return a.name == name
	}
	if !strings.HasPrefix(name, a.name) {
		return false
	}
	for _, end := range contentEnds {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

func (c *Content) add(a *contentAttr, text string) {
	to, rank := &c.Input, &c.rank[0]
	if a.output {
		to, rank = &c.Output, &c.rank[1]
	}
	n := characters(text)
	switch {
	case n == 0 || a.rank < *rank:
	case a.rank > *rank:
		*to, *rank = n, a.rank
	default:
		*to += n
	}
}

// characters counts those of a text, and of JSON those of the texts in it.
//
//	[{"role": "user", "parts": [{"type": "text", "content": "Hi there"}]}]   → 8
func characters(text string) int {
	if s := strings.TrimLeft(text, " \t\r\n"); s != "" && (s[0] == '[' || s[0] == '{') {
		var v any
		if json.Unmarshal([]byte(text), &v) == nil {
			return charactersIn(v)
		}
	}
	return utf8.RuneCountInString(text)
}

// noContent are the keys whose texts no model reads, or reads as something else than text.
var noContent = map[string]bool{
	"role": true, "type": true, "id": true, "call_id": true, "tool_call_id": true, "finish_reason": true,
	"data": true, "url": true, "uri": true, "image_url": true, "mime_type": true, "model": true,
}

func charactersIn(v any) (n int) {
	switch v := v.(type) {
	case string:
		return utf8.RuneCountInString(v)
	case []any:
		for _, one := range v {
			n += charactersIn(one)
		}
	case map[string]any:
		for key, one := range v {
			if !noContent[key] {
				n += charactersIn(one)
			}
		}
	}
	return n
}
