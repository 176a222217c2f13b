package cost

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The price is that of the time of the call, not of today.
func TestPriceOfTheTime(t *testing.T) {
	c := newCatalog(t, Settings{Builtin: true, Overrides: []Override{
		{Model: ModelMatch{Equals: "dated"}, Prices: mtok(1, 0), To: instant(t, "2026-01-01")},
		{Model: ModelMatch{Equals: "dated"}, Prices: mtok(2, 0), From: instant(t, "2026-01-01"), To: instant(t, "2026-06-01")},
		{Model: ModelMatch{Equals: "night"}, Prices: mtok(8, 0)},
		{Model: ModelMatch{Equals: "night"}, Prices: mtok(4, 0), When: When{HoursUTC: "16:30-00:30"}},
	}})
	for _, tc := range []struct {
		provider, model, at string
		input               float64
	}{
		{"", "dated", "2025-12-31 23:59", 1},
		{"", "dated", "2026-01-01", 2},
		{"", "dated", "2026-05-31 23:59", 2},
		{"", "dated", "2026-06-01", math.NaN()},
		{"", "night", "2026-01-01 16:29", 8},
		{"", "night", "2026-01-01 16:30", 4},
		{"", "night", "2026-01-01 23:59", 4},
		{"", "night", "2026-01-02 00:00", 4},
		{"", "night", "2026-01-02 00:29", 4},
		{"", "night", "2026-01-02 00:30", 8},
		{"openai", "o3", "2025-06-09 23:59", 10},
		{"openai", "o3", "2025-06-10", 2},
		{"openai", "o3", "1969-01-01", 10},
		{"deepseek", "deepseek-chat", "2025-06-01 16:29", 0.27},
		{"deepseek", "deepseek-chat", "2025-06-01 16:30", 0.135},
		{"deepseek", "deepseek-chat", "2025-06-02 00:30", 0.27},
	} {
		t.Run(tc.model+" "+tc.at, func(t *testing.T) {
			q := c.Price(&Request{Provider: tc.provider, Model: tc.model, At: instant(t, tc.at), Usage: Usage{Input: million}})
			if math.IsNaN(tc.input) {
				assert.Equal(t, Quote{Reason: ReasonUnknownModel}, q)
				return
			}
			assert.InDelta(t, tc.input, q.Cost.Input, tolerance)
		})
	}
}

// A tier's prices lie over the standard ones key by key; without any, the standard price holds and is named.
func TestPriceOfTheServiceTier(t *testing.T) {
	c := newCatalog(t, Settings{Builtin: true, Overrides: []Override{
		{Model: ModelMatch{Equals: "m"}, Prices: map[string]float64{"input_mtok": 10, "cache_read_mtok": 1, "output_mtok": 20}},
		{Model: ModelMatch{Equals: "m"}, When: When{ServiceTier: "batch"}, Prices: mtok(5, 10)},
		{Model: ModelMatch{Equals: "m"}, When: When{ServiceTier: "flex"}, From: instant(t, "2026-08-21"), Prices: mtok(4, 8)},
		{Model: ModelMatch{Equals: "only-fast"}, When: When{ServiceTier: "fast"}, Prices: mtok(60, 120)},
		{Provider: "openai", Model: ModelMatch{Equals: "gpt-5.4"}, Prices: mtok(2, 12)},
	}})
	u := Usage{Input: 2 * million, CacheRead: million}
	for _, tc := range []struct {
		name, provider, model, at string
		tier, got                 ServiceTier
		total                     float64
	}{
		{"standard", "", "m", "2026-01-01", TierStandard, TierStandard, 10 + 1},
		{"batch keeps the price of the cache", "", "m", "2026-01-01", TierBatch, TierBatch, 5 + 1},
		{"flex is not sold yet", "", "m", "2026-08-20", TierFlex, TierStandard, 10 + 1},
		{"flex", "", "m", "2026-08-21", TierFlex, TierFlex, 4 + 1},
		{"priority has no price", "", "m", "2026-01-01", TierPriority, TierStandard, 10 + 1},
		{"sold fast only", "", "only-fast", "2026-01-01", TierFast, TierFast, 120},
		{"whoever restates the standard price restates its tiers", "openai", "gpt-5.4", "2026-09-30", TierFlex, TierStandard, 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := c.Price(&Request{Provider: tc.provider, Model: tc.model, At: instant(t, tc.at), Tier: tc.tier, Usage: u})
			assert.Equal(t, StatusPriced, q.Status, q.Reason)
			assert.Equal(t, tc.got, q.Tier)
			assert.InDelta(t, tc.total, q.Cost.Total(), tolerance)
		})
	}
	q := c.Price(&Request{Model: "only-fast", Usage: u})
	assert.Equal(t, Quote{Reason: ReasonUnknownModel}, q, "there is no standard price")
}

