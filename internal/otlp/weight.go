package otlp

import (
	"encoding/binary"
	"math"
	"strings"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/sampling"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Weigher tells how many spans a sampled span stands for, from the threshold that
// a consistent sampler left in its tracestate (ot=th:…). Not safe for concurrent
// use.
type Weigher struct {
	state string  // the last tracestate, which most spans of a batch share
	count float64 // what it came to
}

// Weight returns how many spans this one stands for, at least 1. A fractional
// count is rounded up or down by the span's own id, so that the expected total is
// right and the same span always weighs the same:
//
//	th:c  keeps 1 of 4      every span weighs 4
//	th:6  keeps 5 of 8      weighs 1.6: 2 for 60 % of the span ids, 1 for 40 %
func (w *Weigher) Weight(span ptrace.Span) uint64 {
	if state := span.TraceState().AsRaw(); state != "" {
		return w.weigh(span, state)
	}
	return 1
}

func (w *Weigher) weigh(span ptrace.Span, state string) uint64 {
	if state != w.state {
		w.state, w.count = strings.Clone(state), adjustedCount(state)
	}
	whole, fraction := math.Modf(w.count)
	if fraction > 0 && fraction > randomness(span) {
		whole++
	}
	return uint64(whole)
}

// randomness returns a number in [0, 1) that the span's id decides.
func randomness(span ptrace.Span) float64 {
	id := span.SpanID()
	h := binary.BigEndian.Uint64(id[:])
	for range 2 { // ids may count up
		h ^= h >> 32
		h *= hashMul
	}
	return float64(h>>11) / (1 << 53)
}

// maxWeight is the most that a span may stand for; a smaller sampling probability
// is more likely a broken tracestate than a real one.
const maxWeight = 1 << 20

func adjustedCount(state string) float64 {
	ts, err := sampling.NewW3CTraceState(state)
	if err != nil {
		return 1
	}
	count := ts.OTelValue().AdjustedCount()
	if count < 1 || count > maxWeight {
		return 1
	}
	return count
}
