package e2e_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/prometheustest"
)

// fine is how far the gauges may be off: durations of the load span less than six
// decades, for which workflow_metrics has buckets of scale 6.
var fine = math.Exp2(math.Exp2(-6)) - 1

// assertGauges asserts that the percentile processor tells a quantile of every series,
// whatever its outcome, that each is that of the durations which were sent, and that
// PromQL says the same of the histograms as far as their fewer buckets can tell.
func assertGauges(t *testing.T, p *prometheustest.Prometheus, b *books) {
	t.Helper()
	for metric, series := range b.seconds {
		gauge := strings.TrimSuffix(metric, "_seconds") + "_quantile_seconds"
		if !strings.HasSuffix(metric, "_seconds") {
			gauge = metric + "_quantile"
		}
		want := merged(series)
		var got map[string]float64
		assert.Eventually(t, func() bool {
			got = told(t, p, gauge)
			return len(furthest(got, want)) == 0
		}, patience, tick)
		assert.Empty(t, furthest(got, want), gauge)
		assertAgrees(t, p, metric, want, got, math.Exp2(math.Exp2(-float64(schema(series))))-1)
	}
}

var outcome = regexp.MustCompile(`workflow_outcome="[^"]*",?`)

// merged returns the values of the series that differ in their outcome only, sorted.
func merged(series map[string][]float64) map[string][]float64 {
	out := map[string][]float64{}
	for labels, values := range series {
		group := strings.Replace(outcome.ReplaceAllString(labels, ""), ",}", "}", 1)
		out[group] = append(out[group], values...)
	}
	for _, values := range out {
		slices.Sort(values)
	}
	return out
}

// told returns the points of a gauge, by the labels of the series and the quantile.
func told(t *testing.T, p *prometheustest.Prometheus, gauge string) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	for _, s := range p.Query(t, gauge) {
		all := ours(s.Labels)
		quantile := all["quantile"]
		delete(all, "quantile")
		out[all.String()+quantile] = s.Value
	}
	return out
}

// furthest says of each point what is wrong with it.
func furthest(got map[string]float64, want map[string][]float64) (wrong []string) {
	for group, values := range want {
		for _, q := range []float64{0.5, 0.9, 0.95, 0.99} {
			truth := values[int(math.Ceil(q*float64(len(values))))-1]
			v, ok := got[group+strconv.FormatFloat(q, 'f', -1, 64)]
			if !ok || math.Abs(v-truth) > truth*fine*(1+1e-9) {
				wrong = append(wrong, fmt.Sprintf("%s %v: %v, true is %v", group, q, v, truth))
			}
		}
	}
	if len(got) != 4*len(want) {
		wrong = append(wrong, fmt.Sprintf("%d points of %d series", len(got), len(want)))
	}
	return wrong
}

// assertAgrees compares with histogram_quantile over the histograms in Prometheus. That
// counts from the top: where q × n is whole it may say the value after ours.
func assertAgrees(
	t *testing.T, p *prometheustest.Prometheus, metric string, want map[string][]float64, got map[string]float64, coarse float64,
) {
	t.Helper()
	tolerance := (1 + coarse) * (1 + fine) * (1 + 1e-9)
	compared := 0
	for _, q := range []float64{0.5, 0.9, 0.95, 0.99} {
		for _, s := range p.Query(t, fmt.Sprintf("histogram_quantile(%v, sum without (workflow_outcome) (%s))", q, metric)) {
			group := ours(s.Labels).String()
			v, ok := got[group+strconv.FormatFloat(q, 'f', -1, 64)]
			require.True(t, ok, "%s %v", metric, s.Labels)
			next, values := v, want[group]
			if rank := q * float64(len(values)); math.Abs(rank-math.Round(rank)) < 1e-9 {
				next = max(v, values[min(int(math.Round(rank)), len(values)-1)])
			}
			assert.GreaterOrEqual(t, s.Value, v/tolerance, "%s %v quantile %v", metric, s.Labels, q)
			assert.LessOrEqual(t, s.Value, next*tolerance, "%s %v quantile %v", metric, s.Labels, q)
			compared++
		}
	}
	assert.Equal(t, len(got), compared, metric)
}
