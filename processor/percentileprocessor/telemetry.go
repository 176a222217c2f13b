package percentileprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/tta-dev/otelcol-workflow/internal/percentile"
	"github.com/tta-dev/otelcol-workflow/processor/percentileprocessor/internal/metadata"
)

// telemetry is the processor's account of itself.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	points  [percentile.OutcomeCount][]metric.AddOption
}

// census counts the data points of a batch before they are told.
type census struct {
	points [percentile.OutcomeCount]int64
	ahead  int64
}

func newTelemetry(set component.TelemetrySettings, board *percentile.Board) (*telemetry, error) {
	b, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: b}
	ctx := context.Background()
	for o := range percentile.OutcomeCount {
		t.points[o] = []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", o.String())))}
		b.ProcessorPercentilePoints.Add(ctx, 0, t.points[o]...) // so that the first of it is an increase
	}
	for _, counter := range []metric.Int64Counter{
		b.ProcessorPercentileAhead, b.ProcessorPercentileExpired, b.ProcessorPercentileLost,
	} {
		counter.Add(ctx, 0)
	}
	return t, t.watch(board)
}

func (t *telemetry) watch(board *percentile.Board) error {
	if err := t.builder.RegisterProcessorPercentileSeriesCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(board.Groups()))
		return nil
	}); err != nil {
		return err
	}
	if err := t.builder.RegisterProcessorPercentileStreamsCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(board.Streams()))
		return nil
	}); err != nil {
		return err
	}
	return t.builder.RegisterProcessorPercentileFoldedCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(board.Folded()))
		return nil
	})
}

// tell adds a batch's census to the counters.
func (t *telemetry) tell(ctx context.Context, c *census) {
	for o, n := range c.points {
		if n > 0 {
			t.builder.ProcessorPercentilePoints.Add(ctx, n, t.points[o]...)
		}
	}
	if c.ahead > 0 {
		t.builder.ProcessorPercentileAhead.Add(ctx, c.ahead)
	}
}
