package sloprocessor

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/slo"
)

// agreement is an SLO as the processor works with it.
type agreement struct {
	name, service string
	info          map[string]string // shown in slo.info
	groupBy       []string
	indicator     indicator
	prometheus    bool // names are those that Prometheus has for ours
	plan          *slo.Plan
	warnings      []string // what is legal and yet perhaps not meant
}

// identity tells the agreements that can go on with the same state.
func (a *agreement) identity() string {
	b := a.plan.Definition().Budgeting
	return fmt.Sprintf("%q %q %q %v %s %s %s", a.service, a.name, a.groupBy, a.prometheus, b.Method, b.Slice, &a.indicator)
}

// compiler reads one SLO and notes all that is wrong with it.
type compiler struct {
	path     string
	errs     []error
	warnings []string
}

func (c *compiler) fail(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(c.path+": "+format, args...))
}

// note notes an error, if there is one.
func (c *compiler) note(err error) {
	if err != nil {
		c.fail("%w", err)
	}
}

func (c *compiler) warn(format string, args ...any) {
	c.warnings = append(c.warnings, fmt.Sprintf(c.path+": "+format, args...))
}

// compile reads the SLO at the path. What it does not say of its own is as in d. The error
// joins all that is wrong with it.
func (s *SLOConfig) compile(path string, d slo.Definition) (*agreement, error) {
	c := &compiler{path: path}
	a := &agreement{name: s.Name, service: s.Service, groupBy: s.GroupBy, prometheus: bool(s.PrometheusNames)}
	c.name(s.Name)
	c.groupBy(s.GroupBy)
	a.info = c.info(s)
	var err error
	a.indicator, err = s.SLI.compile()
	c.note(err)
	d.MinBadEvents = c.minBad(s.Alerts.MinBadEvents)
	d.Window, err = s.Window.compile()
	c.note(err)
	d.Budgeting, err = s.Budgeting.compile()
	c.note(err)
	d.Exclusions, err = exclusions(s.Exclusions)
	c.note(err)
	d.Objectives = c.objectives(s, d.Window)
	c.expect(s.ExpectedEvents, &d)
	if len(c.errs) == 0 {
		a.plan, err = slo.NewPlan(d)
		c.note(err)
	}
	a.warnings = c.warnings
	return a, errors.Join(c.errs...)
}

var nameForm = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)

func (c *compiler) name(name string) {
	if !nameForm.MatchString(name) {
		c.fail("name %q must match %s", name, nameForm)
	}
}

const maxGroupBy = 5

func (c *compiler) groupBy(keys []string) {
	if len(keys) > maxGroupBy {
		c.fail("group_by has %d keys; at most %d", len(keys), maxGroupBy)
	}
	seen := map[string]bool{}
	for _, key := range keys {
		switch name := otlp.Label(key); {
		case reserved(name):
			c.fail("group_by key %q is reserved", key)
		case seen[name]:
			c.fail("group_by key %q gives the same label twice; remove one", key)
		default:
			seen[name] = true
		}
	}
}

// info is what slo.info shows beside what all points bear.
func (c *compiler) info(s *SLOConfig) map[string]string {
	out := map[string]string{}
	for key, value := range s.Labels {
		if reserved(otlp.Label(key)) || slices.Contains(s.GroupBy, key) {
			c.fail("label %q is reserved", key)
		}
		out[key] = value
	}
	if s.Owner != "" {
		out["slo.owner"] = s.Owner
	}
	return out
}

// reserved tells the labels that are ours or Prometheus's.
func reserved(name string) bool {
	if slices.Contains([]string{"", "job", "instance", "le", "quantile"}, name) {
		return true
	}
	return slices.ContainsFunc([]string{"__", "slo_", "sloth_", "otel_"}, func(prefix string) bool {
		return strings.HasPrefix(name, prefix)
	})
}

// defaultMinBad is the gate that a simulation of services with little traffic recommends.
const defaultMinBad = 3

func (c *compiler) minBad(text string) float64 {
	if text == "" {
		return defaultMinBad
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		c.fail("alerts.min_bad_events must be a whole number such as 3 (got %q)", text)
	}
	return float64(n)
}

