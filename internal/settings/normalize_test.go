package settings_test

import (
	"fmt"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/settings"
)

type count int

func (c *count) UnmarshalText(text []byte) error {
	n, err := strconv.Atoi(string(text))
	if err != nil {
		return fmt.Errorf("must be a whole number such as 5 (got %q)", text)
	}
	*c = count(n)
	return nil
}

type period struct {
	Rolling  string `mapstructure:"rolling"`
	Calendar string `mapstructure:"calendar"`
	_        struct{}
}

func (period) Short() string { return "rolling" }

type config struct {
	Max    count          `mapstructure:"max"`
	Next   *count         `mapstructure:"next"`
	Period period         `mapstructure:"period"`
	Names  []string       `mapstructure:"names"`
	Good   map[string]any `mapstructure:"good"`
	Parts  []period       `mapstructure:"parts"`
	Deep   struct {
		At string `mapstructure:"at"`
	} `mapstructure:"deep"`
	_ struct{}
}

type (
	m = map[string]any
	l = []any
)

func TestNormalizeGivesTextAndSections(t *testing.T) {
	noon := time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name      string
		raw, want m
	}{
		{"nothing", m{}, m{}},
		{"a key without a value", m{"max": nil}, m{}},
		{"a number", m{"max": 7}, m{"max": "7"}},
		{"an optional number", m{"next": 7}, m{"next": "7"}},
		{"a fraction, not in powers of ten", m{"names": l{0.99, 1e-7, uint8(3), true}}, m{"names": l{"0.99", "0.0000001", "3", "true"}}},
		{"a point in time", m{"deep": m{"at": noon}}, m{"deep": m{"at": "2026-12-24T12:00:00Z"}}},
		{"the short form of a section", m{"period": "30d"}, m{"period": m{"rolling": "30d"}}},
		{"its long form", m{"period": m{"calendar": "month"}}, m{"period": m{"calendar": "month"}}},
		{"both in a list", m{"parts": l{5, m{"calendar": "day"}}}, m{"parts": l{m{"rolling": "5"}, m{"calendar": "day"}}}},
		{"free values", m{"good": m{"hit": true, "code": l{200, "ok"}}}, m{"good": m{"hit": "true", "code": l{"200", "ok"}}}},
		{"a free section stays", m{"good": m{"in": m{"a": 1}}}, m{"good": m{"in": m{"a": 1}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := settings.Normalize(tc.raw, reflect.TypeFor[config]())
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
}

func TestNormalizeNamesTheKeyAndShowsTheValue(t *testing.T) {
	for want, raw := range map[string]m{
		`max: must be a whole number such as 5 (got "lots")`:                     {"max": "lots"},
		`next: must be a whole number such as 5 (got "1.5")`:                     {"next": 1.5},
		`max: must be one value (got [1])`:                                       {"max": l{1}},
		`deep: must be a section with at (got yes)`:                              {"deep": "yes"},
		`deep.at: must be a text (got map[a:1])`:                                 {"deep": m{"at": m{"a": 1}}},
		`period: must be a section with rolling, calendar (got [1])`:             {"period": l{1}},
		`names: must be a list (got a)`:                                          {"names": "a"},
		`names[1]: must be a text (got [])`:                                      {"names": l{"a", l{}}},
		`good: must be a section of names and values (got ok)`:                   {"good": "ok"},
		`parts[1].calender: no such key, there are rolling, calendar`:            {"parts": l{"1d", m{"calender": "day"}}},
		`mx: no such key, there are max, next, period, names, good, parts, deep`: {"mx": 5, "nn": 6},
	} {
		t.Run(want, func(t *testing.T) {
			_, err := settings.Normalize(raw, reflect.TypeFor[config]())
			assert.EqualError(t, err, want)
		})
	}
}

func TestNormalizePanicsOnTypesThatNoConfigurationHas(t *testing.T) {
	type odd struct {
		N int `mapstructure:"n"`
	}
	assert.Panics(t, func() { _, _ = settings.Normalize(m{"n": 1}, reflect.TypeFor[odd]()) })
}
