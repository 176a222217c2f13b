package otlp

import (
	"encoding/binary"
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/metric"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// Writer writes the series of one metric, which is no [metric.Level]. The metric is appended on the first
// point, so that an empty one is never sent. Not safe for concurrent use.
type Writer struct {
	into        pmetric.MetricSlice
	metric      *metric.Metric
	temporality pmetric.AggregationTemporality
	now         pcommon.Timestamp
	began       func(started int64) pcommon.Timestamp

	open   bool
	sum    pmetric.Sum
	exp    pmetric.ExponentialHistogram
	fixed  pmetric.Histogram
	counts []uint64
}

// NewWriter returns a writer that appends the metric to the slice. Delta points
// begin at since, cumulative ones where their series began.
func NewWriter(into pmetric.MetricSlice, m *metric.Metric, t tally.Temporality, since, now pcommon.Timestamp) *Writer {
	w := &Writer{into: into, metric: m, now: now}
	if t == tally.Delta {
		w.temporality = pmetric.AggregationTemporalityDelta
		w.began = func(int64) pcommon.Timestamp { return since }
	} else {
		w.temporality = pmetric.AggregationTemporalityCumulative
		w.began = func(started int64) pcommon.Timestamp { return pcommon.Timestamp(started) }
	}
	return w
}

// Point writes one series.
func (w *Writer) Point(p *tally.Point) {
	if !w.open {
		w.open = true
		w.begin(p)
	}
	switch w.metric.Kind {
	case metric.Count:
		w.number(p).SetIntValue(int64(min(p.Count, math.MaxInt64)))
	case metric.Amount:
		w.number(p).SetDoubleValue(p.Amount)
	case metric.Distribution:
		if p.Hist != nil {
			w.exponential(p)
		}
		if p.Bins != nil {
			w.explicit(p)
		}
	case metric.Level:
		panic(w.metric.Name + " is a gauge: a Gauge writes it")
	}
}

func (w *Writer) begin(p *tally.Point) {
	if w.metric.Kind != metric.Distribution {
		w.sum = Open(w.into, w.metric).SetEmptySum()
		w.sum.SetIsMonotonic(true)
		w.sum.SetAggregationTemporality(w.temporality)
		return
	}
	fixed := *w.metric
	if p.Hist != nil {
		w.exp = Open(w.into, w.metric).SetEmptyExponentialHistogram()
		w.exp.SetAggregationTemporality(w.temporality)
		fixed = fixed.Explicit()
	}
	if p.Bins != nil {
		w.fixed = Open(w.into, &fixed).SetEmptyHistogram()
		w.fixed.SetAggregationTemporality(w.temporality)
	}
}

// Open appends a metric without points.
func Open(into pmetric.MetricSlice, m *metric.Metric) pmetric.Metric {
	out := into.AppendEmpty()
	out.SetName(m.Name)
	out.SetDescription(m.Description)
	out.SetUnit(m.Unit)
	return out
}

func (w *Writer) number(p *tally.Point) pmetric.NumberDataPoint {
	dp := w.sum.DataPoints().AppendEmpty()
	dp.SetStartTimestamp(w.began(p.Started))
	dp.SetTimestamp(w.now)
	putLabels(dp.Attributes(), p)
	return dp
}

func (w *Writer) exponential(p *tally.Point) {
	dp := w.exp.DataPoints().AppendEmpty()
	dp.SetStartTimestamp(w.began(p.Started))
	dp.SetTimestamp(w.now)
	dp.SetCount(p.Hist.Count())
	dp.SetSum(p.Hist.Sum())
	dp.SetScale(p.Hist.Scale())
	dp.SetZeroCount(p.Hist.ZeroCount())
	if p.Hist.Count() > 0 {
		dp.SetMin(p.Hist.Min())
		dp.SetMax(p.Hist.Max())
	}
	w.buckets(dp.Positive(), p.Hist.Positive())
	w.buckets(dp.Negative(), p.Hist.Negative())
	putLabels(dp.Attributes(), p)
	putExemplars(dp.Exemplars(), p.Exemplars)
}

func (w *Writer) explicit(p *tally.Point) {
	dp := w.fixed.DataPoints().AppendEmpty()
	dp.SetStartTimestamp(w.began(p.Started))
	dp.SetTimestamp(w.now)
	dp.SetCount(p.Bins.Count())
	dp.SetSum(p.Bins.Sum())
	dp.ExplicitBounds().FromRaw(p.Bins.Bounds())
	dp.BucketCounts().FromRaw(p.Bins.Counts())
	putLabels(dp.Attributes(), p)
	putExemplars(dp.Exemplars(), p.Exemplars)
}

func (w *Writer) buckets(out pmetric.ExponentialHistogramDataPointBuckets, in exphist.Buckets) {
	w.counts = in.AppendTo(w.counts[:0])
	out.SetOffset(in.Offset())
	out.BucketCounts().FromRaw(w.counts)
}

func putExemplars(out pmetric.ExemplarSlice, exemplars []tally.Exemplar) {
	for i := range exemplars {
		e := &exemplars[i]
		x := out.AppendEmpty()
		x.SetDoubleValue(e.Value)
		x.SetTimestamp(pcommon.Timestamp(e.End))
		x.SetTraceID(pcommon.TraceID(e.Trace))
		var id pcommon.SpanID
		binary.BigEndian.PutUint64(id[:], uint64(e.Span))
		x.SetSpanID(id)
	}
}

func putLabels(out pcommon.Map, p *tally.Point) {
	for name, value := range p.Labels {
		if name == tally.OverflowAttribute {
			out.PutBool(name, true)
			continue
		}
		out.PutStr(name, value)
	}
}
