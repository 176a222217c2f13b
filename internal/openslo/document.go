package openslo

import "go.yaml.in/yaml/v3"

// Version is the only apiVersion that is read.
const Version = "openslo/v1"

// metadata is what all objects have.
type metadata struct {
	Name        string            `yaml:"name"`
	DisplayName string            `yaml:"displayName"`
	Labels      map[string]values `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// values are one text or a list of them.
type values []string

// UnmarshalYAML implements [yaml.Unmarshaler].
func (v *values) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*v = values{n.Value}
		return nil
	}
	return n.Decode((*[]string)(v))
}

// object is any object of a file.
type object[S any] struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Metadata   metadata `yaml:"metadata"`
	Spec       S        `yaml:"spec"`
}

type sloSpec struct {
	Description     string        `yaml:"description"`
	Service         string        `yaml:"service"`
	Indicator       *inlineSLI    `yaml:"indicator"`
	IndicatorRef    string        `yaml:"indicatorRef"`
	TimeWindow      []timeWindow  `yaml:"timeWindow"`
	BudgetingMethod string        `yaml:"budgetingMethod"`
	Objectives      []objective   `yaml:"objectives"`
	AlertPolicies   []alertPolicy `yaml:"alertPolicies"`
}

type inlineSLI struct {
	Metadata metadata  `yaml:"metadata"`
	Spec     Indicator `yaml:"spec"`
}

type timeWindow struct {
	Duration  string    `yaml:"duration"`
	IsRolling bool      `yaml:"isRolling"`
	Calendar  *calendar `yaml:"calendar"`
}

type calendar struct {
	StartTime string `yaml:"startTime"`
	TimeZone  string `yaml:"timeZone"`
}

type objective struct {
	DisplayName     string     `yaml:"displayName"`
	Op              string     `yaml:"op"`
	Value           string     `yaml:"value"`
	Target          string     `yaml:"target"`
	TargetPercent   string     `yaml:"targetPercent"`
	TimeSliceTarget string     `yaml:"timeSliceTarget"`
	TimeSliceWindow string     `yaml:"timeSliceWindow"`
	CompositeWeight string     `yaml:"compositeWeight"`
	Indicator       *inlineSLI `yaml:"indicator"`
	IndicatorRef    string     `yaml:"indicatorRef"`
}

// Indicator is the spec of an SLI: one of its two fields.
type Indicator struct {
	Description string `yaml:"description"`
	// Ratio of good or bad events to all.
	Ratio *RatioMetric `yaml:"ratioMetric"`
	// Threshold of the values of a metric; the objectives say which.
	Threshold *ThresholdMetric `yaml:"thresholdMetric"`
}

// RatioMetric is either good or bad, and total, or raw.
type RatioMetric struct {
	Counter bool `yaml:"counter"`
	// Good events.
	Good *Source `yaml:"good"`
	// Bad events.
	Bad *Source `yaml:"bad"`
	// Total is all events.
	Total *Source `yaml:"total"`
	// Raw is the ratio itself.
	Raw *Source `yaml:"raw"`
	// RawType is success or failure.
	RawType string `yaml:"rawType"`
}

// ThresholdMetric is a metric whose values are compared.
type ThresholdMetric struct {
	// MetricSource says where the values come from.
	MetricSource MetricSource `yaml:"metricSource"`
}

// Source wraps a metric source.
type Source struct {
	// MetricSource says where the events come from.
	MetricSource MetricSource `yaml:"metricSource"`
}

// MetricSource is where a metric comes from.
type MetricSource struct {
	Ref string `yaml:"metricSourceRef"`
	// Type of the source, such as OpenTelemetry or Prometheus.
	Type string `yaml:"type"`
	// Spec is what the type makes of it.
	Spec map[string]any `yaml:"spec"`
}

// alertPolicy is a reference or an inline policy.
type alertPolicy struct {
	Ref                     string `yaml:"alertPolicyRef"`
	object[alertPolicySpec] `yaml:",inline"`
}

// UnmarshalYAML implements [yaml.Unmarshaler]: a text is a reference.
func (a *alertPolicy) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		a.Ref = n.Value
		return nil
	}
	type plain alertPolicy
	return strictly(n, (*plain)(a))
}

type alertPolicySpec struct {
	Description         string           `yaml:"description"`
	AlertWhenNoData     bool             `yaml:"alertWhenNoData"`
	AlertWhenResolved   bool             `yaml:"alertWhenResolved"`
	AlertWhenBreaching  bool             `yaml:"alertWhenBreaching"`
	Conditions          []alertCondition `yaml:"conditions"`
	NotificationTargets []any            `yaml:"notificationTargets"`
}

// alertCondition is a reference or an inline condition.
type alertCondition struct {
	Ref                        string `yaml:"conditionRef"`
	object[alertConditionSpec] `yaml:",inline"`
}

type alertConditionSpec struct {
	Description string    `yaml:"description"`
	Severity    string    `yaml:"severity"`
	Condition   condition `yaml:"condition"`
}

type condition struct {
	Kind           string `yaml:"kind"`
	Op             string `yaml:"op"`
	Threshold      string `yaml:"threshold"`
	LookbackWindow string `yaml:"lookbackWindow"`
	AlertAfter     string `yaml:"alertAfter"`
}
