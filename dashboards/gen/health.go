package main

import "github.com/tta-dev/otelcol-workflow/dashboards/internal/grafana"

// health is the collector's account of itself. It needs the collector's own telemetry to be
// scraped too, and is about every collector that this Prometheus knows.
func health() []grafana.Panel {
	return []grafana.Panel{
		grafana.TimeSeries("Spans received", perSecond, "Spans that each collector took in, and those that it refused: a client sends them again for a while.",
			over(`sum by (instance) (rate(otelcol_receiver_accepted_spans[$interval]))`, "{{instance}} accepted"),
			over(`sum by (instance) (rate(otelcol_receiver_refused_spans[$interval]))`, "{{instance}} refused")),
		grafana.TimeSeries("Not counted as it should be", perSecond, "Anything above 0 is worth a look: series folded past max_series, traces settled early, branches not remembered, faults in spans, spans whose workflow is not known, points lost, and state of objectives that could not be kept.",
			over(`sum(rate(otelcol_connector_workflow_metrics_folded[$interval]))`, "folded"),
			over(`sum(rate(otelcol_connector_workflow_metrics_evicted[$interval]))`, "evicted"),
			over(`sum(rate(otelcol_connector_workflow_metrics_dropped[$interval]))`, "dropped"),
			over(`sum(rate(otelcol_connector_workflow_metrics_malformed[$interval]))`, "malformed"),
			over(`sum(rate(otelcol_connector_workflow_metrics_unattributed[$interval]))`, "unattributed"),
			over(`sum(rate(otelcol_connector_workflow_metrics_lost[$interval]))`, "lost"),
			over(`sum(rate(otelcol_processor_slo_dropped[$interval]))`, "dropped by slo"),
			over(`sum(rate(otelcol_processor_slo_folded[$interval]))`, "folded by slo"),
			over(`sum(rate(otelcol_processor_slo_storage_failures[$interval]))`, "state not kept"),
			over(`sum(rate(otelcol_processor_percentile_folded[$interval]))`, "folded by percentile")),
		grafana.TimeSeries("Calls that could not be priced", perSecond, "By the reason. A new model needs a price of yours or a newer catalog. Empty while there are none.",
			over(`sum by (reason) (rate(otelcol_processor_cost_spans{status="unpriced"}[$interval]))`, "{{reason}}")),
		grafana.TimeSeries("Sending queue", "percentunit", "How full the queue of each exporter is; at 100 % it drops. Empty where no exporter has a queue.",
			over(`max by (instance, exporter, data_type) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)`, "{{instance}} {{exporter}} {{data_type}}")).Within(0, 1),
		grafana.TimeSeries("Failed to send", perSecond, "Spans and data points that an exporter gave up on. Empty while none was.",
			over(`sum by (instance, exporter) (rate(otelcol_exporter_send_failed_spans[$interval]))`, "{{instance}} {{exporter}} spans"),
			over(`sum by (instance, exporter) (rate(otelcol_exporter_send_failed_metric_points[$interval]))`, "{{instance}} {{exporter}} points"),
			over(`sum by (instance, exporter) (rate(otelcol_exporter_enqueue_failed_spans[$interval]))`, "{{instance}} {{exporter}} queue full")),
		grafana.TimeSeries("Series and traces kept", "short", "What memory is used for: series of the connector, traces in flight, and groups of objectives.",
			over(`sum by (instance) (otelcol_connector_workflow_metrics_series)`, "{{instance}} series"),
			over(`sum by (instance) (otelcol_connector_workflow_metrics_open)`, "{{instance}} traces"),
			over(`sum by (instance) (otelcol_processor_slo_groups)`, "{{instance}} groups")),
		grafana.TimeSeries("Memory", "bytes", "Resident memory of each collector.",
			over(`max by (instance) (otelcol_process_memory_rss)`, "{{instance}}")).From(0),
		grafana.TimeSeries("CPU", "short", "Processors that each collector keeps busy.",
			over(`sum by (instance) (rate(otelcol_process_cpu_seconds[$interval]))`, "{{instance}}")).From(0),
		grafana.Stat("Age of the prices", "s", "How old the catalog is that calls are priced by. New models are unknown to an old one.",
			over(`max(otelcol_processor_cost_catalog_age)`, "")).Size(4, 8),
		grafana.Stat("Collectors", "short", "Collectors that turn spans into these metrics.",
			over(`count(otelcol_connector_workflow_metrics_series)`, "")).Size(4, 8),
	}
}
