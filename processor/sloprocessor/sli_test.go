package sloprocessor

import (
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

const (
	delta      = pmetric.AggregationTemporalityDelta
	cumulative = pmetric.AggregationTemporalityCumulative
)

// histogram sends a histogram with explicit buckets.
func (r *rig) histogram(unit string, t pmetric.AggregationTemporality, bounds []float64, counts ...uint64) {
	r.Helper()
	r.feed("duration", unit, func(m pmetric.Metric) {
		h := m.SetEmptyHistogram()
		h.SetAggregationTemporality(t)
		dp := h.DataPoints().AppendEmpty()
		dp.ExplicitBounds().FromRaw(bounds)
		dp.BucketCounts().FromRaw(counts)
		for _, n := range counts {
			dp.SetCount(dp.Count() + n)
		}
		r.stamp(dp, nil)
	})
}

// exponential sends an exponential histogram whose first bucket has the index.
func (r *rig) exponential(t pmetric.AggregationTemporality, scale, index int32, counts ...uint64) {
	r.Helper()
	r.feed("duration", "s", func(m pmetric.Metric) {
		h := m.SetEmptyExponentialHistogram()
		h.SetAggregationTemporality(t)
		dp := h.DataPoints().AppendEmpty()
		dp.SetScale(scale)
		dp.Positive().SetOffset(index)
		dp.Positive().BucketCounts().FromRaw(counts)
		for _, n := range counts {
			dp.SetCount(dp.Count() + n)
		}
		r.stamp(dp, nil)
	})
}

// gauge sends values of a gauge, one after the other.
func (r *rig) gauge(values ...float64) {
	r.Helper()
	for _, v := range values {
		time.Sleep(time.Millisecond)
		r.feed("level", "", func(m pmetric.Metric) {
			dp := m.SetEmptyGauge().DataPoints().AppendEmpty()
			dp.SetDoubleValue(v)
			r.stamp(dp, nil)
		})
	}
}

func TestIndicators(t *testing.T) {
	bounds := []float64{0.5, 1, 2.5}
	for _, tc := range []struct {
		name, sli string
		feed      func(r *rig)
		good, bad float64
	}{
		{"totals of buckets, the threshold on a bound", "latency: {metric: duration, threshold: 1s}", func(r *rig) {
			r.histogram("s", cumulative, bounds, 10, 4, 2, 1)
			time.Sleep(time.Second)
			r.histogram("s", cumulative, bounds, 20, 4, 2, 3)
		}, 24, 5},
		{"increments of buckets in milliseconds", "latency: {metric: duration, threshold: 1s}", func(r *rig) {
			r.histogram("ms", delta, []float64{500, 1000, 2500}, 10, 4, 2, 1)
			time.Sleep(time.Second)
			r.histogram("ms", delta, []float64{500, 1000, 2500}, 1, 1, 1, 1)
		}, 16, 5},
		{"a threshold within a bucket counts the bucket as bad", "latency: {metric: duration, threshold: 2s}", func(r *rig) {
			r.histogram("s", cumulative, bounds, 10, 4, 2, 1)
		}, 14, 3},
		{"or as good", "latency: {metric: duration, threshold: 2s, boundary: upper}", func(r *rig) {
			r.histogram("s", cumulative, bounds, 10, 4, 2, 1)
		}, 16, 1},
		{"or in part", "latency: {metric: duration, threshold: 1750ms, boundary: interpolate}", func(r *rig) {
			r.histogram("s", cumulative, bounds, 10, 4, 2, 1)
		}, 15, 2},
		{"totals of exponential buckets", "latency: {metric: duration, threshold: 2s}", func(r *rig) {
			r.exponential(cumulative, 0, -1, 3, 4, 5)
			time.Sleep(time.Second)
			r.exponential(cumulative, 0, -1, 4, 6, 5)
		}, 10, 5},
		{"totals whose scale falls", "latency: {metric: duration, threshold: 4s}", func(r *rig) {
			r.exponential(cumulative, 1, 0, 1, 1, 1, 1) // 1 to 4
			time.Sleep(time.Second)
			r.exponential(cumulative, 0, 0, 3, 3, 9) // 1 to 8
		}, 6, 9},
		{"increments of exponential buckets", "latency: {metric: duration, threshold: 2s}", func(r *rig) {
			r.exponential(delta, 0, -1, 3, 4, 5)
		}, 7, 5},
		{"within an exponential bucket, in part", "latency: {metric: duration, threshold: 1414213562ns}", func(r *rig) {
			r.exponential(delta, 0, 0, 100)
		}, 50, 50},
		{"the number of values of a histogram", "events: {metric: duration, bad: {x: y}}", func(r *rig) {
			r.histogram("By", delta, bounds, 10, 4, 2, 1)
		}, 17, 0},
		{"a gauge of one good value", "gauge: {metric: level, good: {equals: 1}}", func(r *rig) { r.gauge(1, 0, 1) }, 2, 1},
		{"a gauge of truth", `gauge: {metric: level, good: {equals: "false"}}`, func(r *rig) { r.gauge(1, 0, 1) }, 1, 2},
		{"a gauge of a range", "gauge: {metric: level, good: {min: 1, max: 2}}", func(r *rig) { r.gauge(0.9, 1, 2, 2.1) }, 2, 2},
		{"a gauge of ratios", "ratio: {metric: level}", func(r *rig) { r.gauge(0.5, 1, 0.75) }, 2.25, 0.75},
		{"a gauge of bad ratios", "ratio: {metric: level, invert: true}", func(r *rig) { r.gauge(0.25, 0) }, 1.75, 0.25},
		{"a sum that falls is a gauge", "gauge: {metric: queue, good: {max: 5}}", func(r *rig) {
			r.feed("queue", "", func(m pmetric.Metric) {
				dp := m.SetEmptySum().DataPoints().AppendEmpty()
				dp.SetIntValue(5)
				r.stamp(dp, nil)
			})
		}, 1, 0},
		{"a filter on the resource", "ratio: {metric: level, filter: {service.name: [shop, inn]}}", func(r *rig) { r.gauge(1) }, 1, 0},
		{"a filter that does not hold", `ratio: {metric: level, filter: {service.name: "!shop"}}`, func(r *rig) { r.gauge(1) }, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inBubble(t, "slos: [{name: x, objective: 50%, sli: {"+tc.sli+"}}]", func(r *rig) {
				time.Sleep(time.Second)
				tc.feed(r)
				r.flush(2)
				r.shows(math.Round(tc.good*1e6)/1e6, "slo.events", "slo.outcome", "good")
				r.shows(tc.bad, "slo.events", "slo.outcome", "bad")
				assert.Zero(t, r.counted("dropped", ""))
			})
		})
	}
}

