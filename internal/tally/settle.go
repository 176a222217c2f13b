package tally

import "github.com/tta-dev/otelcol-workflow/internal/flow"

// Ending is a run that is counted when its trace is settled, or whose cost is.
type Ending struct {
	Stream    Stream
	Outcome   flow.Outcome
	ErrorType string
	Seconds   float64
	Weight    uint64
	Origin    Origin // for exemplars; may be zero
}

// CountRun counts a run that was taken to be one only when its trace was settled.
func (b *Batch) CountRun(e *Ending) {
	b.Observe(&Observation{
		Stream: e.Stream, Seconds: e.Seconds, Weight: e.Weight, Origin: e.Origin,
		Reading: &flow.Reading{Role: flow.RoleRun, Outcome: e.Outcome, ErrorType: e.ErrorType},
		Verdict: flow.Verdict{Role: flow.RoleRun, Run: flow.RunCounts},
	})
}

// CountStep counts a step that might have been a run until its ancestors arrived.
func (b *Batch) CountStep(e *Ending, step, kind string) {
	b.Observe(&Observation{
		Stream: e.Stream, Seconds: e.Seconds, Weight: e.Weight, Origin: e.Origin,
		Reading: &flow.Reading{Role: flow.RoleStep, Step: step, StepKind: kind, Outcome: e.Outcome, ErrorType: e.ErrorType},
		Verdict: flow.Verdict{Role: flow.RoleStep},
	})
}

// CostRun adds what a run cost, in US dollars.
func (b *Batch) CostRun(e *Ending, usd float64) {
	r := b.strays.add(b, rowKey{stream: e.Stream, parts: partRunCost}, "", &flow.Reading{Outcome: e.Outcome})
	r.count, r.last = e.Weight, b.value(usd, e.Weight, -1, &e.Origin)
}
