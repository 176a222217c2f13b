package tally

import "github.com/tta-dev/otelcol-workflow/internal/flow"

// Ending is a run that is counted when its trace is settled, or whose cost is.
type Ending struct {
	Service   string
	Workflow  string
	Outcome   flow.Outcome
	ErrorType string
	Seconds   float64
	Weight    uint64
}

// CountRun counts a run that was taken to be one only when its trace was settled.
// It carries none of the user's dimensions.
func (b *Batch) CountRun(e *Ending, dimensions int) {
	b.ending(e, dimensions)
	shared := len(b.key)
	b.text(e.ErrorType)
	r := b.find(Runs, shared)
	r.add(e.Weight)
	b.observe(r, e.Seconds, e.Weight)
}

// CountStep counts a step that might have been a run until its ancestors arrived. It
// carries none of the user's dimensions.
func (b *Batch) CountStep(e *Ending, dimensions int, step, kind string) {
	b.identity(&Observation{Service: e.Service, Workflow: e.Workflow})
	for range dimensions {
		b.text("")
	}
	b.text(step)
	b.text(kind)
	b.text(e.Outcome.String())
	shared := len(b.key)
	b.text(e.ErrorType)
	r := b.find(Steps, shared)
	r.add(e.Weight)
	b.observe(r, e.Seconds, e.Weight)
}

// CostRun adds what a run cost, in US dollars. It carries none of the user's
// dimensions.
func (b *Batch) CostRun(e *Ending, dimensions int, usd float64) {
	b.ending(e, dimensions)
	r := b.find(RunCost, len(b.key))
	r.add(e.Weight)
	b.observe(r, usd, e.Weight)
}

func (b *Batch) ending(e *Ending, dimensions int) {
	b.identity(&Observation{Service: e.Service, Workflow: e.Workflow})
	for range dimensions {
		b.text("")
	}
	b.text(e.Outcome.String())
}
