package costprocessor

import (
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
)

// Config of the cost processor.
type Config struct {
	// FX is what one unit of other currencies is worth in US dollars, by ISO 4217 code. All
	// amounts that are written are US dollars.
	FX map[string][]cost.Rate `mapstructure:"fx"`
	// Catalog says where prices come from.
	Catalog CatalogConfig `mapstructure:"catalog"`
	// Overrides are prices that win over all of the catalog.
	Overrides []cost.Override `mapstructure:"overrides"`
	// Adjustments multiply what calls cost, as a contract does.
	Adjustments []cost.Adjustment `mapstructure:"adjustments"`
	// UnitPrices are prices of tools, machines and other things without tokens.
	UnitPrices []cost.UnitPrice `mapstructure:"unit_prices"`
	// ProviderMap maps further names of providers to those of the catalog.
	ProviderMap map[string]string `mapstructure:"provider_map"`
	// UnknownModel says what becomes of models without a price.
	UnknownModel UnknownModelConfig `mapstructure:"unknown_model"`
	// Usage says how token counts are read.
	Usage UsageConfig `mapstructure:"usage"`
	// ServiceTier says where the service tier is read from.
	ServiceTier ServiceTierConfig `mapstructure:"service_tier"`
	// AggregateSpans says which of the spans that state the usage of others are priced.
	// Default: skip_when_descendants_priced.
	AggregateSpans Aggregates `mapstructure:"aggregate_spans"`
	// ReportedCost says what a cost that the span states is worth. Default: prefer.
	ReportedCost Reported `mapstructure:"reported_cost"`
	// ReportedCostAttributes are further attributes of such a cost. They go before those of the
	// frameworks that are known.
	ReportedCostAttributes []string `mapstructure:"reported_cost_attributes"`
	// DropIncoming removes workflow.cost.*, workflow.savings.* and workflow.budget.* that
	// clients send. Default: true.
	DropIncoming bool `mapstructure:"drop_incoming"`
	// FailedSpans says whether failed calls that state a usage are priced.
	// Default: price_if_usage.
	FailedSpans Failed `mapstructure:"failed_spans"`
	// Savings says which savings are told.
	Savings SavingsConfig `mapstructure:"savings"`
	// Rollup says what runs are told of the calls in them.
	Rollup RollupConfig `mapstructure:"rollup"`
	// Budgets are limits of what a run, a workflow or a tenant may cost.
	Budgets []BudgetConfig `mapstructure:"budgets"`
	// Storage is the extension that keeps over a restart what was spent of the budgets over a
	// time; none if nil.
	Storage *component.ID `mapstructure:"storage"`
	// Limits bound memory and amounts.
	Limits LimitsConfig `mapstructure:"limits"`
	_      struct{}
}

// CatalogConfig says where prices come from.
type CatalogConfig struct {
	// Builtin takes the prices embedded in the binary as the lowest layer. Default: true.
	Builtin bool `mapstructure:"builtin"`
	// Files are price files; the later wins.
	Files []string `mapstructure:"files"`
	// ReloadInterval is how often the files are looked at; 0 never. Default: 30s.
	ReloadInterval time.Duration `mapstructure:"reload_interval"`
	// OnReloadError says what a file that cannot be read does. Default: keep_previous.
	OnReloadError ReloadError `mapstructure:"on_reload_error"`
	// MaxAge is how old prices may be before a warning; 0 is any age. Default: 2160h.
	MaxAge time.Duration `mapstructure:"max_age"`
	_      struct{}
}

// UnknownModelConfig says what becomes of models without a price.
type UnknownModelConfig struct {
	// Action is mark or default_price. Default: mark.
	Action UnknownAction `mapstructure:"action"`
	// DefaultPrice is the price by price key, as in overrides.
	DefaultPrice map[string]float64 `mapstructure:"default_price"`
	_            struct{}
}

