package otelsetup

import (
	"context"
	"reflect"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// texts is a span with a text in each place that can have one.
func texts(text string) tracetest.SpanStub {
	attrs := []attribute.KeyValue{
		attribute.String("text", text), attribute.StringSlice("list", []string{"fine", text}), attribute.Int("number", 7),
		{Key: "nested", Value: attribute.SliceValue(attribute.IntValue(7), attribute.SliceValue(attribute.StringValue(text)))},
		attribute.Bool("key "+text, true),
	}
	return tracetest.SpanStub{
		Name: text, Status: sdktrace.Status{Code: codes.Error, Description: text}, Attributes: attrs,
		Events: []sdktrace.Event{{Name: text, Attributes: attrs}}, Links: []sdktrace.Link{{Attributes: attrs}},
		InstrumentationScope: instrumentation.Scope{Name: text, Version: text, SchemaURL: text, Attributes: attribute.NewSet(attrs...)},
	}
}

// exported returns what becomes of spans on their way through a mender.
func exported(t *testing.T, spans ...sdktrace.ReadOnlySpan) []sdktrace.ReadOnlySpan {
	t.Helper()
	var got []sdktrace.ReadOnlySpan
	m := mender{exporterFunc(func(spans []sdktrace.ReadOnlySpan) { got = spans })}
	if err := m.ExportSpans(t.Context(), spans); err != nil {
		t.Fatal(err)
	}
	return got
}

// exporterFunc is an exporter that is shown the spans.
type exporterFunc func([]sdktrace.ReadOnlySpan)

func (f exporterFunc) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	f(spans)
	return nil
}

func (exporterFunc) Shutdown(context.Context) error { return nil }

// A place that is forgotten shows as a difference. Whoever else has the span
// still sees it as it was.
func TestTextsAreMendedWhereverTheyAre(t *testing.T) {
	fine, bad := texts("fine").Snapshot(), texts("bad \xff").Snapshot()
	got := exported(t, fine, bad)
	if _, changed := got[0].(mended); changed {
		t.Error("a span that is fine was changed")
	}
	if !same(got[1], texts("bad \uFFFD").Snapshot()) {
		t.Errorf("got %+v", tracetest.SpanStubFromReadOnlySpan(got[1]))
	}
	if !same(bad, texts("bad \xff").Snapshot()) {
		t.Errorf("the span itself was changed to %+v", tracetest.SpanStubFromReadOnlySpan(bad))
	}
}

// Each place alone makes a span a bad one.
func TestOneBadTextIsFound(t *testing.T) {
	bad := texts("bad \xff")
	for i := range bad.Attributes {
		if attr := bad.Attributes[i]; attr.Key != "number" {
			checkBad(t, string(attr.Key), tracetest.SpanStub{Attributes: bad.Attributes[i : i+1]})
		}
	}
	checkBad(t, "name", tracetest.SpanStub{Name: bad.Name})
	checkBad(t, "status", tracetest.SpanStub{Status: bad.Status})
	checkBad(t, "event", tracetest.SpanStub{Events: []sdktrace.Event{{Name: bad.Name}}})
	checkBad(t, "attribute of an event", tracetest.SpanStub{Events: []sdktrace.Event{{Attributes: bad.Attributes}}})
	checkBad(t, "link", tracetest.SpanStub{Links: bad.Links})
	checkBad(t, "scope", tracetest.SpanStub{InstrumentationScope: instrumentation.Scope{Name: bad.Name}})
	checkBad(t, "version of the scope", tracetest.SpanStub{InstrumentationScope: instrumentation.Scope{Name: "fine", Version: bad.Name}})
	checkBad(t, "schema of the scope", tracetest.SpanStub{InstrumentationScope: instrumentation.Scope{Name: "fine", SchemaURL: bad.Name}})
	checkBad(t, "attribute of the scope", tracetest.SpanStub{InstrumentationScope: instrumentation.Scope{Name: "fine", Attributes: bad.InstrumentationScope.Attributes}})
}

func checkBad(t *testing.T, place string, stub tracetest.SpanStub) {
	t.Helper()
	if !spanIsBad(stub.Snapshot()) {
		t.Errorf("%s: nothing was found", place)
	}
	if got := exported(t, stub.Snapshot()); spanIsBad(got[0]) {
		t.Errorf("%s: it is as bad as before", place)
	}
}

func same(a, b sdktrace.ReadOnlySpan) bool {
	return reflect.DeepEqual(tracetest.SpanStubFromReadOnlySpan(a), tracetest.SpanStubFromReadOnlySpan(b))
}

// usual returns a batch of spans as they mostly are.
func usual() []sdktrace.ReadOnlySpan {
	spans := tracetest.NewSpanRecorder()
	tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)).Tracer("scope", trace.WithInstrumentationVersion("1"))
	for range 512 {
		_, span := tracer.Start(context.Background(), "chat", trace.WithLinks(trace.Link{Attributes: []attribute.KeyValue{attribute.String("a", "b")}}))
		for _, key := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			span.SetAttributes(attribute.String(key, "a text of a usual length"), attribute.Int(key+key, 7))
		}
		span.RecordError(context.Canceled)
		span.End()
	}
	return spans.Ended()
}

// Who has only spans that are fine does not pay: 0 allocations.
func TestFineSpansCostNothing(t *testing.T) {
	m := mender{exporterFunc(func([]sdktrace.ReadOnlySpan) {})}
	spans := usual()
	if n := testing.AllocsPerRun(100, func() { _ = m.ExportSpans(context.Background(), spans) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkMender(b *testing.B) {
	m := mender{exporterFunc(func([]sdktrace.ReadOnlySpan) {})}
	spans := usual()
	b.ReportAllocs()
	for b.Loop() {
		_ = m.ExportSpans(context.Background(), spans)
	}
}
