package costprocessor

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
)

// terms are what calls are priced by that differ in their amounts alone. They are worked out for
// the first of them, and remembered by the shape of its reading:
//
//	chat gpt-4o-mini   openai   310 in, 40 out    shape 7   →  terms 7: standard tier, the prices of gpt-4o-mini
//	chat gpt-4o-mini   openai   298 in, 51 out    shape 7   →  terms 7
//	chat gpt-4o-mini   openai   tier batch …      shape 9   →  terms 9: batch tier, the prices of gpt-4o-mini
type terms struct {
	shape      uint32
	listing    cost.Listing
	convention cost.Convention
	tier       cost.ServiceTier
	cache      flow.Cache // what a cache of answers said
}

// shapes is of how many shapes the terms are remembered: a power of two. Those of phrases that are
// new push those of old ones out.
const shapes = 512

// agree sets the terms of a claim.
func (s *scratch) agree(c *claim, m *sketch) {
	shape := c.reading.Shape
	known := &s.terms[shape%shapes]
	if shape != 0 && known.shape == shape {
		c.terms = *known
	} else {
		var lasting bool
		if c.terms, lasting = s.workOut(c.reading, m); lasting {
			*known = c.terms
		}
	}
	c.cache = c.terms.cache
}

// workOut returns the terms of a span, and whether they are those of all spans of its shape.
func (s *scratch) workOut(r *flow.Reading, m *sketch) (t terms, lasting bool) {
	attributes, cfg := m.span.Attributes(), s.p.cfg
	d := otlp.Detail(attributes)
	t = terms{
		shape: r.Shape,
		listing: s.catalog.Find(&cost.Request{
			Provider: r.Call.Provider, Model: r.Call.Model, RequestModel: d.RequestModel, Endpoint: d.Server,
		}),
		convention: cfg.Usage.convention(m.scope, r.Call.Provider),
		tier:       cfg.tier(&d, attributes),
		cache:      cfg.Savings.ResponseCache.cache(attributes),
	}
	return t, r.Shape != 0 && !d.Parameters && s.p.flags.areWords(attributes)
}

// flags are the attributes that the configuration asks for.
type flags struct {
	names  []string
	amount bool // some flag is one to the lexicon: spans of a shape need not agree in it
}

func (c *Config) flags(l *flow.Lexicon) (f flags) {
	for _, list := range [][]Attribute{c.ServiceTier.BatchAttributes, c.Savings.ResponseCache.Attributes} {
		for _, a := range list {
			use := l.Lookup(a.Key).Use()
			f.names = append(f.names, a.Key)
			f.amount = f.amount || use == flow.UseAmount || use == flow.UseRunID
		}
	}
	return f
}

// areWords says whether spans of the same shape as the one with those attributes agree in the
// flags. Lists and maps are all the same to a reader.
func (f *flags) areWords(attributes pcommon.Map) bool {
	return !f.amount && !slices.ContainsFunc(f.names, func(name string) bool {
		v, ok := attributes.Get(name)
		return ok && (v.Type() == pcommon.ValueTypeSlice || v.Type() == pcommon.ValueTypeMap || v.Type() == pcommon.ValueTypeBytes)
	})
}

// tier returns the service tier of a call.
func (c *Config) tier(d *flow.Detail, attributes pcommon.Map) cost.ServiceTier {
	for _, a := range c.ServiceTier.BatchAttributes {
		if a.on(attributes) {
			return cost.TierBatch
		}
	}
	for _, from := range c.ServiceTier.From {
		said := d.ResponseTier
		if from == TierOfRequest {
			said = d.RequestTier
		}
		if tier, ok := cost.ParseServiceTier(strings.ToLower(said)); ok {
			return tier
		}
	}
	return cost.TierStandard
}

// on says whether the attributes hold this one.
func (a *Attribute) on(attributes pcommon.Map) bool {
	v, ok := attributes.Get(a.Key)
	if !ok {
		return false
	}
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return v.Str() == a.Value
	case pcommon.ValueTypeBool:
		return v.Bool() == (a.Value == "true") && (a.Value == "true" || a.Value == "false")
	default:
		return v.AsString() == a.Value
	}
}

// cache returns what a cache of answers said.
func (c *ResponseCacheConfig) cache(attributes pcommon.Map) flow.Cache {
	said := flow.CacheNone
	for i := range c.Attributes {
		a := &c.Attributes[i]
		switch _, ok := attributes.Get(a.Key); {
		case !ok:
		case a.on(attributes):
			return flow.CacheHit
		default:
			said = flow.CacheMiss
		}
	}
	return said
}
