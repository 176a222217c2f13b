// Package cost says what a call of a model, a tool or a machine cost, and what it did not cost.
//
// A [Catalog] is what calls are priced with. It is compiled once from [Settings]: prices embedded in the
// binary, files and overrides of the user on top, and adjustments of a contract last. A [Request] tells
// what was called, when, at which service tier and how much of it was used; [Catalog.Price] answers with a
// [Quote]. A [Store] holds the catalog in use and swaps it when the files change.
//
//	Said ─Normalise─► Usage ─┐                     overrides ─┐
//	provider, model, time ───┴► Request ─► Catalog ◄─ files ──┤ the upper layer wins
//	service tier                              │    built in ──┘
//	                                          ▼
//	                           Quote: parts, total, savings, which entry, why
//
// # A usage counts everything once
//
// A [Usage] is inclusive: the tokens read from and written to a cache are part of the input, reasoning is part
// of the output. What a framework said is brought to that form by [Said.Normalise]. A priced unit is charged
// for what no priced unit inside it is charged for:
//
//	input 12000, of it read 5000, written 6000, of that 2000 for an hour
//	input   12000 − 5000 − 6000 = 1000 at 3.00 USD a million   0.0030
//	  read                        5000 at 0.30                 0.0015
//	  written       6000 − 2000 = 4000 at 3.75                 0.0150
//	    for an hour               2000 at 6.00                 0.0120
//	                                                           0.0315
//
// A unit without a price of its own is charged at that of what it is part of.
//
// # A quote adds up
//
// Input, Output, CacheRead, CacheWrite and Other make the total, and Reasoning is a part of Output. The savings
// lead from the list price of a baseline to what was charged; see [Savings]. Amounts are float64 US dollars and
// are never rounded: ten million calls summed err by 6e-9 USD, while rounding each to a billionth errs by 2.5e-4.
//
// The package imports nothing but the standard library. It prices without allocating when the model was seen
// before.
package cost
