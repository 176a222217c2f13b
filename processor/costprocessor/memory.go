package costprocessor

import (
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

const (
	// maxPriced is how many priced spans are remembered in each of two generations: 16 bytes
	// each, 8 MB in all.
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
	priced generations[keySet]
	nests  generations[nests]
}

// nest is what is known of a trace of which not all has come.
type nest struct {
	waiting []flow.Frontier
	passed  []flow.Passage
}

type nests map[flow.TraceID]nest

func newMemory(window time.Duration) *memory {
	return &memory{
		seed:   maphash.MakeSeed(),
		priced: generations[keySet]{window: window, most: maxPriced},
		nests:  generations[nests]{window: window, most: maxNests, young: nests{}, old: nests{}},
	}
}

// turn forgets what is old. It returns how many were forgotten before their time.
func (m *memory) turn(now time.Time) (early int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.priced.turn(now, func(s *keySet) int { return s.len }, (*keySet).clear) +
		m.nests.turn(now, func(n *nests) int { return len(*n) }, func(n *nests) { clear(*n) })
}

// key tells a span among the priced ones. That two of 500,000 spans share one of 2⁶³ keys has a
// chance of 1 to 10⁷.
func (m *memory) key(trace flow.TraceID, id flow.SpanID) uint64 {
	return maphash.Comparable(m.seed, struct {
		trace flow.TraceID
		id    flow.SpanID
	}{trace, id}) | 1
}

// bid asks whether nobody has told the amount of a span before.
type bid struct {
	key   uint64
	claim int32 // index in scratch.claims
	won   bool
}

// claim tells the bids whose spans are new, and remembers those. Where a key is, or belongs, lies
// anywhere in the memory of the machine, which takes long to reach; so all places are called up
// first, at the same time, and then looked at:
//
//	one by one     ▒▒▒▒▒▒▒▒█▒▒▒▒▒▒▒▒█▒▒▒▒▒▒▒▒█    ▒ memory  █ comparison
//	all at once    ▒▒▒▒▒▒▒▒███
func (m *memory) claim(bids []bid) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.priced.old.call(bids)
	m.priced.young.call(bids)
	for i := range bids {
		b := &bids[i]
		b.won = !m.priced.old.has(b.key) && m.priced.young.add(b.key)
	}
}

// disclaim forgets spans which the next component did not take: they will come again.
func (m *memory) disclaim(keys []uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range keys {
		m.priced.young.remove(k)
		m.priced.old.remove(k)
	}
}

// awaits adds those traces to the ones to look into of which earlier batches have left something,
// and says of all such that they matter as a whole.
func (m *memory) awaits(passing []flow.TraceID, traces map[flow.TraceID]part) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.nests.young)+len(m.nests.old) == 0 {
		return
	}
	for _, id := range passing {
		if _, ok := m.nest(id); ok {
			traces[id] = whole
		}
	}
	for id := range traces {
		if _, ok := m.nest(id); ok {
			traces[id] = whole
		}
	}
}

func (m *memory) nest(id flow.TraceID) (n nest, ok bool) {
	if n, ok = m.nests.young[id]; !ok {
		n, ok = m.nests.old[id]
	}
	return n, ok
}

// Recall appends what is remembered of the trace.
func (m *memory) Recall(id flow.TraceID, waiting []flow.Frontier, passed []flow.Passage) ([]flow.Frontier, []flow.Passage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, _ := m.nest(id)
	return append(waiting, n.waiting...), append(passed, n.passed...)
}

// Remember replaces what is remembered of the trace.
func (m *memory) Remember(id flow.TraceID, waiting []flow.Frontier, passed []flow.Passage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.nests.old, id)
	if len(waiting)+len(passed) == 0 {
		delete(m.nests.young, id)
		return
	}
	m.nests.young[id] = nest{slices.Clone(waiting), slices.Clone(passed)}
}
