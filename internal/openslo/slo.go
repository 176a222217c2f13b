package openslo

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// SLO is a service level objective with all that it refers to. Numbers and durations are as
// they were written.
type SLO struct {
	// Where the SLO was read: the file, and the object in it.
	Where string
	// Name of the SLO, and of the service it is about.
	Name, Service string
	// Labels of the SLO; lists are joined with commas.
	Labels map[string]string
	// Annotations of the SLO.
	Annotations map[string]string
	// Indicator says which events are good.
	Indicator Indicator
	// Window is the length of the period, such as 30d.
	Window string
	// Start and TimeZone are those of a calendar; Start is "" for a rolling period.
	Start, TimeZone string
	// Method is Occurrences, Timeslices or RatioTimeslices.
	Method string
	// Objectives are at least one.
	Objectives []Objective
	// Conditions are those of all alert policies.
	Conditions []Condition
}

// Objective is one target of an SLO.
type Objective struct {
	// Name is its display name, which may be "".
	Name string
	// Target is the share of good events, as 0.99 or 99%.
	Target string
	// Op and Value compare the values of a threshold metric.
	Op, Value string
	// SliceTarget and SliceWindow are those of slices.
	SliceTarget, SliceWindow string
}

// Condition is a burn rate that is too high.
type Condition struct {
	// Name of the condition.
	Name string
	// Severity of the alert.
	Severity string
	// Threshold of the burn rate, and the windows: how far back, and for how long.
	Threshold, Lookback, After string
}

// resolve puts an SLO together.
func (l *library) resolve(p *placed) (*SLO, error) {
	spec := &p.Spec
	s := &SLO{
		Where: p.where, Name: p.Metadata.Name, Service: spec.Service,
		Labels: map[string]string{}, Annotations: p.Metadata.Annotations, Method: spec.BudgetingMethod,
	}
	for _, key := range slices.Sorted(maps.Keys(p.Metadata.Labels)) {
		s.Labels[key] = strings.Join(p.Metadata.Labels[key], ",")
	}
	if err := errors.Join(l.indicator(s, spec), s.window(spec.TimeWindow), s.objectives(spec.Objectives)); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"Occurrences", "Timeslices", "RatioTimeslices"}, s.Method) {
		return nil, fmt.Errorf("budgetingMethod %q is not Occurrences, Timeslices or RatioTimeslices", s.Method)
	}
	for i := range spec.AlertPolicies {
		if err := l.policy(s, &spec.AlertPolicies[i]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (l *library) indicator(s *SLO, spec *sloSpec) error {
	switch {
	case spec.Indicator != nil && spec.IndicatorRef != "":
		return errors.New("has both indicator and indicatorRef; give exactly one")
	case spec.Indicator != nil:
		s.Indicator = spec.Indicator.Spec
	case spec.IndicatorRef != "":
		found := l.slis[spec.IndicatorRef]
		if found == nil {
			return fmt.Errorf("indicatorRef %q: no file has an SLI of that name", spec.IndicatorRef)
		}
		s.Indicator = *found
	case slices.ContainsFunc(spec.Objectives, func(o objective) bool { return o.Indicator != nil || o.IndicatorRef != "" }):
		return nil // which objectives refuses
	default:
		return errors.New("needs indicator or indicatorRef")
	}
	return s.Indicator.check()
}

func (in *Indicator) check() error {
	switch r := in.Ratio; {
	case (r == nil) == (in.Threshold == nil):
		return errors.New("indicator needs exactly one of ratioMetric and thresholdMetric")
	case r == nil:
		return nil
	case r.Raw != nil:
		if r.Good != nil || r.Bad != nil || r.Total != nil {
			return errors.New("ratioMetric has raw beside good, bad or total; give one or the other")
		}
		if r.RawType != "success" && r.RawType != "failure" {
			return fmt.Errorf("ratioMetric.rawType %q is not success or failure", r.RawType)
		}
		return nil
	case (r.Good == nil) == (r.Bad == nil):
		return errors.New("ratioMetric needs exactly one of good and bad")
	case r.Total == nil:
		return errors.New("ratioMetric needs total")
	}
	return nil
}

func (s *SLO) window(windows []timeWindow) error {
	if len(windows) != 1 {
		return fmt.Errorf("timeWindow must have exactly one item (got %d)", len(windows))
	}
	w := windows[0]
	s.Window = w.Duration
	switch {
	case w.Duration == "":
		return errors.New("timeWindow needs a duration")
	case w.IsRolling && w.Calendar != nil:
		return errors.New("timeWindow is rolling and has a calendar; give one or the other")
	case w.IsRolling:
		return nil
	case w.Calendar == nil:
		return errors.New("timeWindow needs a calendar or isRolling: true")
	}
	s.Start, s.TimeZone = w.Calendar.StartTime, w.Calendar.TimeZone
	if s.Start == "" || s.TimeZone == "" {
		return errors.New("timeWindow.calendar needs startTime and timeZone")
	}
	return nil
}

func (s *SLO) objectives(all []objective) error {
	if len(all) == 0 {
		return errors.New("objectives must not be empty")
	}
	for i, o := range all {
		if o.CompositeWeight != "" || o.Indicator != nil || o.IndicatorRef != "" {
			return fmt.Errorf("objectives[%d]: composite objectives are not supported yet", i)
		}
		target := o.Target
		switch {
		case (o.Target == "") == (o.TargetPercent == ""):
			return fmt.Errorf("objectives[%d]: needs exactly one of target and targetPercent", i)
		case o.TargetPercent != "":
			target = o.TargetPercent + "%"
		}
		s.Objectives = append(s.Objectives, Objective{
			Name: o.DisplayName, Target: target, Op: o.Op, Value: o.Value,
			SliceTarget: o.TimeSliceTarget, SliceWindow: o.TimeSliceWindow,
		})
	}
	return nil
}

func (l *library) policy(s *SLO, p *alertPolicy) error {
	spec := &p.Spec
	if p.Ref != "" {
		if spec = l.policies[p.Ref]; spec == nil {
			return fmt.Errorf("alertPolicies: no file has an AlertPolicy %q", p.Ref)
		}
	}
	for i := range spec.Conditions {
		if err := l.condition(s, &spec.Conditions[i]); err != nil {
			return err
		}
	}
	return nil
}

func (l *library) condition(s *SLO, c *alertCondition) error {
	name, spec := c.Metadata.Name, &c.Spec
	if c.Ref != "" {
		name = c.Ref
		if spec = l.conditions[c.Ref]; spec == nil {
			return fmt.Errorf("conditionRef %q: no file has an AlertCondition of that name", c.Ref)
		}
	}
	about := spec.Condition
	switch {
	case about.Kind != "burnrate":
		return fmt.Errorf("condition %q: kind %q is not burnrate", name, about.Kind)
	case about.Op != "" && about.Op != "gt" && about.Op != "gte":
		return fmt.Errorf("condition %q: op %q is not gt or gte", name, about.Op)
	}
	s.Conditions = append(s.Conditions, Condition{
		Name: name, Severity: spec.Severity,
		Threshold: about.Threshold, Lookback: about.LookbackWindow, After: about.AlertAfter,
	})
	return nil
}
