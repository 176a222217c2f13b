package otelsetup

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// mender is an exporter that replaces what is not UTF-8 in spans, which would
// otherwise cost their whole batch:
//
//	200 spans, one of them with the text "bad reply: \xff"
//	without   string field contains invalid UTF-8, 0 arrive
//	with      200 arrive, one of them with the text "bad reply: \uFFFD"
//
// Spans are mostly fine: those are looked through and handed on as they are,
// and only lists of texts are copied for it. It is safe for concurrent use.
type mender struct{ sdktrace.SpanExporter }

// ExportSpans exports the spans, mended where they need it.
func (m mender) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if slices.ContainsFunc(spans, spanIsBad) {
		spans = slices.Clone(spans)
		for i, s := range spans {
			if spanIsBad(s) {
				spans[i] = mended{s}
			}
		}
	}
	return m.SpanExporter.ExportSpans(ctx, spans)
}

func spanIsBad(s sdktrace.ReadOnlySpan) bool {
	return !utf8.ValidString(s.Name()) || !utf8.ValidString(s.Status().Description) || areBad(s.Attributes()) ||
		slices.ContainsFunc(s.Events(), func(e sdktrace.Event) bool { return !utf8.ValidString(e.Name) || areBad(e.Attributes) }) ||
		slices.ContainsFunc(s.Links(), func(l sdktrace.Link) bool { return areBad(l.Attributes) }) ||
		scopeIsBad(s.InstrumentationScope())
}

func scopeIsBad(s instrumentation.Scope) bool {
	return !utf8.ValidString(s.Name) || !utf8.ValidString(s.Version) || !utf8.ValidString(s.SchemaURL) || areBad(s.Attributes.ToSlice())
}

func areBad(attrs []attribute.KeyValue) bool {
	return slices.ContainsFunc(attrs, func(kv attribute.KeyValue) bool { return !utf8.ValidString(string(kv.Key)) || isBad(kv.Value) })
}

func isBad(v attribute.Value) bool {
	switch v.Type() {
	case attribute.STRING:
		return !utf8.ValidString(v.AsString())
	case attribute.STRINGSLICE:
		return slices.ContainsFunc(v.AsStringSlice(), func(s string) bool { return !utf8.ValidString(s) })
	case attribute.SLICE:
		return slices.ContainsFunc(v.AsSlice(), isBad)
	default:
		return false
	}
}

// mended is a span that reads as UTF-8 throughout.
type mended struct{ sdktrace.ReadOnlySpan }

// Name returns the mended name.
func (m mended) Name() string { return mend(m.ReadOnlySpan.Name()) }

// Status returns the status with its text mended.
func (m mended) Status() sdktrace.Status {
	status := m.ReadOnlySpan.Status()
	status.Description = mend(status.Description)
	return status
}

// Attributes returns the mended attributes.
func (m mended) Attributes() []attribute.KeyValue { return mendAll(m.ReadOnlySpan.Attributes()) }

// Events returns the events with their names and attributes mended.
func (m mended) Events() []sdktrace.Event {
	events := slices.Clone(m.ReadOnlySpan.Events())
	for i, e := range events {
		events[i].Name, events[i].Attributes = mend(e.Name), mendAll(e.Attributes)
	}
	return events
}

// Links returns the links with their attributes mended.
func (m mended) Links() []sdktrace.Link {
	links := slices.Clone(m.ReadOnlySpan.Links())
	for i, l := range links {
		links[i].Attributes = mendAll(l.Attributes)
	}
	return links
}

// InstrumentationScope returns the mended scope.
func (m mended) InstrumentationScope() instrumentation.Scope {
	s := m.ReadOnlySpan.InstrumentationScope()
	return instrumentation.Scope{
		Name: mend(s.Name), Version: mend(s.Version), SchemaURL: mend(s.SchemaURL),
		Attributes: attribute.NewSet(mendAll(s.Attributes.ToSlice())...),
	}
}

func mend(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

func mendAll(attrs []attribute.KeyValue) []attribute.KeyValue {
	attrs = slices.Clone(attrs)
	for i, kv := range attrs {
		attrs[i] = attribute.KeyValue{Key: attribute.Key(mend(string(kv.Key))), Value: mendValue(kv.Value)}
	}
	return attrs
}

func mendValue(v attribute.Value) attribute.Value {
	switch v.Type() {
	case attribute.STRING:
		return attribute.StringValue(mend(v.AsString()))
	case attribute.STRINGSLICE:
		texts := v.AsStringSlice()
		for i, text := range texts {
			texts[i] = mend(text)
		}
		return attribute.StringSliceValue(texts)
	case attribute.SLICE:
		values := v.AsSlice()
		for i, value := range values {
			values[i] = mendValue(value)
		}
		return attribute.SliceValue(values...)
	default:
		return v
	}
}
