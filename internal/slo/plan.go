package slo

import (
	"fmt"
	"slices"
	"time"
)

// Definition is what the user wants of an objective, or of several that are about the same indicator. The ring
// of an account depends on none of it but the longest window, so that targets and policies may change from one
// start to the next without a loss of history.
type Definition struct {
	// Window is the period of all objectives.
	Window Window
	// Budgeting says what the budget is counted in. Default: occurrences.
	Budgeting Budgeting
	// Objectives are judged independently, over one ring. At least one; names are unique.
	Objectives []Objective
	// Windows are reported beside the period and the windows of the policies.
	Windows []time.Duration
	// MinBadEvents is how many bad events (or slices) the long window of a policy must hold for it to alert,
	// since with little traffic one failure alone is a high burn rate. 0 is no such gate.
	MinBadEvents float64
	// Exclusions are not counted.
	Exclusions []Exclusion
	// LateTolerance is how long after its end a slice or a calendar period stays open for late events, in
	// [0, MaxLateTolerance].
	LateTolerance time.Duration
	// Stale is how long after its last point a source counts as alive, for the coverage. 0: always alive.
	Stale time.Duration
	// ExpectedEvents is how many events a period is expected to have: while there are fewer, the budget is
	// taken from this number. 0: the events observed so far, so that one bad event among the first ten of a
	// month overspends the budget. Slices need none of it: how many there are in a period is known.
	ExpectedEvents float64
	// ExpectPrevious takes the events of the previous calendar period for ExpectedEvents, once there are any.
	ExpectPrevious bool
}

// MaxLateTolerance bounds the slices that are open at a time.
const MaxLateTolerance = time.Hour

// Objective is a target and the policies that watch over it.
type Objective struct {
	// Name is unique within a Definition; "" is a name too.
	Name string
	// Target is the share of good events.
	Target Target
	// Policies have unique names. See DefaultPolicies.
	Policies []Policy
}

// Exclusion is a stretch of time, such as a planned maintenance, whose events are not counted. An exclusion that
// is known when the events arrive is exact. Given afterwards it takes effect on windows only, by whole cells:
// those that lie within it.
type Exclusion struct {
	Span
	// Reason is for the log.
	Reason string
}

// PlanError says what is wrong with a Definition, or with a part of one.
type PlanError struct {
	Field  string // such as "window"
	Reason string
}

// Error joins field and reason.
func (e *PlanError) Error() string { return e.Field + " " + e.Reason }

// Plan is a checked Definition, from which accounts are opened. A Plan is immutable and safe for concurrent use.
type Plan struct {
	definition Definition
	windows    []time.Duration
	tiers      []int // of windows
	hour       int   // place of 1h in windows: what is taken for the present rate
	period     int   // place of the rolling period in windows
	policies   [][]pair
	exclusions []stretch
	lag        time.Duration
	layout     layout
}

// pair is where the windows of a policy are in Plan.windows.
type pair struct{ long, short int }

// NewPlan checks a definition. It keeps parts of it, which must not be changed. The error is a *PlanError, or one
// that wraps a *PolicyError.
func NewPlan(d Definition) (*Plan, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	p := &Plan{definition: d, exclusions: union(d.Exclusions)}
	if d.Budgeting.Method != Occurrences {
		p.lag = d.LateTolerance + d.Budgeting.Slice
	}
	p.windows = d.allWindows()
	p.layout = newLayout(p.windows[len(p.windows)-1], p.lag)
	for _, w := range p.windows {
		p.tiers = append(p.tiers, p.layout.tierOf(w))
	}
	p.hour, p.period = slices.Index(p.windows, time.Hour), slices.Index(p.windows, d.Window.Rolling)
	for _, o := range d.Objectives {
		var pairs []pair
		for _, q := range o.Policies {
			pairs = append(pairs, pair{slices.Index(p.windows, q.Long), slices.Index(p.windows, q.Short)})
		}
		p.policies = append(p.policies, pairs)
	}
	return p, nil
}

// Definition returns what the plan was made from. The caller must not change it.
func (p *Plan) Definition() Definition { return p.definition }

// Windows returns all windows of which a Report has sums, shortest first: those of the policies, 1h, the rolling
// period and Definition.Windows. The caller must not change them.
func (p *Plan) Windows() []time.Duration { return p.windows }

// allWindows is all windows, each once, shortest first.
func (d *Definition) allWindows() []time.Duration {
	all := append([]time.Duration{time.Hour}, d.Windows...)
	if d.Window.Calendar == nil {
		all = append(all, d.Window.Rolling)
	}
	for _, o := range d.Objectives {
		for _, q := range o.Policies {
			all = append(all, q.Long, q.Short)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (d *Definition) check() error {
	if err := d.Window.check(); err != nil {
		return err
	}
	if err := d.Budgeting.check(); err != nil {
		return err
	}
	if err := checkExclusions(d.Exclusions); err != nil {
		return err
	}
	if err := d.checkNumbers(); err != nil {
		return err
	}
	for _, w := range d.Windows {
		if w < MinWindow || w > MaxRolling {
			return &PlanError{"windows", fmt.Sprintf("%s is outside [%s, %s]",
				FormatWindow(w), FormatWindow(MinWindow), FormatWindow(MaxRolling))}
		}
	}
	return d.checkObjectives()
}

func (d *Definition) checkNumbers() error {
	switch {
	case d.LateTolerance < 0 || d.LateTolerance > MaxLateTolerance:
		return &PlanError{"late_tolerance", fmt.Sprintf("%s is outside [0s, %s]",
			FormatWindow(d.LateTolerance), FormatWindow(MaxLateTolerance))}
	case d.Stale < 0:
		return &PlanError{"stale", fmt.Sprintf("%s must not be negative", d.Stale)}
	case !(d.MinBadEvents >= 0):
		return &PlanError{"min_bad_events", fmt.Sprintf("%v must not be negative", d.MinBadEvents)}
	case !(d.ExpectedEvents >= 0) || d.ExpectedEvents > maxIncrement:
		return &PlanError{"expected events", fmt.Sprintf("%v must not be negative", d.ExpectedEvents)}
	}
	return nil
}

func (d *Definition) checkObjectives() error {
	if len(d.Objectives) == 0 {
		return &PlanError{"objectives", "are missing; at least one is needed"}
	}
	names := map[string]bool{}
	for i, o := range d.Objectives {
		field := fmt.Sprintf("objectives[%d]", i)
		switch {
		case names[o.Name]:
			return &PlanError{field, fmt.Sprintf("name %q is already used", o.Name)}
		case o.Target.units <= 0 || o.Target.units >= targetUnits:
			return &PlanError{field, "needs a target above 0% and below 100%"}
		}
		names[o.Name] = true
		if err := o.checkPolicies(d.Window.Length()); err != nil {
			return fmt.Errorf("%s.%w", field, err)
		}
	}
	return nil
}

func (o *Objective) checkPolicies(period time.Duration) error {
	names := map[string]bool{}
	for i, q := range o.Policies {
		if names[q.Name] {
			return &PlanError{fmt.Sprintf("policies[%d]", i), fmt.Sprintf("name %q is already used", q.Name)}
		}
		names[q.Name] = true
		if err := q.Check(o.Target, period); err != nil {
			return fmt.Errorf("policies[%d] %w", i, err)
		}
	}
	return nil
}