// The whole request is charged at the tier of its input: input, cache and output.
func TestContextTierIsOfTheWholeRequest(t *testing.T) {
	c := newCatalog(t, Settings{Builtin: true, Overrides: []Override{{
		Model:  ModelMatch{Equals: "m"},
		Prices: map[string]float64{"input_mtok": 1, "cache_read_mtok": 0.1, "output_mtok": 10},
		Tiers: []Tier{
			{Above: 200_000, Prices: map[string]float64{"input_mtok": 2, "cache_read_mtok": 0.2, "output_mtok": 15}},
			{From: 1_000_000, Prices: map[string]float64{"input_mtok": 3}},
		},
	}}})
	for _, tc := range []struct{ input, want float64 }{
		{200_000, 0.1 + 0.1*0.1 + 10},
		{200_001, 0.100001*2 + 0.1*0.2 + 15},
		{999_999, 0.899999*2 + 0.1*0.2 + 15},
		{1_000_000, 0.9*3 + 0.1*0.2 + 15},
	} {
		q := c.Price(&Request{Model: "m", Usage: Usage{Input: tc.input, CacheRead: 100_000, Output: million}})
		assert.InDelta(t, tc.want, q.Cost.Total(), 1e-9, "%v", tc.input)
	}
}

func TestStatusAndReason(t *testing.T) {
	c := newCatalog(t, Settings{Builtin: true, Overrides: []Override{
		{Model: ModelMatch{Equals: "free"}, Prices: mtok(0, 0)},
		{Model: ModelMatch{Equals: "text"}, Prices: mtok(1, 1)},
		{Model: ModelMatch{Equals: "sound"}, Prices: map[string]float64{"audio_hours": 1}},
	}})
	for _, tc := range []struct {
		name, model string
		usage       Usage
		status      Status
		reason      Reason
	}{
		{"free is a price", "free", Usage{Input: 5}, StatusPriced, ReasonNone},
		{"unknown is not free", "nobody-knows", Usage{Input: 5}, StatusUnpriced, ReasonUnknownModel},
		{"nothing used", "text", Usage{}, StatusUnpriced, ReasonNoUsage},
		{"counted otherwise than priced", "sound", Usage{Input: 5}, StatusUnpriced, ReasonNoPriceForKey},
		{"some has no price", "text", Usage{Input: 5, WebSearches: 1}, StatusPartial, ReasonNoPriceForKey},
		{"parts exceed the whole", "text", Usage{Input: 5, CacheRead: 6}, StatusPriced, ReasonNone}, // no price of its own
		{"a bad count beside a good one", "text", Usage{Input: 5, Output: -1}, StatusPartial, ReasonBadUsage},
		{"a bad count only", "text", Usage{Input: math.NaN()}, StatusUnpriced, ReasonBadUsage},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := c.Price(&Request{Model: tc.model, Usage: tc.usage})
			assert.Equal(t, tc.status, q.Status)
			assert.Equal(t, tc.reason, q.Reason)
			if tc.status == StatusUnpriced {
				assert.Equal(t, Quote{Reason: tc.reason}, q)
			}
		})
	}
	q := c.Price(&Request{Provider: "openai", Model: "gpt-4o", Usage: Usage{Input: 5, CacheRead: 6}})
	assert.Equal(t, ReasonInconsistentUsage, q.Reason)
}

