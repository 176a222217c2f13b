// Package otelsetup sends the spans of a program to an OpenTelemetry collector:
// one call that reads the standard OTEL_* environment variables and sets the
// global tracer provider, propagator and error handler.
//
//	shutdown, err := otelsetup.Setup(ctx, otelsetup.ServiceName("support-agent"))
//	if err != nil {
//		return err
//	}
//	defer func() { err = errors.Join(err, shutdown(context.Background())) }()
//
// Without any variable, spans go to http://localhost:4318, where a collector on
// the same machine listens. A variable that cannot be used is an [*EnvError]
// that names it; nothing falls back to a default silently.
//
//	OTEL_SDK_DISABLED                      true: no spans, propagators only
//	OTEL_SERVICE_NAME                      before ServiceName
//	OTEL_RESOURCE_ATTRIBUTES               key=value,key=value
//	OTEL_TRACES_EXPORTER                   otlp (default), console, none
//	OTEL_EXPORTER_OTLP_PROTOCOL            http/protobuf (default), grpc
//	OTEL_EXPORTER_OTLP_ENDPOINT            a URL; the path /v1/traces is added for HTTP
//	OTEL_EXPORTER_OTLP_TRACES_ENDPOINT     a URL, taken as it is
//	OTEL_EXPORTER_OTLP_HEADERS             key=value,key=value
//	OTEL_EXPORTER_OTLP_TIMEOUT             milliseconds
//	OTEL_EXPORTER_OTLP_COMPRESSION         gzip, none
//	OTEL_EXPORTER_OTLP_INSECURE            true, false
//	OTEL_EXPORTER_OTLP_CERTIFICATE         a PEM file; so too _CLIENT_CERTIFICATE, _CLIENT_KEY
//	OTEL_TRACES_SAMPLER, _ARG              always_on, traceidratio with 0 to 1, ...
//	OTEL_PROPAGATORS                       tracecontext,baggage (default), none
//	OTEL_BSP_SCHEDULE_DELAY                milliseconds; so too _EXPORT_TIMEOUT
//	OTEL_BSP_MAX_QUEUE_SIZE                spans; so too _MAX_EXPORT_BATCH_SIZE
//
// Texts of spans that are not UTF-8, of whatever instrumentation, would cost the
// batch they are in: what is not UTF-8 in them becomes U+FFFD. Their length is
// left alone; OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT bounds attributes.
//
// The batch processor is not that of the OpenTelemetry SDK, whose experimental metrics
// (OTEL_GO_X_OBSERVABILITY) it does not have; those of the clients count as ever.
//
// Each OTEL_EXPORTER_OTLP_ variable has a twin OTEL_EXPORTER_OTLP_TRACES_ that
// goes before it.
package otelsetup
