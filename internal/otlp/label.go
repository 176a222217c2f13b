package otlp

import "github.com/prometheus/otlptranslator"

// Label returns the Prometheus label that exporters make of an attribute, "" if they can make
// none: a.b, a-b and a_b are one.
func Label(attribute string) string {
	name, err := new(otlptranslator.LabelNamer).Build(attribute)
	if err != nil {
		return ""
	}
	return name
}
