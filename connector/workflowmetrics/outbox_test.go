package workflowmetrics

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadata"
)

// picky is a component that answers as it is told and keeps what it takes.
type picky struct {
	consumertest.MetricsSink
	answer func(n int) error // to the n-th call, from 0
	calls  int
}

func (*picky) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (p *picky) ConsumeMetrics(ctx context.Context, md pmetric.Metrics) error {
	p.calls++
	if err := p.answer(p.calls - 1); err != nil {
		return err
	}
	return p.MetricsSink.ConsumeMetrics(ctx, md)
}

// before starts a connector in front of the component.
func before(t *testing.T, next consumer.Metrics, change func(*Config)) (*workflowMetrics, *componenttest.Telemetry) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	change(cfg)
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.WithoutCancel(t.Context()))) })
	set := connectortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	c, err := newConnector(set, cfg, next)
	require.NoError(t, err)
	require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()))
	return c, tel
}

func delta(c *Config) { c.Temporality = TemporalityDelta }

// runs adds up the points of workflow.runs.
func runs(sink *consumertest.MetricsSink) (total float64) {
	for _, m := range metrics(sink, "workflow.runs") {
		total += number(m.Sum().DataPoints().At(0))
	}
	return total
}

func TestADeltaIntervalThatWasRefusedIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := &picky{answer: func(n int) error {
			if n < 3 {
				return errors.New("busy")
			}
			return nil
		}}
		c, _ := before(t, next, delta)
		for id := byte(1); id <= 3; id++ {
			td := newBatch()
			in(td, id).support()
			require.NoError(t, c.ConsumeTraces(t.Context(), td))
			time.Sleep(16 * time.Second)
		}
		require.NoError(t, c.Shutdown(t.Context()))
		assert.InDelta(t, 3, runs(&next.MetricsSink), 0)
	})
}

// What is refused for good, or too often, is counted.
func TestDeltaPointsGivenUpAreCounted(t *testing.T) {
	for name, refusal := range map[string]error{
		"for good":  consumererror.NewPermanent(errors.New("never")),
		"too often": errors.New("busy"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				next := &picky{answer: func(int) error { return refusal }}
				c, tel := before(t, next, delta)
				for id := range byte(2 * maxKept) {
					td := newBatch()
					in(td, id+1).support()
					require.NoError(t, c.ConsumeTraces(t.Context(), td))
					time.Sleep(16 * time.Second)
				}
				require.Error(t, c.Shutdown(t.Context()))
				assert.LessOrEqual(t, len(c.outbox.kept), maxKept)
				lost, err := tel.GetMetric("otelcol_connector_workflow_metrics_lost")
				require.NoError(t, err)
				assert.Positive(t, lost.Data.(metricdata.Sum[int64]).DataPoints[0].Value)
			})
		})
	}
}

// A cumulative interval that was refused is told by the next one.
func TestCumulativeIntervalsAreNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := &picky{answer: func(n int) error {
			if n == 1 {
				return errors.New("busy")
			}
			return nil
		}}
		c, _ := before(t, next, defaults)
		td := newBatch()
		in(td, 1).support()
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		time.Sleep(50 * time.Second)
		assert.InDelta(t, 1, last(&next.MetricsSink)["workflow.runs support success"], 0)
		require.NoError(t, c.Shutdown(t.Context()))
		assert.Empty(t, c.outbox.kept)
	})
}

func TestShutdownEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := make(chan struct{})
		next := &picky{answer: func(int) error { <-stuck; return nil }}
		c, _ := before(t, next, defaults)
		td := newBatch()
		in(td, 1).support()
		require.NoError(t, c.ConsumeTraces(t.Context(), td))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, c.Shutdown(ctx), context.DeadlineExceeded)
		close(stuck)
		synctest.Wait()
	})
}

// However long the next component takes, no point begins after its end.
func TestPointsBeginBeforeTheyEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := &picky{answer: func(int) error { time.Sleep(40 * time.Second); return nil }}
		c, _ := before(t, next, defaults)
		for id := byte(1); id < 20; id++ {
			td := newBatch()
			in(td, id).span(1, 0, "invoke_workflow w", map[string]any{
				"gen_ai.operation.name": "invoke_workflow", "workflow.name": string('a' + rune(id)),
			})
			require.NoError(t, c.ConsumeTraces(t.Context(), td))
			time.Sleep(7 * time.Second)
		}
		require.NoError(t, c.Shutdown(t.Context()))
		points := 0
		for _, m := range metrics(&next.MetricsSink, "workflow.runs") {
			for _, p := range m.Sum().DataPoints().All() {
				points++
				assert.LessOrEqual(t, p.StartTimestamp(), p.Timestamp())
			}
		}
		assert.Greater(t, points, 20)
	})
}
