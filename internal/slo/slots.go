package slo

import "time"

// slots are the slices of time that are not judged yet. A slice is judged once it is over and late events were
// waited for:
//
//	slices of 5m, late tolerance 2m, now 12:11:30
//
//	12:00     12:05     12:10     12:15
//	│ judged  │ open    │ open    │
//	          └ settled, until 12:12
type slots struct {
	settled int64  // number of the first slice that is not judged
	open    []slot // from settled on, without gaps
}

type slot struct {
	counts Counts
	ran    bool // the engine did, for some of it
}

func (p *Plan) sliced() bool { return p.definition.Budgeting.Method != Occurrences }

// settledBy is the number of the first slice that is still open at a time.
func (p *Plan) settledBy(now int64) int64 {
	return (now - int64(p.definition.LateTolerance)) / int64(p.definition.Budgeting.Slice)
}

// at returns the open slice of a number, which must not be below settled.
func (s *slots) at(number int64) *slot {
	for i := int64(len(s.open)); i <= number-s.settled; i++ {
		s.open = append(s.open, slot{})
	}
	return &s.open[number-s.settled]
}

func (a *Account) observeSlice(at, now time.Time, c Counts, outcome Outcome) Outcome {
	a.turn(now)
	a.closeSlices(now.UnixNano())
	number := at.UnixNano() / int64(a.plan.definition.Budgeting.Slice)
	if number < a.slots.settled {
		return DroppedLate
	}
	s := a.slots.at(number)
	s.counts = s.counts.Plus(c)
	return outcome
}

// closeSlices judges the slices that can no longer change.
func (a *Account) closeSlices(now int64) {
	end := a.plan.settledBy(now)
	if end <= a.slots.settled {
		return
	}
	length := int64(a.plan.definition.Budgeting.Slice)
	closed := min(int(end-a.slots.settled), len(a.slots.open))
	for i, s := range a.slots.open[:closed] {
		start := (a.slots.settled + int64(i)) * length
		if c, counts := a.plan.judge(s, stretch{start, start + length}); counts {
			// The last instant, so that the slice is in the windows that end with it.
			a.book(start+length-1, start, now, c, Counted)
		}
	}
	a.slots.open = a.slots.open[:copy(a.slots.open, a.slots.open[closed:])]
	a.slots.settled = end
}

// judge says what a slice counts as, if at all.
func (p *Plan) judge(s slot, when stretch) (c Counts, counts bool) {
	b := &p.definition.Budgeting
	sound, _ := s.counts.clamped()
	ratio, known := sound.SLI()
	switch {
	case known && b.Method == RatioTimeslices:
		return Counts{ratio, 1}, true
	case known && ratio >= b.Target.Ratio():
		return Counts{1, 1}, true
	case known:
		return Counts{0, 1}, true
	case !s.ran || b.NoData == NoDataIgnore || p.meetsExclusion(when):
		return Counts{}, false
	case b.NoData == NoDataGood:
		return Counts{1, 1}, true
	}
	return Counts{0, 1}, true
}

// run notes that the engine ran from one time up to another.
func (a *Account) run(from, to int64) {
	if !a.plan.sliced() {
		return
	}
	length := int64(a.plan.definition.Budgeting.Slice)
	for i := max(from/length, a.slots.settled); i <= (to-1)/length; i++ {
		a.slots.at(i).ran = true
	}
}
