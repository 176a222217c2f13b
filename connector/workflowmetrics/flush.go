package workflowmetrics

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadata"
	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

func (c *workflowMetrics) flushEvery(ctx context.Context, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			c.settle(ctx, c.flights.Settle, now)
			c.expire(ctx, now)
			if err := c.flush(ctx, now); err != nil {
				c.log.Error("metrics were not taken", zap.Error(err))
			}
		}
	}
}

// drain sends the last interval on: twice, since a series that is new shows its
// zero first.
func (c *workflowMetrics) drain(ctx context.Context) error {
	now := time.Now()
	c.settle(ctx, func(_ time.Time, settled func(flight.Settled)) { c.flights.Drain(settled) }, now)
	first := c.flush(ctx, now)
	if c.cfg.temporality() == tally.Delta {
		return first
	}
	return errors.Join(first, c.flush(ctx, now.Add(time.Millisecond)))
}

// settle counts the runs and costs of traces that are over.
func (c *workflowMetrics) settle(ctx context.Context, settle func(time.Time, func(flight.Settled)), now time.Time) {
	rows := tally.NewBatch(c.ledger)
	var evicted, late int64
	settle(now, func(st flight.Settled) {
		if st.Evicted {
			evicted++
		}
		late += c.close(rows, &st, now)
	})
	c.ledger.Apply(rows, now.UnixNano())
	if evicted > 0 {
		c.tel.builder.ConnectorWorkflowMetricsEvicted.Add(ctx, evicted)
	}
	if late > 0 {
		c.tel.builder.ConnectorWorkflowMetricsLate.Add(ctx, late)
	}
}

// close counts one trace that is over and returns how many of its runs ended too
// long ago for the throughput.
func (c *workflowMetrics) close(rows *tally.Batch, st *flight.Settled, now time.Time) (late int64) {
	run, ran := st.Ended, st.HasEnded
	for i := range st.Resolved {
		r := &st.Resolved[i]
		if st.HasEnded {
			r.Workflow = st.Ended.Workflow
		}
		late += c.resolve(rows, r, now)
		if r.Counts {
			run, ran = r.Run, true
		}
	}
	if st.HasCost && ran {
		rows.CostRun(ending(rows, &run), st.Cost)
	}
	return late
}

// resolve counts a candidate as what it turned out to be and returns how many runs
// ended too long ago for the throughput.
func (c *workflowMetrics) resolve(rows *tally.Batch, r *flight.Resolved, now time.Time) (late int64) {
	if !r.Counts {
		rows.CountStep(ending(rows, &r.Run), r.Step, r.StepKind)
		return 0
	}
	rows.CountRun(ending(rows, &r.Run))
	if !c.throughput.Add(r.Workflow, r.Service, time.Unix(0, r.End), now, r.Weight) {
		return int64(r.Weight)
	}
	return 0
}

func ending(rows *tally.Batch, r *flight.Run) *tally.Ending {
	return &tally.Ending{
		Stream: rows.StreamOf(r.Workflow, r.Service, r.Dimensions), Outcome: r.Outcome, ErrorType: r.ErrorType,
		Seconds: flow.Seconds(r.Start, r.End), Weight: r.Weight,
	}
}

func (c *workflowMetrics) expire(ctx context.Context, now time.Time) {
	if n := c.ledger.Expire(now.Add(-time.Duration(c.cfg.SeriesExpiration))); n > 0 {
		c.tel.builder.ConnectorWorkflowMetricsExpired.Add(ctx, int64(n))
	}
}

// flush sends every series on.
func (c *workflowMetrics) flush(ctx context.Context, now time.Time) error {
	c.flushing.Lock()
	defer c.flushing.Unlock()
	md := pmetric.NewMetrics()
	sm := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(metadata.ScopeName)
	c.collect(sm.Metrics(), pcommon.NewTimestampFromTime(c.last), pcommon.NewTimestampFromTime(now))
	c.gauges(sm.Metrics(), now)
	c.last = now
	if md.DataPointCount() == 0 {
		return nil
	}
	return c.next.ConsumeMetrics(ctx, md)
}

func (c *workflowMetrics) collect(into pmetric.MetricSlice, since, now pcommon.Timestamp) {
	t := c.cfg.temporality()
	for i := range tally.Metrics {
		m := &tally.Metrics[i]
		w := otlp.NewWriter(into, m, t, since, now)
		c.ledger.Collect(m.ID, t, w.Point)
	}
}

func (c *workflowMetrics) gauges(into pmetric.MetricSlice, now time.Time) {
	active := otlp.NewGauge(into, "workflow.runs.active", "Runs in flight.", "{run}", now)
	c.flights.Active(now, func(workflow, service string, n int64) {
		active.Int(workflow, service, n)
	})
	throughput := otlp.NewGauge(into, "workflow.throughput", "Runs a second that ended within the last minute.", "{run}/s", now)
	c.throughput.Each(now, func(workflow, service string, perSecond float64) {
		throughput.Double(workflow, service, perSecond)
	})
}
