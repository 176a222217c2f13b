package otelsetup

import (
	"cmp"
	"context"
	"os"
	"strings"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

const (
	exporterOTLP    = "otlp"
	exporterConsole = "console"
	exporterNone    = "none"

	protocolGRPC = "grpc"
	protocolHTTP = "http/protobuf"

	defaultGRPC = "http://localhost:4317"
	defaultHTTP = "http://localhost:4318"
)

// newExporter returns the exporter that a checked environment asks for, and
// where it sends spans to, for people to read. It is nil when there is none.
func newExporter(ctx context.Context) (exporter sdktrace.SpanExporter, target string, err error) {
	switch strings.ToLower(getenv(envExporter)) {
	case exporterNone:
		return nil, "", nil
	case exporterConsole:
		exporter, err = stdouttrace.New(stdouttrace.WithWriter(os.Stdout))
		return exporter, "the console", err
	}
	// The OTLP exporters read all other variables themselves. They would take
	// TLS for granted where the specification says http.
	if strings.ToLower(otlpEnv("PROTOCOL")) == protocolGRPC {
		var opts []otlptracegrpc.Option
		if otlpEnv("ENDPOINT") == "" {
			opts = append(opts, otlptracegrpc.WithEndpointURL(defaultGRPC))
		}
		exporter, err = otlptracegrpc.New(ctx, opts...)
		return exporter, cmp.Or(otlpEnv("ENDPOINT"), defaultGRPC), err
	}
	var opts []otlptracehttp.Option
	if otlpEnv("ENDPOINT") == "" {
		opts = append(opts, otlptracehttp.WithEndpointURL(defaultHTTP+"/v1/traces"))
	}
	exporter, err = otlptracehttp.New(ctx, opts...)
	return exporter, cmp.Or(otlpEnv("ENDPOINT"), defaultHTTP), err
}