// UsageConfig says how token counts are read.
type UsageConfig struct {
	// CacheSemantics says whether the cache is part of the input. Default: auto.
	CacheSemantics CacheSemantics `mapstructure:"cache_semantics"`
	// Rules say so for some instrumentation; the first that matches counts.
	Rules []UsageRule `mapstructure:"rules"`
	// EstimateMissing guesses the tokens of calls that state none.
	EstimateMissing EstimateConfig `mapstructure:"estimate_missing"`
	_               struct{}
}

// EstimateConfig guesses tokens from the texts that a span bears.
type EstimateConfig struct {
	// Enabled turns it on. Default: false.
	Enabled bool `mapstructure:"enabled"`
	// CharsPerToken is how many characters make a token. Default: 4.
	CharsPerToken float64 `mapstructure:"chars_per_token"`
	_             struct{}
}

// UsageRule says what the counts of some instrumentation hold.
type UsageRule struct {
	// Scope is the name of the instrumentation scope; "" is any.
	Scope string `mapstructure:"scope"`
	// Provider is a gen_ai.provider.name; "" is any.
	Provider string `mapstructure:"provider"`
	// CacheSemantics says whether the cache is part of the input. Default: auto.
	CacheSemantics CacheSemantics `mapstructure:"cache_semantics"`
	// Reasoning says whether reasoning is part of the output: inside, outside or auto.
	Reasoning Reasoning `mapstructure:"reasoning"`
	_         struct{}
}

// ServiceTierConfig says where the service tier is read from.
type ServiceTierConfig struct {
	// From are response and request, in the order in which they are asked.
	From []TierSource `mapstructure:"from"`
	// BatchAttributes tell calls of a batch API, which the response often does not.
	BatchAttributes []Attribute `mapstructure:"batch_attributes"`
	_               struct{}
}

// Attribute is the name of an attribute and its value as text.
type Attribute struct {
	// Key is the name.
	Key string `mapstructure:"key"`
	// Value is the value as text.
	Value string `mapstructure:"value"`
	_     struct{}
}

// SavingsConfig says which savings are told.
type SavingsConfig struct {
	// PromptCache tells what the cache of the provider saved. Default: true.
	PromptCache bool `mapstructure:"prompt_cache"`
	// ServiceTier tells what a cheaper tier saved. Default: true.
	ServiceTier bool `mapstructure:"service_tier"`
	// Discount tells what adjustments saved. Default: true.
	Discount bool `mapstructure:"discount"`
	// Router tells what a router saved against a baseline.
	Router RouterConfig `mapstructure:"router"`
	// ResponseCache tells what a cache of answers saved.
	ResponseCache ResponseCacheConfig `mapstructure:"response_cache"`
	_             struct{}
}

// RouterConfig compares with the model that would have been called without a router.
type RouterConfig struct {
	// Enabled turns it on. Default: false.
	Enabled bool `mapstructure:"enabled"`
	// Baseline is that model.
	Baseline BaselineConfig `mapstructure:"baseline"`
	_        struct{}
}

// BaselineConfig names models as provider/model.
type BaselineConfig struct {
	// Default is that of all workflows that are not named.
	Default string `mapstructure:"default"`
	// Workflows are the models by name of the workflow.
	Workflows map[string]string `mapstructure:"workflows"`
	_         struct{}
}

// ResponseCacheConfig says what tells a hit and what it saved.
type ResponseCacheConfig struct {
	// Attributes tell a hit; one suffices. Default: workflow.cache.hit = true.
	Attributes []Attribute `mapstructure:"attributes"`
	// CostPerHit is what a hit saves in US dollars, by name of the workflow.
	CostPerHit map[string]float64 `mapstructure:"cost_per_hit"`
	// EstimateFromMisses takes the mean cost of what missed, where nothing else is known.
	// Default: true.
	EstimateFromMisses bool `mapstructure:"estimate_from_misses"`
	_                  struct{}
}

// RollupConfig says what runs are told of the calls in them.
type RollupConfig struct {
	// Mode is trace, which writes the sums of a run on its span, or off. Default: trace.
	Mode Rollup `mapstructure:"mode"`
	// PartialAttribute writes whether spans of the run may be missing. Default: true.
	PartialAttribute bool `mapstructure:"partial_attribute"`
	_                struct{}
}

