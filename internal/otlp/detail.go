package otlp

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// Stated returns the usage of the span that was read last, as it is said.
func (r *Reader) Stated() flow.Stated { return r.facts.Stated() }

// Foreign returns the cost of the span that was read last and its currency, if that is another
// one than US dollars. The reading is the one that Read returned.
func (r *Reader) Foreign(reading *flow.Reading) (amount float64, currency string, ok bool) {
	return r.facts.Foreign(reading)
}

// Detail reads what the price of a call depends on beside its reading. Its strings are
// borrowed from the attributes.
func Detail(attributes pcommon.Map) (d flow.Detail) {
	for name, value := range attributes.All() {
		if value.Type() != pcommon.ValueTypeStr {
			continue
		}
		if k := flow.LookupDetail(name); k != 0 {
			d.Text(k, value.Str())
		}
	}
	return d
}

// Content reads how much text a span and its events hold of what a model was told and said.
func Content(in ptrace.Span) (c flow.Content) {
	hear(&c, in.Attributes())
	for _, event := range in.Events().All() {
		hear(&c, event.Attributes())
	}
	return c
}

func hear(c *flow.Content, attributes pcommon.Map) {
	for name, value := range attributes.All() {
		switch value.Type() {
		case pcommon.ValueTypeStr, pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
			c.Text(name, value.AsString())
		default:
		}
	}
}
