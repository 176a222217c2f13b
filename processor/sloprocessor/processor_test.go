package sloprocessor

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/tta-dev/otelcol-workflow/test/storagetest"
)

// valueOf returns the value of the point of a metric that has an attribute of that value.
func valueOf(data metricdata.Aggregation, attribute string) (n int64) {
	points := []metricdata.DataPoint[int64]{}
	switch d := data.(type) {
	case metricdata.Sum[int64]:
		points = d.DataPoints
	case metricdata.Gauge[int64]:
		points = d.DataPoints
	}
	for _, dp := range points {
		for _, kv := range dp.Attributes.ToSlice() {
			if kv.Value.AsString() == attribute {
				return dp.Value
			}
		}
		if attribute == "" {
			n += dp.Value
		}
	}
	return n
}

const success = `
flush_interval: 10s
slos:
  - name: success
    service: shop
    objective: 99%
    sli: {events: {metric: runs, good: {outcome: success}, total: {outcome: "!cancelled"}}}
`

func TestEventsBecomeABudget(t *testing.T) {
	inBubble(t, success, func(r *rig) {
		r.flush(1)
		r.shows(0, "slo.events", "slo.outcome", "good")
		r.shows(0, "slo.events", "slo.outcome", "bad")
		r.shows(1, "slo.error_budget.remaining")
		r.lacks("slo.sli")
		r.lacks("slo.burn_rate")
		r.lacks("slo.last_event_age")

		r.total("runs", 995, "outcome", "success")
		r.total("runs", 5, "outcome", "error")
		r.total("runs", 77, "outcome", "cancelled")
		r.total("walks", 77, "outcome", "error")
		r.flush(1)
		r.shows(995, "slo.events", "slo.outcome", "good", "slo.name", "success", "slo.service", "shop")
		r.shows(5, "slo.events", "slo.outcome", "bad")
		r.shows(0.995, "slo.sli", "slo.window", "30d")
		r.shows(0.5, "slo.burn_rate", "slo.window", "5m")
		r.shows(0.99, "slo.objective")
		r.shows(0.01, "slo.error_budget")
		r.shows(0.5, "slo.error_budget.remaining")
		r.shows(5, "slo.error_budget.remaining_events")
		r.shows(10, "slo.last_event_age")
		r.shows(30*86400, "slo.period")
		r.shows(1, "slo.info", "slo.budgeting", "occurrences", "slo.window_type", "rolling")
		r.lacks("slo.latency.threshold")
		r.shows(0.5/14.4, "slo.alert.burn_ratio", "slo.policy", "page-fast", "slo.severity", "page")
		r.shows(0, "slo.alert.active", "slo.policy", "page-fast")
		r.shows(0, "slo.violations", "slo.policy", "budget")

		r.total("runs", 995, "outcome", "success")
		r.total("runs", 25, "outcome", "error")
		r.flush(1)
		r.shows(25, "slo.events", "slo.outcome", "bad")
		r.shows(1-25/10.2, "slo.error_budget.remaining")
		r.shows(0, "slo.error_budget.time_to_exhaustion")
		r.shows(1, "slo.violations", "slo.policy", "budget")
	})
}

func TestAnAlertIsDueAndOver(t *testing.T) {
	inBubble(t, success, func(r *rig) {
		good, bad := 0.0, 0.0
		active := func() float64 {
			v, err := r.value("slo.alert.active", "slo.policy", "page-fast")
			require.NoError(t, err)
			return v
		}
		step := func(n int, share float64) {
			for range n {
				good, bad = good+10*(1-share), bad+10*share
				r.total("runs", good, "outcome", "success")
				r.total("runs", bad, "outcome", "error")
				r.flush(1)
			}
		}
		step(400, 0)
		assert.Zero(t, active())
		step(90, 1)
		assert.InDelta(t, 1, active(), 0)
		r.shows(1, "slo.violations", "slo.policy", "page-fast")
		step(60, 0)
		assert.Zero(t, active())
		r.shows(1, "slo.violations", "slo.policy", "page-fast")
	})
}

