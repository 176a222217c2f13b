package cost

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// genaiProvider is a provider as genai-prices writes it. Its form grows with each release, so fields that are
// not known are left alone; what is known is read strictly.
type genaiProvider struct {
	ID       string        `json:"id"`
	Endpoint string        `json:"api_pattern"`
	Names    *genaiPattern `json:"provider_match"`
	Models   *genaiPattern `json:"model_match"`
	Fallback []string      `json:"fallback_model_providers"`
	List     []genaiModel  `json:"models"`
}

type genaiModel struct {
	ID     string       `json:"id"`
	Match  genaiPattern `json:"match"`
	Prices genaiPrices  `json:"prices"`
	// Variants are of the third form of the file, for calls of a kind. Of several for one kind the last that
	// is active counts.
	Variants []genaiVariant `json:"price_variants"`
}

// genaiVariant is prices that lie over those of the model: {"when": {"service_tier": ["priority", "fast"]}, …}.
type genaiVariant struct {
	When       json.RawMessage       `json:"when"`
	Constraint *genaiConstraint      `json:"constraint"`
	Prices     map[string]genaiPrice `json:"prices"`
}

// genaiPattern is {"starts_with": "gpt-"}, {"or": [ … ]} and the like.
type genaiPattern struct {
	Equals     *string        `json:"equals"`
	StartsWith *string        `json:"starts_with"`
	EndsWith   *string        `json:"ends_with"`
	Contains   *string        `json:"contains"`
	Regex      *string        `json:"regex"`
	And        []genaiPattern `json:"and"`
	Or         []genaiPattern `json:"or"`
}

var errOneClause = errors.New("a match needs exactly one of equals, starts_with, ends_with, contains, regex, and, or")

// compile turns exactly one clause into a pattern.
func (g *genaiPattern) compile() (pattern, error) {
	var all []pattern
	for _, c := range [...]struct {
		text *string
		kind patternKind
	}{
		{g.Equals, patternEquals},
		{g.StartsWith, patternPrefix},
		{g.EndsWith, patternSuffix},
		{g.Contains, patternContains},
	} {
		if c.text != nil {
			all = append(all, pattern{kind: c.kind, text: strings.ToLower(*c.text)})
		}
	}
	var errs []error
	if g.Regex != nil {
		p, err := compilePattern(*g.Regex)
		all, errs = append(all, p), append(errs, err)
	}
	for _, c := range [...]struct {
		list []genaiPattern
		kind patternKind
	}{{g.And, patternAnd}, {g.Or, patternOr}} {
		if len(c.list) > 0 {
			inner, err := compileAll(c.list)
			all, errs = append(all, pattern{kind: c.kind, all: inner}), append(errs, err)
		}
	}
	if len(all) != 1 {
		return pattern{}, errOneClause
	}
	return all[0], errors.Join(errs...)
}

func compileAll(list []genaiPattern) ([]pattern, error) {
	out := make([]pattern, len(list))
	errs := make([]error, len(list))
	for i := range list {
		out[i], errs[i] = list[i].compile()
	}
	return out, errors.Join(errs...)
}

// genaiPrices is one set of prices, or several with a constraint each. The last that is active counts, and the
// first if none is.
type genaiPrices []genaiVersion

type genaiVersion struct {
	Constraint *genaiConstraint      `json:"constraint"`
	Prices     map[string]genaiPrice `json:"prices"`
}

type genaiConstraint struct {
	From  string `json:"start_date"`
	Start string `json:"start_time"`
	End   string `json:"end_time"`
}

// UnmarshalJSON reads either form.
func (p *genaiPrices) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, (*[]genaiVersion)(p))
	}
	*p = make(genaiPrices, 1)
	return json.Unmarshal(data, &(*p)[0].Prices)
}

// genaiPrice is a number, or a base with tiers: {"base": 3, "tiers": [{"start": 200000, "price": 6}]}.
type genaiPrice struct {
	Base  float64 `json:"base"`
	Tiers []struct {
		Start float64 `json:"start"`
		Price float64 `json:"price"`
	} `json:"tiers"`
}

// UnmarshalJSON reads either form.
func (p *genaiPrice) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '{' {
		return json.Unmarshal(data, &p.Base)
	}
	type tiered genaiPrice
	return json.Unmarshal(data, (*tiered)(p))
}

// compileGenai turns providers into those of a layer. Prices of units that are not known are left out with a
// warning, since new ones come with new releases.
func (f *faults) compileGenai(path string, l *layer, list []genaiProvider) {
	for i := range list {
		g := &list[i]
		p := &provider{id: g.ID, fallback: g.Fallback}
		var errs [3]error
		p.names, errs[0] = optional(g.Names)
		p.models, errs[1] = optional(g.Models)
		p.endpoints, errs[2] = endpointPattern(g.Endpoint)
		if err := errors.Join(errs[:]...); err != nil {
			f.errorf("%s: provider %q: %w", path, g.ID, err)
		}
		for j := range g.List {
			p.entries = append(p.entries, f.compileGenaiModel(path, g.ID, &g.List[j]))
		}
		l.add(p)
	}
}

