package sloprocessor

import (
	"reflect"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/tta-dev/otelcol-workflow/internal/settings"
)

// Config of the slo processor. What is written in slos is text until the factory compiles
// it, so that an error shows it as it was written.
type Config struct {
	// Storage names the extension that keeps the state over a restart. Default: none,
	// budgets then start anew.
	Storage *component.ID `mapstructure:"storage"`
	// FlushInterval is how often the metrics of the SLOs are sent on, 1s to 60s.
	// Default: 15s.
	FlushInterval Duration `mapstructure:"flush_interval"`
	// LateTolerance is how long slices and calendar periods stay open for late points.
	// Default: 2m.
	LateTolerance Duration `mapstructure:"late_tolerance"`
	// MaxGroups bounds the groups of each SLO. Further ones are counted together, in a group
	// with slo.overflow=true. Default: 500.
	MaxGroups Count `mapstructure:"max_groups"`
	// MaxStreams bounds the streams of data points that are remembered. Points of further ones
	// do not count. Default: 20000.
	MaxStreams Count `mapstructure:"max_streams"`
	// MaxStale is how long a stream of points is remembered without news. Default: 1d.
	MaxStale Duration `mapstructure:"max_stale"`
	// MaxSilence is how long after its last point a source counts as alive. While less than
	// nine tenths of a window are known its alerts keep still. Default: 5m.
	MaxSilence Duration `mapstructure:"max_silence"`
	// Emit lists the sets of metrics that are sent on: counters, derived, windows, sloth,
	// pyrra. Default: counters, derived.
	Emit []Set `mapstructure:"emit"`
	// OpenSLO lists patterns of OpenSLO v1 files, whose SLOs are added to SLOs.
	OpenSLO []string `mapstructure:"openslo"`
	// SLOs are the service level objectives.
	SLOs []SLOConfig `mapstructure:"slos"`
	_    struct{}
}

// SLOConfig is one service level objective. Name, objective and sli are all it needs.
type SLOConfig struct {
	// Name of the SLO, unique in its service: lower case letters, digits and dashes.
	Name string `mapstructure:"name"`
	// Service that the SLO is about. Default: none.
	Service string `mapstructure:"service"`
	// Owner of the SLO, shown in slo.info. Default: none.
	Owner string `mapstructure:"owner"`
	// Labels are shown in slo.info. Default: none.
	Labels map[string]string `mapstructure:"labels"`
	// Objective is the share of good events that is promised: 99% or 0.99.
	Objective string `mapstructure:"objective"`
	// Objectives are several of them over one SLI, in place of Objective.
	Objectives []ObjectiveConfig `mapstructure:"objectives"`
	// Window that the budget is for. Default: 30d, rolling.
	Window WindowConfig `mapstructure:"window"`
	// SLI says which events are good.
	SLI SLIConfig `mapstructure:"sli"`
	// PrometheusNames says that the names of metrics and attributes in SLI and GroupBy are
	// those that Prometheus has for them. Default: false.
	PrometheusNames Switch `mapstructure:"prometheus_names"`
	// GroupBy lists at most 5 attributes; each combination of their values has a budget of
	// its own. Default: none.
	GroupBy []string `mapstructure:"group_by"`
	// Budgeting says what is counted: events or slices of time. Default: occurrences.
	Budgeting BudgetingConfig `mapstructure:"budgeting"`
	// ExpectedEvents is a number of events, or previous for those of the calendar period
	// before: until a period has as many, its budget is a share of them. Default: those that
	// there are, so that one bad event among the first ten of a month overspends its budget.
	ExpectedEvents string `mapstructure:"expected_events"`
	// Exclusions are spans of time in which nothing counts. Default: none.
	Exclusions []ExclusionConfig `mapstructure:"exclusions"`
	// Alerts says when the budget burns too fast.
	Alerts AlertsConfig `mapstructure:"alerts"`
	_      struct{}
}

// ObjectiveConfig is one of several objectives of an SLO.
type ObjectiveConfig struct {
	// Name tells the objectives of an SLO apart, as slo.objective.name.
	Name string `mapstructure:"name"`
	// Target is the share of good events that is promised: 99% or 0.99.
	Target string `mapstructure:"target"`
	_      struct{}
}

// WindowConfig is the period of the budget: a length of time that moves along, or a stretch
// of the calendar. 30d alone is short for {rolling: 30d}.
type WindowConfig struct {
	// Rolling is a length from 1h to 90d.
	Rolling string `mapstructure:"rolling"`
	// Calendar is day, week, fortnight, month, quarter or year, or a number of them: 3d, 2w,
	// 1M, 1Q, 1Y.
	Calendar string `mapstructure:"calendar"`
	// Timezone of the calendar, an IANA name. Default: UTC.
	Timezone string `mapstructure:"timezone"`
	// Start is a day, 2026-01-31, that a period of the calendar begins on, perhaps with the
	// time of day: 2026-01-31 12:00:00.
	// Default: the first of the month, a Monday.
	Start string `mapstructure:"start"`
	_     struct{}
}

// Short says that a scalar is a rolling window.
func (WindowConfig) Short() string { return "rolling" }

