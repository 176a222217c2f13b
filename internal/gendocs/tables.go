package main

import (
	"fmt"
	"slices"

	"github.com/tta-dev/otelcol-workflow/internal/metric"
)

// workflow is the table of the metrics of the workflow_metrics connector.
func (p *page) workflow() (string, error) {
	all := metric.Workflow()
	for _, m := range metric.Workflow() {
		if m.Kind == metric.Distribution {
			explicit := m.Explicit()
			all = append(all, &explicit)
		}
	}
	return p.rows(all)
}

// quantiles is the table of the metrics of the percentile processor, as its default rule has it.
func (p *page) quantiles() (string, error) {
	var values, errs []*metric.Metric
	for _, m := range metric.Workflow() {
		if m.Kind != metric.Distribution {
			continue
		}
		for _, h := range []metric.Metric{*m, m.Explicit()} {
			name := metric.Quantile(h.Name)
			value, off := metric.Estimate(name, h.Name, h.Unit), metric.Uncertainty(name, h.Name, h.Unit)
			value.Attributes = append(unmerged(h.Attributes), value.Attributes...)
			off.Attributes = value.Attributes
			values, errs = append(values, &value), append(errs, &off)
		}
	}
	return p.rows(append(values, errs...))
}

// unmerged returns the attributes that the default rule keeps apart.
func unmerged(attributes []string) []string {
	return slices.DeleteFunc(slices.Clone(attributes), func(a string) bool {
		return a == "workflow.outcome" || a == "error.type"
	})
}

// slo is the table of a set of metrics of the slo processor.
func (p *page) slo(set string) (string, error) {
	switch set {
	case "counters":
		return p.rows(metric.SLOCounters())
	case "derived":
		return p.rows(metric.SLODerived())
	case "windows":
		return p.rows(metric.SLOWindows())
	case "sloth":
		all := metric.Sloth()
		share := metric.SlothError.Of(anyWindow)
		all[0] = &share
		return p.rows(all)
	case "pyrra":
		return p.rows(metric.Pyrra())
	default:
		return "", fmt.Errorf("there is no set %s", set)
	}
}
