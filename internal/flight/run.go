package flight

import "github.com/tta-dev/otelcol-workflow/internal/flow"

// Run is a run that has ended, or that is taken to have ended because nothing
// more came of its trace.
type Run struct {
	Workflow string
	Service  string
	// Dimensions are the values of the user's dimensions, in any form that the
	// caller can read again.
	Dimensions string
	Outcome    flow.Outcome
	ErrorType  string
	Start      int64 // unix nanoseconds
	End        int64 // unix nanoseconds
	Weight     uint64
	// Key tells the run from others in its trace; 0 where the spans do not say.
	Key uint64
	// Detached says that the run may lie around calls whose spans are in other
	// traces, and that such a call may lie in it.
	Detached bool
}

// Candidate is a span that is a run unless something around it is.
type Candidate struct {
	Run
	Top      flow.SpanID // the nearest ancestor that has not arrived; 0 if none is awaited
	Rank     flow.Rank
	Step     string // name and kind of the step that it is if it is no run
	StepKind string
}

// Resolved is a candidate about which the trace has decided.
type Resolved struct {
	Candidate
	// Counts says that it is a run; else it is a step of one.
	Counts bool
}

// contains says whether the other run lies within this one, as a nested run
// does.
func (r *Run) contains(other *Run) bool {
	return r.Start <= other.Start && other.End <= r.End
}

// Settled is what a trace comes to when it is closed.
type Settled struct {
	// Resolved are the candidates that waited for an ancestor that did not come.
	// They have not been counted before.
	Resolved []Resolved
	// Ended is the outermost run that was counted as it arrived, without its error type
	// and key; valid with HasEnded.
	Ended    Run
	HasEnded bool
	// Cost in US dollars of all that was spent in the trace; valid with HasCost.
	Cost    float64
	HasCost bool
	// Evicted says that the trace was closed early to make room.
	Evicted bool
}