func TestGroupsHaveBudgetsOfTheirOwnAndABound(t *testing.T) {
	inBubble(t, `
flush_interval: 10s
max_groups: 2
slos:
  - name: success
    objectives: [{name: low, target: 90%}, {name: high, target: 99%}]
    owner: team
    labels: {tier: gold}
    group_by: [workflow, service.name]
    sli: {events: {metric: runs, bad: {outcome: error}}}
`, func(r *rig) {
		r.flush(1)
		assert.Equal(t, pmetric.Metrics{}, r.md, "no group, nothing to tell")
		feed := func(n float64) {
			for _, w := range []string{"a", "b", "c", "d"} {
				r.total("runs", 9*n, "outcome", "success", "workflow", w)
				r.total("runs", n, "outcome", "error", "workflow", w)
			}
		}
		feed(1)
		r.flush(1)
		r.shows(0, "slo.events", "slo.outcome", "bad", "workflow", "a", "service.name", "shop")
		r.shows(0.9, "slo.sli", "slo.window", "1h", "workflow", "a")
		feed(3)
		r.flush(1)
		r.shows(3, "slo.events", "slo.outcome", "bad", "workflow", "a")
		r.shows(27, "slo.events", "slo.outcome", "good", "workflow", "b")
		r.shows(6, "slo.events", "slo.outcome", "bad", "workflow", "other", "slo.overflow", "true")
		r.lacks("slo.events", "workflow", "c")
		r.shows(0, "slo.error_budget.remaining", "slo.objective.name", "low", "workflow", "a")
		r.shows(-9, "slo.error_budget.remaining", "slo.objective.name", "high", "workflow", "a")
		r.shows(1, "slo.info", "slo.owner", "team", "tier", "gold", "workflow", "b")
		r.said(1, `SLO success: 2 groups reached; further groups are counted under "other" (max_groups)`)
		assert.EqualValues(t, 2, r.counted("groups", ""))
		assert.EqualValues(t, 3, r.counted("folded", ""), "of one flush, then of two groups")
	})
}

func TestABudgetIsAShareOfTheEventsThatAreExpected(t *testing.T) {
	inBubble(t, `
flush_interval: 10s
slos:
  - {name: a, objective: 90%, expected_events: 1000, sli: {events: {metric: runs, bad: {outcome: error}}}}
  - {name: b, objective: 90%, expected_events: previous, window: {calendar: day}, sli: {events: {metric: runs, bad: {outcome: error}}}}
`, func(r *rig) {
		r.total("runs", 10, "outcome", "error")
		r.flush(2)
		r.shows(0.9, "slo.error_budget.remaining", "slo.name", "a")
		r.shows(-9, "slo.error_budget.remaining", "slo.name", "b")
		r.total("runs", 990, "outcome", "success")
		r.leap(20)
		r.total("runs", 10, "outcome", "error")
		r.leap(5)
		r.shows(0.9, "slo.error_budget.remaining", "slo.name", "b", "slo.period", "previous")
		r.leap(1)
		r.shows(1, "slo.error_budget.remaining", "slo.name", "b")
		r.total("runs", 20, "outcome", "error")
		r.leap(1)
		r.shows(0.9, "slo.error_budget.remaining", "slo.name", "b")
	})
}

func TestAlertsKeepStillWhileTheSourceIsSilent(t *testing.T) {
	inBubble(t, "max_silence: 1m\n"+success, func(r *rig) {
		for i := range 60 {
			r.total("runs", float64(i), "outcome", "error")
			r.flush(1)
		}
		r.shows(1, "slo.coverage", "slo.window", "5m")
		r.shows(1, "slo.alert.active", "slo.policy", "page-fast")
		r.flush(60)
		r.shows(0, "slo.coverage", "slo.window", "5m")
		r.shows(1, "slo.alert.active", "slo.policy", "page-fast")
	})
}

func TestNamesOfGroupsAreShortAndText(t *testing.T) {
	inBubble(t, strings.Replace(success, "objective:", "group_by: [w]\n    objective:", 1), func(r *rig) {
		r.total("runs", 1, "outcome", "error", "w", "a\xffb")
		r.total("runs", 1, "outcome", "error", "w", strings.Repeat("é", 300))
		r.flush(2)
		r.shows(1, "slo.events", "slo.outcome", "bad", "w", "a\ufffdb")
		r.shows(1, "slo.events", "slo.outcome", "bad", "w", strings.Repeat("é", 128))
	})
}

func TestInputPassesUntouched(t *testing.T) {
	inBubble(t, success, func(r *rig) {
		md := pmetric.NewMetrics()
		m := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
		m.SetName("runs")
		m.SetEmptySum().DataPoints().AppendEmpty().SetIntValue(7)
		before := pmetric.NewMetrics()
		md.CopyTo(before)
		md.MarkReadOnly()
		require.NoError(t, r.p.ConsumeMetrics(t.Context(), md))
		require.Len(t, r.passed, 1)
		assert.Equal(t, before.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0).Sum().DataPoints().At(0).IntValue(),
			r.passed[0].ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0).Sum().DataPoints().At(0).IntValue())
		assert.False(t, r.p.Capabilities().MutatesData)
	})
}

func TestARefusedFlushIsToldByTheNext(t *testing.T) {
	inBubble(t, success, func(r *rig) {
		r.flush(1)
		r.refuses(errors.New("busy"))
		r.total("runs", 5, "outcome", "error")
		r.flush(1)
		r.shows(0, "slo.events", "slo.outcome", "bad")
		assert.EqualValues(t, 1, r.counted("refused", ""))
		r.said(1, "metrics were not taken")
		r.refuses(nil)
		r.flush(1)
		r.shows(5, "slo.events", "slo.outcome", "bad")
	})
}

