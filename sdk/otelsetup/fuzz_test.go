package otelsetup

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	"go.opentelemetry.io/otel"
)

// What the check takes, the SDK must take: else Setup ends with an error that
// names no variable.
func FuzzResourceAttributes(f *testing.F) {
	for _, seed := range []string{"a=b", "a=b,c=d", " a = b%2Cc ", "a=", "=b", "a", ",", "a=b,", "a=%", "a=%zz", "service.name=x y", "a=1=2", "a b=c", "ä=c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsRune(value, 0) {
			return // no variable can hold it
		}
		t.Setenv("OTEL_RESOURCE_ATTRIBUTES", value)
		if checkEnv() != nil {
			return
		}
		if res, err := newResource(t.Context(), "x"); err != nil || !utf8.ValidString(res.String()) {
			t.Errorf("%q was taken: %v %v", value, res, err)
		}
	})
}

// What the check takes, the exporter must take: else it drops a header and only
// the log of the SDK knows.
func FuzzHeaders(f *testing.F) {
	for _, seed := range []string{"a=b", "x-api-key=a%20b, y=z=", "a b=c", "a=b,", "=", "a=%", "ä=b", "a\x7f=b", "a\n=b"} {
		f.Add(seed)
	}
	var complaint string
	otel.SetLogger(funcr.New(func(_, args string) { complaint = args }, funcr.Options{}))
	f.Cleanup(func() { otel.SetLogger(logr.Discard()) })
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsRune(value, 0) {
			return // no variable can hold it
		}
		t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", value)
		if checkEnv() != nil {
			return
		}
		complaint = ""
		if _, _, err := newExporter(t.Context()); err != nil || complaint != "" {
			t.Errorf("%q was taken: %v %s", value, err, complaint)
		}
	})
}
