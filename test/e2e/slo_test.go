package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/process"
	"github.com/tta-dev/otelcol-workflow/test/prometheustest"
)

// objectives has the collector keep SLOs over metrics that are sent to it, with every set of
// names.
const objectives = `yaml:
receivers: {otlp: {protocols: {http: {}}}}
processors:
  slo:
    flush_interval: 1s
    emit: [counters, derived, windows, sloth, pyrra]
    slos:
      - {name: calm, service: shop, objective: 90%, sli: {events: {metric: orders, good: {outcome: success}}}}
      - {name: strict, service: shop, objective: 99%, sli: {events: {metric: orders, good: {outcome: success}}}}
service: {pipelines: {metrics: {receivers: [workflow_metrics, otlp]}}}
`

// orders are the running totals of a source.
type orders struct {
	began     time.Time
	good, bad int64
}

// send tells the collector the totals.
func (o *orders) send(t *testing.T, c *collectortest.Collector) {
	t.Helper()
	md := pmetric.NewMetrics()
	m := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	m.SetName("orders")
	sum := m.SetEmptySum()
	sum.SetIsMonotonic(true)
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	for outcome, n := range map[string]int64{"success": o.good, "error": o.bad} {
		dp := sum.DataPoints().AppendEmpty()
		dp.SetStartTimestamp(pcommon.NewTimestampFromTime(o.began))
		dp.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		dp.SetIntValue(n)
		dp.Attributes().PutStr("outcome", outcome)
	}
	body, err := (&pmetric.JSONMarshaler{}).MarshalMetrics(md)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, c.SendMetrics(t, body))
}

// TestObjectivesInPrometheus asks the real Prometheus the questions of docs/slo.md.
func TestObjectivesInPrometheus(t *testing.T) {
	c := collectortest.Start(t, collectortest.Build(t), "standalone", objectives)
	p := prometheustest.Start(t, c.Metrics)
	require.Eventually(t, func() bool { return p.Number(t, "count(slo_events_total)") == 4 }, patience, tick, "the zeros")
	o := orders{began: time.Now()}
	for range 3 {
		o.good, o.bad = o.good+28, o.bad+12
		o.send(t, c)
		time.Sleep(1500 * time.Millisecond) // for a scrape or two in between
	}
	require.Eventually(t, func() bool {
		return p.Number(t, `slo_events_total{slo_name="calm",slo_outcome="bad"}`) == 36
	}, patience, tick)

	const of = `slo_name="calm",slo_service="shop"`
	for query, want := range map[string]map[string]float64{
		`slo_error_budget_remaining_ratio`: {"calm": -2, "strict": -29},
		`slo_sli_ratio{slo_window="30d"}`:  {"calm": 0.7, "strict": 0.7},
		// Burns are normalised: one rule serves all.
		`slo_burn_rate{slo_window="1h"} > 14.4 and ignoring(slo_window) slo_burn_rate{slo_window="5m"} > 14.4`: {"strict": 30},
		`max by (slo_service, slo_name, slo_policy, slo_severity) (slo_alert_burn_ratio{slo_policy="page-fast"}) > 1`: {
			"strict": 30 / 14.4,
		},
		// Of several replicas: add up, then divide.
		`sum by (slo_service, slo_name, slo_window) (slo_window_events{slo_outcome="bad", slo_window="1h"})
 / (sum by (slo_service, slo_name, slo_window) (slo_window_events{slo_window="1h"}) > 0)
 / on (slo_service, slo_name) group_left () (1 - max by (slo_service, slo_name) (slo_objective_ratio))`: {"calm": 3, "strict": 30},
		// A budget from counters alone.
		`1 - ( sum by (slo_service, slo_name) (increase(slo_events_total{slo_outcome="bad"}[30d]))
     / sum by (slo_service, slo_name) (increase(slo_events_total[30d])) )
   / on (slo_service, slo_name) group_left () (1 - max by (slo_service, slo_name) (slo_objective_ratio))`: {"calm": -2, "strict": -29},
		`sum by (slo_service, slo_name) (increase(slo_events_total[15m])) == 0`: {},
		`slo_info offset 30m unless on (slo_service, slo_name) slo_info`:        {},
		`slo_alert_active{slo_policy="page-fast"}`:                              {"calm": 0, "strict": 1},
	} {
		got := map[string]float64{}
		for _, s := range p.Query(t, query) {
			got[s.Labels["slo_name"]] = s.Value
			assert.Equal(t, "shop", s.Labels["slo_service"], query)
		}
		if assert.Len(t, got, len(want), query) {
			for name, v := range want {
				assert.InDelta(t, v, got[name], 1e-6, "%s: %s", name, query)
			}
		}
	}
	assert.Equal(t, sloNames, namesLike(t, p, "slo_.*"), of)
	assert.Equal(t, slothNames, namesLike(t, p, "slo:.*|sloth_.*"))
	assert.Equal(t, pyrraNames, namesLike(t, p, "pyrra_.*"))
	for _, s := range p.Query(t, `{__name__=~"slo:.*"}`) {
		assert.Equal(t, "shop-"+s.Labels["sloth_slo"], s.Labels["sloth_id"])
		assert.Equal(t, "shop", s.Labels["sloth_service"])
		_, window, of := strings.Cut(s.Labels["__name__"], "ratio_rate")
		assert.Equal(t, window, s.Labels["sloth_window"], "%v %v", s.Labels, of)
	}
	assert.NoError(t, c.Stop())
	assert.NoError(t, p.Stop())
}

