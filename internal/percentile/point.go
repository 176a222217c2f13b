package percentile

import "github.com/tta-dev/otelcol-workflow/internal/stream"

// Kind is the kind of a histogram's buckets.
type Kind uint8

// The kinds.
const (
	Exponential Kind = iota
	Explicit
)

// Point is one of a stream, its histogram in a [Scratch].
type Point struct {
	// Stream is the key of the stream: borrowed.
	Stream []byte
	Kind   Kind
	// Delta points are increments already, others running totals.
	Delta bool
	Times stream.Times
}

// Increment is what a point came to, its histogram in a [Scratch].
type Increment struct {
	Kind Kind
	// From and To are when what it holds happened, in unix nanoseconds; From is 0 if not
	// known.
	From, To int64
}

// began returns From, moved as far as To was to be at another time.
func (i Increment) began(at int64) int64 {
	if i.From == 0 {
		return 0
	}
	return i.From + at - i.To
}

// Estimate is what is known of a group over a window. It is borrowed: good until the
// function it is given to returns.
type Estimate struct {
	Rule *Rule
	// Key of the group.
	Key []byte
	// Folded says that it is an overflow group.
	Folded bool
	// Window is its label.
	Window string
	// Values are those of the quantiles that can be told, all finite.
	Values []Value
}

// Value is that of a quantile.
type Value struct {
	// Quantile is its label.
	Quantile string
	Value    float64
	// Error is how far the true value may be from Value, in the same unit, at least 0. It
	// is infinite where that is not known.
	Error float64
}
