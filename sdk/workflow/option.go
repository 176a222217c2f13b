package workflow

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// Option changes how a workflow is set up in New.
type Option func(*config)

type config struct {
	version  string
	newRoot  bool
	provider trace.TracerProvider
	from     sources
	redact   func(string) string
	content  int
	log      journal
	recorder *recorder
}

// sources find in the context given to Run who a run is. Those not set are nil.
type sources struct {
	tenant, session, user      func(context.Context) string
	correlationID, causationID func(context.Context) string
	tags                       func(context.Context) map[string]string
}

// found returns what from finds, made fit for a span, or otherwise.
func found(ctx context.Context, from func(context.Context) string, otherwise string) string {
	if from == nil {
		return otherwise
	}
	return clip(from(ctx), maxID)
}

func (s *sources) tagsIn(ctx context.Context, otherwise []attribute.KeyValue) []attribute.KeyValue {
	if s.tags == nil {
		return otherwise
	}
	return tagsOf(s.tags(ctx))
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
	return func(c *config) { c.from.tenant = from }
}

// CorrelationID finds the correlation id of a run in the context given to Run;
// an empty string means the default: that of the run around it, else the trace id.
func CorrelationID(from func(context.Context) string) Option {
	return func(c *config) { c.from.correlationID = from }
}

// Session finds the conversation that a run is part of, for session.id on its
// span; an empty string means none. By default it is that of the run around it.
func Session(from func(context.Context) string) Option {
	return func(c *config) { c.from.session = from }
}

// User finds who a run works for, for user.id on its span; an empty string means
// nobody. By default it is that of the run around it.
func User(from func(context.Context) string) Option {
	return func(c *config) { c.from.user = from }
}

// CausationID finds the id of what started a run, such as that of a message; an
// empty string means the default: the id of the run around it, or of the run
// that called this process if a [Propagator] may tell.
func CausationID(from func(context.Context) string) Option {
	return func(c *config) { c.from.causationID = from }
}

// Tags finds the tags of a run, for workflow.tag.* on every one of its spans:
// the first 8 by name, keys of 64 bytes and values of 256 at most. By default a
// run has the tags of the run around it.
func Tags(from func(context.Context) map[string]string) Option {
	return func(c *config) { c.from.tags = from }
}

// Redact passes every text of an error that goes on a span or into a log, every
// captured message and every string that is recorded through f, which removes
// what nobody may read. It must be safe for concurrent use.
func Redact(f func(string) string) Option {
	return func(c *config) { c.redact = f }
}

// NewRoot gives every run a trace of its own, linked to the span that started
// it. By default a run is part of its caller's trace.
func NewRoot() Option {
	return func(c *config) { c.newRoot = true }
}
