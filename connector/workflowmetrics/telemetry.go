package workflowmetrics

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadata"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// telemetry is the connector's account of itself.
type telemetry struct {
	builder *metadata.TelemetryBuilder
}

// census counts the spans of a batch before they are told.
type census struct {
	spans        map[spanKind]int64
	faults       map[flow.Faults]int64
	unattributed int64
	late         int64
}

type spanKind struct {
	role    flow.Role
	dialect flow.Dialect
}

func newCensus() census {
	return census{spans: make(map[spanKind]int64), faults: make(map[flow.Faults]int64)}
}

func (c *census) reset() {
	clear(c.spans)
	clear(c.faults)
	c.unattributed, c.late = 0, 0
}

func (c *census) span(r *flow.Reading) {
	c.spans[spanKind{r.Role, r.Dialect}]++
	if r.Faults != 0 {
		c.faults[r.Faults]++
	}
}

func newTelemetry(set component.TelemetrySettings, c *workflowMetrics) (*telemetry, error) {
	b, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: b}
	return t, t.watch(c)
}

func (t *telemetry) watch(c *workflowMetrics) error {
	if err := t.builder.RegisterConnectorWorkflowMetricsSeriesCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(c.ledger.Len()))
		return nil
	}); err != nil {
		return err
	}
	if err := t.builder.RegisterConnectorWorkflowMetricsOpenCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(c.flights.Len()))
		return nil
	}); err != nil {
		return err
	}
	return t.builder.RegisterConnectorWorkflowMetricsFoldedCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(c.ledger.Folded()))
		return nil
	})
}

// tell adds a batch's census to the counters.
func (t *telemetry) tell(ctx context.Context, c *census) {
	for k, n := range c.spans {
		t.builder.ConnectorWorkflowMetricsSpans.Add(ctx, n, metric.WithAttributes(
			attribute.String("role", k.role.String()), attribute.String("dialect", k.dialect.String())))
	}
	for faults, n := range c.faults {
		for i, reason := range reasons {
			if faults&(1<<i) != 0 {
				t.builder.ConnectorWorkflowMetricsMalformed.Add(ctx, n, metric.WithAttributes(attribute.String("reason", reason)))
			}
		}
	}
	if c.unattributed > 0 {
		t.builder.ConnectorWorkflowMetricsUnattributed.Add(ctx, c.unattributed)
	}
	if c.late > 0 {
		t.builder.ConnectorWorkflowMetricsLate.Add(ctx, c.late)
	}
}

// reasons name the bits of [flow.Faults], in their order.
//
//nolint:gochecknoglobals // a table, never written to.
var reasons = [...]string{
	"zero_time", "negative_duration", "no_id", "invalid_name", "negative_tokens",
	"absurd_tokens", "usage_mismatch", "bad_number", "bad_json",
}
