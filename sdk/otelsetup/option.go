package otelsetup

import (
	"log/slog"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// Option changes what Setup does where the environment says nothing.
type Option func(*config)

type config struct {
	service string
	logger  *slog.Logger
	guests  []guest
}

func newConfig(opts []Option) config {
	cfg := config{logger: slog.Default()}
	for _, opt := range opts {
		opt(&cfg)
	}
	return cfg
}

// ServiceName names the program in service.name, unless OTEL_SERVICE_NAME or
// OTEL_RESOURCE_ATTRIBUTES do. By default that is unknown_service and the name
// of the executable.
func ServiceName(name string) Option {
	return func(c *config) { c.service = name }
}

// Logger takes the errors of the telemetry itself, such as a collector that
// does not answer. [slog.Default] by default, and for nil.
func Logger(l *slog.Logger) Option {
	return func(c *config) {
		if l != nil {
			c.logger = l
		}
	}
}

// Processor adds a span processor, to count or change spans, say; nil adds none.
// It sees each span before the exporter does. Shutdown shuts it down, at the
// same time as the exporter, and does not wait for it longer than it may.
func Processor(p sdktrace.SpanProcessor) Option {
	return func(c *config) {
		if p != nil {
			c.guests = append(c.guests, guest{p})
		}
	}
}
