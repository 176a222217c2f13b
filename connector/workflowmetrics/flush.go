package workflowmetrics

import (
	"cmp"
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadata"
	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/metric"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// beat settles, expires and sends on.
func (c *workflowMetrics) beat(ctx context.Context) {
	now := time.Now()
	c.settle(ctx, now, func(settled func(flight.Settled)) { c.flights.Settle(now, settled) })
	c.expire(ctx, now)
	if err := c.flush(ctx); err != nil {
		c.log.Error("metrics were not taken", zap.Error(err))
	}
}

// drain sends the last interval on: twice, since a series that is new shows its
// zero first.
func (c *workflowMetrics) drain(ctx context.Context) error {
	c.settle(ctx, time.Now(), c.flights.Drain)
	first := c.flush(ctx)
	if c.cfg.temporality() == tally.Delta {
		return first
	}
	return errors.Join(first, c.flush(ctx))
}

// settle counts the runs and costs of traces that are over.
func (c *workflowMetrics) settle(ctx context.Context, now time.Time, each func(func(flight.Settled))) {
	rows := tally.NewBatch(c.ledger)
	var evicted int64
	each(func(st flight.Settled) {
		if st.Evicted {
			evicted++
		}
		c.close(rows, &st, now)
	})
	c.ledger.Apply(rows, now.UnixNano())
	add(ctx, c.tel.builder.ConnectorWorkflowMetricsEvicted, evicted, nil)
}

// close counts one trace that is over.
func (c *workflowMetrics) close(rows *tally.Batch, st *flight.Settled, now time.Time) {
	run, ran := st.Ended, st.HasEnded
	for i := range st.Resolved {
		r := &st.Resolved[i]
		if st.HasEnded {
			r.Workflow = st.Ended.Workflow
		}
		c.resolve(rows, r, now)
		if r.Counts {
			run, ran = r.Run, true
		}
	}
	if st.HasCost && ran {
		rows.CostRun(ending(rows, &run), st.Cost)
	}
}

// resolve counts a candidate as what it turned out to be. A run counts for the throughput
// when it is known to be one: when it ended is mostly too long ago by then.
func (c *workflowMetrics) resolve(rows *tally.Batch, r *flight.Resolved, now time.Time) {
	if !r.Counts {
		rows.CountStep(ending(rows, &r.Run), r.Step, r.StepKind)
		return
	}
	rows.CountRun(ending(rows, &r.Run))
	c.throughput.Add(cmp.Or(r.Workflow, unknownWorkflow), r.Service, now.Unix(), r.Weight)
}

func ending(rows *tally.Batch, r *flight.Run) *tally.Ending {
	return &tally.Ending{
		Stream:  rows.StreamOf(cmp.Or(r.Workflow, unknownWorkflow), r.Service, r.Dimensions),
		Outcome: r.Outcome, ErrorType: r.ErrorType, Seconds: flow.Seconds(r.Start, r.End), Weight: r.Weight,
	}
}

func (c *workflowMetrics) expire(ctx context.Context, now time.Time) {
	n := c.ledger.Expire(now.Add(-time.Duration(c.cfg.SeriesExpiration)))
	add(ctx, c.tel.builder.ConnectorWorkflowMetricsExpired, int64(n), nil)
}

// flush sends every series on.
func (c *workflowMetrics) flush(ctx context.Context) error {
	c.flushing.Lock()
	defer c.flushing.Unlock()
	now := time.Now()
	if !now.After(c.last) {
		now = c.last.Add(time.Millisecond) // the clock may stand still or step back
	}
	md := pmetric.NewMetrics()
	sm := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(metadata.ScopeName)
	c.collect(sm.Metrics(), pcommon.NewTimestampFromTime(c.last), pcommon.NewTimestampFromTime(now))
	c.gauges(sm.Metrics(), now)
	c.last = now
	return c.outbox.send(ctx, md)
}

func (c *workflowMetrics) collect(into pmetric.MetricSlice, since, now pcommon.Timestamp) {
	t := c.cfg.temporality()
	for id, m := range tally.Metrics {
		c.ledger.Collect(tally.ID(id), t, otlp.NewWriter(into, m, t, since, now).Point)
	}
}

func (c *workflowMetrics) gauges(into pmetric.MetricSlice, now time.Time) {
	active := otlp.NewGauge(into, &metric.RunsActive, now)
	c.flights.Active(now, func(workflow, service string, n int64) {
		active.Int(workflow, service, n)
	})
	throughput := otlp.NewGauge(into, &metric.Throughput, now)
	c.throughput.Each(now, func(workflow, service string, perSecond float64) {
		throughput.Double(workflow, service, perSecond)
	})
}
