package slo

import "time"

// standing is what is remembered of an objective from one Tick to the next.
type standing struct {
	overspent  bool
	violations uint64
	alerts     []alert
}

// alert is what is remembered of a policy.
type alert struct {
	Alert
	since  int64 // nanoseconds since 1970 from when the condition has held; 0: it does not
	within uint8 // Ticks in a row in which the short window was within the factor
}

// judge fills the standing of objective i from the sums of the report.
func (s *standing) judge(p *Plan, i int, r *Report, to *Standing) {
	s.spend(p.definition.Objectives[i].Target, &r.Period, to)
	to.Alerts = to.Alerts[:0]
	for j := range s.alerts {
		pair := p.policies[i][j]
		s.alerts[j].judge(p, i, j, &r.Windows[pair.long], &r.Windows[pair.short], r.At.UnixNano())
		to.Alerts = append(to.Alerts, s.alerts[j].Alert)
	}
}

// spend works out what is left of the budget.
func (s *standing) spend(t Target, period *PeriodSum, to *Standing) {
	to.Remaining, to.RemainingEvents = period.Remaining(t), period.RemainingEvents(t)
	overspent := to.Remaining < -rounding
	if overspent && !s.overspent {
		s.violations++
	}
	s.overspent = overspent
	to.Violations = s.violations
}

// quiet is how many Ticks in a row the short window must be within the factor for an alert to end.
const quiet = 2

// judge decides whether the alert of policy j is active. Where too little is known it is frozen, unless the known part
// says enough: what it would be if the rest of the window had been as busy and all good. Factor 14.4 at 99.9 %, the
// source was away for 10 minutes and comes back with an outage:
//
//	errors   coverage of 1h and 5m   burn rate of both, at least
//	  2 %    0.83   1                16.6  20                     alerts
//	  1.6 %  0.83   1                13.3  16                     frozen
//	  2 %    0.83   0.1              16.6   2                     frozen
func (a *alert) judge(p *Plan, i, j int, long, short *WindowSum, now int64) {
	objective := &p.definition.Objectives[i]
	policy := &objective.Policies[j]
	longRate, _ := long.BurnRate(objective.Target)
	shortRate, _ := short.BurnRate(objective.Target)
	rate := min(longRate, shortRate)
	unknown := long.known < MinCoverage || short.known < MinCoverage
	if unknown {
		rate = min(longRate*BurnRate(long.known), shortRate*BurnRate(short.known))
	}
	if long.Bad() < p.definition.MinBadEvents {
		rate = 0
	}
	if a.Frozen = unknown && !rate.exceeds(policy.Factor); a.Frozen {
		return
	}
	a.BurnRatio = float64(rate / policy.Factor)
	if !rate.exceeds(policy.Factor) {
		// Rounding must not lift it above 1, which is where rules in Prometheus fire.
		a.BurnRatio = min(a.BurnRatio, 1)
	}
	a.begin(a.BurnRatio > 1, policy.For, now)
	a.end(shortRate.exceeds(policy.Factor))
}

// begin activates the alert once the condition has held long enough.
func (a *alert) begin(holds bool, wait time.Duration, now int64) {
	switch {
	case !holds:
		a.since = 0
	case a.since == 0:
		a.since = now
	}
	if holds && !a.Active && now-a.since >= int64(wait) {
		a.Active = true
		a.Violations++
	}
}

// end deactivates it once the short window has been within the factor for some Ticks.
func (a *alert) end(burning bool) {
	if burning || !a.Active {
		a.within = 0
		return
	}
	if a.within++; a.within == quiet {
		a.Active, a.within = false, 0
	}
}
