package percentile

import "github.com/tta-dev/otelcol-workflow/internal/stream"

// Outcome says what became of a point: one of the verdicts of package stream on what it
// is, or what hindered it. The first ones are those of stream, in their order.
type Outcome uint8

// The outcomes of points that count as such, or might have.
const (
	// Late points are older than every window of every rule.
	Late = Outcome(stream.VerdictCount) + iota
	// Gap points tell of a time that is longer than every window of every rule.
	Gap
	// Overflow points are of a stream past the bound.
	Overflow
	// Missing points say that there is no value.
	Missing
	// Malformed points cannot be read.
	Malformed
	// OutcomeCount is the number of outcomes.
	OutcomeCount
)

// Counts tells whether the point yields an increment.
func (o Outcome) Counts() bool { return o < Late && stream.Verdict(o).Counts() }

// String is the name of the outcome in lower case.
func (o Outcome) String() string {
	if o < Late {
		return stream.Verdict(o).String()
	}
	return [...]string{"late", "gap", "overflow", "missing", "malformed", "unknown"}[min(o, OutcomeCount)-Late]
}