func TestDefaultPriceOfUnknownModels(t *testing.T) {
	c := newCatalog(t, Settings{Builtin: true, DefaultPrice: mtok(3, 4)})
	q := c.Price(&Request{Provider: "nobody", Model: "nothing", Usage: Usage{Input: million, Output: million}})
	assert.Equal(t, SourceOverride, q.Source)
	assert.Equal(t, "unknown_model.default_price", q.Entry.Ref)
	assert.InDelta(t, 7, q.Cost.Total(), tolerance)
	assert.Equal(t, "openai", c.Price(&Request{Model: "gpt-4o", Usage: Usage{Input: 1}}).Entry.Provider, "a known one keeps its own")
	assert.False(t, c.Has("nobody/nothing"))
	_, _, err := New(Settings{Builtin: true, DefaultPrice: mtok(3, 4), Overrides: []Override{{Model: ModelMatch{Equals: "m"}, As: "nobody/nothing"}}})
	require.ErrorContains(t, err, `overrides[0].as: model "nobody/nothing" is not in the catalog`)
}

func TestAdjustments(t *testing.T) {
	c := newCatalog(t, Settings{
		Builtin:   true,
		Overrides: []Override{{Provider: "azure", Model: ModelMatch{Equals: "deploy"}, As: "openai/gpt-4o"}},
		Adjustments: []Adjustment{
			{Name: "edp", Provider: "openai", Multiply: new(0.85)},
			{Name: "mini", Model: "*-mini", Multiply: new(0.5)},
			{Name: "azure", Provider: "azure.ai.openai", Multiply: new(0.0)},
		},
	})
	for _, tc := range []struct {
		provider, model string
		share           float64
	}{
		{"openai", "gpt-4o", 0.85},
		{"openai", "gpt-4o-mini-2024-07-18", 0.85 * 0.5}, // by its entry
		{"anthropic", "claude-haiku-4-5", 1},
		{"azure.ai.openai", "deploy", 0}, // as the deployment that it is, not as what it is priced as
	} {
		r := Request{Provider: tc.provider, Model: tc.model, Usage: Usage{Input: million, Output: million, OutputReasoning: 1000}}
		list := builtin(t).Price(&Request{Provider: "openai", Model: "gpt-4o", Usage: r.Usage})
		if tc.model != "deploy" {
			list = builtin(t).Price(&r)
		}
		q := c.Price(&r)
		assert.InDelta(t, list.Cost.Total()*tc.share, q.Cost.Total(), tolerance)
		assert.InDelta(t, list.Cost.Total()*(1-tc.share), q.Savings.Discount, tolerance)
		assert.InDelta(t, list.Cost.Reasoning*tc.share, q.Cost.Reasoning, tolerance)
	}
}

// The drawing of Savings: from the baseline to what was charged.
func TestSavingsWaterfall(t *testing.T) {
	c := newCatalog(t, Settings{
		Builtin: true,
		Overrides: []Override{
			{Provider: "a", Model: ModelMatch{Equals: "dear"}, Prices: mtok(12, 0)},
			{Provider: "a", Model: ModelMatch{Equals: "cheap"}, Prices: map[string]float64{"input_mtok": 6, "cache_read_mtok": 3, "cache_write_mtok": 12}},
			{Provider: "a", Model: ModelMatch{Equals: "cheap"}, When: When{ServiceTier: "batch"}, Prices: map[string]float64{"input_mtok": 3, "cache_read_mtok": 0.5}},
			{Provider: "a", Model: ModelMatch{Equals: "cheap"}, When: When{ServiceTier: "priority"}, Prices: map[string]float64{"input_mtok": 9}},
		},
		Adjustments: []Adjustment{{Provider: "a", Multiply: new(0.9)}},
	})
	allRead := Usage{Input: 100_000, CacheRead: 80_000}
	for _, tc := range []struct {
		name     string
		tier     ServiceTier
		baseline string
		usage    Usage
		want     Savings
		total    float64
	}{
		{"every step", TierBatch, "a/dear", allRead, Savings{Router: 0.6, ServiceTier: 0.3, PromptCache: 0.2, Discount: 0.01}, 0.09},
		{"no baseline", TierBatch, "", allRead, Savings{ServiceTier: 0.3, PromptCache: 0.2, Discount: 0.01}, 0.09},
		{"an unknown baseline saves nothing", TierBatch, "a/nothing", allRead, Savings{ServiceTier: 0.3, PromptCache: 0.2, Discount: 0.01}, 0.09},
		{"a baseline without the price saves nothing", TierBatch, "groq/whisper-large-v3", allRead, Savings{ServiceTier: 0.3, PromptCache: 0.2, Discount: 0.01}, 0.09},
		{"priority is dearer", TierPriority, "", Usage{Input: 100_000}, Savings{ServiceTier: -0.3, Discount: 0.09}, 0.81},
		{"a cache written and not read is dearer", TierStandard, "", Usage{Input: 100_000, CacheWrite: 50_000}, Savings{PromptCache: -0.3, Discount: 0.09}, 0.81},
		{"the dearer model", TierStandard, "a/cheap", Usage{Input: 100_000}, Savings{Discount: 0.06}, 0.54},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := c.Price(&Request{Provider: "a", Model: "cheap", Tier: tc.tier, Baseline: tc.baseline, Usage: tc.usage})
			require.Equal(t, StatusPriced, q.Status)
			assert.InDelta(t, tc.total, q.Cost.Total(), tolerance)
			assert.InDelta(t, tc.want.Router, q.Savings.Router, tolerance, "router")
			assert.InDelta(t, tc.want.ServiceTier, q.Savings.ServiceTier, tolerance, "service tier")
			assert.InDelta(t, tc.want.PromptCache, q.Savings.PromptCache, tolerance, "prompt cache")
			assert.InDelta(t, tc.want.Discount, q.Savings.Discount, tolerance, "discount")
		})
	}
}

