package otlp

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// Writer writes the series of one metric. The metric is appended on the first
// point, so that an empty one is never sent. Not safe for concurrent use.
type Writer struct {
	into        pmetric.MetricSlice
	metric      *tally.Metric
	temporality pmetric.AggregationTemporality
	now         pcommon.Timestamp
	began       func(started int64) pcommon.Timestamp

	open   bool
	sum    pmetric.Sum
	exp    pmetric.ExponentialHistogram
	counts []uint64
}

// NewWriter returns a writer that appends the metric to the slice. Delta points
// begin at since, cumulative ones where their series began.
func NewWriter(into pmetric.MetricSlice, m *tally.Metric, t tally.Temporality, since, now pcommon.Timestamp) *Writer {
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
	w.begin()
	if w.metric.Kind == tally.Distribution {
		w.histogram(p)
		return
	}
	dp := w.sum.DataPoints().AppendEmpty()
	dp.SetStartTimestamp(w.began(p.Started))
	dp.SetTimestamp(w.now)
	if w.metric.Kind == tally.Count {
		dp.SetIntValue(int64(p.Count))
	} else {
		dp.SetDoubleValue(p.Amount)
	}
	putLabels(dp.Attributes(), p)
}

func (w *Writer) begin() {
	if w.open {
		return
	}
	w.open = true
	m := w.into.AppendEmpty()
	m.SetName(w.metric.Name)
	m.SetDescription(w.metric.Description)
	m.SetUnit(w.metric.Unit)
	if w.metric.Kind == tally.Distribution {
		w.exp = m.SetEmptyExponentialHistogram()
		w.exp.SetAggregationTemporality(w.temporality)
		return
	}
	w.sum = m.SetEmptySum()
	w.sum.SetIsMonotonic(true)
	w.sum.SetAggregationTemporality(w.temporality)
}

func (w *Writer) histogram(p *tally.Point) {
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
}

func (w *Writer) buckets(out pmetric.ExponentialHistogramDataPointBuckets, in exphist.Buckets) {
	w.counts = in.AppendTo(w.counts[:0])
	out.SetOffset(in.Offset())
	out.BucketCounts().FromRaw(w.counts)
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
