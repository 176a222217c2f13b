package sloprocessor

import (
	"math"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/budgets"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/meter"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/series"
	"github.com/tta-dev/otelcol-workflow/internal/slo"
	"github.com/tta-dev/otelcol-workflow/internal/stream"
)

// intake reads data points and gathers what they add to the agreements. It keeps nothing of
// them. Not safe for concurrent use.
type intake struct {
	agreements []*agreement
	byMetric   map[string][]int // of the agreements
	byAlias    map[string][]int // of those that use the names of Prometheus
	aliases    aliases
	meters     *meter.Table
	batch      *budgets.Batch
	census     census
	blur       []blur // by agreement

	identity    otlp.Identity
	histograms  otlp.Histograms
	asked       []int // of the agreements: those that the point is about
	key         []byte
	explicit    binhist.Histogram
	exponential *exphist.Histogram
	seconds     float64 // in a unit of the metric
}

// census counts data points before they are told.
type census struct {
	verdicts [stream.VerdictCount]int64
	dropped  [reasonCount]int64
}

// blur is what is not known of the good events of an agreement.
type blur struct {
	uncertain, total float64
	cut              slo.Cut // the latest with a threshold within a bucket
	seen             bool    // any point was about the agreement
}

// point is what all kinds of data points have.
type point struct {
	attributes, resource pcommon.Map
	at                   time.Time
	now                  time.Time
	meter.Point
}

func newIntake(agreements []*agreement, maxStreams, maxGroups int, now time.Time) *intake {
	in := &intake{
		agreements:  agreements,
		byMetric:    map[string][]int{},
		byAlias:     map[string][]int{},
		meters:      meter.NewTable(maxStreams, now.UnixNano()),
		batch:       budgets.NewBatch(len(agreements), maxGroups),
		blur:        make([]blur, len(agreements)),
		exponential: exphist.New(exphist.MaxSize),
	}
	for i, a := range agreements {
		by := in.byMetric
		if a.prometheus {
			by = in.byAlias
		}
		by[a.indicator.metric] = append(by[a.indicator.metric], i)
	}
	return in
}

// take reads all metrics that an agreement is about.
func (in *intake) take(md pmetric.Metrics, now time.Time) {
	for _, rm := range md.ResourceMetrics().All() {
		resource := rm.Resource().Attributes()
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				candidates := in.byMetric[m.Name()]
				if len(in.byAlias) > 0 {
					candidates = slices.Concat(candidates, in.byAlias[in.aliases.metric(m)])
				}
				if len(candidates) == 0 {
					continue
				}
				in.identity.Scope(rm.Resource(), sm.Scope())
				in.identity.Metric(m)
				in.metric(m, candidates, point{resource: resource, now: now})
			}
		}
	}
}

func (in *intake) metric(m pmetric.Metric, candidates []int, p point) {
	in.seconds = secondsIn(m.Unit(), m.Name())
	switch m.Type() {
	case pmetric.MetricTypeSum:
		for _, dp := range m.Sum().DataPoints().All() {
			if in.begin(&p, candidates, dp, dp.Flags()) {
				in.sum(m.Sum(), dp, &p)
			}
		}
	case pmetric.MetricTypeGauge:
		for _, dp := range m.Gauge().DataPoints().All() {
			if in.begin(&p, candidates, dp, dp.Flags()) {
				in.gauge(dp, &p)
			}
		}
	case pmetric.MetricTypeHistogram:
		for _, dp := range m.Histogram().DataPoints().All() {
			if in.begin(&p, candidates, dp, dp.Flags()) {
				in.histogram(m.Histogram().AggregationTemporality(), dp, &p)
			}
		}
	case pmetric.MetricTypeExponentialHistogram:
		for _, dp := range m.ExponentialHistogram().DataPoints().All() {
			if in.begin(&p, candidates, dp, dp.Flags()) {
				in.exponentialHistogram(m.ExponentialHistogram().AggregationTemporality(), dp, &p)
			}
		}
	case pmetric.MetricTypeSummary, pmetric.MetricTypeEmpty:
		in.census.dropped[reasonWrongType] += int64(pointsOf(m))
	}
}

func pointsOf(m pmetric.Metric) int {
	if m.Type() == pmetric.MetricTypeSummary {
		return m.Summary().DataPoints().Len()
	}
	return 0
}

// attributed is a data point of any kind.
type attributed interface {
	otlp.Timed
	Attributes() pcommon.Map
}

// begin notes what all kinds of points have, and reports whether any agreement asks for it.
func (in *intake) begin(p *point, candidates []int, dp attributed, flags pmetric.DataPointFlags) bool {
	if flags.NoRecordedValue() {
		return false
	}
	p.attributes = dp.Attributes()
	in.asked = in.asked[:0]
	for _, i := range candidates {
		if in.agreements[i].indicator.filter.holds(in.finder(i, p)) {
			in.asked = append(in.asked, i)
			in.blur[i].seen = true
		}
	}
	var timed bool
	if p.Times, timed = otlp.TimesOf(dp); !timed {
		p.End = p.now.UnixNano()
	}
	p.at = time.Unix(0, p.End)
	return len(in.asked) > 0
}

