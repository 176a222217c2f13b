package otlp

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/metric"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// Gauge writes a gauge per workflow and service. The metric is appended on the
// first point, so that an empty one is never sent. Not safe for concurrent use.
type Gauge struct {
	into   pmetric.MetricSlice
	metric *metric.Metric
	now    pcommon.Timestamp
	points pmetric.NumberDataPointSlice
	open   bool
}

// NewGauge returns a Gauge that appends the metric to the slice.
func NewGauge(into pmetric.MetricSlice, m *metric.Metric, now time.Time) *Gauge {
	return &Gauge{into: into, metric: m, now: pcommon.NewTimestampFromTime(now)}
}

// Int writes a whole number; a workflow of "" stands for those past the bound.
func (g *Gauge) Int(workflow, service string, v int64) { g.point(workflow, service).SetIntValue(v) }

// Double writes a fractional number, as Int does.
func (g *Gauge) Double(workflow, service string, v float64) {
	g.point(workflow, service).SetDoubleValue(v)
}

func (g *Gauge) point(workflow, service string) pmetric.NumberDataPoint {
	if !g.open {
		g.points = Open(g.into, g.metric).SetEmptyGauge().DataPoints()
		g.open = true
	}
	dp := g.points.AppendEmpty()
	dp.SetTimestamp(g.now)
	if workflow == "" {
		dp.Attributes().PutBool(tally.OverflowAttribute, true)
		return dp
	}
	dp.Attributes().PutStr(tally.WorkflowAttribute, workflow)
	if service != "" {
		dp.Attributes().PutStr(serviceName, service)
	}
	return dp
}
