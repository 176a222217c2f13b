package accuracy_test

import (
	"context"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/connector/spanmetricsconnector"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/transformprocessor"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics"
	"github.com/tta-dev/otelcol-workflow/processor/percentileprocessor"
)

// quantiles are those of the table. All but the last are told by default.
var quantiles = []float64{0.5, 0.9, 0.95, 0.99, 0.999}

// told is what a contestant says of each quantile, in seconds.
type told map[float64]float64

// pipeline is a traces to metrics connector with a metrics processor after it.
type pipeline struct {
	traces consumer.Traces
	sink   *consumertest.MetricsSink
	stop   func()
}

// newPipeline starts the connector, and a little later the processor, so that the two never
// send on at the same moment.
func newPipeline(tb testing.TB, c connector.Factory, p processor.Factory, settings map[string]any) *pipeline {
	tb.Helper()
	host := componenttest.NewNopHost()
	sink := new(consumertest.MetricsSink)
	config := p.CreateDefaultConfig()
	require.NoError(tb, confmap.NewFromStringMap(settings).Unmarshal(config))
	require.NoError(tb, confmap.Validate(config))
	second, err := p.CreateMetrics(tb.Context(), processortest.NewNopSettings(p.Type()), config, sink)
	require.NoError(tb, err)
	first, err := c.CreateTracesToMetrics(tb.Context(), connectortest.NewNopSettings(c.Type()), c.CreateDefaultConfig(), second)
	require.NoError(tb, err)
	require.NoError(tb, first.Start(tb.Context(), host))
	time.Sleep(1250 * time.Millisecond)
	require.NoError(tb, second.Start(tb.Context(), host))
	return &pipeline{traces: first, sink: sink, stop: func() {
		for _, c := range []component.Component{first, second} {
			require.NoError(tb, c.Shutdown(context.WithoutCancel(tb.Context())))
		}
	}}
}

func ours(tb testing.TB) *pipeline {
	tb.Helper()
	return newPipeline(tb, workflowmetrics.NewFactory(), percentileprocessor.NewFactory(), map[string]any{
		"flush_interval": "7s", // so that windows are looked at everywhere between their edges
		"rules": []any{map[string]any{
			"metric": "workflow.run.duration", "error": true, "quantiles": []any{0.5, 0.9, 0.95, 0.99, 0.999},
		}},
	})
}

func peers(tb testing.TB) *pipeline {
	tb.Helper()
	statements := make([]any, 0, len(quantiles))
	for _, q := range quantiles {
		statements = append(statements, "extract_percentile_metric("+percent(q)+", \"_p"+percent(q)+`") where metric.name == "traces.span.metrics.duration"`)
	}
	return newPipeline(tb, spanmetricsconnector.NewFactory(), transformprocessor.NewFactory(), map[string]any{
		"error_mode":        "propagate",
		"metric_statements": []any{map[string]any{"context": "metric", "statements": statements}},
	})
}

func percent(q float64) string {
	s := strconv.FormatFloat(q*100, 'f', 1, 64)
	return s
}

// estimate is what our gauges tell at a time.
type estimate struct {
	at            time.Time
	values, bound told
}

// estimates returns what our gauges told.
func (p *pipeline) estimates(tb testing.TB) (all []estimate) {
	tb.Helper()
	for _, md := range p.sink.AllMetrics() {
		e := estimate{values: told{}, bound: told{}}
		for name, points := range gauges(md) {
			for _, dp := range points {
				label, ok := dp.Attributes().Get("quantile")
				require.True(tb, ok)
				q, err := strconv.ParseFloat(label.Str(), 64)
				require.NoError(tb, err)
				e.at = dp.Timestamp().AsTime()
				if strings.HasSuffix(name, ".error") {
					e.bound[q] = dp.DoubleValue()
				} else {
					e.values[q] = dp.DoubleValue()
				}
			}
		}
		if len(e.values) > 0 {
			all = append(all, e)
		}
	}
	return all
}

// extracted returns what the peers' gauges told last.
func (p *pipeline) extracted() told {
	last := told{}
	for _, md := range p.sink.AllMetrics() {
		for name, points := range gauges(md) {
			for _, q := range quantiles {
				if strings.HasSuffix(name, "_p"+percent(q)) {
					last[q] = points[0].DoubleValue() / 1000 // in milliseconds
				}
			}
		}
	}
	return last
}

func gauges(md pmetric.Metrics) map[string][]pmetric.NumberDataPoint {
	out := map[string][]pmetric.NumberDataPoint{}
	for _, rm := range md.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				if m.Type() == pmetric.MetricTypeGauge && !strings.HasPrefix(m.Name(), "workflow.runs") && m.Name() != "workflow.throughput" {
					for _, dp := range m.Gauge().DataPoints().All() {
						out[m.Name()] = append(out[m.Name()], dp)
					}
				}
			}
		}
	}
	return out
}

// runs returns a run of each duration, all of which end now.
func runs(durations []time.Duration, first uint64) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "accuracy")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	end := time.Now()
	for i, d := range durations {
		s := spans.AppendEmpty()
		var trace pcommon.TraceID
		var span pcommon.SpanID
		binary.BigEndian.PutUint64(trace[8:], first+uint64(i)+1)
		binary.BigEndian.PutUint64(span[:], first+uint64(i)+1)
		s.SetTraceID(trace)
		s.SetSpanID(span)
		s.SetName("invoke_workflow support")
		s.Attributes().PutStr("gen_ai.operation.name", "invoke_workflow")
		s.Attributes().PutStr("workflow.name", "support")
		s.Attributes().PutStr("workflow.outcome", "success")
		s.SetStartTimestamp(pcommon.NewTimestampFromTime(end.Add(-d)))
		s.SetEndTimestamp(pcommon.NewTimestampFromTime(end))
	}
	return td
}

// lastThousand is a list of the latest samples whose quantiles are interpolated
// linearly, as numpy does.
type lastThousand []float64

func (l *lastThousand) add(v float64) {
	*l = append(*l, v)
	if len(*l) > 1000 {
		*l = (*l)[1:]
	}
}

func (l lastThousand) quantiles() told {
	sorted := slices.Sorted(slices.Values(l))
	out := told{}
	for _, q := range quantiles {
		at := q * float64(len(sorted)-1)
		low := int(at)
		high := min(low+1, len(sorted)-1)
		out[q] = sorted[low] + (sorted[high]-sorted[low])*(at-float64(low))
	}
	return out
}
