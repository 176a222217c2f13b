package percentileprocessor

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/processor/percentileprocessor/internal/metadata"
)

// bench is a running processor, and what it sends on.
type bench struct {
	tb   testing.TB
	p    *percentiles
	sink *consumertest.MetricsSink
	tel  *componenttest.Telemetry
}

func start(tb testing.TB, change func(*Config)) *bench {
	tb.Helper()
	cfg := createDefaultConfig().(*Config)
	change(cfg)
	b := &bench{tb: tb, sink: new(consumertest.MetricsSink), tel: componenttest.NewTelemetry()}
	tb.Cleanup(func() { require.NoError(tb, b.tel.Shutdown(context.WithoutCancel(tb.Context()))) })
	set := processortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = b.tel.NewTelemetrySettings()
	var err error
	b.p, err = newProcessor(set, cfg, b.sink)
	require.NoError(tb, err)
	require.NoError(tb, b.p.Start(tb.Context(), componenttest.NewNopHost()))
	return b
}

func defaults(*Config) {}

func (b *bench) stop() { require.NoError(b.tb, b.p.Shutdown(b.tb.Context())) }

func (b *bench) consume(md pmetric.Metrics) {
	b.tb.Helper()
	require.NoError(b.tb, b.p.ConsumeMetrics(b.tb.Context(), md))
}

// newest returns the gauges of the last flush, by name and attributes, and forgets all
// that was sent on.
func (b *bench) newest() map[string]float64 {
	all := b.sink.AllMetrics()
	b.sink.Reset()
	for _, md := range slices.Backward(all) {
		if found := gauges(md); len(found) > 0 {
			return found
		}
	}
	return map[string]float64{}
}

func gauges(md pmetric.Metrics) map[string]float64 {
	out := map[string]float64{}
	for _, rm := range md.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				if m.Type() != pmetric.MetricTypeGauge {
					continue
				}
				for _, dp := range m.Gauge().DataPoints().All() {
					out[m.Name()+show(rm.Resource().Attributes())+show(dp.Attributes())] = dp.DoubleValue()
				}
			}
		}
	}
	return out
}

func show(m pcommon.Map) string {
	if m.Len() == 0 {
		return ""
	}
	raw := m.AsRaw()
	pairs := make([]string, 0, len(raw))
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		pairs = append(pairs, fmt.Sprintf("%s=%v", name, raw[name]))
	}
	return "{" + strings.Join(pairs, ",") + "}"
}

// producer is a process that records a histogram and tells its running total.
type producer struct {
	metric, unit string
	resource     map[string]any
	attributes   map[string]any
	hist         *exphist.Histogram
	began        time.Time
	delta        bool
	last         time.Time
}

func produce(attributes map[string]any) *producer {
	now := time.Now()
	return &producer{
		metric: "workflow.run.duration", unit: "s", attributes: attributes,
		hist: exphist.New(exphist.MaxSize), began: now, last: now,
	}
}

func (p *producer) add(values ...float64) *producer {
	for _, v := range values {
		p.hist.Add(v)
	}
	return p
}

// metrics tells what was recorded as of now.
func (p *producer) metrics() pmetric.Metrics {
	md := pmetric.NewMetrics()
	rm := md.ResourceMetrics().AppendEmpty()
	must(rm.Resource().Attributes().FromRaw(p.resource))
	m := rm.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	m.SetName(p.metric)
	m.SetUnit(p.unit)
	h := m.SetEmptyExponentialHistogram()
	h.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	p.point(h.DataPoints().AppendEmpty())
	if p.delta {
		h.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
		h.DataPoints().At(0).SetStartTimestamp(pcommon.NewTimestampFromTime(p.last))
		p.hist.Reset()
	}
	p.last = time.Now()
	return md
}

func (p *producer) point(dp pmetric.ExponentialHistogramDataPoint) {
	must(dp.Attributes().FromRaw(p.attributes))
	dp.SetStartTimestamp(pcommon.NewTimestampFromTime(p.began))
	dp.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	dp.SetCount(p.hist.Count())
	dp.SetSum(p.hist.Sum())
	dp.SetScale(p.hist.Scale())
	dp.SetZeroCount(p.hist.ZeroCount())
	if p.hist.Count() > 0 {
		dp.SetMin(p.hist.Min())
		dp.SetMax(p.hist.Max())
	}
	for side, b := range map[pmetric.ExponentialHistogramDataPointBuckets]exphist.Buckets{
		dp.Positive(): p.hist.Positive(), dp.Negative(): p.hist.Negative(),
	} {
		side.SetOffset(b.Offset())
		side.BucketCounts().FromRaw(b.AppendTo(nil))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// explicit tells counts of a histogram with explicit buckets.
func explicit(metric string, began time.Time, bounds []float64, counts []uint64) pmetric.Metrics {
	md := pmetric.NewMetrics()
	m := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	m.SetName(metric)
	h := m.SetEmptyHistogram()
	h.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	dp := h.DataPoints().AppendEmpty()
	dp.SetStartTimestamp(pcommon.NewTimestampFromTime(began))
	dp.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	dp.ExplicitBounds().FromRaw(bounds)
	dp.BucketCounts().FromRaw(counts)
	for _, n := range counts {
		dp.SetCount(dp.Count() + n)
	}
	return md
}

// exact returns the value at position ⌈q × n⌉ of sorted data.
func exact(values []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(int(math.Ceil(q*float64(len(sorted)))), 1)-1]
}
