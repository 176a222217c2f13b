package sloprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/tta-dev/otelcol-workflow/internal/budgets"
	"github.com/tta-dev/otelcol-workflow/internal/slo"
	"github.com/tta-dev/otelcol-workflow/internal/stream"
	"github.com/tta-dev/otelcol-workflow/processor/sloprocessor/internal/metadata"
)

// reason says why a data point cannot count.
type reason uint8

const (
	reasonWrongType     reason = iota // of metric, or of unit, for the indicator
	reasonInvalid                     // NaN, negative counts, buckets that contradict each other
	reasonNoTemporality               // neither increments nor totals
	reasonTooMany                     // max_streams is reached
	reasonCount
)

// telemetry is the processor's account of itself.
type telemetry struct {
	builder  *metadata.TelemetryBuilder
	verdicts [stream.VerdictCount]metric.AddOption
	reasons  [reasonCount]metric.AddOption
	outcomes [slo.DroppedInvalid + 1]metric.AddOption
}

func newTelemetry(set component.TelemetrySettings) (*telemetry, error) {
	b, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: b}
	for v := range stream.VerdictCount {
		t.verdicts[v] = with("verdict", v.String())
	}
	for i, name := range [reasonCount]string{"wrong_type", "invalid", "no_temporality", "max_streams"} {
		t.reasons[i] = with("reason", name)
	}
	for i, name := range [len(t.outcomes)]string{"counted", "future", "late", "too_late", "excluded", "invalid"} {
		t.outcomes[i] = with("outcome", name)
	}
	t.begin()
	return t, nil
}

func with(key, value string) metric.AddOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String(key, value)))
}

// begin shows the counters that count trouble at 0, so that the first of it is an increase.
func (t *telemetry) begin() {
	ctx := context.Background()
	for _, counter := range []metric.Int64Counter{
		t.builder.ProcessorSloExpired, t.builder.ProcessorSloFolded, t.builder.ProcessorSloInconsistent,
		t.builder.ProcessorSloRefused, t.builder.ProcessorSloStorageFailures,
	} {
		counter.Add(ctx, 0)
	}
	for _, option := range t.reasons {
		t.builder.ProcessorSloDropped.Add(ctx, 0, option)
	}
	for _, option := range t.outcomes {
		t.builder.ProcessorSloIncrements.Add(ctx, 0, option)
	}
}

// tell adds what was read between two flushes to the counters.
func (t *telemetry) tell(ctx context.Context, c *census) {
	for i, n := range c.verdicts {
		add(ctx, t.builder.ProcessorSloPoints, n, t.verdicts[i])
	}
	for i, n := range c.dropped {
		add(ctx, t.builder.ProcessorSloDropped, n, t.reasons[i])
	}
	*c = census{}
}

// book adds what became of a record to the counters.
func (t *telemetry) book(ctx context.Context, y *budgets.Tally, groups int) {
	for i, n := range y.Outcomes {
		add(ctx, t.builder.ProcessorSloIncrements, n, t.outcomes[i])
	}
	for _, n := range y.Folded {
		add(ctx, t.builder.ProcessorSloFolded, n)
	}
	add(ctx, t.builder.ProcessorSloInconsistent, y.Inconsistent)
	t.builder.ProcessorSloGroups.Record(ctx, int64(groups))
}

func add(ctx context.Context, counter metric.Int64Counter, n int64, options ...metric.AddOption) {
	if n != 0 {
		counter.Add(ctx, n, options...)
	}
}
