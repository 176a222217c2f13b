package otelsetup_test

import (
	"errors"
	"strings"
	"testing"

	"go.opentelemetry.io/otel"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup"
)

// A value that is let through here is dropped without a word by the SDK.
func TestBadValueIsNamed(t *testing.T) {
	for _, tc := range []struct{ name, value, fix string }{
		{"OTEL_SDK_DISABLED", "yes", "true, false"},
		{"OTEL_TRACES_EXPORTER", "jaeger", "otlp, console, none"},
		{"OTEL_TRACES_EXPORTER", "otlp,console", "otlp, console, none"},
		{"OTEL_PROPAGATORS", "b3", "otel.SetTextMapPropagator"},
		{"OTEL_PROPAGATORS", "none,baggage", "none alone"},
		{"OTEL_RESOURCE_ATTRIBUTES", "team", "key=value"},
		{"OTEL_RESOURCE_ATTRIBUTES", "a=1,=2", "part 2"},
		{"OTEL_RESOURCE_ATTRIBUTES", "a=1,b=%FF", "value of part 2"},
		{"OTEL_RESOURCE_ATTRIBUTES", "a\xff=1", "key of part 1"},
		{"OTEL_SERVICE_NAME", "desk \xff", "UTF-8"},
		{"OTEL_TRACES_SAMPLER", "sometimes", "traceidratio"},
		{"OTEL_TRACES_SAMPLER_ARG", "25", "0 to 1"},
		{"OTEL_TRACES_SAMPLER_ARG", "-0.1", "0 to 1"},
		{"OTEL_TRACES_SAMPLER_ARG", "NaN", "0 to 1"},
		{"OTEL_BSP_SCHEDULE_DELAY", "5s", "whole number of milliseconds"},
		{"OTEL_BSP_EXPORT_TIMEOUT", "0", "1 or more"},
		{"OTEL_BSP_MAX_QUEUE_SIZE", "-1", "whole number of spans"},
		{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1e3", "whole number of spans"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317", "http://localhost:4317"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "http://collector"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://", "use a URL"},
		{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://localhost:4318", "use a URL"},
		{"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "grpc, http/protobuf"},
		{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http", "grpc, http/protobuf"},
		{"OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "milliseconds"},
		{"OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "gzip, none"},
		{"OTEL_EXPORTER_OTLP_INSECURE", "1", "true, false"},
		{"OTEL_EXPORTER_OTLP_CERTIFICATE", "/no/such/file", "PEM file"},
		{"OTEL_EXPORTER_OTLP_CLIENT_KEY", "/no/such/file", "PEM file"},
	} {
		t.Run(tc.name+"="+tc.value, func(t *testing.T) {
			before := otel.GetTracerProvider()
			_, err := setup(t, map[string]string{tc.name: tc.value})
			bad, ok := errors.AsType[*otelsetup.EnvError](err)
			if !ok {
				t.Fatalf("setup returned %v", err)
			}
			if bad.Name != tc.name || bad.Value != tc.value || !strings.Contains(bad.Fix, tc.fix) {
				t.Errorf("%+v, want the fix to say %q", bad, tc.fix)
			}
			if otel.GetTracerProvider() != before {
				t.Error("something was set up all the same")
			}
		})
	}
}

func TestHeadersStayHidden(t *testing.T) {
	for _, value := range []string{"Bearer sesame", "a=1,bad key=sesame", "a=sesame%zz", "a=sesame%0Ab", "ä=sesame", "=sesame"} {
		_, err := setup(t, map[string]string{"OTEL_EXPORTER_OTLP_HEADERS": value})
		if _, ok := errors.AsType[*otelsetup.EnvError](err); !ok || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%q: %v", value, err)
		}
	}
}

func TestAllBadValuesAreNamedAtOnce(t *testing.T) {
	_, err := setup(t, map[string]string{
		"OTEL_TRACES_EXPORTER": "jaeger", "OTEL_EXPORTER_OTLP_TIMEOUT": "x",
		"OTEL_BSP_MAX_QUEUE_SIZE": "100", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "101",
	})
	if err == nil {
		t.Fatal("it was taken")
	}
	for _, name := range []string{"OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"} {
		if !strings.Contains(err.Error(), name+"=") {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}

// A batch that is larger than the queue is not cut in silence, be the queue the
// default one.
func TestBatchesFitIntoTheQueue(t *testing.T) {
	_, err := setup(t, map[string]string{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "2049"})
	if err == nil || !strings.Contains(err.Error(), "OTEL_BSP_MAX_QUEUE_SIZE, which is 2048") {
		t.Errorf("setup returned %v", err)
	}
	shutdown := mustSetup(t, map[string]string{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "2048"})
	if err := shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// What is right must not be refused.
func TestGoodValues(t *testing.T) {
	shutdown, err := setup(t, map[string]string{
		"OTEL_SDK_DISABLED":              "False",
		"OTEL_TRACES_EXPORTER":           "otlp",
		"OTEL_TRACES_SAMPLER":            "ParentBased_TraceIDRatio",
		"OTEL_TRACES_SAMPLER_ARG":        " 0.25 ",
		"OTEL_RESOURCE_ATTRIBUTES":       "a=b%2Cc, d=e",
		"OTEL_EXPORTER_OTLP_ENDPOINT":    "https://collector.example:4318/prefix",
		"OTEL_EXPORTER_OTLP_HEADERS":     "authorization=Basic%20eDp5, x-scope=1=2",
		"OTEL_EXPORTER_OTLP_TIMEOUT":     "500",
		"OTEL_BSP_MAX_QUEUE_SIZE":        "100",
		"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "100",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
