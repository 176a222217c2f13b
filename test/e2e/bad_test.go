package e2e_test

import (
	"bytes"
	"math"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
)

const (
	asProtobuf = "application/x-protobuf"
	asJSON     = "application/json"
)

// refused are bodies that are no spans at all, and how the receiver answers.
var refused = []struct {
	name, contentType string
	body              []byte
	status            int
}{
	{"truncated JSON", asJSON, []byte(`{"resourceSpans":[`), 400},
	{"JSON of another shape", asJSON, []byte(`{"resourceSpans":{"spans":7}}`), 400},
	{"garbage", asProtobuf, bytes.Repeat([]byte{0xff}, 64), 400},
	{"truncated protobuf", asProtobuf, []byte{0x0a, 0x7f, 0x12}, 400},
	{"unknown content type", "text/plain", []byte("spans"), 415},
	{"beyond the largest request", asJSON, bytes.Repeat([]byte(" "), 21<<20), 400},
	{"nothing in protobuf", asProtobuf, nil, 200},
	{"nothing in JSON", asJSON, []byte(`{}`), 200},
}

// spoilt are batches that are read as far as possible. Each spoils the spans of a
// good batch: a run and, in it, a call of a model.
var spoilt = []struct {
	name    string
	spoil   func(run, call ptrace.Span)
	reasons map[string]float64 // of connector_workflow_metrics_malformed
}{
	{"nothing", func(_, _ ptrace.Span) {}, nil},
	{"no trace id", func(run, _ ptrace.Span) { run.SetTraceID(pcommon.TraceID{}) }, map[string]float64{"no_id": 1}},
	{"no span id", func(run, _ ptrace.Span) { run.SetSpanID(pcommon.SpanID{}) }, map[string]float64{"no_id": 1}},
	{"no times", func(run, _ ptrace.Span) { run.SetStartTimestamp(0); run.SetEndTimestamp(0) }, map[string]float64{"zero_time": 1}},
	{"no start", func(run, _ ptrace.Span) { run.SetStartTimestamp(0) }, map[string]float64{"zero_time": 1}},
	{"end before the start", func(run, _ ptrace.Span) { run.SetEndTimestamp(run.StartTimestamp() - 1) }, map[string]float64{"negative_duration": 1}},
	{"end in a hundred years", func(run, _ ptrace.Span) {
		run.SetEndTimestamp(pcommon.NewTimestampFromTime(time.Now().AddDate(100, 0, 0)))
	}, map[string]float64{"absurd_duration": 1}},
	{"end beyond what 63 bits hold", func(run, _ ptrace.Span) { run.SetEndTimestamp(math.MaxUint64) }, map[string]float64{"zero_time": 1}},
	{"its own parent", func(run, _ ptrace.Span) { run.SetParentSpanID(run.SpanID()) }, map[string]float64{"cycle": 1}},
	{"parents in a circle", func(run, call ptrace.Span) { run.SetParentSpanID(call.SpanID()) }, map[string]float64{"cycle": 1}},
	{"the same id twice", func(run, call ptrace.Span) { call.SetSpanID(run.SpanID()) }, map[string]float64{"duplicate_id": 1}},
	{"span name that is not UTF-8", func(run, _ ptrace.Span) { run.SetName("caf\xe9") }, map[string]float64{"invalid_name": 1}},
	{"workflow that is not UTF-8", put("workflow.name", "caf\xe9"), map[string]float64{"invalid_name": 1}},
	{"error type that is not UTF-8", func(run, _ ptrace.Span) {
		run.Attributes().PutStr("workflow.outcome", "error")
		run.Attributes().PutStr("error.type", "\xff\xfe")
	}, map[string]float64{"invalid_name": 1}},
	{"model that is not UTF-8", putCall("gen_ai.response.model", "gpt\xff"), map[string]float64{"invalid_name": 1}},
	{"workflow of 1 MiB", put("workflow.name", strings.Repeat("w", 1<<20)), map[string]float64{"long_name": 1}},
	{"span name of 1 MiB", func(run, _ ptrace.Span) { run.SetName(strings.Repeat("s", 1<<20)) }, map[string]float64{"long_name": 1}},
	{"attribute of 1 MiB", put("prompt", strings.Repeat("p", 1<<20)), nil},
	{"10000 attributes", func(run, _ ptrace.Span) {
		for i := range 10_000 {
			run.Attributes().PutInt("a"+strconv.Itoa(i), int64(i))
		}
	}, nil},
	{"number for a name", put("workflow.name", 7), nil},
	{"list for a name", put("workflow.name", []any{"w"}), map[string]float64{"wrong_type": 1}},
	{"outcome of no such word", put("workflow.outcome", "maybe"), nil},
	{"words for a number", putCall("gen_ai.usage.input_tokens", "many"), map[string]float64{"bad_number": 1}},
	{"negative tokens", putCall("gen_ai.usage.input_tokens", -5), map[string]float64{"negative_tokens": 1}},
	{"absurd tokens", putCall("gen_ai.usage.output_tokens", math.MaxInt64), map[string]float64{"absurd_tokens": 1}},
	{"more cached than there was", putCall("gen_ai.usage.cache_read.input_tokens", 1_000_000), nil},
	{"cost that is no number", putCall("gen_ai.usage.cost", math.NaN()), map[string]float64{"bad_number": 1}},
	{"infinite cost", putCall("gen_ai.usage.cost", math.Inf(1)), map[string]float64{"bad_number": 1}},
	{"absurd cost", putCall("gen_ai.usage.cost", 1e308), map[string]float64{"absurd_cost": 1}},
	{"negative cost", putCall("gen_ai.usage.cost", -0.01), map[string]float64{"bad_number": 1}},
	{"cost that only the collector may state", putCall("workflow.cost.total", math.NaN()), nil},
	{"usage in JSON cut short", putCall("langfuse.observation.usage_details", `{"input": 7`), map[string]float64{"bad_json": 1}},
	{"usage in JSON of another shape", putCall("langfuse.observation.usage_details", `[1, 2]`), map[string]float64{"bad_json": 1}},
	{"usage in JSON 8000 deep", putCall("langfuse.observation.usage_details", strings.Repeat(`{"a":`, 8000)), map[string]float64{"bad_json": 1}},
}

