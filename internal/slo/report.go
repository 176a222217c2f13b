package slo

import "time"

// Report is what an account shows at one moment. Tick fills it anew each time and reuses its memory, so that a
// Report must not be read while another Tick fills it.
type Report struct {
	// At is the end of all windows: the time of the Tick; with slices, the end of the last that is settled.
	At time.Time
	// Start is when the counters started, at 0.
	Start time.Time
	// Good and Bad are counters of events (or slices) since Start. They never fall.
	Good, Bad float64
	// LastEvent is the time of the latest event, zero before the first.
	LastEvent time.Time
	// Windows are the sums over Plan.Windows, in that order.
	Windows []WindowSum
	// Period is the period that budgets are about: of a rolling window the one that ends at At.
	Period PeriodSum
	// Settled is the previous calendar period, if this Tick settled it: its final sum, once. Else nil.
	Settled *PeriodSum
	// Objectives are in the order of the Definition.
	Objectives []Standing
	// Inconsistent says that some sum had more good than total, or less than none, and was taken as the nearest
	// that makes sense: good and total come from different metrics, one of which is behind.
	Inconsistent bool
}

// WindowSum is what is known of a window that ends now.
type WindowSum struct {
	Window time.Duration
	Counts
	// Coverage is the share of the window in which the engine ran and the source was alive, in [0, 1].
	Coverage float64

	known float64 // Coverage of the part of the window since the account was opened
}

// PeriodSum is what is known of a period.
type PeriodSum struct {
	Span
	Counts
	// Basis is the number of events that the budget is a share of: Total, or what is expected if that is more.
	Basis float64
	// Coverage is as of WindowSum; of a calendar period, since its start.
	Coverage float64
}

// Remaining returns the share of the budget of t that is left, 1 before any event, below 0 when overspent.
func (p PeriodSum) Remaining(t Target) float64 {
	if p.Basis <= 0 {
		return 1
	}
	return 1 - p.Bad()/p.Basis/t.Budget()
}

// RemainingEvents returns how many more events may be bad, below 0 when overspent.
func (p PeriodSum) RemainingEvents(t Target) float64 {
	return t.Budget()*p.Basis - p.Bad()
}

// Standing is how an objective fares.
type Standing struct {
	// Remaining and RemainingEvents are those of Report.Period.
	Remaining, RemainingEvents float64
	// Exhaustion is the time until the budget is used up if things go on as in the last hour; 0 when it is.
	// It means something only when Exhausts is true: else the budget lasts, or nothing is known.
	Exhaustion time.Duration
	Exhausts   bool
	// Violations counts how often Remaining fell from 0 or more to below.
	Violations uint64
	// Alerts are in the order of the policies.
	Alerts []Alert
}

// Alert is the state of a policy.
type Alert struct {
	// BurnRatio is min(B(long), B(short)) / factor, above 1 when the policy is violated; 0 without events or
	// with less than Definition.MinBadEvents bad ones.
	BurnRatio float64
	// Active says that the policy is violated: from BurnRatio above 1, for Policy.For, until the short window has
	// been within the factor for two Ticks.
	Active bool
	// Frozen says that too little is known to judge, coverage below MinCoverage: BurnRatio and Active are as
	// they were. A policy that is violated even if all that is not known was good is not frozen.
	Frozen bool
	// Violations counts how often the alert became active.
	Violations uint64
}

// MinCoverage is the share of a window, since the account was opened, that must be known for its policies to be
// judged.
const MinCoverage = 0.9
