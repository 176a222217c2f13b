package otelsetup

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup/internal/otlp"
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
	client, target := newClient()
	if err := client.Start(ctx); err != nil {
		return nil, "", err
	}
	return uploader{client}, target, nil
}

// newClient returns what sends spans, not yet started. The OTLP clients read all
// other variables themselves. They would take TLS for granted where the
// specification says http.
func newClient() (client otlptrace.Client, target string) {
	if strings.ToLower(otlpEnv("PROTOCOL")) == protocolGRPC {
		var opts []otlptracegrpc.Option
		if otlpEnv("ENDPOINT") == "" {
			opts = append(opts, otlptracegrpc.WithEndpointURL(defaultGRPC))
		}
		return otlptracegrpc.NewClient(opts...), cmp.Or(otlpEnv("ENDPOINT"), defaultGRPC)
	}
	var opts []otlptracehttp.Option
	if otlpEnv("ENDPOINT") == "" {
		opts = append(opts, otlptracehttp.WithEndpointURL(defaultHTTP+"/v1/traces"))
	}
	return otlptracehttp.NewClient(opts...), cmp.Or(otlpEnv("ENDPOINT"), defaultHTTP)
}

// uploader is an exporter over a client of OTLP. It is safe for concurrent use.
type uploader struct{ client otlptrace.Client }

// ExportSpans sends the spans, again and again while the receiver asks for it and
// ctx lets it.
func (u uploader) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if err := u.client.UploadTraces(ctx, otlp.Traces(spans)); err != nil {
		return fmt.Errorf("traces export: %w", err)
	}
	return nil
}

// Shutdown closes the connections.
func (u uploader) Shutdown(ctx context.Context) error { return u.client.Stop(ctx) }
