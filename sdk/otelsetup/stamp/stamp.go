// Package stamp writes the identity of a run on the spans that other
// instrumentation, such as an HTTP or model client, starts inside of it.
package stamp

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// Processor stamps spans as they start. A span that says its own workflow.name
// is left alone, but for workflow.replay: nothing of a replay counts. The zero value is ready; it is safe for concurrent use.
type Processor struct{}

var _ trace.SpanProcessor = Processor{}

// OnStart adds the attributes of the run that ctx belongs to, if any.
func (Processor) OnStart(ctx context.Context, span trace.ReadWriteSpan) {
	info, ok := workflow.FromContext(ctx)
	if !ok {
		return
	}
	for _, kv := range span.Attributes() {
		if kv.Key == semconv.WorkflowName {
			if info.Replay {
				span.SetAttributes(attribute.Bool(semconv.WorkflowReplay, true))
			}
			return
		}
	}
	span.SetAttributes(info.Attributes()...)
}

// OnEnd does nothing.
func (Processor) OnEnd(trace.ReadOnlySpan) {}

// Shutdown has nothing to release.
func (Processor) Shutdown(context.Context) error { return nil }

// ForceFlush has nothing to flush.
func (Processor) ForceFlush(context.Context) error { return nil }
