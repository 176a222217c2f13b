package otlp_test

import (
	"math"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	api "go.opentelemetry.io/otel/trace"
	"pgregory.net/rapid"
)

// drawSpans draws a batch of one provider with few scopes, whose texts are UTF-8.
func drawSpans(t *rapid.T) []sdktrace.ReadOnlySpan {
	res := resource.NewWithAttributes(drawText(t), drawAttributes(t)...)
	scopes := rapid.SliceOfN(rapid.Custom(drawScope), 1, 3).Draw(t, "scopes")
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sdktrace.ReadOnlySpan {
		return tracetest.SpanStub{
			Name:                 drawText(t),
			SpanContext:          drawContext(t),
			Parent:               drawContext(t),
			SpanKind:             api.SpanKind(rapid.IntRange(-1, 7).Draw(t, "kind")),
			StartTime:            drawTime(t),
			EndTime:              drawTime(t),
			Attributes:           drawAttributes(t),
			Events:               rapid.SliceOfN(rapid.Custom(drawEvent), 0, 3).Draw(t, "events"),
			Links:                rapid.SliceOfN(rapid.Custom(drawLink), 0, 3).Draw(t, "links"),
			Status:               sdktrace.Status{Code: codes.Code(rapid.Uint32Range(0, 3).Draw(t, "code")), Description: drawText(t)},
			DroppedAttributes:    drawCount(t),
			DroppedEvents:        drawCount(t),
			DroppedLinks:         drawCount(t),
			Resource:             res,
			InstrumentationScope: rapid.SampledFrom(scopes).Draw(t, "scope"),
		}.Snapshot()
	}), 1, 5).Draw(t, "spans")
}

func drawScope(t *rapid.T) instrumentation.Scope {
	if rapid.Bool().Draw(t, "none") {
		return instrumentation.Scope{}
	}
	return instrumentation.Scope{Name: drawText(t), Version: drawText(t), SchemaURL: drawText(t), Attributes: attribute.NewSet(drawAttributes(t)...)}
}

func drawEvent(t *rapid.T) sdktrace.Event {
	return sdktrace.Event{Name: drawText(t), Attributes: drawAttributes(t), DroppedAttributeCount: drawCount(t), Time: drawTime(t)}
}

// drawLink draws none with a trace state, which OpenTelemetry leaves out.
func drawLink(t *rapid.T) sdktrace.Link {
	sc := drawContext(t)
	return sdktrace.Link{SpanContext: sc.WithTraceState(api.TraceState{}), Attributes: drawAttributes(t), DroppedAttributeCount: drawCount(t)}
}

func drawContext(t *rapid.T) api.SpanContext {
	state, err := api.ParseTraceState(rapid.SampledFrom([]string{"", "a=1", "a=1,b=2"}).Draw(t, "state"))
	if err != nil {
		t.Fatal(err)
	}
	return api.NewSpanContext(api.SpanContextConfig{
		TraceID:    api.TraceID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "trace")),
		SpanID:     api.SpanID(rapid.SliceOfN(rapid.ByteMax(1), 8, 8).Draw(t, "span")),
		TraceFlags: api.TraceFlags(rapid.Byte().Draw(t, "flags")),
		TraceState: state,
		Remote:     rapid.Bool().Draw(t, "remote"),
	})
}

func drawTime(t *rapid.T) time.Time {
	return time.Unix(0, rapid.Int64().Draw(t, "nanoseconds"))
}

func drawCount(t *rapid.T) int {
	return rapid.OneOf(rapid.IntRange(-1, 3), rapid.SampledFrom([]int{math.MaxUint32, math.MaxInt})).Draw(t, "count")
}

func drawAttributes(t *rapid.T) []attribute.KeyValue {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) attribute.KeyValue {
		return attribute.KeyValue{Key: attribute.Key(drawText(t)), Value: drawValue(t, 2)}
	}), 0, 5).Draw(t, "attributes")
}

// drawText draws texts on both sides of where their length takes one byte more.
func drawText(t *rapid.T) string {
	n := rapid.SampledFrom([]int{0, 1, 5, 120, 127, 128, 16_383, 16_384}).Draw(t, "bytes")
	if n > 5 {
		return string(make([]byte, n))
	}
	return rapid.StringN(0, n, -1).Draw(t, "text")
}

func drawValue(t *rapid.T, deep int) attribute.Value {
	switch kind := rapid.IntRange(0, 9+min(deep, 1)).Draw(t, "kind of value"); kind {
	case 0:
		return attribute.Value{}
	case 1:
		return attribute.BoolValue(rapid.Bool().Draw(t, "bool"))
	case 2:
		return attribute.Int64Value(rapid.Int64().Draw(t, "int"))
	case 3:
		return attribute.Float64Value(rapid.Float64().Draw(t, "float"))
	case 4:
		return attribute.StringValue(drawText(t))
	case 5:
		return attribute.BoolSliceValue(rapid.SliceOfN(rapid.Bool(), 0, 3).Draw(t, "bools"))
	case 6:
		return attribute.Int64SliceValue(rapid.SliceOfN(rapid.Int64(), 0, 3).Draw(t, "ints"))
	case 7:
		return attribute.Float64SliceValue(rapid.SliceOfN(rapid.Float64(), 0, 3).Draw(t, "floats"))
	case 8:
		return attribute.StringSliceValue(rapid.SliceOfN(rapid.Custom(drawText), 0, 3).Draw(t, "texts"))
	case 9:
		return attribute.ByteSliceValue(rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "bytes"))
	default:
		return attribute.SliceValue(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) attribute.Value { return drawValue(t, deep-1) }), 0, 3).Draw(t, "values")...)
	}
}
