package otlp

import (
	"math"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/metric"
	"github.com/tta-dev/otelcol-workflow/internal/percentile"
	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// Estimates writes estimates as gauges, in a resource for each set of resource attributes
// that groups have. Not safe for concurrent use.
type Estimates struct {
	out    pmetric.Metrics
	scope  string
	now    pcommon.Timestamp
	scopes map[string]pmetric.MetricSlice
	gauges map[gaugeID]pmetric.NumberDataPointSlice
}

// gaugeID tells gauges apart.
type gaugeID struct{ resource, name, unit string }

// NewEstimates returns a writer into out, of points of a time, under the name of a scope.
func NewEstimates(out pmetric.Metrics, scope string, now time.Time) *Estimates {
	return &Estimates{
		out: out, scope: scope, now: pcommon.NewTimestampFromTime(now),
		scopes: make(map[string]pmetric.MetricSlice),
		gauges: make(map[gaugeID]pmetric.NumberDataPointSlice),
	}
}

// Write writes the points of an estimate, whose key must be of [Identity.Group].
func (w *Estimates) Write(e *percentile.Estimate) {
	_, rest, _ := series.Next(e.Key)
	histogram, rest, _ := series.Next(rest)
	unit, rest, _ := series.Next(rest)
	resource, own, ok := series.Next(rest)
	if !ok {
		return
	}
	of, in, from := string(histogram), string(unit), string(resource)
	name := e.Rule.Output(of)
	values := metric.Estimate(name, of, in)
	for _, v := range e.Values {
		w.point(w.gauge(from, &values), e, own, v.Quantile).SetDoubleValue(v.Value)
	}
	if !e.Rule.Error {
		return
	}
	errs := metric.Uncertainty(name, of, in)
	for _, v := range e.Values {
		if !math.IsInf(v.Error, 1) {
			w.point(w.gauge(from, &errs), e, own, v.Quantile).SetDoubleValue(v.Error)
		}
	}
}

func (w *Estimates) point(into pmetric.NumberDataPointSlice, e *percentile.Estimate, own []byte, quantile string) pmetric.NumberDataPoint {
	dp := into.AppendEmpty()
	dp.SetTimestamp(w.now)
	putAttributes(dp.Attributes(), own)
	dp.Attributes().PutStr(metric.QuantileAttribute, quantile)
	if e.Window != "" {
		dp.Attributes().PutStr(metric.WindowAttribute, e.Window)
	}
	if e.Folded {
		putOverflow(dp.Attributes())
	}
	return dp
}

// gauge returns the points of a gauge, which is made on the first one, so that an empty
// one is never sent.
func (w *Estimates) gauge(resource string, m *metric.Metric) pmetric.NumberDataPointSlice {
	id := gaugeID{resource, m.Name, m.Unit}
	if points, ok := w.gauges[id]; ok {
		return points
	}
	points := Open(w.metrics(resource), m).SetEmptyGauge().DataPoints()
	w.gauges[id] = points
	return points
}

func (w *Estimates) metrics(resource string) pmetric.MetricSlice {
	if ms, ok := w.scopes[resource]; ok {
		return ms
	}
	rm := w.out.ResourceMetrics().AppendEmpty()
	putAttributes(rm.Resource().Attributes(), []byte(resource))
	sm := rm.ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(w.scope)
	w.scopes[resource] = sm.Metrics()
	return sm.Metrics()
}
