package sloprocessor

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tta-dev/otelcol-workflow/internal/openslo"
	"github.com/tta-dev/otelcol-workflow/internal/settings"
)

// imported is an SLO of an OpenSLO file, in our terms.
type imported struct {
	where  string
	config SLOConfig
}

// openSLO reads the files that the patterns match, and names the objects in them that are of
// no consequence.
func openSLO(patterns []string) (all []imported, ignored []string, err error) {
	var files []string
	var errs []error
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("openslo: %q: %w", pattern, err))
		case len(found) == 0:
			errs = append(errs, fmt.Errorf("openslo: no file matches %q", pattern))
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	slos, ignored, err := openslo.Load(slices.Compact(files))
	if err != nil {
		errs = append(errs, err)
	}
	for i := range slos {
		config, err := translate(&slos[i])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", slos[i].Where, err))
			continue
		}
		all = append(all, imported{slos[i].Where, *config})
	}
	return all, ignored, errors.Join(errs...)
}

// googleAlerts is an annotation that asks for the default policies, which OpenSLO cannot say:
// its policies have one window.
const googleAlerts = "slo.otel/alerts"

func translate(s *openslo.SLO) (*SLOConfig, error) {
	c := &SLOConfig{Name: s.Name, Service: s.Service, Labels: s.Labels, PrometheusNames: Switch(ofPrometheus(&s.Indicator))}
	var err error
	if c.SLI, err = sliOf(s); err != nil {
		return nil, err
	}
	c.Window = windowOf(s)
	if c.Budgeting, err = budgetingOf(s); err != nil {
		return nil, err
	}
	c.objectivesOf(s)
	switch how := s.Annotations[googleAlerts]; how {
	case "google":
		return c, nil
	case "":
		c.Alerts.Burn, err = burnsOf(s.Conditions)
		return c, err
	default:
		return nil, fmt.Errorf("annotation %s: %q is not google", googleAlerts, how)
	}
}

// ofPrometheus tells whether an indicator uses the names of Prometheus.
func ofPrometheus(in *openslo.Indicator) bool {
	if in.Threshold != nil {
		return in.Threshold.MetricSource.Type == typePrometheus
	}
	source := in.Ratio.Total
	if source == nil {
		source = in.Ratio.Raw
	}
	return source.MetricSource.Type == typePrometheus
}

func windowOf(s *openslo.SLO) WindowConfig {
	if s.Start == "" {
		return WindowConfig{Rolling: s.Window}
	}
	return WindowConfig{Calendar: s.Window, Timezone: s.TimeZone, Start: s.Start}
}

