package workflow

import (
	"maps"
	"slices"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Bounds of the tags of a run. What is beyond is left out or cut: every span
// bears them.
const (
	maxTags   = 8
	maxTagKey = 64  // bytes
	maxID     = 256 // bytes of a tag's value, an id, a tenant
)

// tagsOf turns tags into attributes, the first maxTags by name.
func tagsOf(tags map[string]string) []attribute.KeyValue {
	var attrs []attribute.KeyValue
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		if key == "" || len(attrs) == maxTags {
			continue
		}
		attrs = append(attrs, attribute.String(semconv.TagPrefix+clip(key, maxTagKey), clip(tags[key], maxID)))
	}
	return attrs
}
