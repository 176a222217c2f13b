package cost

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Expressions with a lookahead match what they match elsewhere.
func TestLookahead(t *testing.T) {
	for _, tc := range []struct {
		expr     string
		yes, not []string
	}{
		{"^o[134]", []string{"o1", "o3-mini"}, []string{"o2", "xo1"}},
		{
			`^(?!.*-[tT][tT][sS](?:$|-))`,
			[]string{"gemini-2.5-pro", "gemini-2.5-pro-ttsx", ""},
			[]string{"gemini-2.5-pro-tts", "gemini-2.5-pro-tts-preview"},
		},
		{
			`^(?![^/]+/)(?:labs-)?(?:(?:mi|code)stral|open-(?:mistral|mixtral))`,
			[]string{"mistral-large", "labs-codestral", "open-mixtral-8x7b"},
			[]string{"other/mistral-large", "my-mistral", "mistral/mistral-large"},
		},
		{`^(?!a)(?!b)[a-d]`, []string{"c", "d"}, []string{"a", "b", "e"}},
		{`^(?![)\])])x`, []string{"x"}, []string{")x", "]x"}},
	} {
		p, err := compilePattern(tc.expr)
		require.NoError(t, err)
		for _, name := range tc.yes {
			assert.True(t, p.matches(name), "%s %q", tc.expr, name)
		}
		for _, name := range tc.not {
			assert.False(t, p.matches(name), "%s %q", tc.expr, name)
		}
	}
	for _, expr := range []string{"(?<=a)b", "^(?!a", "a(?!b)", "^(?!(?=a))b", "("} {
		_, err := compilePattern(expr)
		assert.ErrorContains(t, err, "error parsing regexp", expr)
	}
}
