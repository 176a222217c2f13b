package cost

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// faults collects what is wrong with settings, each with the path of its key.
type faults struct {
	errs     []error
	warnings []string
}

func (f *faults) errorf(format string, args ...any) {
	f.errs = append(f.errs, fmt.Errorf(format, args...))
}

func (f *faults) warnf(format string, args ...any) {
	f.warnings = append(f.warnings, fmt.Sprintf(format, args...))
}

func (f *faults) err() error { return errors.Join(f.errs...) }

// compileOverrides turns overrides into rules. What is wrong is told under path, as in overrides[2].
func (f *faults) compileOverrides(c *Catalog, path string, overrides []Override) []rule {
	rules := make([]rule, len(overrides))
	for i := range overrides {
		rules[i] = f.compileOverride(c, fmt.Sprintf("%s[%d]", path, i), &overrides[i])
	}
	f.overlaps(rules)
	return f.inDollars(c, rules, overrides)
}

func (f *faults) compileOverride(c *Catalog, path string, o *Override) rule {
	r := rule{path: path, as: o.As, provider: c.ruleProvider(o.Provider)}
	pattern, field, err := o.Model.compile()
	if err != nil {
		f.errorf("%s: %w", strings.TrimSuffix(path+".model."+field, "."), err)
	}
	r.match = pattern
	if (o.As == "") == (len(o.Prices) == 0) {
		f.errorf("%s: exactly one of as, prices is required", path)
	}
	if o.As != "" {
		f.bareAlias(path, o)
		return r
	}
	r.version = f.compileVersion(path, o)
	return r
}

// bareAlias refuses what an alias has no use for: prices, dates and tiers are those of the other model.
func (f *faults) bareAlias(path string, o *Override) {
	if !o.From.IsZero() || !o.To.IsZero() || o.When != (When{}) || o.Currency != "" || len(o.Tiers) > 0 || o.MinSeconds != 0 {
		f.errorf("%s: as takes no effective_from, effective_to, when, currency, tiers or min_seconds: those of %q hold", path, o.As)
	}
}

func (f *faults) compileVersion(path string, o *Override) version {
	v := version{minSeconds: f.amount(path+".min_seconds", o.MinSeconds)}
	var err error
	if v.window, err = newWindow(o.From, o.To, o.When.HoursUTC); err != nil {
		f.errorf("%s.when.hours_utc: %w", path, err)
	}
	if !o.From.IsZero() && !o.To.IsZero() && !o.From.Before(o.To) {
		f.errorf("%s: effective_from %s must be before effective_to %s", path, date(o.From), date(o.To))
	}
	if t := slices.Index(tierNames[:], o.When.ServiceTier); t >= 0 {
		v.tier = ServiceTier(t)
	} else if o.When.ServiceTier != "" {
		f.errorf("%s.when.service_tier: %q is not one of %s", path, o.When.ServiceTier, strings.Join(tierNames[:], ", "))
	}
	v.prices = f.compilePrices(path+".prices", o.Prices)
	if v.tier == TierStandard {
		f.wholes(path+".prices", v.prices)
	}
	f.compileTiers(path, o.Tiers, v.prices)
	return v
}

// compilePrices reads prices by their keys.
func (f *faults) compilePrices(path string, byKey map[string]float64) prices {
	var p prices
	for _, key := range sortedKeys(byKey) {
		amount := byKey[key]
		unit, known := unitOfPrice(key)
		if !known {
			f.errorf("%s: unknown key %q (known: %s)", path, key, knownPriceKeys())
			continue
		}
		f.amount(path+"."+key, amount)
		if amount > 0 && amount < perToken && unitRows[unit].per == million {
			f.warnf("%s.%s = %v looks like a price per token; unit is USD per 1,000,000 tokens", path, key, amount)
		}
		p = append(p, price{unit: unit, base: amount})
	}
	return p
}

// perToken is below every price of a million tokens: the least that was charged in 2026 is 0.002.
const perToken = 1e-4

// amount refuses what is no amount of money or time.
func (f *faults) amount(path string, n float64) float64 {
	if !(n >= 0) || math.IsInf(n, 0) {
		f.errorf("%s: must be a finite number >= 0, got %v", path, n)
	}
	return n
}

// wholes refuses prices of a part without one of the whole, which would be charged at nothing.
func (f *faults) wholes(path string, p prices) {
	for _, need := range [...]struct{ part, whole Unit }{
		{CacheRead, Input},
		{CacheWrite, Input},
		{CacheWrite1h, CacheWrite},
		{OutputReasoning, Output},
	} {
		if p.has(need.part) && !p.has(need.whole) {
			f.errorf("%s: %s needs %s", path, need.part.PriceKey(), need.whole.PriceKey())
		}
	}
}

// compileTiers adds the steps of the tiers to the prices.
func (f *faults) compileTiers(path string, tiers []Tier, base prices) {
	last := int64(0)
	for i := range tiers {
		t := &tiers[i]
		path := fmt.Sprintf("%s.tiers[%d]", path, i)
		if (t.Above == 0) == (t.From == 0) {
			f.errorf("%s: exactly one of above_input_tokens, from_input_tokens is required", path)
			continue
		}
		key, bound := "above_input_tokens", t.Above
		if t.From != 0 {
			key, bound = "from_input_tokens", t.From
		}
		if bound <= last {
			f.errorf("%s.%s: %d must be greater than %d", path, key, bound, last)
		}
		last = max(last, bound)
		f.addSteps(path+".prices", t, step{bound: float64(bound), inclusive: t.From != 0}, base)
	}
}

func (f *faults) addSteps(path string, t *Tier, at step, base prices) {
	if len(t.Prices) == 0 {
		f.errorf("%s: must not be empty", path)
	}
	for _, p := range f.compilePrices(path, t.Prices) {
		whole := base.of(p.unit)
		if whole == nil {
			f.errorf("%s.%s: base price is missing", path, p.unit.PriceKey())
			continue
		}
		at.price = p.base
		whole.steps = append(whole.steps, at)
	}
}

// overlaps refuses two rules for the same calls at the same time.
func (f *faults) overlaps(rules []rule) {
	for i := range rules {
		for j := range i {
			a, b := &rules[j], &rules[i]
			if a.as == "" && b.as == "" && a.sameCalls(b) && a.overlaps(&b.window) {
				f.errorf("%s and %s: overlapping effective dates for %s", a.path, b.path, b.calls())
			}
		}
	}
}

func (r *rule) sameCalls(o *rule) bool {
	return r.match.text != "" && r.provider == o.provider && r.tier == o.tier && r.start == o.start && r.end == o.end &&
		r.match.kind == o.match.kind && r.match.text == o.match.text
}

// calls names what a rule is for.
func (r *rule) calls() string {
	name := r.match.text
	if r.provider != "" {
		name = r.provider + "/" + name
	}
	if r.tier != TierStandard {
		name += " (service_tier=" + r.tier.String() + ")"
	}
	return name
}

// ruleProvider is the id of a provider in a rule, which may come before the catalog knows its providers.
func (c *Catalog) ruleProvider(said string) string {
	said = strings.ToLower(said)
	if said == "" {
		return ""
	}
	id, _ := c.providerID(said)
	return id
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// parseDate reads a day or an instant.
func parseDate(text string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a date such as 2026-08-21 or 2026-08-21T00:00:00Z", text)
	}
	return t, nil
}