func TestAThresholdWithinABucketIsTold(t *testing.T) {
	inBubble(t, "slos: [{name: x, objective: 50%, sli: {latency: {metric: duration, threshold: 2s}}}]", func(r *rig) {
		r.histogram("s", cumulative, []float64{1, 2.5}, 6, 2, 2)
		r.flush(3)
		r.shows(0.2, "slo.sli.uncertainty", "slo.name", "x")
		r.shows(2, "slo.latency.threshold", "slo.name", "x")
		r.said(1, "SLO x: threshold 2s is not a bucket bound of duration (nearest 1, 2.5): "+
			"the share of events of which it is not known is in slo.sli.uncertainty")
	})
}

func TestPointsThatCannotCountAreCounted(t *testing.T) {
	at := func(r *rig, f func(m pmetric.Metric) stamped) {
		r.feed("m", "1", func(m pmetric.Metric) { r.stamp(f(m), nil) })
	}
	for _, tc := range []struct {
		name, sli, reason string
		feed              func(m pmetric.Metric) stamped
	}{
		{"a summary", "ratio", "wrong_type", func(m pmetric.Metric) stamped { return m.SetEmptySummary().DataPoints().AppendEmpty() }},
		{"a gauge of events", "events", "wrong_type", func(m pmetric.Metric) stamped { return m.SetEmptyGauge().DataPoints().AppendEmpty() }},
		{"a sum of durations", "latency", "wrong_type", func(m pmetric.Metric) stamped {
			s := m.SetEmptySum()
			s.SetIsMonotonic(true)
			s.SetAggregationTemporality(delta)
			return s.DataPoints().AppendEmpty()
		}},
		{"a histogram of readings", "gauge", "wrong_type", func(m pmetric.Metric) stamped {
			h := m.SetEmptyHistogram()
			h.SetAggregationTemporality(delta)
			return h.DataPoints().AppendEmpty()
		}},
		{"a histogram that is of no durations", "latency", "wrong_type", func(m pmetric.Metric) stamped {
			h := m.SetEmptyHistogram()
			h.SetAggregationTemporality(delta)
			return h.DataPoints().AppendEmpty()
		}},
		{"NaN", "ratio", "invalid", func(m pmetric.Metric) stamped {
			dp := m.SetEmptyGauge().DataPoints().AppendEmpty()
			dp.SetDoubleValue(math.NaN())
			return dp
		}},
		{"a ratio above 1", "ratio", "wrong_type", func(m pmetric.Metric) stamped {
			dp := m.SetEmptyGauge().DataPoints().AppendEmpty()
			dp.SetDoubleValue(1.5)
			return dp
		}},
		{"less than nothing", "events", "invalid", func(m pmetric.Metric) stamped {
			s := m.SetEmptySum()
			s.SetIsMonotonic(true)
			s.SetAggregationTemporality(delta)
			dp := s.DataPoints().AppendEmpty()
			dp.SetIntValue(-1)
			return dp
		}},
		{"a sum that is neither", "events", "no_temporality", func(m pmetric.Metric) stamped {
			s := m.SetEmptySum()
			s.SetIsMonotonic(true)
			return s.DataPoints().AppendEmpty()
		}},
		{"a histogram that is neither", "latency", "no_temporality", func(m pmetric.Metric) stamped {
			return m.SetEmptyHistogram().DataPoints().AppendEmpty()
		}},
		{"an exponential one", "latency", "no_temporality", func(m pmetric.Metric) stamped {
			return m.SetEmptyExponentialHistogram().DataPoints().AppendEmpty()
		}},
		{"buckets that do not fit", "latency", "invalid", func(m pmetric.Metric) stamped {
			h := m.SetEmptyHistogram()
			h.SetAggregationTemporality(delta)
			dp := h.DataPoints().AppendEmpty()
			dp.BucketCounts().FromRaw([]uint64{1, 2})
			return dp
		}},
		{"a scale that is none", "latency", "invalid", func(m pmetric.Metric) stamped {
			h := m.SetEmptyExponentialHistogram()
			h.SetAggregationTemporality(delta)
			dp := h.DataPoints().AppendEmpty()
			dp.SetScale(99)
			return dp
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			sli := map[string]string{
				"events": "{metric: m, bad: {a: b}}", "latency": "{metric: m, threshold: 1s}",
				"gauge": "{metric: m, good: {min: 1}}", "ratio": "{metric: m}",
			}[tc.sli]
			inBubble(t, "slos: [{name: x, objective: 50%, sli: {"+tc.sli+": "+sli+"}}]", func(r *rig) {
				at(r, tc.feed)
				r.flush(1)
				assert.EqualValues(t, 1, r.counted("dropped", tc.reason))
				assert.EqualValues(t, 1, r.counted("dropped", ""))
				r.lacks("slo.sli")
			})
		})
	}
}