// The golden case that shows the three kinds of cache tokens: 0.051 without a cache, 0.0465 with.
func TestSavingsOfMixedCache(t *testing.T) {
	q := builtin(t).Price(&Request{
		Provider: "anthropic", Model: "claude-sonnet-4-20250514",
		Usage: Usage{Input: 12000, CacheRead: 5000, CacheWrite: 6000, CacheWrite1h: 2000, Output: 1000},
	})
	assert.InDelta(t, 0.0465, q.Cost.Total(), tolerance)
	assert.InDelta(t, 0.0045, q.Savings.Total(), tolerance)
	assert.InDelta(t, 0.0045, q.Savings.PromptCache, tolerance)
}

// anyRequest draws a call of one of some models with all that prices have.
func anyRequest(t *rapid.T) *Request {
	said := anySaid(t)
	model := rapid.SampledFrom([]string{
		"openai/gpt-4o", "openai/gpt-5.4", "openai/gpt-realtime", "anthropic/claude-sonnet-4-5", "anthropic/claude-haiku-4-5",
		"google/gemini-2.5-pro", "deepseek/deepseek-chat", "perplexity/sonar", "groq/whisper-large-v3", "x-ai/grok-4.5",
	}).Draw(t, "model")
	return &Request{
		Model:    model,
		Baseline: rapid.SampledFrom([]string{"", "openai/gpt-5", "anthropic/claude-opus-4-1", "no/such"}).Draw(t, "baseline"),
		Tier:     ServiceTier(rapid.IntRange(0, int(tierCount)-1).Draw(t, "tier")),
		At:       time.Unix(int64(rapid.IntRange(1_600_000_000, 1_900_000_000).Draw(t, "at")), 0),
		Usage:    said.Normalise().Usage,
	}
}

// Parts are amounts and make up the total; savings lead from the baseline to it, whatever is called.
func TestQuotesAddUp(t *testing.T) {
	c := newCatalog(t, Settings{Builtin: true, Adjustments: []Adjustment{{Model: "gpt*", Multiply: new(0.8)}}})
	listed := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		r := anyRequest(t)
		before := *r
		q := c.Price(r)
		require.Equal(t, before, *r, "the request is read only")
		if q.Status == StatusUnpriced {
			require.Equal(t, Quote{Reason: q.Reason}, q)
			return
		}
		sum := 0.0
		for _, part := range []float64{q.Cost.Input, q.Cost.Output, q.Cost.CacheRead, q.Cost.CacheWrite, q.Cost.Other} {
			require.GreaterOrEqual(t, part, 0.0)
			sum += part
		}
		require.InDelta(t, q.Cost.Total(), sum, 1e-9)
		require.LessOrEqual(t, q.Cost.Reasoning, q.Cost.Output+1e-9)

		start := Request{Model: r.Model, At: r.At, Usage: r.Usage.uncached()}
		if r.Baseline != "" && c.Has(r.Baseline) {
			start.Model = r.Baseline
		}
		if list := listed.Price(&start); list.Status != StatusUnpriced {
			require.InDelta(t, list.Cost.Total(), q.Cost.Total()+q.Savings.Total(), 1e-9*max(1, list.Cost.Total()))
		}
	})
}

// The provider's own amount wins; the savings still lead to it.
func TestReported(t *testing.T) {
	c := builtin(t)
	q := c.Price(&Request{
		Provider: "anthropic", Model: "claude-sonnet-4-20250514",
		Usage: Usage{Input: 12000, CacheRead: 5000, CacheWrite: 6000, CacheWrite1h: 2000, Output: 1000, OutputReasoning: 500},
	})
	said := q.Reported(0.093)
	assert.Equal(t, SourceReported, said.Source)
	assert.Equal(t, StatusPriced, said.Status)
	assert.InDelta(t, 0.093, said.Cost.Total(), tolerance)
	assert.InDelta(t, 2*q.Cost.Output, said.Cost.Output, tolerance)
	assert.InDelta(t, 2*q.Cost.Reasoning, said.Cost.Reasoning, tolerance)
	assert.InDelta(t, q.Cost.Total()+q.Savings.Total(), said.Cost.Total()+said.Savings.Total(), tolerance)

	free := q.Reported(0)
	assert.Zero(t, free.Cost.Total())
	assert.InDelta(t, 0.0465, free.Savings.Discount, tolerance)

	unknown := c.Price(&Request{Model: "nobody-knows"}).Reported(0.5)
	assert.Equal(t, Quote{Status: StatusPriced, Source: SourceReported, Cost: Parts{Other: 0.5}}, unknown)

	partial := c.Price(&Request{Provider: "cohere", Model: "command-r", Usage: Usage{Input: 5, WebSearches: 2}})
	require.Equal(t, StatusPartial, partial.Status)
	assert.Equal(t, Savings{}, partial.Reported(1).Savings, "a list price that is not whole tells no discount")
}

// A step that does not apply saves exactly nothing, or dust would become series.
func TestNoDustOfSavings(t *testing.T) {
	c := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		r := anyRequest(t)
		r.Baseline, r.Tier = "", TierStandard
		q := c.Price(r)
		require.Zero(t, q.Savings.Router)
		require.Zero(t, q.Savings.ServiceTier)
		require.Zero(t, q.Savings.Discount)
		if r.Usage[CacheRead]+r.Usage[CacheWrite] == 0 {
			require.Zero(t, q.Savings.PromptCache)
		}
	})
}

// A model that was seen before is priced without allocating.
func TestPriceAllocatesNothing(t *testing.T) {
	c := newCatalog(t, Settings{Builtin: true, Adjustments: []Adjustment{{Multiply: new(0.9)}}})
	r := Request{
		Provider: "anthropic", Model: "unheard-of", RequestModel: "claude-haiku-4-5-20251001", Tier: TierBatch, At: instant(t, "2026-09-30"),
		Baseline: "anthropic/claude-opus-4-1", Usage: Usage{Input: 12000, CacheRead: 5000, CacheWrite: 6000, CacheWrite1h: 2000, Output: 1000},
	}
	require.Equal(t, StatusPriced, c.Price(&r).Status)
	assert.Zero(t, testing.AllocsPerRun(100, func() { c.Price(&r) }))
}

// The itemised bill comes to the cost.
func TestLines(t *testing.T) {
	c := builtin(t)
	rapid.Check(t, func(t *rapid.T) {
		r := anyRequest(t)
		sum := 0.0
		for _, l := range c.Lines(r) {
			require.InDelta(t, l.Count*l.Price/l.Unit.Per(), l.Amount, 1e-9)
			sum += l.Amount
		}
		if q := c.Price(r); q.Status != StatusUnpriced {
			require.InDelta(t, q.Cost.Total(), sum, 1e-9)
		}
	})
	assert.Empty(t, c.Lines(&Request{Model: "nobody-knows"}))
}
