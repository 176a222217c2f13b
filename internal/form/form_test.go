package form_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/form"
)

type length int

func (length) Takes(raw any) bool { return form.IsWhole(raw) }
func (length) Wanted() string     { return "a whole number such as 3" }

type rule struct {
	Name    string   `mapstructure:"name"`
	Lengths []length `mapstructure:"lengths"`
	_       struct{}
}

type config struct {
	On    bool    `mapstructure:"on"`
	Share float64 `mapstructure:"share"`
	Rules []rule  `mapstructure:"rules"`
	Rule  rule    `mapstructure:"rule"`
}

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		name    string
		written map[string]any
		want    string // no error if empty
	}{
		{"nothing", nil, ""},
		{"all of it", map[string]any{
			"on": true, "share": 0.5, "rule": nil,
			"rules": []any{map[string]any{"name": "a", "lengths": []any{1, uint8(2)}}},
		}, ""},
		{"unknown key", map[string]any{"off": true}, "off: no such key, there are on, share, rules, rule"},
		{"unknown key within", map[string]any{"rule": map[string]any{"nam": "a"}}, "rule::nam: no such key, there are name, lengths"},
		{"no section", map[string]any{"rule": "a"}, "rule: must be a section with name, lengths (got a)"},
		{"no list", map[string]any{"rules": "a"}, "rules: must be a list (got a)"},
		{"element of a list", map[string]any{"rules": []any{map[string]any{"lengths": []any{1, 2.5}}}}, "rules::0::lengths::1: must be a whole number such as 3 (got 2.5)"},
		{"no truth value", map[string]any{"on": "yes"}, "on: must be true or false (got yes)"},
		{"no text", map[string]any{"rule": map[string]any{"name": 3}}, "rule::name: must be text (got 3)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := form.Check(tc.written, reflect.TypeFor[config]())
			if tc.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.EqualError(t, err, tc.want)
		})
	}
}

func TestShapes(t *testing.T) {
	assert.True(t, form.IsText("a"))
	assert.False(t, form.IsText(1))
	assert.True(t, form.IsNumber(1.5))
	assert.True(t, form.IsNumber(1))
	assert.False(t, form.IsNumber("1"))
	assert.False(t, form.IsNumber(nil))
	assert.False(t, form.IsWhole(1.5))
}

func TestPositive(t *testing.T) {
	require.NoError(t, form.Positive(1).Validate())
	require.EqualError(t, form.Positive(0).Validate(), "must be at least 1 (got 0)")
	assert.True(t, form.Positive(0).Takes(3))
	assert.False(t, form.Positive(0).Takes("3"))
}

func TestOneOf(t *testing.T) {
	require.NoError(t, form.OneOf("b", "a", "b", "c"))
	require.EqualError(t, form.OneOf("d", "a", "b", "c"), `must be a, b or c (got "d")`)
	assert.EqualError(t, form.OneOf("", "a", "b"), `must be a or b (got "")`)
}
