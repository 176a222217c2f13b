package cost

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tolerance is how far a sum of float64 may be from the exact decimal, in US dollars.
const tolerance = 1e-12

// goldenCase is one call whose price somebody else states: see the source of each in testdata.
type goldenCase struct {
	ID       string         `json:"id"`
	Provider string         `json:"provider"`
	OTel     string         `json:"otel_provider_name"`
	Model    string         `json:"model"`
	At       *time.Time     `json:"timestamp"`
	Usage    map[string]any `json:"usage"`
	Raw      map[string]any `json:"raw_provider_usage"`
	Context  struct {
		Tier string `json:"service_tier"`
	} `json:"price_context"`
	Prices   map[string]string `json:"prices_effective_usd"`
	Expected struct {
		Input  string `json:"input_usd"`
		Output string `json:"output_usd"`
		Other  string `json:"other_usd"`
		Total  string `json:"total_usd"`
	} `json:"expected"`
	Wrong    []string `json:"known_wrong_values_usd"`
	Verified any      `json:"verified_npm"`
}

func goldenCases(t *testing.T) []goldenCase {
	t.Helper()
	var all []goldenCase
	for _, path := range []string{"testdata/cases.json", "testdata/more-cases.json"} {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		var file struct {
			Cases []goldenCase `json:"cases"`
		}
		require.NoError(t, json.Unmarshal(data, &file))
		require.NotEmpty(t, file.Cases)
		all = append(all, file.Cases...)
	}
	return all
}

func decimal(t *testing.T, text string) float64 {
	t.Helper()
	number, _, _ := strings.Cut(text, " ")
	n, err := strconv.ParseFloat(number, 64)
	require.NoError(t, err)
	return n
}

// usage reads the counts of a case. Its seconds are seconds of sound.
func (g *goldenCase) usage(t *testing.T) Usage {
	t.Helper()
	var u Usage
	for name, value := range g.Usage {
		n, isNumber := value.(float64)
		if !isNumber {
			n = decimal(t, value.(string))
		}
		if name == "billed_seconds" || name == "seconds" && g.Usage["billed_seconds"] == nil {
			name = AudioSeconds.String()
		} else if name == "seconds" {
			continue
		}
		unit, ok := unitNamed(name)
		require.True(t, ok, name)
		u[unit] = n
	}
	return u
}

func unitNamed(name string) (Unit, bool) {
	for u := range UnitCount {
		if u.String() == name {
			return u, true
		}
	}
	return 0, false
}

// prices reads the prices of a case. Its price of a second is that of an hour of sound.
func (g *goldenCase) prices(t *testing.T) map[string]float64 {
	t.Helper()
	out := make(map[string]float64, len(g.Prices))
	for key, text := range g.Prices {
		amount := decimal(t, text)
		if key == "second" {
			key, amount = "audio_hours", amount*3600
		}
		out[key] = amount
	}
	return out
}

func (g *goldenCase) request(t *testing.T) *Request {
	t.Helper()
	r := &Request{Provider: g.OTel, Model: g.Model, Usage: g.usage(t), At: time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)}
	if g.At != nil {
		r.At = *g.At
	}
	if g.Context.Tier != "" {
		tier, ok := ParseServiceTier(g.Context.Tier)
		require.True(t, ok)
		r.Tier = tier
	}
	return r
}

// assertCosts compares a quote with what the case expects, and with what others got wrong.
func (g *goldenCase) assertCosts(t *testing.T, q Quote) {
	t.Helper()
	require.Equal(t, StatusPriced, q.Status, "%s %+v", q.Reason, q.Entry)
	assert.InDelta(t, decimal(t, g.Expected.Input), q.Cost.Input+q.Cost.CacheRead+q.Cost.CacheWrite, tolerance, "input")
	assert.InDelta(t, decimal(t, g.Expected.Output), q.Cost.Output, tolerance, "output")
	assert.InDelta(t, decimal(t, g.Expected.Other), q.Cost.Other, tolerance, "other")
	assert.InDelta(t, decimal(t, g.Expected.Total), q.Cost.Total(), tolerance, "total")
	for _, wrong := range g.Wrong {
		assert.Greater(t, abs(decimal(t, wrong)-q.Cost.Total()), 1e-9, "the known mistake %s", wrong)
	}
}

func abs(x float64) float64 { return max(x, -x) }

// The prices of the case itself: nothing but arithmetic.
func TestGoldenArithmetic(t *testing.T) {
	for _, g := range goldenCases(t) {
		t.Run(g.ID, func(t *testing.T) {
			r := g.request(t)
			r.Tier = TierStandard
			c, _, err := New(Settings{Builtin: true, Overrides: []Override{{
				Provider: g.OTel, Model: ModelMatch{Equals: g.Model}, Prices: g.prices(t),
			}}})
			require.NoError(t, err)
			g.assertCosts(t, c.Price(r))
		})
	}
}

// The embedded catalog: provider, model, date and tier lead to the price. Only cases that were reproduced with
// the release that is embedded; catalogs move.
func TestGoldenCatalog(t *testing.T) {
	c, warnings, err := New(Settings{Builtin: true})
	require.NoError(t, err)
	require.Empty(t, warnings)
	looked := 0
	for _, g := range goldenCases(t) {
		if g.Verified != true {
			continue
		}
		looked++
		t.Run(g.ID, func(t *testing.T) { g.assertCosts(t, c.Price(g.request(t))) })
	}
	assert.GreaterOrEqual(t, looked, 24)
}