// expect reads how many events a period is expected to have.
func (c *compiler) expect(text string, d *slo.Definition) {
	switch text {
	case "":
	case "previous":
		if d.ExpectPrevious = d.Window.Calendar != nil; !d.ExpectPrevious {
			c.fail("expected_events: only a calendar has a previous period; give a number, or window: {calendar: month}")
		}
	default:
		n, err := strconv.ParseUint(text, 10, 53)
		if err != nil || n == 0 {
			c.fail("expected_events must be a number such as 10000, or previous (got %q)", text)
		}
		d.ExpectedEvents = float64(n)
	}
}

func (c *compiler) objectives(s *SLOConfig, w slo.Window) []slo.Objective {
	configs := s.Objectives
	switch {
	case s.Objective != "" && len(configs) > 0:
		c.fail("has both objective and objectives; give exactly one")
		return nil
	case s.Objective != "":
		configs = []ObjectiveConfig{{Target: s.Objective}}
	case len(configs) == 0:
		c.fail("needs an objective such as 99%%")
	}
	seen := map[string]bool{}
	var out []slo.Objective
	for i, o := range configs {
		at := ""
		if s.Objective == "" {
			at = fmt.Sprintf("objectives[%d]: ", i)
			if !nameForm.MatchString(o.Name) || seen[o.Name] {
				c.fail("%sname %q must be one of a kind and match %s", at, o.Name, nameForm)
			}
			seen[o.Name] = true
		}
		target, err := slo.ParseTarget(o.Target)
		if err != nil {
			c.fail("%s%w", at, err)
			continue
		}
		if target.Suspicious() {
			c.warn("%sobjective %s is under 1%%; did you mean %s?", at, o.Target, ofPercent(o.Target))
		}
		out = append(out, slo.Objective{Name: o.Name, Target: target, Policies: c.policies(at, s.Alerts.Burn, target, w)})
	}
	return out
}

// ofPercent guesses what a tiny target was meant to be: 0.99% is 99%.
func ofPercent(text string) string {
	v, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !strings.HasSuffix(text, "%") {
		return text + "%"
	}
	return strconv.FormatFloat(v*100, 'f', -1, 64) + "%"
}

// policies are those of the user, which must make sense, or the default ones as far as they
// do.
func (c *compiler) policies(at string, configs []BurnConfig, t slo.Target, w slo.Window) []slo.Policy {
	if len(configs) == 0 {
		policies, clamped := slo.DefaultPolicies(t, w.Length())
		if len(clamped) > 0 {
			c.warn("%swith objective %s the highest burn rate is %.4g: the factors of %s are lowered to what can be reached",
				at, t, float64(t.MaxBurn()), strings.Join(clamped, ", "))
		}
		return policies
	}
	seen := map[string]bool{}
	var out []slo.Policy
	for i, b := range configs {
		p, err := b.compile()
		if err == nil {
			err = p.Check(t, w.Length())
		}
		if err != nil {
			c.fail("%salerts.burn[%d]: %w", at, i, err)
			continue
		}
		if p.Name == "" || seen[p.Name] {
			c.fail("%salerts.burn[%d]: name %q must be one of a kind", at, i, p.Name)
		}
		seen[p.Name] = true
		out = append(out, p)
	}
	return out
}

func (b *BurnConfig) compile() (p slo.Policy, err error) {
	p = slo.Policy{Name: b.Name, Severity: b.Severity}
	factor, err := strconv.ParseFloat(b.Factor, 64)
	if err != nil {
		return p, fmt.Errorf("factor must be a number such as 14.4 (got %q)", b.Factor)
	}
	p.Factor = slo.BurnRate(factor)
	if b.Severity == "" {
		return p, errors.New("severity must be a word such as page or ticket")
	}
	if p.Long, err = parseDuration(b.Long); err != nil || p.Long <= 0 {
		return p, fmt.Errorf("long must be a duration such as 1h (got %q)", b.Long)
	}
	if b.For != "" {
		if p.For, err = parseDuration(b.For); err != nil {
			return p, fmt.Errorf("for must be a duration such as 5m (got %q)", b.For)
		}
	}
	p.Short = max((p.Long / 12).Truncate(time.Minute), slo.MinWindow)
	if b.Short == "" {
		return p, nil
	}
	if p.Short, err = parseDuration(b.Short); err != nil || p.Short <= 0 {
		return p, fmt.Errorf("short must be a duration such as 5m (got %q)", b.Short)
	}
	return p, nil
}
