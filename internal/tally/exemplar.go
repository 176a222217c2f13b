package tally

import (
	"math/rand/v2"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// Origin is the span that a value comes from.
type Origin struct {
	Trace flow.TraceID
	Span  flow.SpanID
	End   int64 // unix nanoseconds
}

// Exemplar is one value of a distribution and the span it comes from.
type Exemplar struct {
	Origin
	Value float64
}

// reservoir keeps a uniform sample of the values offered since it was emptied, of fixed size
// (Vitter's algorithm R): the n-th value takes a random place with probability size/n.
type reservoir struct {
	kept    []Exemplar
	offered uint64
}

func (r *reservoir) offer(v float64, o Origin, size int) {
	r.offered++
	if len(r.kept) < size {
		r.kept = append(r.kept, Exemplar{o, v})
		return
	}
	if at := rand.Uint64N(r.offered); at < uint64(size) {
		r.kept[at] = Exemplar{o, v}
	}
}

func (r *reservoir) empty() { r.kept, r.offered = r.kept[:0], 0 }
