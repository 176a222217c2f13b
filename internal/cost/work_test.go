package cost

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

// words are attributes of a piece of work.
type words map[string]string

func (w words) Text(key string) (string, bool) { v, ok := w[key]; return v, ok }

func (w words) Number(key string) (float64, bool) {
	n, err := strconv.ParseFloat(w[key], 64)
	return n, err == nil
}

func TestPriceWork(t *testing.T) {
	c := newCatalog(t, Settings{Builtin: true, UnitPrices: []UnitPrice{
		{Name: "search", Match: WorkMatch{Operation: "execute_tool", Tool: "tavily_*"}, PerCall: new(0.008), ChargeOn: "success"},
		{Name: "gpu", Match: WorkMatch{Attributes: map[string]string{"host.type": "h100", "pool": "*"}}, PerSecond: new(0.5), MinSeconds: 2},
		{Name: "ocr", Match: WorkMatch{Tool: "ocr"}, PerUnit: &PerUnit{Attribute: "ocr.pages", Price: 0.25}},
		{Name: "any tool", Match: WorkMatch{Operation: "execute_tool"}, PerCall: new(1.0), ChargeOn: "always"},
	}})
	h100 := words{"host.type": "h100", "pool": "a"}
	for _, tc := range []struct {
		name   string
		work   Work
		by     string // "" is unpriced
		usd    float64
		reason Reason
	}{
		{"a call", Work{Operation: "execute_tool", Tool: "tavily_search"}, "search", 0.008, ReasonNone},
		{"charged on success", Work{Operation: "execute_tool", Tool: "tavily_search", Failed: true}, "search", 0, ReasonNone},
		{"the first that matches", Work{Operation: "execute_tool", Tool: "calculator"}, "any tool", 1, ReasonNone},
		{"always charged", Work{Operation: "execute_tool", Failed: true}, "any tool", 1, ReasonNone},
		{"seconds", Work{Seconds: 3, Attributes: h100}, "gpu", 1.5, ReasonNone},
		{"the shortest time", Work{Seconds: 0.1, Attributes: h100}, "gpu", 1, ReasonNone},
		{"a negative time", Work{Seconds: -1, Attributes: h100}, "", 0, ReasonBadUsage},
		{"another attribute", Work{Seconds: 3, Attributes: words{"host.type": "a10", "pool": "a"}}, "", 0, ReasonNoPriceForKey},
		{"an attribute is missing", Work{Seconds: 3, Attributes: words{"host.type": "h100"}}, "", 0, ReasonNoPriceForKey},
		{"units", Work{Tool: "ocr", Attributes: words{"ocr.pages": "12"}}, "ocr", 3, ReasonNone},
		{"no units", Work{Tool: "ocr", Attributes: words{}}, "", 0, ReasonNoUsage},
		{"no attributes", Work{Tool: "ocr"}, "", 0, ReasonNoUsage},
		{"bad units", Work{Tool: "ocr", Attributes: words{"ocr.pages": "NaN"}}, "", 0, ReasonBadUsage},
		{"infinite units", Work{Tool: "ocr", Attributes: words{"ocr.pages": "Inf"}}, "", 0, ReasonBadUsage},
		{"nothing matches", Work{Tool: "x"}, "", 0, ReasonNoPriceForKey},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := c.PriceWork(&tc.work)
			assert.Equal(t, tc.reason, q.Reason)
			assert.InDelta(t, tc.usd, q.Cost.Total(), tolerance)
			if tc.by == "" {
				assert.Equal(t, Quote{Reason: tc.reason}, q)
				return
			}
			assert.Equal(t, StatusPriced, q.Status)
			assert.Equal(t, SourceUnitPrice, q.Source)
			assert.Equal(t, "unit_price/"+tc.by, q.Entry.Ref)
			assert.InDelta(t, q.Cost.Other, q.Cost.Total(), 0)
		})
	}
}

// The words on spans, which dashboards hang on.
func TestWords(t *testing.T) {
	assert.Equal(t, []string{"unpriced", "priced", "partial"},
		[]string{StatusUnpriced.String(), StatusPriced.String(), StatusPartial.String()})
	assert.Equal(t, []string{"", "catalog", "override", "unit_price", "reported", "estimated", ""}, []string{
		SourceNone.String(), SourceCatalog.String(), SourceOverride.String(), SourceUnitPrice.String(),
		SourceReported.String(), SourceEstimated.String(), Source(99).String(),
	})
	assert.Equal(t, []string{"inclusive", "exclusive", "assumed"},
		[]string{SemanticsInclusive.String(), SemanticsExclusive.String(), SemanticsAssumed.String()})
	assert.Equal(t, []string{"unchanged", "success", "error", "error"}, []string{
		ReloadUnchanged.String(), ReloadSwapped.String(), ReloadFailed.String(), ReloadFailedAgain.String(),
	})
	for name, want := range map[string]ServiceTier{
		"standard": TierStandard, "default": TierStandard, "auto": TierStandard, "on_demand": TierStandard,
		"batch": TierBatch, "flex": TierFlex, "priority": TierPriority, "fast": TierFast,
	} {
		got, ok := ParseServiceTier(name)
		assert.True(t, ok, name)
		assert.Equal(t, want, got)
	}
	_, ok := ParseServiceTier("bulk")
	assert.False(t, ok)
	_, ok = ParseServiceTier("")
	assert.False(t, ok)
}

// Names, keys and sizes of units are those of genai-prices, and every one is known by its key.
func TestUnits(t *testing.T) {
	for u := range UnitCount {
		found, ok := unitOfPrice(u.PriceKey())
		assert.True(t, ok)
		assert.Equal(t, u, found)
		assert.NotEmpty(t, u.String())
		assert.Contains(t, []float64{1000, 3600, million}, u.Per())
		assert.False(t, unitRows[u].within.has(u), "%s is no part of itself", u)
		for whole := range UnitCount {
			if unitRows[u].within.has(whole) {
				assert.Equal(t, unitRows[whole].within, unitRows[whole].within&unitRows[u].within, "%s is part of all that %s is part of", u, whole)
			}
		}
	}
	assert.Empty(t, UnitCount.String()+UnitCount.PriceKey())
	assert.Zero(t, UnitCount.Per())
}
