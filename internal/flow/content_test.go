package flow

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestContent(t *testing.T) {
	for _, tc := range []struct {
		name          string
		attrs         []string
		input, output int
	}{
		{"nothing", []string{"http.method", "GET"}, 0, 0},
		{"messages", []string{
			"gen_ai.input.messages", `[{"role": "user", "parts": [{"type": "text", "content": "Hi there"}]}]`,
			"gen_ai.system_instructions", `[{"type": "text", "content": "Be kind"}]`,
			"gen_ai.output.messages", `[{"role": "assistant", "parts": [{"type": "tool_call", "id": "x", "name": "get", "arguments": {"city": "Rome"}}], "finish_reason": "stop"}]`,
		}, 15, 7},
		{"an image is no text", []string{"gen_ai.input.messages", `[{"content": [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]`}, 5, 0},
		{"lists", []string{
			"llm.input_messages.0.message.role", "system", "llm.input_messages.0.message.content", "abc",
			"llm.input_messages.1.message.contents.0.message_content.text", "de",
			"llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", `{"q": "xyz"}`,
		}, 5, 3},
		{"OpenLLMetry's lists", []string{"gen_ai.prompt.0.content", "abc", "gen_ai.prompt.0.role", "user", "gen_ai.completion.0.content", "de"}, 3, 2},
		{"the same text in two dialects", []string{"input.value", "abcdef", "gen_ai.prompt.0.content", "abc", "traceloop.entity.input", "abcdefgh"}, 3, 0},
		{"the same text, the better one first", []string{"gen_ai.prompt.0.content", "abc", "input.value", "abcdef"}, 3, 0},
		{"an empty text hides none", []string{"gen_ai.input.messages", "[]", "input.value", "abc"}, 3, 0},
		{"characters, not bytes", []string{"gen_ai.prompt", "één €"}, 5, 0},
		{"JSON that breaks off", []string{"gen_ai.prompt", `[{"a`}, 4, 0},
	} {
		var c Content
		for i := 0; i < len(tc.attrs); i += 2 {
			c.Text(tc.attrs[i], tc.attrs[i+1])
		}
		assert.Equal(t, [2]int{tc.input, tc.output}, [2]int{c.Input, c.Output}, tc.name)
	}
}

// FuzzContent: never more characters than bytes, whatever the text.
func FuzzContent(f *testing.F) {
	f.Add("gen_ai.input.messages", `[{"role": "user", "content": ["a", {"b": null}]}]`)
	f.Add("llm.input_messages.content", "\xff{")
	f.Add("gen_ai.completion", strings.Repeat("[", 20000))
	f.Fuzz(func(t *testing.T, name, text string) {
		var c Content
		c.Text(name, text)
		assert.GreaterOrEqual(t, min(c.Input, c.Output), 0)
		assert.LessOrEqual(t, c.Input+c.Output, len(text))
	})
}
