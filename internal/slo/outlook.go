package slo

import "time"

// outlook is a budget that is spent at the present rates, followed into the future in seconds.
type outlook struct {
	counts   Counts // of the period, as it goes on
	rate     Counts // per second
	budget   float64
	expected float64 // events of a period, if that is known
}

// exhaustion returns how long the budget of t lasts if things go on as in the last hour. It is not ok when the
// budget lasts, or when there was nothing bad to go by.
//
// A rolling period is walked forward one cell at a time: the cells that leave it take their bad events along, and
// their share of the budget. With 100 events and 1 bad one an hour, all in the last 2 of 10 hours, and 1 % allowed:
//
//	hours from now   events   allowed   bad
//	       0            200      2.0     2.0      spent, and stays so while the good hours before are missing
//	       8          1,000     10       10
//
// A calendar period ends before anything leaves it, and what happens after does not count.
func (a *Account) exhaustion(t Target, r *Report, left float64) (lasts time.Duration, ok bool) {
	if left <= 0 {
		return 0, r.Period.Basis > 0
	}
	hour := &r.Windows[a.plan.hour]
	if hour.Bad() <= 0 {
		return 0, false
	}
	at := r.At.UnixNano()
	tier := &a.ring[a.plan.tiers[a.plan.hour]]
	start := max(tier.number(at-int64(time.Hour))*tier.width, a.opened)
	seconds := max(time.Duration(at-start), time.Second).Seconds()
	o := outlook{
		counts: r.Period.Counts,
		rate:   Counts{hour.Good / seconds, hour.Total / seconds},
		budget: t.Budget(), expected: r.Period.Basis,
	}
	if !a.plan.sliced() && r.Period.Basis == r.Period.Total {
		o.expected = 0
	}
	if a.plan.definition.Window.Calendar != nil {
		return o.within(r.Period.End.Sub(r.At))
	}
	return o.rolling(&a.ring[a.plan.tiers[a.plan.period]], r.Period.stretch(), a.plan.exclusions)
}

// rolling walks until all that is in the period now has left it.
func (o *outlook) rolling(t *tier, period stretch, exclusions []stretch) (lasts time.Duration, ok bool) {
	var passed time.Duration
	for i := t.number(period.from); i <= t.number(period.to); i++ {
		leaves := time.Duration((i+1)*t.width - period.from)
		if hit, spent := o.within(leaves - passed); spent {
			return passed + hit, true
		}
		passed = leaves
		gone := t.sum(i*t.width, i*t.width, exclusions)
		o.counts.Good -= gone.Good
		o.counts.Total -= gone.Total
		if o.left() <= 0 {
			return passed, true
		}
	}
	return 0, false
}

// left is how many more events may be bad.
func (o *outlook) left() float64 {
	return o.budget*max(o.counts.Total, o.expected) - o.counts.Bad()
}

// within goes on for a while, and reports when the budget is used up if it is meanwhile. The budget grows only once
// there are more events than expected.
func (o *outlook) within(d time.Duration) (hit time.Duration, spent bool) {
	seconds := d.Seconds()
	if short := o.expected - o.counts.Total; short > 0 && o.rate.Total > 0 {
		first := min(seconds, short/o.rate.Total)
		if at, spent := o.step(first, 0); spent {
			return toDuration(at), true
		}
		rest, spent := o.step(seconds-first, o.budget)
		return toDuration(first + rest), spent
	}
	at, spent := o.step(seconds, o.budget)
	return toDuration(at), spent
}

// step goes on for some seconds in which each event adds to the budget by growth.
func (o *outlook) step(seconds, growth float64) (at float64, spent bool) {
	left, slope := o.left(), o.rate.Bad()-growth*o.rate.Total
	if slope > 0 && left <= slope*seconds {
		return left / slope, true
	}
	o.counts.Good += o.rate.Good * seconds
	o.counts.Total += o.rate.Total * seconds
	return 0, false
}

func toDuration(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
