package otlp

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

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
