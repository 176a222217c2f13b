package main

import (
	"fmt"
	"strings"

	"github.com/tta-dev/otelcol-workflow/dashboards/internal/grafana"
)

// promql writes out the short forms of selectors and label lists in a query:
//
//	{W}  {W,a="b"}   series of workflows that are chosen at the head of the board
//	{G}              the same of the two gauges of the connector, which bear no tenant
//	{O}  {O,a="b"}   series of objectives. One that names no service, workflow or tenant
//	                 is about all of them, and always shown
//	[SLO]            the labels that name an SLO
//	[OBJECTIVE]      and one of its objectives, which bear names where there are several
func promql(format string, args ...any) string {
	const (
		gauges     = `workflow_name=~"$workflow",service_name=~"$service"`
		workflows  = gauges + `,workflow_tenant=~"$tenant"`
		slos       = "slo_service, slo_name, workflow_name, service_name, workflow_tenant"
		objectives = `slo_name=~"$slo",slo_service=~"$service|",workflow_name=~"$workflow|",workflow_tenant=~"$tenant|"`
	)
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	return strings.NewReplacer(
		"{W}", "{"+workflows+"}", "{W,", "{"+workflows+",",
		"{G}", "{"+gauges+"}", "{G,", "{"+gauges+",",
		"{O}", "{"+objectives+"}", "{O,", "{"+objectives+",",
		"[SLO]", slos,
		"[OBJECTIVE]", slos+", slo_objective_name",
	).Replace(format)
}

// over asks for a query over the time of the board, now for its latest result.
func over(expr, legend string) grafana.Target { return grafana.Query(promql(expr), legend) }
func now(expr, legend string) grafana.Target  { return grafana.Latest(promql(expr), legend) }

// share is how much of the rate of a counter the series with a matcher have, as 0 to 1 for
// each set of the labels. It is 0, not absent, where such a series has never been seen.
//
//	2 errors/s of 10 runs/s  0.2
//	no error ever            0
//	no run                   nothing
func share(counter, of, part, by string) string {
	return promql(`(sum by (%[4]s) (rate(%[1]s{W,%[2]s%[3]s}[$interval])) or 0 * sum by (%[4]s) (rate(%[1]s{W,%[2]s}[$interval])))`+
		` / (sum by (%[4]s) (rate(%[1]s{W,%[2]s}[$interval])) > 0)`, counter, of, part, by)
}

// quantile is that of the values that came to a native histogram, for each set of the
// labels. Of no values it is NaN, which the comparison leaves out.
func quantile(q, by, histogram string) string {
	return promql(`histogram_quantile(%s, sum by (%s) (rate(%s))) >= 0`, q, by, histogram)
}