func TestPointsInTheirStreams(t *testing.T) {
	inBubble(t, success, func(r *rig) {
		time.Sleep(time.Second)
		r.total("runs", 5, "outcome", "error")
		r.total("runs", 5, "outcome", "error")
		r.flush(1)
		r.start = r.start.Add(-time.Hour)
		r.total("runs", 500, "outcome", "error") // another producer, which began before us
		r.flush(1)
		r.total("runs", 501, "outcome", "error")
		r.flush(1)
		r.shows(6, "slo.events", "slo.outcome", "bad")
		for verdict, n := range map[string]int64{"began": 1, "duplicate": 1, "baseline": 1, "counted": 1} {
			assert.Equal(t, n, r.counted("points", verdict), verdict)
		}
		r.feed("runs", "1", func(m pmetric.Metric) {
			dp := m.SetEmptySum().DataPoints().AppendEmpty()
			dp.SetFlags(pmetric.DefaultDataPointFlags.WithNoRecordedValue(true))
		})
		r.flush(1)
		assert.EqualValues(t, 4, r.counted("points", ""))
	})
}

func TestTimesThatCannotBe(t *testing.T) {
	inBubble(t, success, func(r *rig) {
		r.flush(1)
		for i, at := range []time.Time{time.Now().Add(time.Hour), {}, time.Now().Add(-40 * 24 * time.Hour)} {
			r.feed("runs", "1", func(m pmetric.Metric) {
				s := m.SetEmptySum()
				s.SetIsMonotonic(true)
				s.SetAggregationTemporality(delta)
				dp := s.DataPoints().AppendEmpty()
				dp.SetIntValue(1)
				dp.Attributes().PutInt("i", int64(i))
				if !at.IsZero() {
					dp.SetTimestamp(pcommon.NewTimestampFromTime(at))
				}
			})
		}
		r.flush(1)
		r.shows(2, "slo.events", "slo.outcome", "bad")
		assert.EqualValues(t, 1, r.counted("increments", "future"))
		assert.EqualValues(t, 1, r.counted("increments", "counted"))
		assert.EqualValues(t, 1, r.counted("increments", "too_late"))
	})
}