func optional(g *genaiPattern) (*pattern, error) {
	if g == nil {
		return nil, nil
	}
	p, err := g.compile()
	return &p, err
}

func endpointPattern(expr string) (*regexp.Regexp, error) {
	if expr == "" {
		return nil, nil
	}
	return compileRegex("^(?:" + expr + ")")
}

func (f *faults) compileGenaiModel(path, providerID string, g *genaiModel) *model {
	path = fmt.Sprintf("%s: %s/%s", path, providerID, g.ID)
	match, err := g.Match.compile()
	if err != nil {
		f.errorf("%s: %w", path, err)
	}
	m := &model{id: g.ID, match: match}
	if g.ID == "" || providerID == "" || len(g.Prices) == 0 {
		f.errorf("%s: id and prices are required", path)
		return m
	}
	for _, one := range slices.Backward(g.Prices) {
		v := version{prices: f.compileGenaiPrices(path, one.Prices)}
		if v.window, err = one.Constraint.window(); err != nil {
			f.errorf("%s: %w", path, err)
		}
		m.versions = append(m.versions, v)
	}
	m.versions[len(m.versions)-1].window = window{}
	standard := m.versions
	for i, one := range slices.Backward(g.Variants) {
		m.versions = append(m.versions, f.compileVariant(fmt.Sprintf("%s: price_variants[%d]", path, i), &one, standard)...)
	}
	return m
}

// compileVariant turns a variant into a version for each service tier that it is for. What a newer form of the
// file asks for is not known, so that such a variant is for no call.
func (f *faults) compileVariant(path string, g *genaiVariant, standard []version) (out []version) {
	tiers, known := g.tiers()
	if !known {
		f.warnf("%s: when %s is left out: only service_tier batch, flex, priority and fast is known", path, cmp.Or(string(g.When), "{}"))
	}
	p := f.compileGenaiPrices(path, g.Prices)
	if len(p) == 0 {
		f.errorf("%s: prices are required", path)
	}
	w, err := g.Constraint.window()
	if err != nil {
		f.errorf("%s: %w", path, err)
	}
	for i, told := 0, len(f.errs); i < len(standard) && len(f.errs) == told; i++ {
		f.wholes(path+": prices", p.over(standard[i].prices))
	}
	for _, tier := range tiers {
		out = append(out, version{window: w, tier: tier, prices: p})
	}
	return out
}

// tiers returns the service tiers that the variant is for, and false if it says more than that.
func (g *genaiVariant) tiers() (tiers []ServiceTier, known bool) {
	var when map[string]json.RawMessage
	if json.Unmarshal(g.When, &when) != nil || len(when) != 1 {
		return nil, false
	}
	var names []string
	if one := ""; json.Unmarshal(when["service_tier"], &one) == nil {
		names = []string{one}
	} else if json.Unmarshal(when["service_tier"], &names) != nil {
		return nil, false
	}
	known = true
	for _, name := range names {
		if tier, ok := ParseServiceTier(name); ok && tier != TierStandard {
			tiers = append(tiers, tier)
		} else {
			known = false
		}
	}
	return tiers, known
}

func (c *genaiConstraint) window() (window, error) {
	switch {
	case c == nil:
		return window{}, nil
	case c.From != "" && c.Start+c.End == "":
		from, err := time.Parse(time.DateOnly, c.From)
		return window{from: from.Unix()}, err
	case c.From == "" && c.Start != "" && c.End != "":
		start, err1 := clock("15:04:05Z07:00", c.Start)
		end, err2 := clock("15:04:05Z07:00", c.End)
		return window{start: start, end: end}, errors.Join(err1, err2)
	}
	return window{}, errors.New("a constraint needs start_date, or start_time and end_time")
}

func (f *faults) compileGenaiPrices(path string, byKey map[string]genaiPrice) prices {
	var p prices
	for _, key := range sortedKeys(byKey) {
		g := byKey[key]
		unit, known := unitOfPrice(key)
		if !known {
			f.warnf("%s: unknown price %q is left out", path, key)
			continue
		}
		one := price{unit: unit, base: f.amount(path+": "+key, g.Base)}
		last := -1.0
		for _, t := range g.Tiers {
			if t.Start <= last {
				f.errorf("%s: %s: tier %v must be greater than %v", path, key, t.Start, last)
			}
			last = t.Start
			one.steps = append(one.steps, step{bound: t.Start, price: f.amount(path+": "+key, t.Price)})
		}
		p = append(p, one)
	}
	return p
}