var (
	sloNames = []string{
		"slo_alert_active", "slo_alert_burn_ratio", "slo_burn_rate", "slo_coverage_ratio",
		"slo_error_budget_ratio", "slo_error_budget_remaining_events", "slo_error_budget_remaining_ratio",
		"slo_error_budget_time_to_exhaustion_seconds", "slo_events_total", "slo_info",
		"slo_last_event_age_seconds", "slo_objective_ratio", "slo_period_seconds", "slo_sli_ratio",
		"slo_violations_total", "slo_window_events",
	}
	// slothNames are what the recording rules of Sloth are called.
	slothNames = []string{
		"slo:current_burn_rate:ratio", "slo:error_budget:ratio", "slo:objective:ratio",
		"slo:period_burn_rate:ratio", "slo:period_error_budget_remaining:ratio",
		"slo:sli_error:ratio_rate1d", "slo:sli_error:ratio_rate1h", "slo:sli_error:ratio_rate2h",
		"slo:sli_error:ratio_rate30d", "slo:sli_error:ratio_rate30m", "slo:sli_error:ratio_rate3d",
		"slo:sli_error:ratio_rate5m", "slo:sli_error:ratio_rate6h", "slo:time_period:days", "sloth_slo_info",
	}
	// pyrraNames are what its generic rules are called.
	pyrraNames = []string{"pyrra_availability", "pyrra_errors:rate5m", "pyrra_objective", "pyrra_requests:rate5m", "pyrra_window"}
)

// namesLike returns the names of the metrics, sorted.
func namesLike(t *testing.T, p *prometheustest.Prometheus, pattern string) (names []string) {
	t.Helper()
	for _, s := range p.Query(t, fmt.Sprintf("count by (__name__) ({__name__=~%q})", pattern)) {
		names = append(names, s.Labels["__name__"])
	}
	slices.Sort(names)
	return names
}

// TestObjectivesSurviveCrashes kills the collector at any moment, again and again, while
// Prometheus scrapes it: no counter ever falls, and in the end nothing is missing.
func TestObjectivesSurviveCrashes(t *testing.T) {
	const crashes = 12
	binary, state := collectortest.Build(t), filepath.Join(t.TempDir(), "state")
	address := fmt.Sprintf("127.0.0.1:%d", process.Ports(t, 1)[0])
	start := func() *collectortest.Collector {
		return collectortest.Start(t, binary, "standalone", objectives,
			"yaml:exporters::prometheus::endpoint: "+address, "yaml:extensions::file_storage::directory: "+state)
	}
	c := start()
	p := prometheustest.Start(t, "http://"+address+"/metrics")
	dice := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	o := orders{began: time.Now()}
	o.send(t, c)
	for range crashes {
		o.good, o.bad = o.good+dice.Int64N(50), o.bad+dice.Int64N(5)
		o.send(t, c)
		time.Sleep(time.Duration(dice.Int64N(int64(2500 * time.Millisecond))))
		c.Kill(t)
		c = start()
	}
	o.good, o.bad = o.good+1, o.bad+1
	o.send(t, c)
	for outcome, n := range map[string]int64{"good": o.good, "bad": o.bad} {
		require.Eventually(t, func() bool {
			return p.Number(t, `slo_events_total{slo_name="calm",slo_outcome="`+outcome+`"}`) == float64(n)
		}, patience, tick, "%d %s events", n, outcome)
	}
	assert.Zero(t, p.Number(t, `sum(resets(slo_events_total[1h]))`))
	left := 1 - float64(o.bad)/(0.1*float64(o.good+o.bad))
	assert.InDelta(t, left, p.Number(t, `slo_error_budget_remaining_ratio{slo_name="calm"}`), 1e-9)
	assert.NoError(t, c.Stop())
	assert.NoError(t, p.Stop())
}
