package slo

import (
	"time"
	"unsafe"
)

// Outcome says what became of an increment.
type Outcome uint8

// The outcomes, of which exactly one holds for each call of Observe.
const (
	// Counted everywhere, as of its time.
	Counted Outcome = iota
	// CountedNow is counted as of now, since its time lies more than MaxSkew in the future.
	CountedNow
	// CountedLate is counted in the windows that still cover its time, but not in the calendar period, which is
	// settled.
	CountedLate
	// DroppedLate is not counted: its slice is settled, or no window reaches back so far.
	DroppedLate
	// DroppedExcluded is not counted, because of an exclusion.
	DroppedExcluded
	// DroppedInvalid is not counted: NaN, infinite, a negative total or more than 2^53.
	DroppedInvalid
)

// MaxSkew is how far ahead of now the time of an event may be without being remarkable. Whatever lies in the
// future is counted as of now, or the ring would turn and lose its oldest cells.
const MaxSkew = time.Minute

// Account is the state of one group of series: the ring, the calendar periods, the open slices, the counters and
// the alerts. The zero Account is unusable, use [Plan.Open] or [Plan.Restore]. An Account is not safe for
// concurrent use.
type Account struct {
	plan *Plan
	ring ring

	opened    int64
	lastPoint int64 // when Observe was last called
	lastEvent int64 // latest time of an event, 0 before the first
	lastTick  int64

	counted Counts // since opened
	good    float64
	bad     float64 // with good, the highest that the counters have shown

	current  period
	previous period // Settled is not yet told while previous.pending
	slots    slots

	standings []standing
}

// Open returns an empty account, whose counters start now. All times given to an account must lie after 1970.
func (p *Plan) Open(now time.Time) *Account {
	at := now.UnixNano()
	a := p.empty(at)
	a.opened, a.lastPoint, a.lastTick = at, at, at
	if p.sliced() {
		a.slots.settled = p.settledBy(at)
	}
	a.turn(now)
	return a
}

// empty returns an account that nobody has opened yet.
func (p *Plan) empty(at int64) *Account {
	a := &Account{plan: p, ring: newRing(p.layout, at), standings: make([]standing, len(p.policies))}
	for i, pairs := range p.policies {
		a.standings[i].alerts = make([]alert, len(pairs))
	}
	return a
}

// Observe adds an increment of the indicator that happened at one time and arrived at another, now. An empty one
// says that the source is alive.
func (a *Account) Observe(at, now time.Time, c Counts) Outcome {
	if !c.countable() {
		return DroppedInvalid
	}
	if at.Unix() < 0 {
		return DroppedLate
	}
	a.lastPoint = max(a.lastPoint, now.UnixNano())
	outcome := Counted
	if at.After(now) {
		if at.Sub(now) > MaxSkew {
			outcome = CountedNow
		}
		at = now
	}
	if a.plan.excluded(at.UnixNano()) {
		return DroppedExcluded
	}
	if c.Total > 0 {
		a.lastEvent = max(a.lastEvent, at.UnixNano())
	}
	if a.plan.sliced() {
		return a.observeSlice(at, now, c, outcome)
	}
	a.turn(now)
	return a.book(at.UnixNano(), at.UnixNano(), now.UnixNano(), c, outcome)
}

// book counts c in the ring as of one time and in the calendar period that another is in, which differ for slices.
func (a *Account) book(at, within, now int64, c Counts, outcome Outcome) Outcome {
	a.ring.advance(now)
	inRing := a.ring.add(at, c)
	if a.plan.definition.Window.Calendar != nil && !a.bookPeriod(within, c) {
		outcome = CountedLate
	}
	if !inRing && (outcome == CountedLate || a.plan.definition.Window.Calendar == nil) {
		return DroppedLate
	}
	a.counted = a.counted.Plus(c)
	return outcome
}

// SizeBytes returns the memory that the account occupies, in bytes, without the plan.
func (a *Account) SizeBytes() int {
	size := int(unsafe.Sizeof(*a))
	a.ring.each(func(t *tier) {
		size += cap(t.cells)*int(unsafe.Sizeof(Counts{})) + cap(t.alive)
	})
	size += cap(a.slots.open) * int(unsafe.Sizeof(slot{}))
	size += cap(a.standings) * int(unsafe.Sizeof(standing{}))
	for _, s := range a.standings {
		size += cap(s.alerts) * int(unsafe.Sizeof(alert{}))
	}
	return size
}
