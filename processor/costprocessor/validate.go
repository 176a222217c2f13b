package costprocessor

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// minReload keeps a mistaken unit from keeping a processor busy.
const minReload = time.Second

// maxThreshold is the largest share of a budget that a threshold may be at.
const maxThreshold = 10

// Validate checks all that is not of one field alone, and that there is something to price
// with. Every mistake is told, one a line.
func (c *Config) Validate() error {
	mistakes := []error{
		c.Catalog.validate(), c.UnknownModel.validate(), c.Savings.validate(), c.ServiceTier.validate(),
		validateBudgets(c.Budgets), c.Limits.validate(), costAttributes(c.ReportedCostAttributes),
		c.Usage.EstimateMissing.validate(),
	}
	if c.Catalog.Builtin || len(c.Catalog.Files) > 0 {
		store, _, err := cost.NewStore(c.settings(), c.Catalog.Files)
		if err != nil {
			mistakes = append(mistakes, err)
		} else {
			mistakes = append(mistakes, c.Savings.Router.validate(store.Load()))
		}
	}
	return errors.Join(mistakes...)
}

func (c *CatalogConfig) validate() error {
	var mistakes []error
	if !c.Builtin && len(c.Files) == 0 {
		mistakes = append(mistakes, errors.New("catalog: builtin is false and files is empty: nothing to price with"))
	}
	if c.ReloadInterval != 0 && c.ReloadInterval < minReload {
		mistakes = append(mistakes, fmt.Errorf("catalog.reload_interval: must be 0 or >= 1s, got %s", c.ReloadInterval))
	}
	if c.MaxAge < 0 {
		mistakes = append(mistakes, fmt.Errorf("catalog.max_age: must be >= 0, got %s", c.MaxAge))
	}
	return errors.Join(mistakes...)
}

func (c *UnknownModelConfig) validate() error {
	switch {
	case c.Action == UnknownDefaultPrice && len(c.DefaultPrice) == 0:
		return errors.New("unknown_model.default_price: required when action is default_price")
	case c.Action != UnknownDefaultPrice && len(c.DefaultPrice) > 0:
		return errors.New("unknown_model.default_price: has no effect: set action to default_price")
	}
	return nil
}

func (c *EstimateConfig) validate() error {
	if !amount(c.CharsPerToken) || c.CharsPerToken == 0 {
		return fmt.Errorf("usage.estimate_missing.chars_per_token: must be > 0, got %v", c.CharsPerToken)
	}
	return nil
}

func (c *ServiceTierConfig) validate() error {
	return namedAttributes("service_tier.batch_attributes", c.BatchAttributes)
}

func namedAttributes(key string, list []Attribute) error {
	for i, a := range list {
		if a.Key == "" {
			return fmt.Errorf("%s[%d].key: must not be empty", key, i)
		}
	}
	return nil
}

// costAttributes refuses names that say something else than a cost.
func costAttributes(names []string) error {
	const key = "reported_cost_attributes"
	lexicon, costs := flow.NewLexicon(), flow.Names(flow.SubjectCost)
	var mistakes []error
	for i, name := range names {
		switch {
		case name == "" || strings.TrimSpace(name) != name:
			mistakes = append(mistakes, fmt.Errorf("%s[%d]: must not be empty or have leading/trailing whitespace, got %q", key, i, name))
		case ours(name):
			mistakes = append(mistakes, fmt.Errorf("%s[%d]: %q is what this processor writes: name another attribute", key, i, name))
		case slices.Contains(names[:i], name):
			mistakes = append(mistakes, fmt.Errorf("%s[%d]: duplicate name %q", key, i, name))
		case lexicon.Lookup(name) != 0 && !slices.Contains(costs, name):
			mistakes = append(mistakes, fmt.Errorf("%s[%d]: %q is known to say something else than a cost: name another attribute", key, i, name))
		}
	}
	return errors.Join(mistakes...)
}

