package cost

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
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
}

// genaiPattern is {"starts_with": "gpt-"}, {"or": [ … ]} and the like; "not" is ours.
type genaiPattern struct{ pattern }

// UnmarshalJSON reads exactly one clause.
func (p *genaiPattern) UnmarshalJSON(data []byte) error {
	var clause map[string]json.RawMessage
	if err := json.Unmarshal(data, &clause); err != nil {
		return err
	}
	if len(clause) != 1 {
		return fmt.Errorf("a match needs exactly one clause, got %d", len(clause))
	}
	for word, raw := range clause {
		return p.read(word, raw)
	}
	return nil
}

func (p *genaiPattern) read(word string, raw json.RawMessage) error {
	switch word {
	case "and", "or":
		return p.readAll(word, raw)
	case "not":
		var inner genaiPattern
		p.kind = patternNot
		err := json.Unmarshal(raw, &inner)
		p.all = []pattern{inner.pattern}
		return err
	}
	kind, known := map[string]patternKind{
		"equals": patternEquals, "starts_with": patternPrefix, "ends_with": patternSuffix,
		"contains": patternContains, "regex": patternRegex,
	}[word]
	if !known {
		return fmt.Errorf("unknown clause %q of a match", word)
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	p.kind, p.text = kind, strings.ToLower(text)
	if kind != patternRegex {
		return nil
	}
	var err error
	p.text = text
	p.regex, err = compileRegex(text)
	return err
}

func (p *genaiPattern) readAll(word string, raw json.RawMessage) error {
	var list []genaiPattern
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	p.kind = patternOr
	if word == "and" {
		p.kind = patternAnd
	}
	for i := range list {
		p.all = append(p.all, list[i].pattern)
	}
	return nil
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
		if g.Names != nil {
			p.names = &g.Names.pattern
		}
		if g.Models != nil {
			p.models = &g.Models.pattern
		}
		var err error
		if p.endpoints, err = endpointPattern(g.Endpoint); err != nil {
			f.errorf("%s: provider %q: %w", path, g.ID, err)
		}
		for j := range g.List {
			p.entries = append(p.entries, f.compileGenaiModel(path, g.ID, &g.List[j]))
		}
		l.add(p)
	}
}

func endpointPattern(expr string) (*regexp.Regexp, error) {
	if expr == "" {
		return nil, nil
	}
	return compileRegex("^(?:" + expr + ")")
}

func (f *faults) compileGenaiModel(path, providerID string, g *genaiModel) *model {
	m := &model{id: g.ID, match: g.Match.pattern}
	path = fmt.Sprintf("%s: %s/%s", path, providerID, g.ID)
	if g.ID == "" || providerID == "" || len(g.Prices) == 0 {
		f.errorf("%s: id and prices are required", path)
		return m
	}
	for i := len(g.Prices) - 1; i >= 0; i-- {
		v := version{prices: f.compileGenaiPrices(path, g.Prices[i].Prices)}
		var err error
		if v.window, err = g.Prices[i].Constraint.window(); err != nil {
			f.errorf("%s: %w", path, err)
		}
		m.versions = append(m.versions, v)
	}
	m.versions[len(m.versions)-1].window = window{}
	return m
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
