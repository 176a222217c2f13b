package workflow

import (
	"context"

	"go.opentelemetry.io/otel/trace"
)

// Option changes how a workflow is set up in New.
type Option func(*config)

type config struct {
	version       string
	newRoot       bool
	provider      trace.TracerProvider
	tenant        func(context.Context) string
	correlationID func(context.Context) string
}

// Version states the version of the workflow's definition. Not stated by default.
func Version(v string) Option {
	return func(c *config) { c.version = valid(v) }
}

// WithTracerProvider takes spans from p instead of from the global provider.
func WithTracerProvider(p trace.TracerProvider) Option {
	return func(c *config) { c.provider = p }
}

// Tenant finds the tenant of a run in the context given to Run; an empty
// string means none. By default a run has the tenant of the run around it.
func Tenant(from func(context.Context) string) Option {
	return func(c *config) { c.tenant = from }
}

// CorrelationID finds the correlation id of a run in the context given to Run;
// an empty string means the default: that of the run around it, else the trace id.
func CorrelationID(from func(context.Context) string) Option {
	return func(c *config) { c.correlationID = from }
}

// NewRoot gives every run a trace of its own, linked to the span that started
// it. By default a run is part of its caller's trace.
func NewRoot() Option {
	return func(c *config) { c.newRoot = true }
}
