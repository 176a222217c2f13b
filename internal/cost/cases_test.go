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
	Catalog  bool     `json:"catalog"`
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

// overlaid lists cases that the embedded catalog prices by what is laid over genai-prices.
var overlaid = map[string]bool{
	"sonnet-4.5-300k-after-retire": true, "groq-whisper-min-10s": true, "haiku-4.5-cacheread-batch": true,
	"opus-5-batch-websearch": true, "gpt-5-nano-batchjob-batch": true, "gpt-5-nano-cached-batch": true,
	"gpt-5.4-tier-flex": true, "gpt-5.4-tier-priority": true,
}

// The embedded catalog: provider, model, date and tier lead to the price. Only cases that were reproduced with
// the release that is embedded, or that the overlay is for; catalogs move.
func TestGoldenCatalog(t *testing.T) {
	c, warnings, err := New(Settings{Builtin: true})
	require.NoError(t, err)
	require.Empty(t, warnings)
	looked := 0
	for _, g := range goldenCases(t) {
		if g.Verified != true && !g.Catalog && !overlaid[g.ID] {
			continue
		}
		looked++
		t.Run(g.ID, func(t *testing.T) {
			r := g.request(t)
			if seconds, ok := g.Usage["seconds"].(string); ok {
				r.Usage[AudioSeconds] = decimal(t, seconds)
			}
			g.assertCosts(t, c.Price(r))
		})
	}
	assert.GreaterOrEqual(t, looked, 48)
}

// rawNames are the paths of counts in the bodies of providers' APIs.
var rawNames = map[string][]Unit{
	"input_tokens": {Input}, "prompt_tokens": {Input}, "output_tokens": {Output}, "completion_tokens": {Output},
	"cache_creation_input_tokens": {CacheWrite}, "cache_read_input_tokens": {CacheRead},
	"cache_creation.ephemeral_1h_input_tokens": {CacheWrite1h},
	"input_token_details.cache_creation":       {CacheWrite}, "input_token_details.cache_read": {CacheRead},
	"prompt_tokens_details.cached_tokens": {CacheRead}, "completion_tokens_details.reasoning_tokens": {OutputReasoning},
}

// What the providers' APIs said becomes the usage of the case.
func TestGoldenNormalisation(t *testing.T) {
	looked := 0
	for _, g := range goldenCases(t) {
		if g.Raw == nil {
			continue
		}
		looked++
		t.Run(g.ID, func(t *testing.T) {
			flat := map[string]float64{}
			for key, value := range g.Raw {
				switch v := value.(type) {
				case float64:
					flat[key] = v
				case map[string]any:
					for inner, n := range v {
						flat[key+"."+inner] = n.(float64)
					}
				}
			}
			said := Said{Provider: g.OTel, Total: flat["total_tokens"], Convention: ConventionOfAPI(g.OTel)}
			for key, n := range flat {
				for _, unit := range rawNames[key] {
					said.Usage[unit] = n
				}
			}
			want := g.usage(t)
			for _, unit := range []Unit{WebSearches, Requests} {
				want[unit] = 0
			}
			normal := said.Normalise()
			assert.Equal(t, want, normal.Usage)
			assert.Equal(t, ReasonNone, normal.Reason)
		})
	}
	assert.GreaterOrEqual(t, looked, 4)
}
