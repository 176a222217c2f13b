package sloprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// fuzzed asks for every metric in every way.
const fuzzed = `
max_groups: 2
max_streams: 5
emit: [counters, derived, windows, sloth, pyrra]
slos:
  - {name: a, objective: 99%, group_by: [g], sli: {events: {metric: m, bad: {s: x}}}}
  - {name: b, objective: 99%, prometheus_names: true, sli: {latency: {metric: m_seconds, threshold: 1s}}}
  - {name: c, objective: 99%, sli: {latency: {metric: m, threshold: 1s, boundary: interpolate}}, window: {calendar: day}}
  - {name: d, objective: 99%, sli: {gauge: {metric: m, good: {min: 0}}}, budgeting: {timeslices: 1m, target: 50%}}
  - {name: e, objective: 99%, sli: {ratio: {metric: m}}, budgeting: {ratio_timeslices: 1m}}
`

// FuzzConsumeMetrics takes in any metrics at all: nothing panics, nothing NaN or infinite comes
// out, and no counter falls.
func FuzzConsumeMetrics(f *testing.F) {
	marshal := pmetric.ProtoMarshaler{}
	for _, fill := range []func(m pmetric.Metric) stamped{
		func(m pmetric.Metric) stamped {
			m.SetEmptySum().SetIsMonotonic(true)
			m.Sum().SetAggregationTemporality(cumulative)
			return m.Sum().DataPoints().AppendEmpty()
		},
		func(m pmetric.Metric) stamped { return m.SetEmptyGauge().DataPoints().AppendEmpty() },
		func(m pmetric.Metric) stamped {
			m.SetEmptyHistogram().SetAggregationTemporality(delta)
			dp := m.Histogram().DataPoints().AppendEmpty()
			dp.BucketCounts().FromRaw([]uint64{1, 2})
			dp.ExplicitBounds().FromRaw([]float64{1})
			return dp
		},
		func(m pmetric.Metric) stamped {
			m.SetEmptyExponentialHistogram().SetAggregationTemporality(cumulative)
			dp := m.ExponentialHistogram().DataPoints().AppendEmpty()
			dp.Positive().BucketCounts().FromRaw([]uint64{1, 2})
			return dp
		},
	} {
		md := pmetric.NewMetrics()
		m := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
		m.SetName("m")
		m.SetUnit("s")
		(&rig{start: time.Now()}).stamp(fill(m), []string{"g", "x", "s", "x"})
		raw, err := marshal.MarshalMetrics(md)
		require.NoError(f, err)
		f.Add(raw)
	}
	retrieved, err := read(&testing.T{}, fuzzed)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, raw []byte) {
		md, err := (&pmetric.ProtoUnmarshaler{}).UnmarshalMetrics(raw)
		if err != nil {
			return
		}
		next := &sink{counters: map[string]float64{}}
		p, err := newProcessor(typeSettings, retrieved, next)
		require.NoError(t, err)
		for _, rm := range md.ResourceMetrics().All() {
			for _, sm := range rm.ScopeMetrics().All() {
				for _, m := range sm.Metrics().All() {
					m.SetName("m")
				}
			}
		}
		for range 3 {
			require.NoError(t, p.ConsumeMetrics(t.Context(), md))
			require.NoError(t, p.flush(t.Context(), false))
		}
		require.Empty(t, next.odd)
		require.Empty(t, next.fell)
	})
}
