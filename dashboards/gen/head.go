package main

import (
	"net/url"
	"strings"

	"github.com/tta-dev/otelcol-workflow/dashboards/internal/grafana"
)

const (
	overviewUID = "workflow-overview"
	sloUID      = "slo-tracking"
	costUID     = "cost-tracking"
)

// tags of all boards.
func tags(topic string) []string { return []string{"otelcol-workflow", topic} }

// links are those at the head of a board: to the two others.
func links(from string) []grafana.Link {
	var out []grafana.Link
	for _, l := range []grafana.Link{
		grafana.NewLink(overviewUID, "Workflows", "Runs, steps, models, tools and the collector"),
		grafana.NewLink(sloUID, "Objectives", "Error budgets, burn rates and alerts"),
		grafana.NewLink(costUID, "Cost", "Spending, savings and prices"),
	} {
		if l.URL != "/d/"+from {
			out = append(out, l)
		}
	}
	return out
}

// variables are the choices that all boards share; service is a label of the metric
// that knows which workflows there are.
func variables(metric, service, description string) []grafana.Variable {
	return []grafana.Variable{
		grafana.DataSource("datasource", "Data source", "prometheus", "The Prometheus that scrapes the collectors."),
		grafana.Label("service", "Service", service, metric, description),
		grafana.Label("workflow", "Workflow", "workflow_name", metric+"{"+service+`=~"$service"}`, "Name of the workflow."),
		grafana.Label("tenant", "Tenant", "workflow_tenant", metric, "Tenant. There is a choice only if workflow.tenant is among the dimensions of the connector."),
		grafana.Interval("interval", "Interval", "1m,2m,5m,15m,30m,1h,6h,1d", "5m", "Time over which rates and percentiles are taken. For a longer time of the board choose a longer one."),
		grafana.DataSource("traces", "Traces", "tempo", "Where links to traces lead."),
	}
}

// toBoard links a value to another board, with its workflow chosen there.
func toBoard(uid, title string) grafana.DataLink {
	return grafana.DataLink{Title: title, URL: "/d/" + uid + "?var-workflow=${__field.labels.workflow_name}&${datasource:queryparam}&${__url_time_range}"}
}

// toTraces links a value to the traces that a TraceQL query finds in the time of the
// board. The braces of Grafana's variables stay as they are, since it replaces them in
// the text of the URL.
func toTraces(title, traceQL string) grafana.DataLink {
	pane := `{"a":{"datasource":"${traces}","queries":[{"refId":"A","datasource":{"type":"tempo","uid":"${traces}"},` +
		`"queryType":"traceql","limit":20,"query":"` + strings.ReplaceAll(traceQL, `"`, `\"`) + `"}],` +
		`"range":{"from":"${__from}","to":"${__to}"}}}`
	return grafana.DataLink{Title: title, URL: "/explore?schemaVersion=1&panes=" + escape(pane), TargetBlank: true}
}

// escape escapes a text for a URL, but not the variables in it.
func escape(text string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		out.WriteString(url.QueryEscape(before))
		if !found {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		out.WriteString("${" + name + "}")
		text = after
	}
}
