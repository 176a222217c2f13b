package otlp_test

import (
	"context"
	"testing"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup/internal/otlp"
)

// client is a client of OTLP that is shown what it is to send.
type client func([]*trace.ResourceSpans)

func (client) Start(context.Context) error { return nil }
func (client) Stop(context.Context) error  { return nil }

func (c client) UploadTraces(_ context.Context, spans []*trace.ResourceSpans) error {
	c(spans)
	return nil
}

// objects returns what the exporter of OpenTelemetry makes of spans.
func objects(tb testing.TB, spans []sdktrace.ReadOnlySpan) *collector.ExportTraceServiceRequest {
	tb.Helper()
	var made []*trace.ResourceSpans
	e := otlptrace.NewUnstarted(client(func(spans []*trace.ResourceSpans) { made = spans }))
	if err := e.ExportSpans(context.Background(), spans); err != nil {
		tb.Fatal(err)
	}
	return &collector.ExportTraceServiceRequest{ResourceSpans: made}
}

// request returns what is sent.
func request(spans []sdktrace.ReadOnlySpan) *collector.ExportTraceServiceRequest {
	return &collector.ExportTraceServiceRequest{ResourceSpans: otlp.Traces(spans)}
}

// received returns what a receiver gets.
func received(tb testing.TB, spans []sdktrace.ReadOnlySpan) *collector.ExportTraceServiceRequest {
	tb.Helper()
	raw, err := proto.Marshal(request(spans))
	if err != nil {
		tb.Fatal(err)
	}
	var msg collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(raw, &msg); err != nil {
		tb.Fatal(err)
	}
	return &msg
}