// BudgetConfig is a limit of what a run may cost, or a workflow or a tenant over a time.
type BudgetConfig struct {
	// Name of the budget.
	Name string `mapstructure:"name"`
	// Scope is whose spending is added up: that of each run, workflow or tenant. Default: run.
	Scope Scope `mapstructure:"scope"`
	// Match says whose runs.
	Match BudgetMatch `mapstructure:"match"`
	// LimitUSD is the limit in US dollars.
	LimitUSD float64 `mapstructure:"limit_usd"`
	// Window is over what time, except for runs: a duration, calendar_day, calendar_week or
	// calendar_month. Calendars are those of UTC; weeks begin on Monday.
	Window string `mapstructure:"window"`
	// Thresholds are the shares of the limit, ascending. From the first on the state is
	// warning; over a time each is logged when it is reached. Default: 0.8.
	Thresholds []float64 `mapstructure:"thresholds"`
	_          struct{}
}

// BudgetMatch says whose runs a budget is for. In each text * stands for any text; "" is any.
type BudgetMatch struct {
	// Workflow is the name of the workflow.
	Workflow string `mapstructure:"workflow"`
	// Tenant is the attribute workflow.tenant of the span, of its resource or of its run.
	Tenant string `mapstructure:"tenant"`
	_      struct{}
}

// LimitsConfig bounds memory and amounts.
type LimitsConfig struct {
	// MatchCache is how many names of models are remembered. Default: 10000.
	MatchCache int `mapstructure:"match_cache"`
	// MaxSpanCostUSD is what one span may cost before it is told as an outlier.
	// Default: 1000.
	MaxSpanCostUSD float64 `mapstructure:"max_span_cost_usd"`
	// DedupeWindow is how long a priced span is remembered, at least, so that it is not
	// priced again when it is sent again. Default: 10m.
	DedupeWindow time.Duration `mapstructure:"dedupe_window"`
	// BudgetAccounts is how many workflows or tenants a budget over a time keeps apart.
	// Default: 1000.
	BudgetAccounts int `mapstructure:"budget_accounts"`
	_              struct{}
}

func createDefaultConfig() component.Config {
	return &Config{
		Catalog: CatalogConfig{
			Builtin: true, ReloadInterval: 30 * time.Second, OnReloadError: ReloadErrorKeep, MaxAge: 90 * 24 * time.Hour,
		},
		UnknownModel: UnknownModelConfig{Action: UnknownMark},
		Usage:        UsageConfig{CacheSemantics: CacheAuto, EstimateMissing: EstimateConfig{CharsPerToken: 4}},
		ServiceTier: ServiceTierConfig{
			From:            []TierSource{TierOfResponse, TierOfRequest},
			BatchAttributes: []Attribute{{Key: "gen_ai.request.batch", Value: "true"}},
		},
		AggregateSpans: AggregatesSkipPriced,
		ReportedCost:   ReportedPrefer,
		DropIncoming:   true,
		FailedSpans:    FailedIfUsage,
		Savings: SavingsConfig{
			PromptCache: true, ServiceTier: true, Discount: true,
			ResponseCache: ResponseCacheConfig{
				Attributes: []Attribute{{Key: "workflow.cache.hit", Value: "true"}}, EstimateFromMisses: true,
			},
		},
		Rollup: RollupConfig{Mode: RollupTrace, PartialAttribute: true},
		Limits: LimitsConfig{MatchCache: 10_000, MaxSpanCostUSD: 1000, DedupeWindow: 10 * time.Minute, BudgetAccounts: 1000},
	}
}

// settings are what the catalog is compiled from.
func (c *Config) settings() cost.Settings {
	s := cost.Settings{
		Builtin: c.Catalog.Builtin, Overrides: c.Overrides, Adjustments: c.Adjustments, UnitPrices: c.UnitPrices,
		Providers: c.ProviderMap, Rates: c.FX, MatchCache: c.Limits.MatchCache,
	}
	if c.UnknownModel.Action == UnknownDefaultPrice {
		s.DefaultPrice = c.UnknownModel.DefaultPrice
	}
	return s
}
