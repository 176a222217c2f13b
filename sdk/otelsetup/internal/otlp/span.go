package otlp

import (
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
)

// Numbers of fields, from opentelemetry/proto/trace/v1/trace.proto and the files
// beside it.
const (
	fieldResourceAttributes = 1

	fieldScopeName       = 1
	fieldScopeVersion    = 2
	fieldScopeAttributes = 3

	fieldSpanTraceID           = 1
	fieldSpanID                = 2
	fieldSpanTraceState        = 3
	fieldSpanParentID          = 4
	fieldSpanName              = 5
	fieldSpanKind              = 6
	fieldSpanStart             = 7
	fieldSpanEnd               = 8
	fieldSpanAttributes        = 9
	fieldSpanDroppedAttributes = 10
	fieldSpanEvents            = 11
	fieldSpanDroppedEvents     = 12
	fieldSpanLinks             = 13
	fieldSpanDroppedLinks      = 14
	fieldSpanStatus            = 15
	fieldSpanFlags             = 16

	fieldEventTime              = 1
	fieldEventName              = 2
	fieldEventAttributes        = 3
	fieldEventDroppedAttributes = 4

	fieldLinkTraceID           = 1
	fieldLinkSpanID            = 2
	fieldLinkTraceState        = 3
	fieldLinkAttributes        = 4
	fieldLinkDroppedAttributes = 5
	fieldLinkFlags             = 6

	fieldStatusMessage = 2
	fieldStatusCode    = 3
)

func appendSpan(b []byte, s sdktrace.ReadOnlySpan) []byte {
	sc, parent := s.SpanContext(), s.Parent()
	traceID, spanID := sc.TraceID(), sc.SpanID()
	b = appendBytes(b, fieldSpanTraceID, traceID[:])
	b = appendBytes(b, fieldSpanID, spanID[:])
	b = appendText(b, fieldSpanTraceState, sc.TraceState().String())
	if id := parent.SpanID(); id.IsValid() {
		b = appendBytes(b, fieldSpanParentID, id[:])
	}
	b = appendFlags(b, fieldSpanFlags, sc, parent)
	b = appendText(b, fieldSpanName, s.Name())
	b = appendUint(b, fieldSpanKind, uint64(kindOf(s.SpanKind())))
	b = appendTime(b, fieldSpanStart, s.StartTime())
	b = appendTime(b, fieldSpanEnd, s.EndTime())
	b = appendAttributes(b, fieldSpanAttributes, s.Attributes())
	b = appendCount(b, fieldSpanDroppedAttributes, s.DroppedAttributes())
	for _, e := range s.Events() {
		b = appendEvent(b, e)
	}
	b = appendCount(b, fieldSpanDroppedEvents, s.DroppedEvents())
	for _, l := range s.Links() {
		b = appendLink(b, l)
	}
	b = appendCount(b, fieldSpanDroppedLinks, s.DroppedLinks())
	return appendStatus(b, s.Status())
}

func appendEvent(b []byte, e sdktrace.Event) []byte {
	b, at := begin(b, fieldSpanEvents)
	b = appendTime(b, fieldEventTime, e.Time)
	b = appendText(b, fieldEventName, e.Name)
	b = appendAttributes(b, fieldEventAttributes, e.Attributes)
	return end(appendCount(b, fieldEventDroppedAttributes, e.DroppedAttributeCount), at)
}

func appendLink(b []byte, l sdktrace.Link) []byte {
	traceID, spanID := l.SpanContext.TraceID(), l.SpanContext.SpanID()
	b, at := begin(b, fieldSpanLinks)
	b = appendBytes(b, fieldLinkTraceID, traceID[:])
	b = appendBytes(b, fieldLinkSpanID, spanID[:])
	b = appendText(b, fieldLinkTraceState, l.SpanContext.TraceState().String())
	b = appendAttributes(b, fieldLinkAttributes, l.Attributes)
	b = appendCount(b, fieldLinkDroppedAttributes, l.DroppedAttributeCount)
	return end(appendFlags(b, fieldLinkFlags, l.SpanContext, l.SpanContext), at)
}

func appendStatus(b []byte, s sdktrace.Status) []byte {
	b, at := begin(b, fieldSpanStatus)
	b = appendText(b, fieldStatusMessage, s.Description)
	return end(appendUint(b, fieldStatusCode, uint64(codeOf(s.Code))), at)
}

// appendFlags appends the flags of a trace and whether far, the parent or what is
// linked to, is in another process.
func appendFlags(b []byte, num field, sc, far api.SpanContext) []byte {
	flags := uint32(sc.TraceFlags()) | uint32(trace.SpanFlags_SPAN_FLAGS_CONTEXT_HAS_IS_REMOTE_MASK)
	if far.IsRemote() {
		flags |= uint32(trace.SpanFlags_SPAN_FLAGS_CONTEXT_IS_REMOTE_MASK)
	}
	return appendFixed32(b, num, flags)
}

func kindOf(kind api.SpanKind) trace.Span_SpanKind {
	switch kind {
	case api.SpanKindInternal:
		return trace.Span_SPAN_KIND_INTERNAL
	case api.SpanKindClient:
		return trace.Span_SPAN_KIND_CLIENT
	case api.SpanKindServer:
		return trace.Span_SPAN_KIND_SERVER
	case api.SpanKindProducer:
		return trace.Span_SPAN_KIND_PRODUCER
	case api.SpanKindConsumer:
		return trace.Span_SPAN_KIND_CONSUMER
	default:
		return trace.Span_SPAN_KIND_UNSPECIFIED
	}
}

func codeOf(code codes.Code) trace.Status_StatusCode {
	switch code {
	case codes.Ok:
		return trace.Status_STATUS_CODE_OK
	case codes.Error:
		return trace.Status_STATUS_CODE_ERROR
	default:
		return trace.Status_STATUS_CODE_UNSET
	}
}
