package otlp

import (
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	resource "go.opentelemetry.io/proto/otlp/resource/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// bytesASpan is about what a span of a workflow takes.
const bytesASpan = 512

// Traces returns spans of one provider, grouped by scope in the order in which
// scopes first occur; nil for none. Resource, scopes and spans are messages whose
// content is written already: it stands where a protobuf message keeps the fields
// that it does not know, and leaves it as it is when the message is marshalled.
// The result shares nothing with the spans. Traces is safe for concurrent use.
func Traces(spans []sdktrace.ReadOnlySpan) []*trace.ResourceSpans {
	if len(spans) == 0 {
		return nil
	}
	res := spans[0].Resource()
	all := &trace.ResourceSpans{
		Resource:  filled(&resource.Resource{}, appendAttributes(nil, fieldResourceAttributes, res.Attributes())),
		SchemaUrl: mend(res.SchemaURL()),
	}
	groups := make(map[instrumentation.Scope]*trace.ScopeSpans, 1)
	messages := make([]trace.Span, len(spans))
	buf := make([]byte, 0, bytesASpan*len(spans))
	for i, s := range spans {
		scope := s.InstrumentationScope()
		group := groups[scope]
		if group == nil {
			group = &trace.ScopeSpans{Scope: scopeOf(scope), SchemaUrl: mend(scope.SchemaURL)}
			groups[scope] = group
			all.ScopeSpans = append(all.ScopeSpans, group)
		}
		begin := len(buf)
		buf = appendSpan(buf, s)
		group.Spans = append(group.Spans, filled(&messages[i], buf[begin:len(buf):len(buf)]))
	}
	return []*trace.ResourceSpans{all}
}

// filled gives a message its content.
func filled[M proto.Message](m M, content []byte) M {
	m.ProtoReflect().SetUnknown(content)
	return m
}

// scopeOf returns nil for a scope that says nothing.
func scopeOf(s instrumentation.Scope) *common.InstrumentationScope {
	if s == (instrumentation.Scope{}) {
		return nil
	}
	b := appendText(nil, fieldScopeName, s.Name)
	b = appendText(b, fieldScopeVersion, s.Version)
	return filled(&common.InstrumentationScope{}, appendAttributes(b, fieldScopeAttributes, s.Attributes.ToSlice()))
}
