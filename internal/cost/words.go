package cost

// ServiceTier is how fast and how surely a call was served, which has a price.
type ServiceTier uint8

// The service tiers.
const (
	TierStandard ServiceTier = iota
	TierBatch                // later, for less
	TierFlex                 // slower, for less
	TierPriority             // sooner, for more
	TierFast                 // faster output, for more
	tierCount
)

var tierNames = [tierCount]string{"standard", "batch", "flex", "priority", "fast"}

// String returns the name of the tier in lower case.
func (t ServiceTier) String() string { return word(t, tierNames[:]) }

// ParseServiceTier reads the name of a tier as providers write it: "default", "auto", "on_demand" and
// the like are standard. It returns false for a word that names no tier, and for "".
func ParseServiceTier(name string) (ServiceTier, bool) {
	switch name {
	case "standard", "default", "auto", "on_demand", "standard_only":
		return TierStandard, true
	case "batch":
		return TierBatch, true
	case "flex":
		return TierFlex, true
	case "priority":
		return TierPriority, true
	case "fast":
		return TierFast, true
	}
	return TierStandard, false
}

// Status says whether a call has a price.
type Status uint8

// The statuses.
const (
	StatusUnpriced Status = iota // no amount is known; never to be told as 0
	StatusPriced
	StatusPartial // an amount is known, but something of it is missing or was mended
)

// String returns the value of the attribute workflow.cost.status.
func (s Status) String() string { return word(s, []string{"unpriced", "priced", "partial"}) }

// Source says where the amount of a quote comes from.
type Source uint8

// The sources.
const (
	SourceNone      Source = iota // there is no amount
	SourceCatalog                 // of the embedded prices or a file
	SourceOverride                // of an override, or the default price of unknown models
	SourceUnitPrice               // of a price per call, second or unit
	SourceReported                // of the provider or the framework itself
	SourceEstimated               // of a usage that was guessed
)

// String returns the value of the attribute workflow.cost.source, "" if there is no amount.
func (s Source) String() string {
	return word(s, []string{"", "catalog", "override", "unit_price", "reported", "estimated"})
}

// Reason says why a call has no price or only part of one.
type Reason uint8

// The reasons.
const (
	ReasonNone              Reason = iota
	ReasonUnknownModel             // the provider is known, the model is not
	ReasonUnknownProvider          // the provider is not known; provider_map or an override helps
	ReasonNoUsage                  // nothing was counted
	ReasonBadUsage                 // a count is negative or not a number; it was left out
	ReasonInconsistentUsage        // parts of a usage exceed the whole; they were cut
	ReasonNoPriceForKey            // something was counted that the model has no price for
	ReasonUnknownCurrency          // an amount is in a currency that had no rate at the time; fx helps
)

// String returns the value of the attribute workflow.cost.reason, "" if there is none.
func (r Reason) String() string {
	return word(r, []string{
		"", "unknown_model", "unknown_provider", "no_usage", "bad_usage", "inconsistent_usage", "no_price_for_key",
		"unknown_currency",
	})
}

// word returns names[i], or "" when there is none.
func word[T ~uint8](i T, names []string) string {
	if int(i) >= len(names) {
		return ""
	}
	return names[i]
}
