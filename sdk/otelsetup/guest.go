package otelsetup

import (
	"context"
	"fmt"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// guest is a span processor of the user's. The provider shuts its processors
// down one after the other, so that one which ignores its context would hold up
// the exporter behind it: guests are left out of that and ended apart.
// It is as safe for concurrent use as the processor.
type guest struct{ sdktrace.SpanProcessor }

// Shutdown leaves the processor to end.
func (guest) Shutdown(context.Context) error { return nil }

// end shuts the processor down and gives up on it when ctx is done.
func (g guest) end(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- g.SpanProcessor.Shutdown(ctx) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return fmt.Errorf("span processor %T did not end: %w", g.SpanProcessor, ctx.Err())
	}
}
