package percentileprocessor

import (
	"math"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/tta-dev/otelcol-workflow/processor/percentileprocessor/internal/metadata"
)

// Whatever OTLP holds: the processor lives, passes the batch on with as many values as
// came, and tells nothing but numbers.
func FuzzConsume(f *testing.F) {
	marshaler := &pmetric.ProtoMarshaler{}
	for _, md := range []pmetric.Metrics{
		produce(map[string]any{"workflow.name": "w", "n": int64(1), "f": 0.5, "b": true, "l": []any{"x"}}).add(0, 1, -2, 1e9).metrics(),
		explicit("workflow.run.duration", time.Now(), []float64{1, 2}, []uint64{1, 2, 3}),
		explicit("workflow.run.duration", time.Now(), nil, nil),
	} {
		wire, err := marshaler.MarshalMetrics(md)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(wire)
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		md, err := (&pmetric.ProtoUnmarshaler{}).UnmarshalMetrics(wire)
		if err != nil {
			return
		}
		cfg := createDefaultConfig().(*Config)
		cfg.Rules[0].Metric, cfg.Rules[0].Error, cfg.Rules[0].KeepOriginal.MaxSize = "*", true, 20
		sink := new(consumertest.MetricsSink)
		p, err := newProcessor(processortest.NewNopSettings(metadata.Type), cfg, sink)
		if err != nil {
			t.Fatal(err)
		}
		before := md.DataPointCount()
		for range 2 {
			if err := p.ConsumeMetrics(t.Context(), md); err != nil {
				t.Fatal(err)
			}
		}
		if md.DataPointCount() != before {
			t.Fatalf("%d data points became %d", before, md.DataPointCount())
		}
		sink.Reset()
		if err := p.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, told := range sink.AllMetrics() {
			for name, v := range gauges(told) {
				if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 && strings.Contains(name, ".error{") {
					t.Fatalf("%s is %v", name, v)
				}
			}
		}
	})
}