func TestTooManyStreamsDoNotCount(t *testing.T) {
	inBubble(t, "max_streams: 1\n"+success, func(r *rig) {
		r.total("runs", 5, "outcome", "error")
		r.total("runs", 7, "outcome", "timeout")
		r.flush(2)
		r.shows(5, "slo.events", "slo.outcome", "bad")
		assert.EqualValues(t, 1, r.counted("dropped", "max_streams"))
	})
}

func TestNamesOfPrometheus(t *testing.T) {
	inBubble(t, `
flush_interval: 10s
slos:
  - name: runs
    objective: 90%
    prometheus_names: true
    group_by: [workflow_name, service_name]
    sli: {events: {metric: workflow_runs_total, bad: {workflow_outcome: error}}}
  - {name: load, objective: 90%, prometheus_names: true, sli: {gauge: {metric: workflow_load_bytes, good: {max: 5}}}}
  - {name: took, objective: 90%, prometheus_names: true, sli: {latency: {metric: duration_seconds, threshold: 1s}}}
  - {name: plain, objective: 90%, sli: {events: {metric: workflow.runs, bad: {workflow.outcome: error}}}}
`, func(r *rig) {
		r.total("workflow.runs", 3, "workflow.name", "a", "workflow.outcome", "error")
		r.total("workflow.runs", 5, "workflow.name", "a", "workflow.outcome", "success")
		r.total("workflow runs!", 7) // of the same name there
		r.total("", 7)
		r.histogram("s", cumulative, []float64{1}, 4, 2)
		r.feed("workflow.load", "By", func(m pmetric.Metric) { r.stamp(m.SetEmptyGauge().DataPoints().AppendEmpty(), nil) })
		r.feed("x", "", func(m pmetric.Metric) { r.stamp(m.SetEmptySum().DataPoints().AppendEmpty(), nil) })
		r.feed("x", "", func(m pmetric.Metric) { r.stamp(m.SetEmptySummary().DataPoints().AppendEmpty(), nil) })
		r.exponential(cumulative, 0, 0, 1)
		r.feed("x", "", func(pmetric.Metric) {})
		r.flush(2)
		r.shows(3, "slo.events", "slo.outcome", "bad", "slo.name", "runs", "workflow_name", "a", "service_name", "shop")
		r.shows(5, "slo.events", "slo.outcome", "good", "slo.name", "runs", "workflow_name", "a")
		r.shows(3, "slo.events", "slo.outcome", "bad", "slo.name", "plain")
		r.shows(1, "slo.events", "slo.outcome", "good", "slo.name", "load")
		r.shows(4, "slo.events", "slo.outcome", "good", "slo.name", "took")
	})
}

func TestAliasesAreBounded(t *testing.T) {
	var a aliases
	m := pmetric.NewMetric()
	for i := range maxAliases + 5 {
		m.SetName("m" + strconv.Itoa(i))
		assert.Equal(t, m.Name(), a.metric(m))
		assert.Equal(t, m.Name(), a.label(m.Name()))
	}
	assert.Len(t, a.metrics, 5)
	assert.Len(t, a.labels, 5)
}

func TestSecondsInUnits(t *testing.T) {
	for _, tc := range []struct {
		unit, name string
		want       float64
	}{
		{"s", "d", 1},
		{"ms", "d", 1e3},
		{"us", "d", 1e6},
		{"ns", "d", 1e9},
		{"min", "d", 1. / 60},
		{"h", "d", 1. / 3600},
		{"", "d_seconds", 1},
		{"", "d_milliseconds", 1e3},
		{"", "d_ms", 1e3},
		{"By", "d", 0},
	} {
		assert.InDelta(t, tc.want, secondsIn(tc.unit, tc.name), 1e-12, "%s %s", tc.unit, tc.name)
	}
}
