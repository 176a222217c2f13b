package costprocessor

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/tta-dev/otelcol-workflow/processor/costprocessor/internal/metadata"
)

// prices are round numbers, so that what calls cost can be seen: tokens of model a are worth a
// dollar for the input, ten for the output and a tenth from the cache.
const prices = `
catalog: {files: [testdata/prices.json]}
`

// span is a span of a batch: its number, that of its parent (0 for none), and its attributes.
type span struct {
	id, parent byte
	name       string
	attrs      map[string]any
	failed     bool
	trace      byte // 1 if it is not given
	scope      string
	seconds    float64
}

// batchOf returns spans as one batch.
func batchOf(spans ...span) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	start := time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)
	for _, in := range spans {
		ss := rs.ScopeSpans().AppendEmpty()
		ss.Scope().SetName(in.scope)
		s := ss.Spans().AppendEmpty()
		s.SetName(in.name)
		s.SetTraceID(pcommon.TraceID{15: max(in.trace, 1)})
		s.SetSpanID(spanID(in.id))
		s.SetParentSpanID(spanID(in.parent))
		s.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
		s.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(time.Duration(max(in.seconds, 0.5) * float64(time.Second)))))
		if in.failed {
			s.Status().SetCode(ptrace.StatusCodeError)
		}
		if err := s.Attributes().FromRaw(in.attrs); err != nil {
			panic(err) // the attributes of the tests are of types that OTLP has
		}
	}
	return td
}

func spanID(n byte) (id pcommon.SpanID) {
	binary.BigEndian.PutUint64(id[:], uint64(n))
	return id
}

// chat is a call of model a, or of another.
func chat(id, parent byte, attrs ...any) span {
	s := span{id: id, parent: parent, name: "chat", attrs: map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.response.model": "a",
	}}
	for i := 0; i < len(attrs); i += 2 {
		if attrs[i+1] == nil {
			delete(s.attrs, attrs[i].(string))
			continue
		}
		s.attrs[attrs[i].(string)] = attrs[i+1]
	}
	return s
}

// tokens are the attributes of a usage.
func tokens(in, out int) []any {
	return []any{"gen_ai.usage.input_tokens", in, "gen_ai.usage.output_tokens", out}
}

// workbench is a processor under test.
type workbench struct {
	*costProcessor
	next *consumertest.TracesSink
	tel  *componenttest.Telemetry
}

// setUp starts a processor with a configuration in YAML.
func setUp(tb testing.TB, yaml string) *workbench {
	tb.Helper()
	b := &workbench{next: new(consumertest.TracesSink), tel: componenttest.NewTelemetry()}
	set := processortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = b.tel.NewTelemetrySettings()
	var err error
	b.costProcessor, err = newProcessor(set, load(tb, yaml), b.next)
	require.NoError(tb, err)
	require.NoError(tb, b.Start(tb.Context(), componenttest.NewNopHost()))
	tb.Cleanup(func() {
		ctx := context.WithoutCancel(tb.Context())
		require.NoError(tb, b.Shutdown(ctx))
		require.NoError(tb, b.tel.Shutdown(ctx))
	})
	return b
}

// load reads a configuration as the collector does.
func load(tb testing.TB, yaml string) *Config {
	tb.Helper()
	cfg, err := parse(yaml)
	require.NoError(tb, err)
	return cfg
}

func parse(yaml string) (*Config, error) {
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(yaml))
	if err != nil {
		return nil, err
	}
	conf, err := retrieved.AsConf()
	if err != nil {
		return nil, err
	}
	cfg := createDefaultConfig().(*Config)
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

// send prices a batch and returns what was written on each span, by its number. Of the
// attributes that the client sent only ours are among them.
func (b *workbench) send(tb testing.TB, spans ...span) map[byte]map[string]any {
	tb.Helper()
	b.next.Reset()
	require.NoError(tb, b.ConsumeTraces(tb.Context(), batchOf(spans...)))
	require.Len(tb, b.next.AllTraces(), 1)
	out := map[byte]map[string]any{}
	for _, rs := range b.next.AllTraces()[0].ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				written := map[string]any{}
				for name, v := range s.Attributes().All() {
					if ours(name) {
						written[name] = v.AsRaw()
					}
				}
				id := s.SpanID()
				out[id[7]] = written
			}
		}
	}
	return out
}

// counted returns the points of a counter by the value of an attribute, "" for those without.
func (b *workbench) counted(tb testing.TB, name, by string) map[string]int64 {
	tb.Helper()
	m, err := b.tel.GetMetric(name)
	require.NoError(tb, err)
	out := map[string]int64{}
	for _, p := range m.Data.(metricdata.Sum[int64]).DataPoints {
		v, _ := p.Attributes.Value(attribute.Key(by))
		out[v.AsString()] += p.Value
	}
	return out
}
