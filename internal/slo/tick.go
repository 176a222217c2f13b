package slo

import "time"

// MaxTickGap is the longest time between two Ticks in which the engine is believed to have run all along.
const MaxTickGap = 2 * time.Minute

// Tick brings the account up to now and fills the report: slices and periods that are over are settled, the time
// since the last Tick is credited to the coverage, windows are summed, alerts judged. It is to be called on a
// timer, each 1 s to 60 s, with or without events.
func (a *Account) Tick(now time.Time, r *Report) {
	at := now.UnixNano()
	a.ring.rewind(at)
	a.turn(now)
	a.credit(at)
	if a.plan.sliced() {
		a.closeSlices(at)
	}
	a.tell(at, r)
	r.Settled = a.settle(at)
	for i := range a.standings {
		to := &r.Objectives[i]
		a.standings[i].judge(a.plan, i, r, to)
		to.Exhaustion, to.Exhausts = a.exhaustion(a.plan.definition.Objectives[i].Target, r, to.RemainingEvents)
	}
}

// credit notes that the engine ran since the last Tick, and whether the source was alive.
func (a *Account) credit(now int64) {
	last := a.lastTick
	a.lastTick = now
	if now <= last || now-last > int64(MaxTickGap) {
		a.ring.advance(now)
		return
	}
	a.run(last, now)
	if stale := a.plan.definition.Stale; stale > 0 && now-a.lastPoint > int64(stale) {
		a.ring.advance(now)
		return
	}
	a.ring.credit(last, now)
	for _, p := range []*period{&a.previous, &a.current} {
		p.alive += max(min(now, p.to)-max(last, p.from), 0)
	}
}

// tell fills the report but for the objectives and the settled period.
func (a *Account) tell(now int64, r *Report) {
	at := now
	if a.plan.sliced() {
		at = min(now, a.slots.settled*int64(a.plan.definition.Budgeting.Slice))
	}
	good, _ := a.counted.clamped()
	a.good, a.bad = max(a.good, good.Good), max(a.bad, good.Bad())
	r.At, r.Start, r.Good, r.Bad = time.Unix(0, at), time.Unix(0, a.opened), a.good, a.bad
	r.LastEvent = time.Time{}
	if a.lastEvent > 0 {
		r.LastEvent = time.Unix(0, a.lastEvent)
	}
	r.Inconsistent = false
	r.Windows = r.Windows[:0]
	for i, w := range a.plan.windows {
		r.Windows = append(r.Windows, a.window(&a.ring[a.plan.tiers[i]], w, at, r))
	}
	r.Period = a.periodSum(at, r)
	r.Objectives = resize(r.Objectives, len(a.standings))
}

// window sums up one window.
func (a *Account) window(t *tier, length time.Duration, at int64, r *Report) WindowSum {
	from := max(at-int64(length), 0)
	counts, changed := t.sum(from, at, a.plan.exclusions).clamped()
	r.Inconsistent = r.Inconsistent || changed
	start := t.number(from) * t.width
	return WindowSum{
		Window: length, Counts: counts,
		Coverage: t.coverage(start, at),
		known:    t.coverage(max(start, a.opened), at),
	}
}

// periodSum is the period that budgets are about.
func (a *Account) periodSum(at int64, r *Report) PeriodSum {
	if a.plan.definition.Window.Calendar != nil {
		return a.sumOf(&a.current, at)
	}
	w := &r.Windows[a.plan.period]
	return PeriodSum{
		Span:   Span{r.At.Add(-w.Window), r.At},
		Counts: w.Counts, Coverage: w.Coverage,
		Basis: max(w.Total, a.plan.expected(w.Window, Counts{})),
	}
}

// resize returns s with n elements, the ones it has and their memory included.
func resize[T any](s []T, n int) []T {
	if n <= cap(s) {
		return s[:n]
	}
	return append(s[:cap(s)], make([]T, n-cap(s))...)
}
