package slo

import (
	"fmt"
	"math"
	"time"
)

// BurnRate is how many times faster than evenly over its period a budget is spent: at 1 it lasts exactly the
// period, at 14.4 a period of 30d lasts 50 hours.
type BurnRate float64

// exceeds reports b > limit for numbers that are not equal but for rounding, since b is a quotient of
// quotients: 14.4 × 0.001 / 0.001 is not 14.4.
func (b BurnRate) exceeds(limit BurnRate) bool { return b > limit*(1+rounding) }

// rounding is far above the error of three divisions, 2^-51, and far below what one event changes.
const rounding = 1e-12

// Severities of the default policies.
const (
	SeverityPage   = "page"
	SeverityTicket = "ticket"
)

// Policy alerts while the budget burns faster than Factor in two windows at once: the long one says that it
// matters, the short one that it is still so. A Policy is a value, safe for concurrent use.
type Policy struct {
	// Name is unique within an objective.
	Name string
	// Severity is SeverityPage, SeverityTicket or a word of the user.
	Severity string
	// Factor is the burn rate above which both windows must be; at least 1.
	Factor BurnRate
	// Long and Short are the windows, Short below Long.
	Long, Short time.Duration
	// For is how long the condition must hold before the alert is active; 0 is at once.
	For time.Duration
}

// Google returns the four pairs of windows that the Site Reliability Workbook recommends for a period of 30
// days, with the share of the budget that is spent when they alert:
//
//	name         severity   factor   long   short   share of the budget of 30d
//	page-fast    page         14.4   1h     5m       2 %
//	page-slow    page          6     6h     30m      5 %
//	ticket-fast  ticket        3     1d     2h      10 %
//	ticket-slow  ticket        1     3d     6h      10 %
//
// Source: The Site Reliability Workbook, chapter 5, "Alerting on SLOs", table 5-8 and the rules that follow it,
// https://sre.google/workbook/alerting-on-slos/.
func Google() []Policy {
	const day = 24 * time.Hour
	return []Policy{
		{Name: "page-fast", Severity: SeverityPage, Factor: 14.4, Long: time.Hour, Short: 5 * time.Minute},
		{Name: "page-slow", Severity: SeverityPage, Factor: 6, Long: 6 * time.Hour, Short: 30 * time.Minute},
		{Name: "ticket-fast", Severity: SeverityTicket, Factor: 3, Long: day, Short: 2 * time.Hour},
		{Name: "ticket-slow", Severity: SeverityTicket, Factor: 1, Long: 3 * day, Short: 6 * time.Hour},
	}
}

// DefaultPolicies returns those policies of [Google] whose windows fit into the period, each clamped so that t
// can reach it. Windows and factors are the same for every period; what changes is [Policy.BudgetShare]. The
// names of the policies that had to be clamped are returned as well, for the log.
func DefaultPolicies(t Target, period time.Duration) (policies []Policy, clamped []string) {
	for _, p := range Google() {
		if p.Long > period {
			continue
		}
		reachable, changed := p.Clamp(t)
		if changed {
			clamped = append(clamped, p.Name)
		}
		policies = append(policies, reachable)
	}
	return policies, clamped
}

// reserve is the share of the highest burn rate to which Clamp lowers a factor: at 0.8 an outage in which four
// of five events are bad still alerts.
const reserve = 0.8

// Clamp returns the policy with a factor that t can reach: 0.8 times its highest burn rate, or 1 where that is
// more. It reports whether the factor was lowered, which it is only when it is above that.
//
//	target   highest burn   14.4 becomes   6 becomes
//	99.9%            1000           14.4           6
//	95%                20           14.4           6
//	94%             16.67          13.33           6
//	90%                10              8           6
//	80%                 5              4           4
func (p Policy) Clamp(t Target) (reachable Policy, lowered bool) {
	if limit := max(1, reserve*t.MaxBurn()); p.Factor > limit {
		p.Factor, lowered = limit, true
	}
	return p, lowered
}

// BudgetShare returns the share of the budget of a period that is spent when the long window has burned at the
// factor for its whole length: factor × long / period.
func (p Policy) BudgetShare(period time.Duration) float64 {
	return float64(p.Factor) * float64(p.Long) / float64(period)
}

// PolicyError says what is wrong with a policy, in a sentence that starts with the field.
type PolicyError struct {
	Policy string // its name
	Reason string
}

// Error is the reason. It does not name the policy, since configuration knows a better name for it.
func (e *PolicyError) Error() string { return e.Reason }

// Check returns a *PolicyError unless the policy makes sense for a target and a period: a factor of at least 1
// that the target can reach, and short < long ≤ period.
func (p Policy) Check(t Target, period time.Duration) error {
	if reason := p.fault(t, period); reason != "" {
		return &PolicyError{p.Name, reason}
	}
	return nil
}

func (p Policy) fault(t Target, period time.Duration) string {
	switch highest := t.MaxBurn(); {
	case math.IsNaN(float64(p.Factor)) || p.Factor < 1:
		return fmt.Sprintf("factor %v fires while the budget is not being overspent; use 1 or more", p.Factor)
	case !highest.exceeds(p.Factor):
		return fmt.Sprintf("factor %v can never be reached: with objective %s the highest burn rate is %.4g (all events bad); "+
			"lower the factor below %.4g", p.Factor, t, highest, highest)
	case p.Short < MinWindow:
		return fmt.Sprintf("short %s is below the smallest window of %s", FormatWindow(p.Short), FormatWindow(MinWindow))
	case p.Short >= p.Long:
		return fmt.Sprintf("short %s must be shorter than long %s", FormatWindow(p.Short), FormatWindow(p.Long))
	case p.Long > period:
		return fmt.Sprintf("long %s must not exceed the window of %s", FormatWindow(p.Long), FormatWindow(period))
	case p.For < 0:
		return fmt.Sprintf("for %s must not be negative", p.For)
	}
	return ""
}
