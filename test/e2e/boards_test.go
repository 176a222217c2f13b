package e2e_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/test/prometheustest"
)

// assertBoards asks the queries of TTA.dev's boards and rules, of those that need no hours of
// history. A rate over 5 minutes that ends at a sample is what was sent over 300 seconds,
// since every series began with 0.
func assertBoards(t *testing.T, p *prometheustest.Prometheus, b *books) {
	t.Helper()
	last := p.Query(t, "max(timestamp(primitive_requests_total))")
	require.Len(t, last, 1)
	pinned := fmt.Sprintf("[5m] @ %.3f", last[0].Value)
	for query, want := range boards(b) {
		assertValues(t, p, strings.ReplaceAll(query, "[5m]", pinned), want)
	}
	for _, q := range []float64{0.5, 0.9, 0.95, 0.99} {
		assertBuckets(t, p, b, pinned, q)
	}
}

// boards returns what the queries must answer; panels first, then rules.
func boards(b *books) map[string]map[string]float64 {
	requests, cost, savings := b.numbers["primitive_requests_total"], b.numbers["primitive_cost_total"], b.numbers["primitive_cost_savings_total"]
	all, failed := grouped(requests, ""), grouped(requests, "error")
	spent, saved := b.sum("primitive_cost_total"), b.sum("primitive_cost_savings_total")
	compliance, remaining := b.numbers["primitive_slo_compliance"], b.numbers["primitive_error_budget_remaining"]
	errorRate := `( sum(rate(primitive_requests_total{status="error"}[5m])) by (primitive_name) / sum(rate(primitive_requests_total[5m])) by (primitive_name) )`
	successRate := strings.Replace(errorRate, "error", "success", 1)
	share := ratio(failed, all)
	rest := ratio(grouped(requests, "success"), all)
	burn := each(compliance, func(v float64) float64 { return (1 - v) / (1 - 0.95) })
	return map[string]map[string]float64{
		"rate(primitive_requests_total[5m])":                                          each(requests, perSecond),
		"primitive_active_requests":                                                   b.numbers["primitive_active_requests"],
		strings.Trim(successRate, "( )") + ")":                                        rest,
		`sum(rate(primitive_requests_total{status="error"}[5m])) by (primitive_name)`: each(failed, perSecond),
		"primitive_slo_compliance":                                                    compliance,
		"primitive_error_budget_remaining":                                            remaining,
		"(1 - primitive_slo_compliance) / (1 - 0.95)":                                 burn,
		"primitive_slo_compliance < 0.95":                                             those(compliance, func(v float64) bool { return v < 0.95 }),
		"sum(primitive_cost_total)":                                                   {"{}": spent},
		"sum(primitive_cost_savings_total)":                                           {"{}": saved},
		"sum(primitive_cost_savings_total) / (sum(primitive_cost_total) + sum(primitive_cost_savings_total))": {"{}": saved / (spent + saved)},
		"rate(primitive_cost_total[5m])":                        each(cost, perSecond),
		"rate(primitive_cost_savings_total[5m])":                each(savings, perSecond),
		"sum(primitive_cost_total) by (primitive_name)":         cost,
		"sum(primitive_cost_savings_total) by (primitive_name)": savings,

		"primitive_slo_compliance < 0.99 and primitive_slo_compliance >= 0.95":               those(compliance, func(v float64) bool { return v < 0.99 && v >= 0.95 }),
		"primitive_error_budget_remaining < 0.3 and primitive_error_budget_remaining >= 0.1": those(remaining, func(v float64) bool { return v < 0.3 && v >= 0.1 }),
		"primitive_error_budget_remaining <= 0":                                              those(remaining, func(v float64) bool { return v <= 0 }),
		"( (1 - primitive_slo_compliance) / (1 - 0.95) ) > 5":                                those(burn, func(v float64) bool { return v > 5 }),
		"primitive_active_requests > 1":                                                      those(b.numbers["primitive_active_requests"], func(v float64) bool { return v > 1 }),
		"rate(primitive_cost_total[5m]) > 0.001":                                             those(each(cost, perSecond), func(v float64) bool { return v > 0.001 }),
		errorRate + " > 0.05":                                                                those(share, func(v float64) bool { return v > 0.05 }),
		successRate + " < 0.90":                                                              those(rest, func(v float64) bool { return v < 0.9 }),
		errorRate + " >= 1.0":                                                                {},
	}
}

func perSecond(v float64) float64 { return v / 300 }

func each(series map[string]float64, f func(float64) float64) map[string]float64 {
	out := map[string]float64{}
	for at, v := range series {
		out[at] = f(v)
	}
	return out
}

func those(series map[string]float64, wanted func(float64) bool) map[string]float64 {
	out := maps.Clone(series)
	maps.DeleteFunc(out, func(_ string, v float64) bool { return !wanted(v) })
	return out
}

// grouped adds up requests by primitive; those of one status, unless it is "".
func grouped(requests map[string]float64, status string) map[string]float64 {
	out := map[string]float64{}
	for series, n := range requests {
		if at := read(series); status == "" || at["status"] == status {
			out[labels{"primitive_name": at["primitive_name"]}.String()] += n
		}
	}
	return out
}

// ratio has a series where both have one, as PromQL does.
func ratio(of, to map[string]float64) map[string]float64 {
	out := map[string]float64{}
	for at, v := range of {
		out[at] = v / to[at]
	}
	return out
}

// assertBuckets asserts that the quantile of each primitive lies in the bucket of the true one.
func assertBuckets(t *testing.T, p *prometheustest.Prometheus, b *books, pinned string, q float64) {
	t.Helper()
	counts := map[string]map[string]float64{} // by primitive and bound
	for series, n := range b.numbers["primitive_duration_seconds_bucket"] {
		at := read(series)
		name := labels{"primitive_name": at["primitive_name"]}.String()
		if counts[name] == nil {
			counts[name] = map[string]float64{}
		}
		counts[name][at["le"]] += n
	}
	query := fmt.Sprintf("histogram_quantile(%v, sum(rate(primitive_duration_seconds_bucket%s)) by (le, primitive_name))", q, pinned)
	got := p.Query(t, query)
	assert.Len(t, got, len(counts))
	for _, s := range got {
		within := counts[ours(s.Labels).String()]
		i := slices.IndexFunc(bounds, func(bound float64) bool { return within[le(bound)] >= q*within["+Inf"] })
		low := 0.0
		if i > 0 {
			low = bounds[i-1]
		}
		assert.True(t, s.Value >= low && s.Value <= min(bounds[i], 60), "%s of %v is %v, not in %v to %v", query, s.Labels, s.Value, low, bounds[i])
		assert.False(t, math.IsNaN(s.Value))
	}
}
