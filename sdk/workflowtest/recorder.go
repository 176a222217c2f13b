// Package workflowtest records the spans of workflows in memory and draws
// them as a tree, for tests of workflows and of the SDK itself.
package workflowtest

import (
	"context"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// Recorder keeps every span that ends. It is safe for concurrent use.
type Recorder struct {
	exporter *tracetest.InMemoryExporter
	provider *sdktrace.TracerProvider
}

// NewRecorder makes a recorder. Options such as a sampler or a further span
// processor go to its tracer provider.
func NewRecorder(opts ...sdktrace.TracerProviderOption) *Recorder {
	exporter := tracetest.NewInMemoryExporter()
	opts = append(opts, sdktrace.WithSyncer(exporter))
	return &Recorder{exporter: exporter, provider: sdktrace.NewTracerProvider(opts...)}
}

// TracerProvider is where the workflow under test takes its spans from.
func (r *Recorder) TracerProvider() trace.TracerProvider { return r.provider }

// Spans returns what has ended so far, in the order of ending.
func (r *Recorder) Spans() tracetest.SpanStubs { return r.exporter.GetSpans() }

// Reset forgets the spans recorded so far.
func (r *Recorder) Reset() { r.exporter.Reset() }

// Shutdown stops recording.
func (r *Recorder) Shutdown(ctx context.Context) error { return r.provider.Shutdown(ctx) }
