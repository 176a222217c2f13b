package slo

import "time"

// Method says what the budget is counted in.
type Method uint8

// The methods. An occurrence is an event; a time slice is good when enough of its events were, and counts as 1;
// a ratio time slice counts as 1 of which the share of its good events is good.
const (
	Occurrences Method = iota
	Timeslices
	RatioTimeslices
)

// String returns the name as in the attribute slo.budgeting.
func (m Method) String() string {
	return [...]string{"occurrences", "timeslices", "ratio_timeslices"}[m]
}

// NoData says what a slice without events is. A slice in which the engine did not run, or that is excluded, is
// ignored in any case.
type NoData uint8

// The verdicts on a slice without events. NoDataIgnore is the default.
const (
	NoDataIgnore NoData = iota
	NoDataGood
	NoDataBad
)

// Budgeting says how events become what the budget is counted in. The zero Budgeting is by occurrences.
// A Budgeting is a value, safe for concurrent use.
type Budgeting struct {
	Method Method
	// Slice is the length of a slice, at least a minute and a divisor of an hour; unused for occurrences.
	Slice time.Duration
	// Target is the share of the events of a slice that makes it good; of Timeslices only.
	Target Target
	// NoData says what a slice without events is.
	NoData NoData
}

func (b Budgeting) check() error {
	if b.Method == Occurrences {
		return nil
	}
	if b.Slice < time.Minute || time.Hour%b.Slice != 0 {
		return &PlanError{"timeslices", FormatWindow(b.Slice) + " does not divide 1h; use 1m, 5m, 10m, 15m, 30m or 1h"}
	}
	if b.Method == Timeslices && b.Target == (Target{}) {
		return &PlanError{"timeslices", "need a target such as 95%"}
	}
	return nil
}