// finder looks an attribute up by its name.
type finder func(attribute string) (string, bool)

// finder returns that of an agreement, which may use the names of Prometheus.
func (in *intake) finder(i int, p *point) finder {
	if !in.agreements[i].prometheus {
		return p.find
	}
	return func(name string) (string, bool) {
		v, ok := in.aliases.find(name, p.attributes)
		if !ok {
			v, ok = in.aliases.find(name, p.resource)
		}
		if !ok {
			return "", false
		}
		return v.AsString(), true
	}
}

// find looks an attribute up on the point, then on its resource.
func (p *point) find(attribute string) (string, bool) {
	v, ok := p.attributes.Get(attribute)
	if !ok {
		v, ok = p.resource.Get(attribute)
	}
	if !ok {
		return "", false
	}
	return v.AsString(), true
}

// temporality notes whether the point is an increment.
func (in *intake) temporality(t pmetric.AggregationTemporality, p *point) bool {
	if t == pmetric.AggregationTemporalityUnspecified {
		in.census.dropped[reasonNoTemporality]++
		return false
	}
	p.Delta = t == pmetric.AggregationTemporalityDelta
	return true
}

// counts takes note of what a point is in its stream, and reports whether it is new.
func (in *intake) counts(v stream.Verdict, ok bool, p *point) bool {
	if !ok {
		in.census.dropped[reasonTooMany]++
		return false
	}
	in.census.verdicts[v]++
	if v == stream.Baseline {
		in.each(p, func(*indicator, *blur, finder) (slo.Counts, bool) { return slo.Counts{}, true }) // it is alive
	}
	return v.Counts()
}

// each adds to all agreements that ask for the point what it comes to for them.
func (in *intake) each(p *point, read func(*indicator, *blur, finder) (c slo.Counts, ok bool)) {
	for _, i := range in.asked {
		a := in.agreements[i]
		find := in.finder(i, p)
		c, ok := read(&a.indicator, &in.blur[i], find)
		if !ok {
			in.census.dropped[reasonWrongType]++
			continue
		}
		in.key = in.key[:0]
		for _, attribute := range a.groupBy {
			value, _ := find(attribute)
			value, _ = flow.Clean(value)
			in.key = series.AppendString(in.key, value)
		}
		in.batch.Add(i, in.key, p.at, c)
	}
}

func (in *intake) sum(m pmetric.Sum, dp pmetric.NumberDataPoint, p *point) {
	if !m.IsMonotonic() {
		in.gauge(dp, p)
		return
	}
	v := number(dp)
	if !(v >= 0) || math.IsInf(v, 0) {
		in.census.dropped[reasonInvalid]++
		return
	}
	if !in.temporality(m.AggregationTemporality(), p) {
		return
	}
	in.number(v, p)
}

// number takes in a count of events.
func (in *intake) number(v float64, p *point) {
	verdict, ok := in.meters.Number(in.stream(p.attributes), p.Point, &v, p.now.UnixNano())
	if in.counts(verdict, ok, p) {
		in.each(p, func(ind *indicator, _ *blur, find finder) (slo.Counts, bool) {
			return ind.events(v, find), ind.kind == kindEvents
		})
	}
}

// events says how many of some events are good.
func (ind *indicator) events(n float64, find finder) slo.Counts {
	if ind.chosen.holds(find) != ind.invert {
		return slo.Counts{Good: n, Total: n}
	}
	return slo.Counts{Total: n}
}

func (in *intake) gauge(dp pmetric.NumberDataPoint, p *point) {
	v := number(dp)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		in.census.dropped[reasonInvalid]++
		return
	}
	p.Delta = true // each point is an event, unless it is told twice
	p.Start = 0
	once := 1.0
	verdict, ok := in.meters.Number(in.stream(p.attributes), p.Point, &once, p.now.UnixNano())
	if in.counts(verdict, ok, p) {
		in.each(p, func(ind *indicator, _ *blur, _ finder) (slo.Counts, bool) { return ind.reading(v) })
	}
}

// reading says how good one value of a gauge is.
func (ind *indicator) reading(v float64) (c slo.Counts, ok bool) {
	switch ind.kind {
	case kindGauge:
		if v >= ind.low && v <= ind.high {
			return slo.Counts{Good: 1, Total: 1}, true
		}
		return slo.Counts{Total: 1}, true
	case kindRatio:
		if v < 0 || v > 1 {
			return c, false
		}
		if ind.invert {
			v = 1 - v
		}
		return slo.Counts{Good: v, Total: 1}, true
	case kindEvents, kindLatency:
	}
	return c, false
}

func number(dp pmetric.NumberDataPoint) float64 {
	if dp.ValueType() == pmetric.NumberDataPointValueTypeInt {
		return float64(dp.IntValue())
	}
	return dp.DoubleValue()
}
