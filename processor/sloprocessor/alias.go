package sloprocessor

import (
	"strings"

	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/otlp"
)

// aliases tell the names that Prometheus has for ours, and remember them. Not safe for
// concurrent use.
type aliases struct {
	metrics map[otlptranslator.Metric]string
	labels  map[string]string
}

// maxAliases bounds what is remembered: past it all is forgotten and found anew.
const maxAliases = 10_000

// metric returns the Prometheus name of a metric, "" if it has none:
//
//	workflow.run.duration, a histogram in s   workflow_run_duration_seconds
func (a *aliases) metric(m pmetric.Metric) string {
	key := otlptranslator.Metric{Name: m.Name(), Unit: m.Unit(), Type: kindOf(m)}
	name, known := a.metrics[key]
	if known {
		return name
	}
	namer := otlptranslator.NewMetricNamer("", otlptranslator.UnderscoreEscapingWithSuffixes)
	name, err := namer.Build(key)
	if err != nil {
		name = ""
	}
	if a.metrics == nil || len(a.metrics) >= maxAliases {
		a.metrics = map[otlptranslator.Metric]string{}
	}
	key.Name, key.Unit = strings.Clone(key.Name), strings.Clone(key.Unit) // they are borrowed
	a.metrics[key] = name
	return name
}

func kindOf(m pmetric.Metric) otlptranslator.MetricType {
	switch m.Type() {
	case pmetric.MetricTypeSum:
		if m.Sum().IsMonotonic() {
			return otlptranslator.MetricTypeMonotonicCounter
		}
		return otlptranslator.MetricTypeNonMonotonicCounter
	case pmetric.MetricTypeGauge:
		return otlptranslator.MetricTypeGauge
	case pmetric.MetricTypeHistogram:
		return otlptranslator.MetricTypeHistogram
	case pmetric.MetricTypeExponentialHistogram:
		return otlptranslator.MetricTypeExponentialHistogram
	case pmetric.MetricTypeSummary:
		return otlptranslator.MetricTypeSummary
	case pmetric.MetricTypeEmpty:
	}
	return otlptranslator.MetricTypeUnknown
}

// label returns the Prometheus name of an attribute.
func (a *aliases) label(attribute string) string {
	name, known := a.labels[attribute]
	if known {
		return name
	}
	if a.labels == nil || len(a.labels) >= maxAliases {
		a.labels = map[string]string{}
	}
	name = otlp.Label(attribute)
	a.labels[strings.Clone(attribute)] = name
	return name
}

// find looks an attribute up by its Prometheus name.
func (a *aliases) find(name string, in pcommon.Map) (pcommon.Value, bool) {
	for attribute, value := range in.All() {
		if a.label(attribute) == name {
			return value, true
		}
	}
	return pcommon.Value{}, false
}
