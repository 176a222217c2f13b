package carrier

import (
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/propagation"
)

// Metadata is gRPC metadata, or any other map with keys in lower case: a
// metadata.MD converts to it. It must not be nil when something is injected.
// It is not safe for concurrent use.
type Metadata map[string][]string

var (
	_ propagation.TextMapCarrier = Metadata(nil)
	_ propagation.ValuesGetter   = Metadata(nil)
)

// Get returns the first value of a key, "" if there is none.
func (m Metadata) Get(key string) string {
	if all := m.Values(key); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Values returns all values of a key.
func (m Metadata) Values(key string) []string { return m[strings.ToLower(key)] }

// Set replaces all values of a key.
func (m Metadata) Set(key, value string) { m[strings.ToLower(key)] = []string{value} }

// Keys returns the keys in alphabetical order.
func (m Metadata) Keys() []string { return slices.Sorted(maps.Keys(m)) }