// budgetingOf takes the slices of the objectives, which share one account and so must be
// alike.
func budgetingOf(s *openslo.SLO) (c BudgetingConfig, err error) {
	first := s.Objectives[0]
	for i, o := range s.Objectives {
		if o.SliceWindow != first.SliceWindow || o.SliceTarget != first.SliceTarget {
			return c, fmt.Errorf("objectives[%d]: timeSliceWindow and timeSliceTarget must be those of the first objective; make two SLOs", i)
		}
	}
	if s.Method != "Occurrences" && first.SliceWindow == "" {
		return c, errors.New("objectives[0]: timeSliceWindow is missing")
	}
	switch s.Method {
	case "Timeslices":
		return BudgetingConfig{Timeslices: first.SliceWindow, Target: first.SliceTarget}, nil
	case "RatioTimeslices":
		return BudgetingConfig{RatioTimeslices: first.SliceWindow}, nil
	}
	return c, nil
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// objectivesOf names several objectives by their display names.
func (c *SLOConfig) objectivesOf(s *openslo.SLO) {
	if len(s.Objectives) == 1 {
		c.Objective = s.Objectives[0].Target
		return
	}
	for i, o := range s.Objectives {
		name := strings.Trim(notInName.ReplaceAllString(strings.ToLower(o.Name), "-"), "-")
		c.Objectives = append(c.Objectives, ObjectiveConfig{Name: cmp.Or(name, fmt.Sprintf("objective-%d", i+1)), Target: o.Target})
	}
}

func burnsOf(conditions []openslo.Condition) (out []BurnConfig, err error) {
	for _, c := range conditions {
		if c.Lookback == "" || c.Threshold == "" {
			return nil, fmt.Errorf("condition %q needs threshold and lookbackWindow", c.Name)
		}
		out = append(out, BurnConfig{
			Name: c.Name, Severity: cmp.Or(c.Severity, "page"), Factor: c.Threshold, Long: c.Lookback, For: c.After,
		})
	}
	return out, nil
}

func sliOf(s *openslo.SLO) (SLIConfig, error) {
	if t := s.Indicator.Threshold; t != nil {
		return thresholdOf(s, &t.MetricSource)
	}
	r := s.Indicator.Ratio
	if r.Raw != nil {
		raw, err := selectorOf("raw", &r.Raw.MetricSource)
		return SLIConfig{Ratio: &RatioConfig{Metric: raw.metric, Filter: raw.filter, Invert: r.RawType == "failure"}}, err
	}
	word, source := "good", r.Good
	if r.Bad != nil {
		word, source = "bad", r.Bad
	}
	chosen, err := selectorOf(word, &source.MetricSource)
	if err != nil {
		return SLIConfig{}, err
	}
	total, err := selectorOf("total", &r.Total.MetricSource)
	if err != nil {
		return SLIConfig{}, err
	}
	if source.MetricSource.Type != r.Total.MetricSource.Type {
		return SLIConfig{}, fmt.Errorf("ratioMetric: %s and total must be of one type of source", word)
	}
	if chosen.metric != total.metric {
		return SLIConfig{}, fmt.Errorf("ratioMetric: %s and total must be of one metric (got %q and %q)", word, chosen.metric, total.metric)
	}
	events := &EventsConfig{Metric: total.metric, Total: total.filter, Good: chosen.filter}
	if word == "bad" {
		events.Good, events.Bad = nil, chosen.filter
	}
	return SLIConfig{Events: events}, nil
}

// thresholdOf compares the values of a gauge, or those of a histogram of durations.
func thresholdOf(s *openslo.SLO, source *openslo.MetricSource) (c SLIConfig, err error) {
	sel, err := selectorOf("thresholdMetric", source)
	if err != nil {
		return c, err
	}
	first := s.Objectives[0]
	for i, o := range s.Objectives {
		if o.Op != first.Op || o.Value != first.Value {
			return c, fmt.Errorf("objectives[%d]: op and value must be those of the first objective; make two SLOs", i)
		}
	}
	if sel.unit != "" {
		if first.Op != "lte" && first.Op != "lt" {
			return c, fmt.Errorf("objectives[0]: op %q: a histogram of durations is compared by lte", first.Op)
		}
		return SLIConfig{Latency: &LatencyConfig{Metric: sel.metric, Threshold: first.Value + sel.unit, Filter: sel.filter}}, nil
	}
	v, err := strconv.ParseFloat(first.Value, 64)
	if err != nil {
		return c, fmt.Errorf("objectives[0]: value must be a number (got %q)", first.Value)
	}
	g := &GaugeConfig{Metric: sel.metric, Filter: sel.filter}
	switch first.Op {
	case "lte":
		g.Good.Max = decimal(v)
	case "lt":
		g.Good.Max = decimal(math.Nextafter(v, math.Inf(-1)))
	case "gte":
		g.Good.Min = decimal(v)
	case "gt":
		g.Good.Min = decimal(math.Nextafter(v, math.Inf(1)))
	default:
		return c, fmt.Errorf("objectives[0]: op %q is not lte, lt, gte or gt", first.Op)
	}
	return SLIConfig{Gauge: g}, nil
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// selector is what a metric source chooses.
type selector struct {
	metric string
	filter Filter
	unit   string // of a histogram of durations
}

const typePrometheus = "Prometheus"

// selectorOf reads a metric source of a type that we know.
func selectorOf(word string, source *openslo.MetricSource) (s selector, err error) {
	switch source.Type {
	case "OpenTelemetry":
		s, err = nativeSelector(source.Spec)
	case typePrometheus:
		s, err = promSelector(source.Spec)
	default:
		err = fmt.Errorf("metricSource.type %q is not known; set OpenTelemetry", source.Type)
	}
	if err != nil {
		return s, fmt.Errorf("indicator: %s: %w", word, err)
	}
	return s, nil
}

func nativeSelector(spec map[string]any) (s selector, err error) {
	for _, key := range slices.Sorted(maps.Keys(spec)) {
		if !slices.Contains([]string{"metric", "filter", "unit"}, key) {
			return s, fmt.Errorf("metricSource.spec.%s: no such key, there are metric, filter, unit", key)
		}
	}
	s.metric, _ = spec["metric"].(string)
	if s.metric == "" {
		return s, errors.New("metricSource.spec.metric is missing")
	}
	s.unit, _ = spec["unit"].(string)
	if _, isText := spec["unit"].(string); spec["unit"] != nil && (!isText || s.unit != "s" && s.unit != "ms") {
		return s, fmt.Errorf("metricSource.spec.unit: %v is not s or ms, those of a histogram of durations", spec["unit"])
	}
	filter, ok := spec["filter"].(map[string]any)
	if spec["filter"] != nil && !ok {
		return s, fmt.Errorf("metricSource.spec.filter must be a section of attributes and values (got %v)", spec["filter"])
	}
	s.filter = Filter{}
	for name, raw := range filter {
		s.filter[name] = settings.Free(raw)
	}
	return s, nil
}
