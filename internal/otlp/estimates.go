package otlp

import (
	"math"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/percentile"
	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// The attributes that tell the points of a gauge of quantiles apart.
const (
	QuantileAttribute = "quantile"
	WindowAttribute   = "window"
)

// ErrorSuffix is what the name of the gauge of errors ends with.
const ErrorSuffix = ".error"

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
	metric, rest, _ := series.Next(rest)
	unit, rest, _ := series.Next(rest)
	resource, own, ok := series.Next(rest)
	if !ok {
		return
	}
	id := gaugeID{string(resource), e.Rule.Output(string(metric)), string(unit)}
	about := "Quantiles of " + string(metric) + "."
	for _, v := range e.Values {
		w.point(w.gauge(id, about), e, own, v.Quantile).SetDoubleValue(v.Value)
	}
	if !e.Rule.Error {
		return
	}
	id.name += ErrorSuffix
	about = "How far a quantile of " + string(metric) + " may be off."
	for _, v := range e.Values {
		if !math.IsInf(v.Error, 1) {
			w.point(w.gauge(id, about), e, own, v.Quantile).SetDoubleValue(v.Error)
		}
	}
}

func (w *Estimates) point(into pmetric.NumberDataPointSlice, e *percentile.Estimate, own []byte, quantile string) pmetric.NumberDataPoint {
	dp := into.AppendEmpty()
	dp.SetTimestamp(w.now)
	putAttributes(dp.Attributes(), own)
	dp.Attributes().PutStr(QuantileAttribute, quantile)
	if e.Window != "" {
		dp.Attributes().PutStr(WindowAttribute, e.Window)
	}
	if e.Folded {
		putOverflow(dp.Attributes())
	}
	return dp
}

// gauge returns the points of a gauge, which is made on the first one, so that an empty
// one is never sent.
func (w *Estimates) gauge(id gaugeID, description string) pmetric.NumberDataPointSlice {
	if points, ok := w.gauges[id]; ok {
		return points
	}
	m := w.metrics(id.resource).AppendEmpty()
	m.SetName(id.name)
	m.SetDescription(description)
	m.SetUnit(id.unit)
	points := m.SetEmptyGauge().DataPoints()
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