func TestSilenceIsSaidOnce(t *testing.T) {
	inBubble(t, success, func(r *rig) {
		r.total("walks", 1, "outcome", "error")
		r.flush(59)
		r.said(0, "no data points")
		r.flush(60)
		r.said(1, `SLO success: no data points of metric "runs" matched in 10m`)
		r.said(1, "no storage is set")
	})
}

// Replicas are added up from the events in windows, so the period must be among these.
func TestThePeriodIsAmongTheWindows(t *testing.T) {
	inBubble(t, `
emit: [windows]
slos:
  - {name: a, objective: 99%, sli: {events: {metric: runs, bad: {outcome: error}}}, window: 7d}
  - {name: b, objective: 99%, sli: {events: {metric: runs, bad: {outcome: error}}}, window: {calendar: month}}
`, func(r *rig) {
		r.total("runs", 3, "outcome", "error")
		r.total("runs", 9, "outcome", "success")
		r.flush(2)
		for name, window := range map[string]string{"a": "7d", "b": "period"} {
			r.shows(3, "slo.window.events", "slo.name", name, "slo.window", window, "slo.outcome", "bad")
			r.shows(9, "slo.window.events", "slo.name", name, "slo.window", window, "slo.outcome", "good")
		}
		r.lacks("slo.window.events", "slo.name", "a", "slo.window", "period", "slo.outcome", "bad")
	})
}

func TestAMonthWithoutTraffic(t *testing.T) {
	inBubble(t, `
flush_interval: 60s
emit: [counters, derived, windows, sloth, pyrra]
slos:
  - {name: a, objective: 99%, sli: {events: {metric: runs, bad: {outcome: error}}}}
  - {name: b, objective: 99%, sli: {events: {metric: runs, bad: {outcome: error}}}, group_by: [w]}
  - {name: c, objective: 99%, sli: {events: {metric: runs, bad: {outcome: error}}}, window: {calendar: month, timezone: Europe/Berlin}}
  - {name: d, objective: 99%, sli: {events: {metric: runs, bad: {outcome: error}}}, budgeting: {timeslices: 5m, target: 90%}}
`, func(r *rig) {
		for i := range 10 {
			r.total("runs", float64(3*i), "outcome", "error", "w", "x")
			r.flush(1)
		}
		r.shows(-99, "slo.error_budget.remaining", "slo.name", "a")
		r.shows(-99, "slo.error_budget.remaining", "slo.name", "b", "w", "x")
		r.leap(31 * 24)
		for _, name := range []string{"a", "c"} {
			r.shows(1, "slo.error_budget.remaining", "slo.name", name)
			r.lacks("slo.sli", "slo.name", name)
			r.shows(27, "slo.events", "slo.name", name, "slo.outcome", "bad")
		}
		r.shows(1, "slo.error_budget.remaining", "slo.name", "b", "w", "x")
		r.leap(31 * 24)
		r.lacks("slo.events", "slo.name", "b", "slo.outcome", "bad")
		r.shows(27, "slo.events", "slo.name", "a", "slo.outcome", "bad")
		assert.EqualValues(t, 3, r.counted("groups", ""), "the group is gone")
		assert.EqualValues(t, 0, r.counted("streams", ""), "and so is the stream")
	})
}

func TestShutdownIsSafeWithoutStartAndTwice(t *testing.T) {
	cfg, err := read(t, success)
	require.NoError(t, err)
	p, err := NewFactory().CreateMetrics(t.Context(), typeSettings, cfg, &sink{counters: map[string]float64{}})
	require.NoError(t, err)
	require.NoError(t, p.Shutdown(t.Context()))
	require.NoError(t, p.Shutdown(t.Context()))
}

func TestShutdownSendsTheLastIntervalOn(t *testing.T) {
	inBubble(t, success, func(r *rig) {
		r.total("runs", 5, "outcome", "error")
		r.end()
		r.shows(5, "slo.events", "slo.outcome", "bad")
		r.begin()
	})
}

func TestAStorageThatIsNotThereIsAnError(t *testing.T) {
	cfg, err := read(t, "storage: file_storage/slo"+success)
	require.NoError(t, err)
	p, err := NewFactory().CreateMetrics(t.Context(), typeSettings, cfg, &sink{counters: map[string]float64{}})
	require.NoError(t, err)
	require.EqualError(t, p.Start(t.Context(), storagetest.Host{}),
		`storage: extension "file_storage/slo" is not defined or not listed under service.extensions`)
	require.NoError(t, p.Shutdown(t.Context()))
}

func TestWarningsAreLogged(t *testing.T) {
	inBubble(t, `
slos:
  - {name: a, objective: 0.99%, sli: {events: {metric: runs, bad: {outcome: error}}}}
  - {name: b, objective: 90%, sli: {events: {metric: runs, bad: {outcome: error}}}}
`, func(r *rig) {
		r.said(1, `slos[0] "a": objective 0.99% is under 1%; did you mean 99%?`)
		r.said(1, `slos[1] "b": with objective 90% the highest burn rate is 10: the factors of page-fast are lowered to what can be reached`)
		time.Sleep(time.Second)
	})
}
