package workflowmetrics

import (
	"context"
	"math/bits"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadata"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// telemetry is the connector's account of itself.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	spans   [flow.RoleCount][flow.DialectCount][]metric.AddOption
	faults  [len(reasons)][]metric.AddOption
}

// census counts the spans of a batch before they are told.
type census struct {
	spans        [flow.RoleCount][flow.DialectCount]int64
	faults       [len(reasons)]int64
	unattributed int64
	late         int64
	evicted      int64
	dropped      int64
	replayed     int64
}

func (c *census) span(r *flow.Reading) {
	c.spans[r.Role][r.Dialect]++
	c.fault(r.Faults)
}

func (c *census) fault(faults flow.Faults) {
	for ; faults != 0; faults &= faults - 1 {
		c.faults[bits.TrailingZeros16(uint16(faults))]++
	}
}

func newTelemetry(set component.TelemetrySettings, c *workflowMetrics) (*telemetry, error) {
	b, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: b}
	t.prepare()
	t.begin()
	return t, t.watch(c)
}

func (t *telemetry) prepare() {
	for role := range flow.RoleCount {
		for dialect := range flow.DialectCount {
			t.spans[role][dialect] = with(
				attribute.String("role", role.String()), attribute.String("dialect", dialect.String()))
		}
	}
	for i, reason := range reasons {
		t.faults[i] = with(attribute.String("reason", reason))
	}
}

// begin shows the counters that count trouble at 0, so that the first of it is an increase.
func (t *telemetry) begin() {
	ctx := context.Background()
	for _, counter := range []metric.Int64Counter{
		t.builder.ConnectorWorkflowMetricsEvicted, t.builder.ConnectorWorkflowMetricsExpired,
		t.builder.ConnectorWorkflowMetricsLate, t.builder.ConnectorWorkflowMetricsUnattributed,
		t.builder.ConnectorWorkflowMetricsLost, t.builder.ConnectorWorkflowMetricsDropped,
		t.builder.ConnectorWorkflowMetricsReplayed,
	} {
		counter.Add(ctx, 0)
	}
	for _, options := range t.faults {
		t.builder.ConnectorWorkflowMetricsMalformed.Add(ctx, 0, options...)
	}
}

func with(attributes ...attribute.KeyValue) []metric.AddOption {
	return []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(attributes...))}
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
	for role := range c.spans {
		for dialect, n := range c.spans[role] {
			add(ctx, t.builder.ConnectorWorkflowMetricsSpans, n, t.spans[role][dialect])
		}
	}
	for i, n := range c.faults {
		add(ctx, t.builder.ConnectorWorkflowMetricsMalformed, n, t.faults[i])
	}
	add(ctx, t.builder.ConnectorWorkflowMetricsUnattributed, c.unattributed, nil)
	add(ctx, t.builder.ConnectorWorkflowMetricsLate, c.late, nil)
	add(ctx, t.builder.ConnectorWorkflowMetricsEvicted, c.evicted, nil)
	add(ctx, t.builder.ConnectorWorkflowMetricsDropped, c.dropped, nil)
	add(ctx, t.builder.ConnectorWorkflowMetricsReplayed, c.replayed, nil)
}

// add adds n, if it is not 0, with options that are made once: making them for each
// batch would allocate.
func add(ctx context.Context, counter metric.Int64Counter, n int64, options []metric.AddOption) {
	if n != 0 {
		counter.Add(ctx, n, options...)
	}
}

// reasons name the bits of [flow.Faults], in their order.
//
//nolint:gochecknoglobals // a table, never written to.
var reasons = [...]string{
	"zero_time", "negative_duration", "no_id", "invalid_name", "negative_tokens",
	"absurd_tokens", "usage_mismatch", "bad_number", "bad_json",
	"long_name", "absurd_duration", "wrong_type", "duplicate_id", "cycle", "absurd_cost",
}