func put(name string, v any) func(run, call ptrace.Span) {
	return func(run, _ ptrace.Span) { set(run, name, v) }
}

func putCall(name string, v any) func(run, call ptrace.Span) {
	return func(_, call ptrace.Span) { set(call, name, v) }
}

func set(s ptrace.Span, name string, v any) {
	if err := s.Attributes().PutEmpty(name).FromRaw(v); err != nil {
		panic(err) // the values above are of types that OTLP has
	}
}

// TestBadInput sends what no one should. It is refused or counted under a reason, and
// the collector goes on and counts what is good.
func TestBadInput(t *testing.T) {
	c := collectortest.Start(t, collectortest.Build(t), "standalone", "yaml:connectors::workflow_metrics::flush_interval: 200ms")
	for _, tc := range refused {
		t.Run(tc.name, func(t *testing.T) {
			assert.Equal(t, tc.status, c.Post(t, tc.contentType, tc.body))
			for reason, n := range malformed(t, c) {
				assert.Zero(t, n, reason)
			}
		})
	}
	t.Run("garbage over gRPC", func(t *testing.T) {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", c.GRPC)
		require.NoError(t, err)
		_, err = conn.Write(bytes.Repeat([]byte("not HTTP/2\r\n"), 1000))
		assert.NoError(t, err)
		assert.NoError(t, conn.Close())
	})
	before := map[string]float64{}
	for i, tc := range spoilt {
		t.Run(tc.name, func(t *testing.T) {
			td, run, call := good(uint64(i + 1))
			tc.spoil(run, call)
			assert.Equal(t, 200, c.Post(t, asProtobuf, protobuf(t, td)))
			after := malformed(t, c)
			news := map[string]float64{}
			for reason, n := range after {
				if n > before[reason] {
					news[reason] = n - before[reason]
				}
			}
			assert.Len(t, news, len(tc.reasons))
			for reason, n := range tc.reasons {
				assert.InDelta(t, n, news[reason], 0, reason)
			}
			before = after
		})
	}
	t.Run("what is good", func(t *testing.T) { assertCounted(t, c) })
	t.Run("labels are fit to serve", func(t *testing.T) {
		scrape := c.Scrape(t, c.Metrics)
		assert.True(t, utf8.ValidString(scrape))
		assert.Contains(t, scrape, `workflow_name="caf`+"\uFFFD"+`"`)
		for series := range series(scrape, "workflow_runs_total") {
			assert.Less(t, len(series), 4096)
		}
	})
	t.Run("durations are believable", func(t *testing.T) {
		for at, seconds := range series(c.Scrape(t, c.Metrics), "workflow_run_duration_seconds_sum") {
			assert.Less(t, seconds, 10_000.0, at)
		}
	})
	assert.NoError(t, c.Stop())
}

// good returns a run of one second with a call of a model in it.
func good(n uint64) (td ptrace.Traces, run, call ptrace.Span) {
	td = ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "bad")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	l := &load{books: newBooks(), ids: 1_000_000 + 10*n}
	l.span(spans, ptrace.Span{}, "w", 1, ended{outcome: "success"}, map[string]any{"gen_ai.operation.name": "invoke_workflow"})
	l.span(spans, spans.At(0), "w", 1, ended{outcome: "success"}, map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 2,
	})
	return td, spans.At(0), spans.At(1)
}

// malformed returns the faults that the collector has counted, by reason.
func malformed(t *testing.T, c *collectortest.Collector) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	for at, n := range series(c.Scrape(t, c.Own), "otelcol_connector_workflow_metrics_malformed") {
		out[reason.FindStringSubmatch(at)[1]] = n
	}
	return out
}

var reason = regexp.MustCompile(`reason="([a-z_]+)"`)

// assertCounted sends runs and asserts that each is counted.
func assertCounted(t *testing.T, c *collectortest.Collector) {
	t.Helper()
	l := newLoad(2)
	require.Equal(t, 200, c.Post(t, asProtobuf, protobuf(t, l.batch(10))))
	want := l.numbers["workflow_runs_total"]
	require.Eventually(t, func() bool {
		sum := 0.0
		for at, n := range series(c.Scrape(t, c.Metrics), "workflow_runs_total") {
			if _, ours := want[at]; ours {
				sum += n
			}
		}
		return sum == 30
	}, patience, tick)
	got := series(c.Scrape(t, c.Metrics), "workflow_runs_total")
	for at, n := range want {
		assert.InDelta(t, n, got[at], 0, at)
	}
}
