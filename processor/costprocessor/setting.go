package costprocessor

import "github.com/tta-dev/otelcol-workflow/internal/form"

// Aggregates says which of the spans that state the usage of others are priced.
type Aggregates string

// The choices of Aggregates.
const (
	AggregatesSkipPriced Aggregates = "skip_when_descendants_priced" // those in which nothing is priced
	AggregatesSkip       Aggregates = "always_skip"                  // none: only calls are priced
	AggregatesTrust      Aggregates = "trust"                        // all that state a usage
)

// Validate refuses other words.
func (a Aggregates) Validate() error {
	return form.OneOf(a, AggregatesSkipPriced, AggregatesSkip, AggregatesTrust)
}

// Reported says what a cost that the span states is worth.
type Reported string

// The choices of Reported.
const (
	ReportedPrefer   Reported = "prefer"   // more than the catalog
	ReportedFallback Reported = "fallback" // less than the catalog
	ReportedIgnore   Reported = "ignore"   // nothing
)

// Validate refuses other words.
func (r Reported) Validate() error {
	return form.OneOf(r, ReportedPrefer, ReportedFallback, ReportedIgnore)
}

// Failed says whether failed calls are priced.
type Failed string

// The choices of Failed.
const (
	FailedIfUsage Failed = "price_if_usage" // if they state a usage or a cost
	FailedSkip    Failed = "skip"           // never
)

// Validate refuses other words.
func (f Failed) Validate() error { return form.OneOf(f, FailedIfUsage, FailedSkip) }

// Rollup says what runs are told of the calls in them.
type Rollup string

// The choices of Rollup.
const (
	RollupTrace Rollup = "trace" // the sums over the run's spans in the batch
	RollupOff   Rollup = "off"   // nothing
)

// Validate refuses other words.
func (r Rollup) Validate() error { return form.OneOf(r, RollupTrace, RollupOff) }

// UnknownAction says what becomes of models without a price.
type UnknownAction string

// The choices of UnknownAction.
const (
	UnknownMark         UnknownAction = "mark"          // they have a status and no cost
	UnknownDefaultPrice UnknownAction = "default_price" // they have that price
)

// Validate refuses other words.
func (a UnknownAction) Validate() error { return form.OneOf(a, UnknownMark, UnknownDefaultPrice) }

// ReloadError says what a price file that cannot be read does to a running collector.
type ReloadError string

// The choices of ReloadError.
const (
	ReloadErrorKeep ReloadError = "keep_previous" // it is logged, and the old prices stay
	ReloadErrorFail ReloadError = "fail"          // the collector ends
)

// Validate refuses other words.
func (r ReloadError) Validate() error { return form.OneOf(r, ReloadErrorKeep, ReloadErrorFail) }

// CacheSemantics says whether tokens of the cache are part of the input.
type CacheSemantics string

// The choices of CacheSemantics.
const (
	CacheAuto      CacheSemantics = "auto"      // the instrumentation or the counts tell
	CacheInclusive CacheSemantics = "inclusive" // they are
	CacheExclusive CacheSemantics = "exclusive" // they come on top
)

// Validate refuses other words; "" is auto.
func (s CacheSemantics) Validate() error {
	if s == "" {
		return nil
	}
	return form.OneOf(s, CacheAuto, CacheInclusive, CacheExclusive)
}

// Reasoning says whether tokens of reasoning are part of the output.
type Reasoning string

// The choices of Reasoning.
const (
	ReasoningAuto    Reasoning = "auto"    // the instrumentation or the counts tell
	ReasoningInside  Reasoning = "inside"  // they are
	ReasoningOutside Reasoning = "outside" // they come on top
)

// Validate refuses other words; "" is auto.
func (r Reasoning) Validate() error {
	if r == "" {
		return nil
	}
	return form.OneOf(r, ReasoningAuto, ReasoningInside, ReasoningOutside)
}

// TierSource is who is asked for the service tier.
type TierSource string

// The choices of TierSource.
const (
	TierOfResponse TierSource = "response"
	TierOfRequest  TierSource = "request"
)

// Validate refuses other words.
func (s TierSource) Validate() error { return form.OneOf(s, TierOfResponse, TierOfRequest) }

// Scope is whose spending a budget adds up.
type Scope string

// The choices of Scope.
const (
	ScopeRun      Scope = "run"      // each run
	ScopeWorkflow Scope = "workflow" // each workflow, over a window of time
	ScopeTenant   Scope = "tenant"   // each tenant, over a window of time
)

// Validate refuses other words; "" is run.
func (s Scope) Validate() error {
	if s == "" {
		return nil
	}
	return form.OneOf(s, ScopeRun, ScopeWorkflow, ScopeTenant)
}

func (s Scope) ofRun() bool { return s == ScopeRun || s == "" }
