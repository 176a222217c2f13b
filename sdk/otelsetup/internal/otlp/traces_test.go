package otlp_test

import (
	"context"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	api "go.opentelemetry.io/otel/trace"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup/internal/otlp"
)

// Whatever spans there are, a receiver gets what the exporter of OpenTelemetry
// would send it.
func TestReceiversGetTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		spans := drawSpans(rt)
		if got, want := received(t, spans), objects(t, spans); !proto.Equal(got, want) {
			rt.Errorf("got  %v\nwant %v", got, want)
		}
	})
}

func TestNoSpansAreNothing(t *testing.T) {
	if got := otlp.Traces(nil); got != nil {
		t.Errorf("got %v", got)
	}
}

// Every kind of attribute is written as what it is. A new version of OpenTelemetry
// may bring more kinds: this test then asks for them.
func TestEveryKindOfValue(t *testing.T) {
	values := map[attribute.Type]attribute.Value{
		attribute.EMPTY:        {},
		attribute.BOOL:         attribute.BoolValue(false),
		attribute.INT64:        attribute.Int64Value(-7),
		attribute.FLOAT64:      attribute.Float64Value(0),
		attribute.STRING:       attribute.StringValue(""),
		attribute.BYTESLICE:    attribute.ByteSliceValue([]byte{0xff}),
		attribute.BOOLSLICE:    attribute.BoolSliceValue([]bool{true, false}),
		attribute.INT64SLICE:   attribute.Int64SliceValue([]int64{1, 0}),
		attribute.FLOAT64SLICE: attribute.Float64SliceValue(nil),
		attribute.STRINGSLICE:  attribute.StringSliceValue([]string{"a", ""}),
		attribute.SLICE:        attribute.SliceValue(attribute.BoolValue(true), attribute.SliceValue(attribute.Value{})),
	}
	for kind := attribute.Type(0); !strings.HasPrefix(kind.String(), "Type("); kind++ {
		value, ok := values[kind]
		if !ok {
			t.Errorf("%v: it is written as its text; give it a case in appendValue and a line here", kind)
		}
		attrs := []attribute.KeyValue{{Key: "a", Value: value}}
		spans := []sdktrace.ReadOnlySpan{tracetest.SpanStub{Attributes: attrs, Resource: resource.Empty()}.Snapshot()}
		if got, want := received(t, spans), objects(t, spans); !proto.Equal(got, want) {
			t.Errorf("%v: got %v, want %v", kind, got, want)
		}
	}
}

// OpenTelemetry leaves out the trace state of links, which OTLP has a place for.
func TestLinksKeepTheirTraceState(t *testing.T) {
	state, err := api.ParseTraceState("vendor=1")
	if err != nil {
		t.Fatal(err)
	}
	sc := api.NewSpanContext(api.SpanContextConfig{TraceID: api.TraceID{1}, SpanID: api.SpanID{2}, TraceState: state})
	got := received(t, []sdktrace.ReadOnlySpan{tracetest.SpanStub{Links: []sdktrace.Link{{SpanContext: sc}}}.Snapshot()})
	if state := got.GetResourceSpans()[0].GetScopeSpans()[0].GetSpans()[0].GetLinks()[0].GetTraceState(); state != "vendor=1" {
		t.Errorf("trace state %q", state)
	}
}

// texts is a span with a text in each place that can have one.
func texts(text string) sdktrace.ReadOnlySpan {
	attrs := []attribute.KeyValue{
		attribute.String("text", text), attribute.StringSlice("list", []string{"fine", text}), attribute.Int("number", 7),
		{Key: "nested", Value: attribute.SliceValue(attribute.IntValue(7), attribute.SliceValue(attribute.StringValue(text)))},
		attribute.Bool("key "+text, true),
	}
	return tracetest.SpanStub{
		Name: text, Status: sdktrace.Status{Code: codes.Error, Description: text}, Attributes: attrs,
		Events: []sdktrace.Event{{Name: text, Attributes: attrs}}, Links: []sdktrace.Link{{Attributes: attrs}},
		InstrumentationScope: instrumentation.Scope{Name: text, Version: text, SchemaURL: text, Attributes: attribute.NewSet(attrs...)},
		Resource:             resource.NewWithAttributes(text, attrs...),
	}.Snapshot()
}

// A text that is not UTF-8 would cost the batch it is in, wherever it stands.
func TestTextsAreMendedWhereverTheyAre(t *testing.T) {
	got := received(t, []sdktrace.ReadOnlySpan{texts("bad \xff")})
	want := objects(t, []sdktrace.ReadOnlySpan{texts("bad \uFFFD")})
	if !proto.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// Any text in any place arrives, mended.
func FuzzTraces(f *testing.F) {
	for _, seed := range []string{"", "fine", "bad \xff", "\x00", strings.Repeat("long ", 30_000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := received(t, []sdktrace.ReadOnlySpan{texts(text)})
		want := objects(t, []sdktrace.ReadOnlySpan{texts(strings.ToValidUTF8(text, "\uFFFD"))})
		if !proto.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	})
}

// usual returns n spans as they mostly are: nine attributes, nothing else.
func usual(n int) []sdktrace.ReadOnlySpan {
	ended := tracetest.NewSpanRecorder()
	tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(ended)).Tracer("scope", api.WithInstrumentationVersion("1"))
	for range n {
		_, span := tracer.Start(context.Background(), "run_step ask")
		for _, key := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			span.SetAttributes(attribute.String("workflow."+key, "a text of a usual length"))
		}
		span.SetAttributes(attribute.Int("workflow.i", 7))
		span.End()
	}
	return ended.Ended()
}

// The spans of a batch share their allocations, however many they are.
func TestSpansAllocateNothing(t *testing.T) {
	few, many := usual(100), usual(500)
	count := func(spans []sdktrace.ReadOnlySpan) float64 {
		return testing.AllocsPerRun(100, func() { otlp.Traces(spans) })
	}
	if a, b := count(few), count(many); b-a > 10 {
		t.Errorf("%v allocations for 100 spans, %v for 500", a, b)
	}
}

// BenchmarkTraces compares what it takes until spans are bytes, by span.
func BenchmarkTraces(b *testing.B) {
	spans := usual(512)
	for name, transform := range map[string]func() *collector.ExportTraceServiceRequest{
		"at-once": func() *collector.ExportTraceServiceRequest { return request(spans) },
		"objects": func() *collector.ExportTraceServiceRequest { return objects(b, spans) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if raw, err := proto.Marshal(transform()); err != nil || len(raw) == 0 {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(spans)), "ns/span")
		})
	}
}
