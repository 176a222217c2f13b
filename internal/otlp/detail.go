package otlp

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// Stated returns the usage of the span that was read last, as it is said.
func (r *Reader) Stated() flow.Stated { return r.facts.Stated() }

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
