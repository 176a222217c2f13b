package cost

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
)

// layer is one set of prices: embedded, of a file or of the overrides. Nothing changes it once compiled.
type layer struct {
	ref    string // first part of workflow.cost.price_ref, as genai-prices@0.1.8
	source Source
	date   time.Time
	list   []*provider // as genai-prices has them
	byID   map[string]*provider
	rules  []rule // as we have them, the first that matches wins
}

// provider is a list of models with one maker or host.
type provider struct {
	id        string
	names     *pattern // further names; nil if there are none
	models    *pattern // names of models that tell the provider; nil if there are none
	endpoints *regexp.Regexp
	fallback  []string // ids of providers whose prices hold for models that are not listed
	entries   []*model
	exact     map[string]*model // by id, and by what their patterns equal
}

// model is one entry of a provider.
type model struct {
	id       string
	match    pattern
	versions []version // the first active one of a tier counts
}

// version is the prices of a model at a time and a service tier.
type version struct {
	window
	tier       ServiceTier
	prices     prices
	minSeconds float64
}

// rule is an override, of the configuration or of a file in our own form.
type rule struct {
	version
	path     string // as overrides[2]
	provider string // id of the catalog; "" for any
	match    pattern
	as       string // "provider/model"; "" if the rule has prices
}

func newLayer(ref string, source Source, date time.Time) *layer {
	return &layer{ref: ref, source: source, date: date, byID: map[string]*provider{}}
}

func (l *layer) add(p *provider) {
	p.exact = make(map[string]*model, len(p.entries))
	for _, m := range p.entries {
		id := strings.ToLower(m.id)
		p.exact[id] = cmp.Or(p.exact[id], m)
	}
	for _, m := range p.entries {
		m.match.eachEqual(func(name string) {
			p.exact[name] = cmp.Or(p.exact[name], m)
		})
	}
	l.list = append(l.list, p)
	l.byID[p.id] = p
}

// sortRules puts the specific before the general, and of equals the later first:
//
//	equals gpt-5.6-sol · prefix gpt-5.6 · prefix gpt-5 · glob gpt-* · regex ^gpt
func (l *layer) sortRules() {
	slices.Reverse(l.rules)
	slices.SortStableFunc(l.rules, func(a, b rule) int {
		return cmp.Or(
			cmp.Compare(a.match.kind, b.match.kind),
			cmp.Compare(len(b.match.text), len(a.match.text)))
	})
}

// find returns the entry of a name: the one it is the id or an alias of, else the first whose pattern matches.
func (p *provider) find(name string) *model {
	if m := p.exact[name]; m != nil {
		return m
	}
	for _, m := range p.entries {
		if m.match.matches(name) {
			return m
		}
	}
	return nil
}
