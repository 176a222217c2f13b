package cost

import (
	"slices"
	"strings"
)

// match is all that the name of a model led to. Nothing changes it: concurrent reads are safe.
type match struct {
	reason   Reason    // why there is no price; ReasonNone if there is one
	standard []plan    // the first active one counts
	variants []variant // of the other tiers; the first active one of the tier counts
	multiply float64   // of all adjustments that match
}

// plan is the standard prices of a model for a time.
type plan struct {
	version
	rates  *rates
	entry  *Entry
	source Source
	layer  int // index in Catalog.layers: 0 is the upper one
}

// variant is the prices of a model at another service tier for a time.
type variant struct {
	plan
	over []*rates // the prices laid over those of each standard plan; nil where the plan is of a higher layer
}

// name is what is known of a model while it is resolved.
type name struct {
	served
	spellings []spelling
	listed    string // id of the entry among the models of its own provider, "" if it is not there
	aliased   string // what an override said it is to be priced as, "" if none did
}

// resolve finds the prices of a model. It is what a match cache saves.
func (c *Catalog) resolve(provider, endpoint, modelName string, aliased string) *match {
	n := name{served: c.serves(provider, endpoint, strings.ToLower(strings.TrimSpace(modelName))), aliased: aliased}
	n.spellings = spellings(n.model)
	found := c.entryOf(&n)
	if found.model != nil && found.provider == n.id {
		n.listed = strings.ToLower(found.model.id)
	}
	m := &match{multiply: c.multiplier(&n)}
	for i, l := range c.layers {
		if target := m.addRules(l, i, &n); target != "" {
			return c.resolveAlias(target, &n)
		}
		if found.model != nil && found.layer == i {
			m.addEntry(l, i, &found, &n)
		}
	}
	m.finish(c, &n)
	return m
}

// resolveAlias prices a model as another one, adjusted as itself.
func (c *Catalog) resolveAlias(target string, n *name) *match {
	provider, modelName, _ := strings.Cut(target, "/")
	m := c.resolve(provider, "", modelName, strings.TrimPrefix(n.id+"/"+n.model, "/"))
	m.multiply = c.multiplier(n)
	return m
}

// finding is an entry of a list of models and how it was found.
type finding struct {
	model    *model
	provider string
	layer    int
	why      string
}

// entryOf looks the model up among those of its provider, then of the providers whose prices it shares.
func (c *Catalog) entryOf(n *name) finding {
	if !n.known {
		return finding{}
	}
	if f := c.entryAt(n.id, n.spellings); f.model != nil {
		f.why = joinWhy(n.why, f.why)
		return f
	}
	for _, id := range c.fallback(n.id) {
		if f := c.entryAt(id, n.spellings); f.model != nil {
			f.why = joinWhy(joinWhy(n.why, f.why), n.id+" charges as "+id)
			return f
		}
	}
	return finding{}
}

// fallback lists the providers whose prices a provider shares, by the upper layer that says so.
func (c *Catalog) fallback(id string) []string {
	for _, l := range c.layers {
		if p := l.byID[id]; p != nil && len(p.fallback) > 0 {
			return p.fallback
		}
	}
	return nil
}

func (c *Catalog) entryAt(id string, names []spelling) finding {
	for i, l := range c.layers {
		p := l.byID[id]
		if p == nil {
			continue
		}
		for _, s := range names {
			for _, candidate := range [...]string{s.name, strings.TrimPrefix(s.name, id+"/")} {
				if m := p.find(candidate); m != nil {
					return finding{m, id, i, s.why}
				}
			}
		}
	}
	return finding{}
}

// addRules adds the rules of a layer that are for the model. It returns what the model is to be priced as, if
// the first of its rules says so and nothing above did.
func (m *match) addRules(l *layer, depth int, n *name) (as string) {
	for i := range l.rules {
		r := &l.rules[i]
		why, ok := r.isFor(n)
		if !ok {
			continue
		}
		if r.as != "" {
			if n.aliased == "" && len(m.standard) == 0 {
				return r.as
			}
			continue
		}
		m.add(plan{
			version: r.version,
			source:  l.source,
			layer:   depth,
			entry:   &Entry{Ref: l.ref + "/" + r.label(n), Provider: n.id, Model: r.match.text, Why: whyOf(n, joinWhy(n.why, r.path+" "+why))},
		})
	}
	return ""
}

// label names a rule in a reference: what it is for, or its path where that is a pattern.
func (r *rule) label(n *name) string {
	if r.match.kind == patternEquals && n.id != "" {
		return n.id + "/" + r.match.text
	}
	return r.path
}

// isFor says whether a rule is for a model, by any of its names or the id of its entry.
func (r *rule) isFor(n *name) (why string, ok bool) {
	if r.provider != "" && r.provider != n.id {
		return "", false
	}
	kinds := [...]string{"equals", "begins", "is like", "is like"}
	for _, s := range n.spellings[:min(2, len(n.spellings))] {
		if r.match.matches(s.name) {
			return kinds[r.match.kind] + " the name", true
		}
	}
	if n.listed != "" && r.match.matches(n.listed) {
		return kinds[r.match.kind] + " the entry " + n.listed, true
	}
	return "", false
}

func (m *match) addEntry(l *layer, depth int, f *finding, n *name) {
	e := &Entry{
		Ref:      l.ref + "/" + f.provider + "/" + f.model.id,
		Provider: f.provider,
		Model:    f.model.id,
		Why:      whyOf(n, joinWhy(f.why, "in the list of "+f.provider)),
	}
	for _, v := range f.model.versions {
		if v.tier != TierStandard && f.provider != n.id {
			continue // who shares the prices of another does not share its service tiers
		}
		m.add(plan{version: v, source: l.source, layer: depth, entry: e})
	}
}

// whyOf tells of an alias, if one led to the model.
func whyOf(n *name, why string) string {
	if n.aliased != "" {
		return joinWhy(n.aliased+" is priced as "+n.model, why)
	}
	return why
}

func (m *match) add(p plan) {
	if p.tier != TierStandard {
		m.variants = append(m.variants, variant{plan: p})
		return
	}
	m.standard = append(m.standard, p)
}

// finish makes the prices ready to charge, or says why there are none.
func (m *match) finish(c *Catalog, n *name) {
	if len(m.standard) == 0 && len(m.variants) == 0 {
		m.reason = ReasonUnknownModel
		if n.id != "" && !n.known {
			m.reason = ReasonUnknownProvider
		}
		if c.defaultPrice == nil {
			return
		}
		m.standard = []plan{{version: version{prices: c.defaultPrice}, source: SourceOverride, entry: defaultEntry}}
		m.reason = ReasonNone
	}
	if always := slices.IndexFunc(m.standard, func(p plan) bool { return p.always() }); always >= 0 {
		m.standard = m.standard[:always+1]
	}
	for i := range m.standard {
		p := &m.standard[i]
		p.rates = newRates(p.prices, p.minSeconds)
	}
	for i := range m.variants {
		m.variants[i].layOver(m.standard)
	}
}

// layOver lays the prices over those of each standard plan. Who states the standard price of a model anew
// states those of its tiers anew too.
func (v *variant) layOver(standard []plan) {
	v.rates = newRates(v.prices, v.minSeconds)
	v.over = make([]*rates, len(standard))
	for i := range standard {
		if s := &standard[i]; v.layer <= s.layer {
			v.over[i] = newRates(v.prices.over(s.prices), max(v.minSeconds, s.minSeconds))
		}
	}
}

var defaultEntry = &Entry{Ref: "unknown_model.default_price", Why: "the model is not known"}
