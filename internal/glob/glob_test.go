package glob

import (
	"path"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMatch(t *testing.T) {
	for _, tc := range []struct {
		pattern, name string
		want          bool
	}{
		{"a.b", "a.b", true},
		{"a.b", "a.bc", false},
		{"a.b", "aXb", false},
		{"workflow.*", "workflow.run.duration", true},
		{"workflow.*", "workflow", false},
		{"*", "", true},
		{"", "", true},
		{"", "a", false},
		{"workflow.*.duration", "workflow.step.duration", true},
		{"workflow.*.duration", "workflow.run.cost.usd", false},
		{"*.duration", "a.duration.duration", true},
		{"a*b*c", "a-b-b-c-c", true},
		{"a*b*c", "a-b-b-c-d", false},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"http/*", "http/a/b", true},
		{"*-mini", "gpt-4o-mini", true},
		{"*-mini", "gpt-4o-mini-x", false},
		{"*a*b*", "xxaxxbxx", true},
		{"*a*b*", "xxbxxa", false},
		{"a**", "a", true},
		{"*ab", "aaab", true},
	} {
		assert.Equal(t, tc.want, Match(tc.pattern, tc.name), "%q, %q", tc.pattern, tc.name)
	}
}

// Without slashes and brackets the standard library has the same patterns.
func TestMatchAgreesWithThePathsOfTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.RuneFrom([]rune("ab.*?")), 0, 8, -1).Draw(t, "pattern")
		name := rapid.StringOfN(rapid.RuneFrom([]rune("ab.")), 0, 10, -1).Draw(t, "name")
		want, err := path.Match(pattern, name)
		require.NoError(t, err)
		require.Equal(t, want, Match(pattern, name))
	})
}
