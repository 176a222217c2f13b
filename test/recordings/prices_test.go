package recordings_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// tag is what the cost processor wrote on a span.
type tag struct {
	span   string // id in hexadecimal
	status string
	reason string
	source string
	usd    float64
	model  bool // the span names a model
}

// leaf says whether the span is a call that has a price or would have one if its model had.
func (p *tag) leaf() bool {
	switch p.status {
	case "priced", "partial":
		return true
	case "unpriced":
		return p.model && p.reason != "no_usage"
	}
	return false
}

// tags reads what was written on the spans of a file.
func tags(t *testing.T, path string) (out []tag) {
	t.Helper()
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	if len(file) == 0 {
		return nil
	}
	td, _, err := merge(file)
	require.NoError(t, err)
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				id := s.SpanID()
				p := tag{
					span: id.String(), status: text(s.Attributes(), "workflow.cost.status"),
					reason: text(s.Attributes(), "workflow.cost.reason"), source: text(s.Attributes(), "workflow.cost.source"),
					model: namesModel(s.Attributes()),
				}
				if v, ok := s.Attributes().Get("workflow.cost.total"); ok {
					p.usd = v.Double()
				}
				if p.status != "" {
					out = append(out, p)
				}
			}
		}
	}
	return out
}

func text(attributes pcommon.Map, key string) string {
	v, ok := attributes.Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}

func namesModel(attributes pcommon.Map) bool {
	for name, v := range attributes.All() {
		for _, end := range []string{"model", "model_name", "model.name", "model.id"} {
			if strings.HasSuffix(name, end) && v.AsString() != "" && v.AsString() != "unknown" {
				return true
			}
		}
	}
	return false
}

// byID is a wrapper of the manifest that is named by the beginning of its id.
var byID = regexp.MustCompile(`^([0-9a-f]{5,16}) `)

// comparePrices compares how many spans are priced, and looks for wrappers among them.
func (a *answer) comparePrices(got []tag) (wrong []string) {
	leaves := 0
	for i := range got {
		p := &got[i]
		if p.leaf() {
			leaves++
		}
		for _, wrapper := range a.Wrappers {
			if id := byID.FindStringSubmatch(wrapper); id != nil && strings.HasPrefix(p.span, id[1]) && p.usd > 0 {
				wrong = append(wrong, fmt.Sprintf("wrapper priced at %g: %s", p.usd, wrapper))
			}
		}
	}
	if a.Priced != nil && leaves != *a.Priced {
		wrong = append(wrong, fmt.Sprintf("%d spans priced instead of %d: %+v", leaves, *a.Priced, got))
	}
	return wrong
}