func (c *SavingsConfig) validate() error {
	mistakes := []error{namedAttributes("savings.response_cache.attributes", c.ResponseCache.Attributes)}
	for _, workflow := range slices.Sorted(maps.Keys(c.ResponseCache.CostPerHit)) {
		if usd := c.ResponseCache.CostPerHit[workflow]; !amount(usd) {
			mistakes = append(mistakes, fmt.Errorf("savings.response_cache.cost_per_hit.%s: must be a finite number >= 0, got %v", workflow, usd))
		}
	}
	return errors.Join(mistakes...)
}

func (c *RouterConfig) validate(prices *cost.Catalog) error {
	const key = "savings.router.baseline"
	if !c.Enabled {
		return nil
	}
	if c.Baseline.Default == "" && len(c.Baseline.Workflows) == 0 {
		return errors.New(key + ": required when router is enabled: give default or workflows")
	}
	var mistakes []error
	if ref := c.Baseline.Default; ref != "" && !prices.Has(ref) {
		mistakes = append(mistakes, fmt.Errorf("%s.default: model %q is not in the catalog", key, ref))
	}
	for _, workflow := range slices.Sorted(maps.Keys(c.Baseline.Workflows)) {
		if ref := c.Baseline.Workflows[workflow]; !prices.Has(ref) {
			mistakes = append(mistakes, fmt.Errorf("%s.workflows.%s: model %q is not in the catalog", key, workflow, ref))
		}
	}
	return errors.Join(mistakes...)
}

func validateBudgets(budgets []BudgetConfig) error {
	var mistakes []error
	seen := make(map[string]bool, len(budgets))
	for i := range budgets {
		b := &budgets[i]
		if seen[b.Name] {
			mistakes = append(mistakes, fmt.Errorf("budgets[%d]: duplicate name %q", i, b.Name))
		}
		seen[b.Name] = true
		if err := b.validate(); err != nil {
			mistakes = append(mistakes, fmt.Errorf("budgets[%d]%w", i, err))
		}
	}
	return errors.Join(mistakes...)
}

// validate returns a mistake that begins with the rest of the key.
func (b *BudgetConfig) validate() error {
	switch {
	case b.Name == "":
		return errors.New(".name: must not be empty")
	case b.Scope.ofRun() && b.Window != "":
		return errors.New(": scope run takes no window")
	case !b.Scope.ofRun() && b.Window == "":
		return fmt.Errorf(": scope %s needs window", b.Scope)
	case !amount(b.LimitUSD) || b.LimitUSD == 0:
		return fmt.Errorf(".limit_usd: must be > 0, got %v", b.LimitUSD)
	case !ascendingShares(b.Thresholds):
		return fmt.Errorf(".thresholds: must be ascending and in (0, %d], got %v", maxThreshold, b.Thresholds)
	case b.Window != "":
		if _, err := parseStretch(b.Window); err != nil {
			return fmt.Errorf(".window: %w", err)
		}
	}
	return nil
}

func ascendingShares(shares []float64) bool {
	before := 0.0
	for _, s := range shares {
		if !(s > before && s <= maxThreshold) {
			return false
		}
		before = s
	}
	return true
}

func (c *LimitsConfig) validate() error {
	var mistakes []error
	if c.MatchCache < 1 {
		mistakes = append(mistakes, fmt.Errorf("limits.match_cache: must be > 0, got %d", c.MatchCache))
	}
	if !amount(c.MaxSpanCostUSD) || c.MaxSpanCostUSD == 0 {
		mistakes = append(mistakes, fmt.Errorf("limits.max_span_cost_usd: must be > 0, got %v", c.MaxSpanCostUSD))
	}
	if c.DedupeWindow <= 0 {
		mistakes = append(mistakes, fmt.Errorf("limits.dedupe_window: must be > 0, got %s", c.DedupeWindow))
	}
	if c.BudgetAccounts < 1 {
		mistakes = append(mistakes, fmt.Errorf("limits.budget_accounts: must be > 0, got %d", c.BudgetAccounts))
	}
	return errors.Join(mistakes...)
}

// amount says whether v can be a sum of money.
func amount(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }
