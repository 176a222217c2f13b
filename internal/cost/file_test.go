package cost

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A later file wins over an earlier one and over the embedded prices, whichever form it has.
func TestFilesAreLayers(t *testing.T) {
	genai := File{Path: "genai.json", Data: []byte(`[{"id": "azure", "models": []}, {"id": "openai", "models": [
		{"id": "gpt-4o", "match": {"starts_with": "gpt-4o"}, "prices": {"input_mtok": 8}},
		{"id": "gpt-4.1", "match": {"and": [{"contains": "4.1"}, {"ends_with": "x"}, {"regex": "^(?!gpt-)"}]}, "prices": [
			{"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 10, "price": 2}]}}},
			{"constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 3}},
			{"constraint": {"start_time": "22:00:00+02:00", "end_time": "23:00:00+02:00"}, "prices": {"input_mtok": 4}}]}]}]`)}
	c := newCatalog(t, Settings{Builtin: true, Files: append([]File{genai}, file(`
		{"provider": "openai", "model": {"equals": "gpt-4o-mini"}, "prices": {"input_mtok": 9, "output_mtok": 1}},
		{"provider": "openai", "model": {"equals": "dated"}, "effective_from": "2026-01-01", "effective_to": "2026-02-01T00:00:00Z",
		 "when": {"hours_utc": "00:00-12:00"}, "prices": {"input_mtok": 5}, "tiers": [{"from_input_tokens": 10, "prices": {"input_mtok": 6}}], "source": "a page"}`)...)})
	for _, tc := range []struct {
		model, at string
		input     float64
		want      float64 // USD a million
		ref       string
	}{
		{"gpt-4o", "2026-03-01", 5, 8, "genai/openai/gpt-4o"},
		{"gpt-4o-mini", "2026-03-01", 5, 9, "own@7/openai/gpt-4o-mini"},
		{"gpt-5", "2026-03-01", 5, 1.25, "genai-prices@0.1.8/openai/gpt-5"},
		{"my-4.1-x", "2025-03-01 12:00", 10, 1, "genai/openai/gpt-4.1"},
		{"my-4.1-x", "2025-03-01 12:00", 11, 2, "genai/openai/gpt-4.1"},
		{"my-4.1-x", "2026-03-01 12:00", 11, 3, "genai/openai/gpt-4.1"},
		{"my-4.1-x", "2026-03-01 20:30", 11, 4, "genai/openai/gpt-4.1"},
		{"dated", "2026-01-31 11:59", 9, 5, "own@7/openai/dated"},
		{"dated", "2026-01-31 11:59", 10, 6, "own@7/openai/dated"},
	} {
		t.Run(tc.model+" "+tc.at, func(t *testing.T) {
			q := c.Price(&Request{Provider: "openai", Model: tc.model, At: instant(t, tc.at), Usage: Usage{Input: tc.input}})
			require.NotNil(t, q.Entry, q.Reason)
			assert.InDelta(t, tc.input*tc.want/million, q.Cost.Input, tolerance)
			assert.Equal(t, tc.ref, q.Entry.Ref)
		})
	}
	unpriced := c.Price(&Request{Provider: "openai", Model: "gpt-4.1-x", At: instant(t, "2026-03-01"), Usage: Usage{Input: 1}})
	assert.Equal(t, ReasonUnknownModel, unpriced.Reason, "and, not")
	shared := c.Price(&Request{Provider: "azure.ai.openai", Model: "gpt-4.1-mini", Usage: Usage{Input: 1}})
	assert.Equal(t, StatusPriced, shared.Status, "azure still charges as openai")
	info := c.Info()
	assert.Equal(t, "genai-prices@0.1.8+otelcol-workflow@2+genai+own@7", info.Version)
	assert.Len(t, info.SHA256, 64)
	assert.Equal(t, instant(t, "2026-09-23"), info.Date)
	assert.Greater(t, info.Models, 1694)
}

// What genai-prices could not say in RE2 is in the catalog as rewritten, and every entry can be found by its id.
func TestEveryEntryIsFoundByItsID(t *testing.T) {
	c := builtin(t)
	for _, p := range c.providers() {
		for _, m := range p.entries {
			f := c.entryAt(p.id, []spelling{{name: strings.ToLower(m.id)}})
			require.NotNil(t, f.model, "%s/%s", p.id, m.id)
			assert.Equal(t, strings.ToLower(m.id), strings.ToLower(f.model.id))
		}
	}
}

func TestReadFiles(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.json")
	require.NoError(t, os.WriteFile(good, []byte("x"), 0o600))
	files, err := ReadFiles([]string{good})
	require.NoError(t, err)
	assert.Equal(t, []File{{Path: good, Data: []byte("x")}}, files)

	_, err = ReadFiles([]string{"no/such.json", good, "no/other.json"})
	require.Error(t, err)
	assert.Equal(t, "catalog.files[0]: open no/such.json: no such file or directory\n"+
		"catalog.files[2]: open no/other.json: no such file or directory", err.Error())
}

// Every price that we add names where it comes from.
func TestOverlayNamesItsSources(t *testing.T) {
	var f faults
	var in priceFile
	require.True(t, f.decode("", &File{Data: builtinOverlay}, &in, true))
	require.NotEmpty(t, in.Prices)
	for i, p := range in.Prices {
		assert.Contains(t, p.Source, "https://", "prices[%d]", i)
	}
}

// A slip of a digit in a price of a tier shows against the standard price: batch and flex are cheaper, priority
// and fast are dearer, each of them by no more than four times.
func TestOverlayIsPlausible(t *testing.T) {
	c := builtin(t)
	var f faults
	var in priceFile
	require.True(t, f.decode("", &File{Data: builtinOverlay}, &in, true))
	for i := range in.Prices {
		o := f.override("overlay", &in.Prices[i])
		if o.When.ServiceTier == "" {
			continue
		}
		name := o.Provider + "/" + o.Model.Equals + " " + o.When.ServiceTier
		tier, ok := ParseServiceTier(o.When.ServiceTier)
		require.True(t, ok, name)
		r := Request{Provider: o.Provider, Model: o.Model.Equals, At: o.From}
		if r.At.IsZero() {
			r.At = instant(t, "2026-09-30")
		}
		if !o.To.IsZero() {
			r.At = o.To.AddDate(0, 0, -1)
		}
		for _, u := range []Usage{{Input: 1000}, {Input: 1000, CacheRead: 1000}, {Input: 1000, CacheWrite: 1000}, {Output: 1000}, {Input: 300_000}} {
			r.Usage, r.Tier = u, TierStandard
			standard := c.Price(&r)
			require.Equal(t, StatusPriced, standard.Status, name)
			r.Tier = tier
			q := c.Price(&r)
			require.Equal(t, tier, q.Tier, name)
			cheap, dear := q.Cost.Total(), standard.Cost.Total()
			sooner := tier == TierPriority || tier == TierFast
			if sooner {
				cheap, dear = dear, cheap
			}
			longPriority := sooner && u[Input] > 200_000 // not sold, so it has no tiers
			assert.True(t, longPriority || cheap <= dear+tolerance, "%s: %v", name, u)
			assert.LessOrEqual(t, dear, 4*cheap+tolerance, "%s: %v", name, u)
		}
	}
	require.NoError(t, f.err())
}
