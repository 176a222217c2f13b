package flight

import "github.com/tta-dev/otelcol-workflow/internal/flow"

// Run is a run that has ended, or that is taken to have ended because nothing
// more came of its trace.
type Run struct {
	Workflow  string
	Service   string
	Outcome   flow.Outcome
	ErrorType string
	Start     int64 // unix nanoseconds
	End       int64 // unix nanoseconds
	Weight    uint64
}

// contains says whether the other run lies within this one, as a nested run
// does.
func (r *Run) contains(other *Run) bool {
	return r.Start <= other.Start && other.End <= r.End
}

// Settled is what a trace comes to when it is closed.
type Settled struct {
	// Pending are the runs that waited for an outer one that did not come.
	// They have not been counted before.
	Pending []Run
	// Ended is the run that was counted as it arrived; valid with HasEnded.
	Ended    Run
	HasEnded bool
	// Cost in US dollars of all that was spent in the trace; valid with HasCost.
	Cost    float64
	HasCost bool
	// Evicted says that the trace was closed early to make room.
	Evicted bool
}
