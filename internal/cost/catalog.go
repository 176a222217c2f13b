package cost

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Catalog is a compiled set of prices. Its prices never change; it remembers, within a bound, which entry the
// name of a model led to. All methods are safe for concurrent use.
type Catalog struct {
	info          Info
	layers        []*layer          // the upper first
	all           []*provider       // of all layers, in their order
	providerNames map[string]string // provider_map, in lower case
	adjustments   []adjustment
	work          []workPrice
	defaultPrice  prices
	rates         map[string]exchanges // by ISO 4217 code
	matches       *cache
}

// Info tells which prices a catalog holds.
type Info struct {
	Version string    // such as genai-prices@0.1.8; with files, each in the order of the layers, joined by +
	SHA256  string    // of the embedded prices and the files, in hexadecimal
	Date    time.Time // of the newest layer that bears a date; zero if none does
	Models  int       // entries that name a model
}

// defaultMatchCache is how many names are remembered if Settings do not say.
const defaultMatchCache = 10_000

// maxName is the longest name of a model or endpoint that is looked at, in bytes.
const maxName = 512

// New compiles a catalog. All mistakes are returned joined, one line each, with the path of the key in the
// configuration of the processor first. Warnings are about what is legal and most likely wrong.
func New(s Settings) (c *Catalog, warnings []string, err error) {
	c = &Catalog{
		providerNames: make(map[string]string, len(s.Providers)),
		matches:       newCache(cmp.Or(s.MatchCache, defaultMatchCache)),
	}
	var f faults
	c.rates = f.compileRates(s.Rates)
	if !s.Builtin && len(s.Files) == 0 {
		f.errorf("catalog: builtin is false and files is empty: nothing to price with")
	}
	if s.Builtin {
		f.putBuiltin(c)
	}
	for i := range s.Files {
		c.put(f.compileFile(c, fmt.Sprintf("catalog.files[%d]", i), &s.Files[i]))
	}
	f.compileProviders(c, s.Providers)
	f.compileTop(c, &s)
	f.aliases(c)
	if err := f.err(); err != nil {
		return nil, f.warnings, err
	}
	c.info = c.describe(&s)
	return c, f.warnings, nil
}

// put lays a layer on top.
func (c *Catalog) put(l *layer) {
	if l == nil {
		return
	}
	c.layers = slices.Insert(c.layers, 0, l)
	c.all = append(slices.Clone(l.list), c.all...)
}

func (c *Catalog) providers() []*provider { return c.all }

func (f *faults) putBuiltin(c *Catalog) {
	layers, err := builtinLayers()
	if err != nil {
		f.errorf("catalog.builtin: %w", err)
		return
	}
	for _, l := range layers {
		c.put(l)
	}
}

// compileTop compiles what the configuration itself says.
func (f *faults) compileTop(c *Catalog, s *Settings) {
	top := newLayer("override", SourceOverride, time.Time{})
	top.rules = f.compileOverrides(c, "overrides", s.Overrides)
	top.sortRules()
	c.put(top)
	c.adjustments = f.compileAdjustments(c, s.Adjustments)
	c.work = f.compileUnitPrices(c, s.UnitPrices)
	if len(s.DefaultPrice) > 0 {
		const path = "unknown_model.default_price"
		c.defaultPrice = f.compilePrices(path, s.DefaultPrice)
		f.wholes(path, c.defaultPrice)
	}
}

func (f *faults) compileProviders(c *Catalog, names map[string]string) {
	for _, said := range sortedKeys(names) {
		id := strings.ToLower(names[said])
		if c.provider(id) == nil {
			f.errorf("provider_map.%s: %q is not a provider of the catalog", said, names[said])
		}
		c.providerNames[strings.ToLower(said)] = id
	}
}

// aliases refuses those that lead nowhere.
func (f *faults) aliases(c *Catalog) {
	for _, l := range c.layers {
		for i := range l.rules {
			if r := &l.rules[i]; r.as != "" && !c.Has(r.as) {
				f.errorf("%s.as: model %q is not in the catalog", r.path, r.as)
			}
		}
	}
}

func (c *Catalog) describe(s *Settings) Info {
	var info Info
	sum := sha256.New()
	if s.Builtin {
		sum.Write(builtinData)
		sum.Write(builtinOverlay)
	}
	for i := range s.Files {
		sum.Write(s.Files[i].Data)
	}
	info.SHA256 = hex.EncodeToString(sum.Sum(nil))
	var refs []string
	for _, l := range slices.Backward(c.layers) {
		if l.source == SourceCatalog {
			refs = append(refs, l.ref)
		}
		if l.date.After(info.Date) {
			info.Date = l.date
		}
		info.Models += len(l.rules)
		for _, p := range l.list {
			info.Models += len(p.entries)
		}
	}
	info.Version = strings.Join(refs, "+")
	return info
}

// Info tells which prices the catalog holds.
func (c *Catalog) Info() Info { return c.info }

// Has says whether "provider/model" leads to a price of its own: not to the default price of unknown models, nor
// to an override that prices it as another one.
func (c *Catalog) Has(ref string) bool {
	provider, modelName, ok := strings.Cut(ref, "/")
	if !ok {
		return false
	}
	m := c.resolve(provider, "", modelName, ref)
	return m.priced() && !slices.ContainsFunc(m.standard, func(p plan) bool { return p.entry == defaultEntry })
}

// match finds what the names of a request lead to: those of the model that answered, else of the one asked for.
func (c *Catalog) match(r *Request) *match {
	m := c.matchName(r, cmp.Or(r.Model, r.RequestModel))
	if !m.priced() && r.RequestModel != "" && r.RequestModel != r.Model {
		if asked := c.matchName(r, r.RequestModel); asked.priced() {
			return asked
		}
	}
	return m
}

func (c *Catalog) matchName(r *Request, modelName string) *match {
	key := cacheKey{provider: r.Provider, model: modelName}
	if r.Provider == "" || frameworks[r.Provider] {
		key.endpoint = r.Endpoint
	}
	if modelName == "" || len(key.provider) > maxName || len(key.endpoint) > maxName || len(modelName) > maxName {
		return noMatch
	}
	if m := c.matches.get(key); m != nil {
		return m
	}
	m := c.resolve(key.provider, key.endpoint, key.model, "")
	c.matches.put(key, m)
	return m
}

var noMatch = &match{reason: ReasonUnknownModel}
