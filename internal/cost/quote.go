package cost

import "time"

// Request is one call to price. It is a plain value: concurrent reads are safe.
type Request struct {
	Provider     string      // gen_ai.provider.name or an id of the catalog; "" infers it from model and endpoint
	Model        string      // the model that answered
	RequestModel string      // the model that was asked for; it counts if Model has no price
	Endpoint     string      // URL or server.address, looked at if there is no provider; "" if unknown
	At           time.Time   // when the call began; the zero time is before all dates
	Tier         ServiceTier // that it was served at
	Usage        Usage       // inclusive; see Said.Normalise
	Baseline     string      // "provider/model" that a router would have called otherwise, "" for none
}

// Parts are the amounts that make up a total, in US dollars.
// It is a plain value: concurrent reads are safe.
type Parts struct {
	Input      float64 // without what the cache is charged for
	Output     float64
	CacheRead  float64
	CacheWrite float64
	Other      float64 // requests, searches, seconds
	Reasoning  float64 // a part of Output, not added
}

// Total is the sum of the parts, always in the same order, so that what was not adjusted is no discount of
// 1e-18 dollars.
func (p *Parts) Total() float64 {
	return p.Input + p.CacheRead + p.CacheWrite + p.Output + p.Other
}

// Savings is what was not spent, in US dollars. Each step of the way from the list price of a baseline to
// the amount charged is one field, so that they add up and nothing is counted twice:
//
//	C0  baseline model, standard tier, no cache         1.20
//	C1  the model called, standard tier, no cache       0.60   router        C0 − C1 = +0.60
//	C2  at the tier it was served at                    0.30   service tier  C1 − C2 = +0.30
//	C3  with the prices of the cache                    0.10   prompt cache  C2 − C3 = +0.20
//	C4  after the adjustments: what was charged         0.09   discount      C3 − C4 = +0.01
//
// A field is negative where a step was dearer: a priority tier, a cache written and not yet read.
// It is a plain value: concurrent reads are safe.
type Savings struct {
	Router        float64 // 0 without a baseline
	ServiceTier   float64
	PromptCache   float64
	Discount      float64
	ResponseCache float64 // what a call would have cost that an application's cache answered
}

// Total is the sum of the savings.
func (s *Savings) Total() float64 {
	return s.Router + s.ServiceTier + s.PromptCache + s.Discount + s.ResponseCache
}

// Quote is what a call cost. Without an amount (StatusUnpriced) Cost and Savings are 0.
// It is a plain value whose Entry is shared: concurrent reads are safe.
type Quote struct {
	Status  Status
	Reason  Reason
	Source  Source
	Tier    ServiceTier // the tier of the price; TierStandard where the tier asked for has none
	Cost    Parts
	Savings Savings
	Entry   *Entry // what it was priced with; nil if StatusUnpriced
}

// Entry is the line of the catalog that a call was priced with. It must not be changed.
// Concurrent reads are safe.
type Entry struct {
	Ref      string // value of workflow.cost.price_ref, as genai-prices@0.1.8/anthropic/claude-sonnet-4-5
	Provider string // id of the provider in the catalog, "" for a unit price
	Model    string // id of the model in the catalog, or the name of a unit price
	Why      string // how the name of the model led here, for people
}
