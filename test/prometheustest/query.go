package prometheustest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/prometheusapi"
)

// Query returns the result of an instant query.
func (p *Prometheus) Query(tb testing.TB, expr string) []prometheusapi.Sample {
	tb.Helper()
	out, err := prometheusapi.Query(tb.Context(), p.URL, expr)
	require.NoError(tb, err)
	return out
}

// Number returns the value of a query whose result is at most one number, and 0
// where it is empty.
func (p *Prometheus) Number(tb testing.TB, expr string) float64 {
	tb.Helper()
	out := p.Query(tb, expr)
	if len(out) == 0 {
		return 0
	}
	require.Len(tb, out, 1, expr)
	return out[0].Value
}
