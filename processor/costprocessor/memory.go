package costprocessor

import (
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

const (
	// maxPriced is how many priced spans are remembered in each of two generations: 8 bytes
	// each and what a map adds, 10 MB in all.
	maxPriced = 1 << 18
	// maxNests is how many traces whose parents are awaited are remembered in each of two
	// generations.
	maxNests = 1 << 14
)

// memory is what earlier batches left: which spans have been priced, and what the traces of
// which not all has come hold. It is safe for concurrent use.
type memory struct {
	mu     sync.Mutex
	seed   maphash.Seed
	priced *generations[uint64, struct{}]
	nests  *generations[flow.TraceID, nest]
}

// nest is what is known of a trace of which not all has come.
type nest struct {
	waiting []flow.Frontier
	passed  []flow.Passage
}

func newMemory(window time.Duration) *memory {
	return &memory{
		seed:   maphash.MakeSeed(),
		priced: newGenerations[uint64, struct{}](window, maxPriced),
		nests:  newGenerations[flow.TraceID, nest](window, maxNests),
	}
}

// turn forgets what is old. It returns how many were forgotten before their time.
func (m *memory) turn(now time.Time) (early int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.priced.turn(now) + m.nests.turn(now)
}

// key is a span's place among the priced ones. That two of 500,000 spans share one of 2⁶⁴ keys
// has a chance of 1 to 10⁸.
func (m *memory) key(trace flow.TraceID, id flow.SpanID) uint64 {
	return maphash.Comparable(m.seed, struct {
		trace flow.TraceID
		id    flow.SpanID
	}{trace, id})
}

// claim says whether the span of that key is new, and remembers it.
func (m *memory) claim(key uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.priced.get(key); known {
		return false
	}
	m.priced.put(key, struct{}{})
	return true
}

// disclaim forgets spans which the next component did not take: they will come again.
func (m *memory) disclaim(keys []uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range keys {
		m.priced.forget(k)
	}
}

// awaits adds those traces to a set of which earlier batches have left something.
func (m *memory) awaits(traces []flow.TraceID, set map[flow.TraceID]struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.nests.len() == 0 {
		return
	}
	for _, id := range traces {
		if _, ok := m.nests.get(id); ok {
			set[id] = struct{}{}
		}
	}
}

// Recall appends what is remembered of the trace.
func (m *memory) Recall(id flow.TraceID, waiting []flow.Frontier, passed []flow.Passage) ([]flow.Frontier, []flow.Passage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, _ := m.nests.get(id)
	return append(waiting, n.waiting...), append(passed, n.passed...)
}

// Remember replaces what is remembered of the trace.
func (m *memory) Remember(id flow.TraceID, waiting []flow.Frontier, passed []flow.Passage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.nests.forget(id)
	if len(waiting)+len(passed) > 0 {
		m.nests.put(id, nest{slices.Clone(waiting), slices.Clone(passed)})
	}
}
