// Package stamp writes the identity of a run on the spans that other
// instrumentation, such as an HTTP or model client, starts inside of it.
package stamp

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// Processor stamps spans as they start, but those of package workflow, which say
// all of it themselves. A span of others that says its own workflow.name is left
// alone, too, but for workflow.replay, which is on all that [workflow.Replaying]
// reports: nothing of a replay counts. The zero value is ready; it is safe for concurrent use.
type Processor struct{}

var _ trace.SpanProcessor = Processor{}

// OnStart adds the attributes of the run that ctx belongs to, if any.
func (Processor) OnStart(ctx context.Context, span trace.ReadWriteSpan) {
	if span.InstrumentationScope().Name == workflow.ScopeName {
		return
	}
	info, ok := workflow.FromContext(ctx)
	switch {
	case ok && !named(span):
		span.SetAttributes(info.Attributes()...)
	case workflow.Replaying(ctx):
		span.SetAttributes(attribute.Bool(semconv.WorkflowReplay, true))
	}
}

// named reports whether the span says which workflow it belongs to.
func named(span trace.ReadWriteSpan) bool {
	return slices.ContainsFunc(span.Attributes(), func(kv attribute.KeyValue) bool { return kv.Key == semconv.WorkflowName })
}

// OnEnd does nothing.
func (Processor) OnEnd(trace.ReadOnlySpan) {}

// Shutdown has nothing to release.
func (Processor) Shutdown(context.Context) error { return nil }

// ForceFlush has nothing to flush.
func (Processor) ForceFlush(context.Context) error { return nil }