// BudgetingConfig says what is counted. occurrences alone is short for
// {method: occurrences}.
type BudgetingConfig struct {
	// Method is occurrences; slices have keys of their own.
	Method string `mapstructure:"method"`
	// Timeslices is the length of slices that are good or bad as a whole.
	Timeslices string `mapstructure:"timeslices"`
	// RatioTimeslices is the length of slices that count as the share of their good events.
	RatioTimeslices string `mapstructure:"ratio_timeslices"`
	// Target is the share of good events that makes a slice good.
	Target string `mapstructure:"target"`
	// NoData says what a slice without events is: ignore, good or bad. Default: ignore.
	NoData string `mapstructure:"no_data"`
	_      struct{}
}

// Short says that a scalar is a method.
func (BudgetingConfig) Short() string { return "method" }

// ExclusionConfig is a span of time in which nothing counts.
type ExclusionConfig struct {
	// From is when it begins, as 2026-12-24T00:00:00Z.
	From string `mapstructure:"from"`
	// To is when it is over.
	To string `mapstructure:"to"`
	// Reason is for readers.
	Reason string `mapstructure:"reason"`
	_      struct{}
}

// AlertsConfig says when the budget burns too fast.
type AlertsConfig struct {
	// MinBadEvents is how many bad events there must be in the long window before an alert
	// is due. Default: 3.
	MinBadEvents string `mapstructure:"min_bad_events"`
	// Burn lists the policies. Default: the four of the SRE workbook.
	Burn []BurnConfig `mapstructure:"burn"`
	_    struct{}
}

// BurnConfig is one policy: an alert is due when the budget burns faster than the factor in
// both windows.
type BurnConfig struct {
	// Name of the policy, as slo.policy.
	Name string `mapstructure:"name"`
	// Severity is for the alert rules, as slo.severity: page or ticket.
	Severity string `mapstructure:"severity"`
	// Factor times the even pace is too fast.
	Factor string `mapstructure:"factor"`
	// Long window, which says that it is worth it.
	Long string `mapstructure:"long"`
	// Short window, which says that it still goes on. Default: a twelfth of Long.
	Short string `mapstructure:"short"`
	// For is how long it must have been too fast. Default: 0s, at once.
	For string `mapstructure:"for"`
	_   struct{}
}

// SLIConfig says which events are good, in exactly one way.
type SLIConfig struct {
	// Events are counted by a sum, good ones apart from bad ones.
	Events *EventsConfig `mapstructure:"events"`
	// Latency events are in a histogram; those up to a threshold are good.
	Latency *LatencyConfig `mapstructure:"latency"`
	// Gauge points are events; those of the right value are good.
	Gauge *GaugeConfig `mapstructure:"gauge"`
	// Ratio points are events that are as good as their value, 0 to 1.
	Ratio *RatioConfig `mapstructure:"ratio"`
	_     struct{}
}

// Filter chooses points by their attributes, which are looked up on the point and then on
// its resource. Values are one text or a list of them; a ! before each says any other.
type Filter map[string]any

// EventsConfig counts events by a sum.
type EventsConfig struct {
	// Metric is the name of the sum, or of a histogram, whose count it is then.
	Metric string `mapstructure:"metric"`
	// Good chooses the points whose events are good.
	Good Filter `mapstructure:"good"`
	// Bad chooses the points whose events are bad, in place of Good.
	Bad Filter `mapstructure:"bad"`
	// Total chooses the points that count at all. Default: all of them.
	Total Filter `mapstructure:"total"`
	_     struct{}
}

// LatencyConfig counts the events of a histogram of durations.
type LatencyConfig struct {
	// Metric is the name of the histogram.
	Metric string `mapstructure:"metric"`
	// Threshold is the longest duration that is good, such as 30s.
	Threshold string `mapstructure:"threshold"`
	// Filter chooses the points that count. Default: all of them.
	Filter Filter `mapstructure:"filter"`
	// Boundary says how the events of the bucket that the threshold lies in count: lower
	// (none is good), upper (all are) or interpolate. Default: lower with explicit buckets,
	// interpolate with exponential ones.
	Boundary string `mapstructure:"boundary"`
	_        struct{}
}

// GaugeConfig counts the points of a gauge.
type GaugeConfig struct {
	// Metric is the name of the gauge.
	Metric string `mapstructure:"metric"`
	// Good says which values are good.
	Good GoodConfig `mapstructure:"good"`
	// Filter chooses the points that count. Default: all of them.
	Filter Filter `mapstructure:"filter"`
	_      struct{}
}

// GoodConfig is a value, or a lower bound, an upper bound, or both.
type GoodConfig struct {
	// Equals is the one good value.
	Equals string `mapstructure:"equals"`
	// Min is the lowest good value.
	Min string `mapstructure:"min"`
	// Max is the highest good value.
	Max string `mapstructure:"max"`
	_   struct{}
}

// RatioConfig counts the points of a gauge of ratios.
type RatioConfig struct {
	// Metric is the name of the gauge.
	Metric string `mapstructure:"metric"`
	// Filter chooses the points that count. Default: all of them.
	Filter Filter `mapstructure:"filter"`
	// Invert says that the ratio is that of bad events. Default: false.
	Invert Switch `mapstructure:"invert"`
	_      struct{}
}

// Unmarshal reads the configuration. It says of each value of a wrong type what is wanted.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	fit, err := settings.Normalize(conf.ToStringMap(), reflect.TypeFor[Config]())
	if err != nil {
		return err
	}
	type decoded Config // without this method
	return confmap.NewFromStringMap(fit).Unmarshal((*decoded)(c))
}
