package cost

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// variants is the third form of genai-prices: a model at 2 in, 8 out and a dollar a call, with prices of kinds of
// calls, and a provider that shares its prices.
func variants(list string) []File {
	return []File{{Path: "data.json", Data: []byte(`[
		{"id": "testing", "models": [{"id": "m", "match": {"equals": "m"},
			"prices": {"input_mtok": 2, "output_mtok": 8, "requests_kcount": 1000}, "price_variants": [` + list + `]}]},
		{"id": "reseller", "models": [], "fallback_model_providers": ["testing"]}]`)}}
}

const (
	flexVariant = `{"when": {"service_tier": "flex"}, "prices": {"input_mtok": 1, "output_mtok": 4}}`
	fastVariant = `{"when": {"service_tier": ["priority", "fast"]}, "prices": {"input_mtok": 4, "output_mtok": 16}}`
	datedFlex   = `{"when": {"service_tier": "flex"}, "constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 1, "output_mtok": 4}},
		{"when": {"service_tier": "flex"}, "constraint": {"start_date": "2026-06-01"}, "prices": {"input_mtok": 0.5}}`
)

// What the tests of genai-prices say of variants, for a million tokens each way: 2 + 8 + 1 at the standard tier.
func TestVariants(t *testing.T) {
	for _, tc := range []struct {
		name, variants string
		tier           ServiceTier
		provider, at   string
		want           float64
	}{
		{"only the keys that it lists", flexVariant, TierFlex, "testing", "2026-09-01", 1 + 4 + 1},
		{"one of a list", flexVariant + "," + fastVariant, TierPriority, "testing", "2026-09-01", 4 + 16 + 1},
		{"the other of a list", flexVariant + "," + fastVariant, TierFast, "testing", "2026-09-01", 4 + 16 + 1},
		{"the standard tier", flexVariant + "," + fastVariant, TierStandard, "testing", "2026-09-01", 11},
		{"a tier without one", flexVariant, TierBatch, "testing", "2026-09-01", 11},
		{"the last of two", flexVariant + `,{"when": {"service_tier": "flex"}, "prices": {"input_mtok": 0.5}}`, TierFlex, "testing", "2026-09-01", 0.5 + 8 + 1},
		{"before its date", datedFlex, TierFlex, "testing", "2025-12-31", 11},
		{"from its date on", datedFlex, TierFlex, "testing", "2026-01-01", 1 + 4 + 1},
		{"a later one replaces all of it", datedFlex, TierFlex, "testing", "2026-06-01", 0.5 + 8 + 1},
		{"not of who shares the prices", flexVariant, TierFlex, "reseller", "2026-09-01", 11},
		{"more than a tier", `{"when": {"service_tier": "flex", "speed": "fast"}, "prices": {"input_mtok": 1}}`, TierFlex, "testing", "2026-09-01", 11},
		{"another type", `{"when": {"service_tier": true}, "prices": {"input_mtok": 1}}`, TierFlex, "testing", "2026-09-01", 11},
		{"a list of another type", `{"when": {"service_tier": [1, null]}, "prices": {"input_mtok": 1}}`, TierFlex, "testing", "2026-09-01", 11},
		{"for nothing", `{"when": {}, "prices": {"input_mtok": 1}}`, TierFlex, "testing", "2026-09-01", 11},
		{"for null", `{"when": null, "prices": {"input_mtok": 1}}`, TierFlex, "testing", "2026-09-01", 11},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newCatalog(t, Settings{Files: variants(tc.variants)})
			q := c.Price(&Request{Provider: tc.provider, Model: "m", Tier: tc.tier, At: instant(t, tc.at), Usage: Usage{Input: 1e6, Output: 1e6}})
			assert.InDelta(t, tc.want, q.Cost.Total(), 1e-12)
			assert.Equal(t, tc.want != 11, q.Tier != TierStandard, "the tier of the price")
		})
	}
}
