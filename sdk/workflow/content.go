package workflow

import (
	"encoding/json"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// maxMessages is how many messages of a call are captured.
const maxMessages = 64

// CaptureContent writes what models and tools are told and answer on the spans
// of their calls, at most limit bytes of text an attribute, after [Redact]. By
// default, and with a limit of 0 or less, none of it leaves the program.
func CaptureContent(limit int) Option {
	return func(c *config) { c.content = max(limit, 0) }
}

// Message is a part of a conversation with a model. It is a plain value.
type Message struct {
	// Role is who speaks: system, user, assistant or tool.
	Role string
	// Text is what is said.
	Text string
}

// Input says what the model is told. It is written only with [CaptureContent].
func (c *Call) Input(messages ...Message) {
	c.converse(semconv.GenAIInputMessages, messages)
}

// Output says what the model answered. It is written only with [CaptureContent].
func (c *Call) Output(messages ...Message) {
	c.converse(semconv.GenAIOutputMessages, messages)
}

// Arguments says what the tool is given. It is written only with [CaptureContent].
func (c *Call) Arguments(text string) {
	c.say(semconv.GenAIToolCallArguments, text)
}

// Result says what the tool returned. It is written only with [CaptureContent].
func (c *Call) Result(text string) {
	c.say(semconv.GenAIToolCallResult, text)
}

func (c *Call) captures() bool { return c.span != nil && c.privacy.content > 0 }

func (c *Call) say(key, text string) {
	if c.captures() {
		c.span.SetAttributes(attribute.String(key, c.privacy.text(text, c.privacy.content)))
	}
}

// part and message are the form of messages in the GenAI conventions.
type part struct {
	Type    string `json:"type"`
	Content string `json:"content"`
}

type message struct {
	Role  string `json:"role"`
	Parts []part `json:"parts"`
}

// converse writes messages from the first on, until the limit is used up:
//
//	limit 10   system "be brief" 8 bytes, user "where is my order" cut to "wh"
func (c *Call) converse(key string, messages []Message) {
	if !c.captures() {
		return
	}
	left := c.privacy.content
	var shown []message
	for _, m := range messages[:min(len(messages), maxMessages)] {
		text := c.privacy.text(m.Text, left)
		left -= len(text)
		shown = append(shown, message{Role: clip(m.Role, maxTagKey), Parts: []part{{Type: "text", Content: text}}})
		if left <= 0 {
			break
		}
	}
	text, err := json.Marshal(shown)
	if err == nil {
		c.span.SetAttributes(attribute.String(key, string(text)))
	}
}
