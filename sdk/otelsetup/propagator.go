package otelsetup

import (
	"slices"
	"strings"

	"go.opentelemetry.io/otel/propagation"
)

const propagatorNone = "none"

// propagators are the names that OTEL_PROPAGATORS may list. Others live in
// modules of their own, and whoever needs them can set them after Setup.
var propagators = map[string]propagation.TextMapPropagator{
	"tracecontext": propagation.TraceContext{},
	"baggage":      propagation.Baggage{},
}

func propagatorList(value string) string {
	names := splitNames(value)
	if slices.Contains(names, propagatorNone) && len(names) > 1 {
		return "use none alone, or leave it out"
	}
	for _, name := range names {
		if propagators[name] == nil && name != propagatorNone {
			return "use tracecontext, baggage or none; for " + name + " call otel.SetTextMapPropagator after Setup"
		}
	}
	return ""
}

// newPropagator reads a list that was checked; by default it is tracecontext,baggage.
func newPropagator(value string) propagation.TextMapPropagator {
	if value == "" {
		value = "tracecontext,baggage"
	}
	var all []propagation.TextMapPropagator
	for _, name := range splitNames(value) {
		if p := propagators[name]; p != nil {
			all = append(all, p)
		}
	}
	return propagation.NewCompositeTextMapPropagator(all...)
}

func splitNames(value string) []string {
	names := strings.Split(strings.ToLower(value), ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}
