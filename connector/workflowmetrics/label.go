package workflowmetrics

import (
	"slices"
	"strings"

	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// reserved tells the attributes that a dimension must not bear.
func reserved(name string) bool {
	own := otlp.Label(name)
	if strings.HasPrefix(own, "__") || strings.HasPrefix(own, "otel_scope_") {
		return true
	}
	if slices.Contains([]string{"job", "instance", "le", "quantile", "workflow_name", "service_name", "otel_metric_overflow"}, own) {
		return true
	}
	for _, m := range tally.Metrics {
		if slices.ContainsFunc(m.Attributes, func(a string) bool { return otlp.Label(a) == own }) {
			return true
		}
	}
	return false
}

// borne tells the attributes that series bear without the user's doing.
func borne(name string) bool {
	if name == tally.WorkflowAttribute || name == tally.ServiceAttribute {
		return true
	}
	for _, m := range tally.Metrics {
		if slices.Contains(m.Attributes, name) {
			return true
		}
	}
	return false
}
