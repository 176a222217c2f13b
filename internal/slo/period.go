package slo

import "time"

// period is a calendar period and what was counted in it.
type period struct {
	stretch
	counts  Counts
	alive   int64 // nanoseconds in which the source was known to live
	pending bool  // over, and still open for late events
}

// turn makes the period that now is in the current one. The one before stays open for late events:
//
//	      March              │ April
//	──────────────────────┬──┴──────┬───────► now
//	current: March        │ current: April
//	                      │ previous: March, pending │ settled, and told once
//	                      └ midnight                 └ midnight + late tolerance
func (a *Account) turn(now time.Time) {
	calendar := a.plan.definition.Window.Calendar
	if calendar == nil || now.UnixNano() < a.current.to {
		return
	}
	a.previous = a.current
	a.previous.pending = a.current.to > 0
	a.current = period{stretch: calendar.Period(now).stretch()}
}

// bookPeriod counts c in the calendar period that at is in, and reports whether that is open.
func (a *Account) bookPeriod(at int64, c Counts) bool {
	switch {
	case a.current.contains(at):
		a.current.counts = a.current.counts.Plus(c)
	case a.previous.pending && a.previous.contains(at):
		a.previous.counts = a.previous.counts.Plus(c)
	default:
		return false
	}
	return true
}

// settle returns the previous period if it can no longer change, once.
func (a *Account) settle(now int64) *PeriodSum {
	grace := max(a.plan.definition.LateTolerance, a.plan.lag)
	if !a.previous.pending || now < a.previous.to+int64(grace) {
		return nil
	}
	a.previous.pending = false
	sum := a.sumOf(&a.previous, a.previous.to)
	return &sum
}

// sumOf is what is shown of a calendar period at a time.
func (a *Account) sumOf(p *period, at int64) PeriodSum {
	counts, _ := p.counts.clamped()
	s := PeriodSum{Span: Span{time.Unix(0, p.from), time.Unix(0, p.to)}, Counts: counts, Coverage: 1}
	if known := at - p.from; known > 0 {
		s.Coverage = min(float64(p.alive)/float64(known), 1)
	}
	s.Basis = max(counts.Total, a.plan.expected(s.Length(), a.previous.counts))
	return s
}

// expected is how many events a period of a length is expected to have; 0 when that is not known.
func (p *Plan) expected(length time.Duration, previous Counts) float64 {
	d := &p.definition
	switch {
	case p.sliced():
		return float64(length) / float64(d.Budgeting.Slice)
	case d.ExpectPrevious && previous.Total > 0:
		return previous.Total
	}
	return d.ExpectedEvents
}
