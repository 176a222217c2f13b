package e2e_test

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/test/collectortest"
	"github.com/tta-dev/otelcol-workflow/test/metricdocs"
	"github.com/tta-dev/otelcol-workflow/test/prometheustest"
	"github.com/tta-dev/otelcol-workflow/test/repo"
)

// TestCompatPreset sends runs to preset:tta-compat and holds the eight series that it serves
// beside ours, each under the name, with the labels and with the figures of TTA.dev, against
// the books of what was sent; and what the queries of its boards and rules say of them.
func TestCompatPreset(t *testing.T) {
	// A flush must outlast the scrape interval, or the zero of a new series is never scraped.
	c := collectortest.Start(t, collectortest.Build(t), "tta-compat",
		"yaml:connectors::workflow_metrics::flush_interval: 3s", "yaml:processors::slo::flush_interval: 3s",
		"yaml:processors::percentile::flush_interval: 1s",
		"yaml:processors::cost::savings::response_cache::estimate_from_misses: false")
	p := prometheustest.Start(t, c.Metrics)
	l := newLoad(7)
	const runs = 40
	td := l.batch(runs)
	const inFlight = 2
	open := l.open(td, inFlight)
	require.Equal(t, 200, c.Post(t, asProtobuf, protobuf(t, td)))
	require.Eventually(t, func() bool {
		return p.Number(t, "sum(primitive_requests_total)") == primitives(l.books, open).sum("primitive_requests_total")
	}, patience, tick)
	require.Equal(t, 200, c.Post(t, asProtobuf, protobuf(t, l.batch(runs))))
	want := primitives(l.books, open)
	for _, last := range []string{"primitive_requests_total", "primitive_slo_compliance", "workflow_step_duration_quantile_seconds > 0"} {
		require.Eventually(t, func() bool {
			sum, told := want.sum(last), p.Query(t, "sum("+last+")")
			return len(told) == 1 && (sum == 0 || math.Abs(told[0].Value-sum) < 1e-9)
		}, patience, tick, last)
	}

	t.Run("every series and every value", func(t *testing.T) {
		for query, series := range want.numbers {
			assertSeries(t, p, query, series)
		}
	})
	t.Run("no series beside the eight", func(t *testing.T) {
		expected := append(slices.Collect(maps.Keys(want.numbers)), "primitive_requests_per_second")
		slices.Sort(expected)
		assert.Equal(t, expected, names8(t, p))
		docs, err := metricdocs.Read(repo.Root(t))
		require.NoError(t, err)
		for _, name := range expected {
			assert.True(t, docs.Knows(name), name)
		}
	})
	// Runs leave the last minute one by one, so ours is what it is held to.
	t.Run("requests a second", func(t *testing.T) {
		assert.Eventually(t, func() bool {
			theirs := values(t, p, "primitive_requests_per_second")
			return len(theirs) == 3 && maps.Equal(theirs, values(t, p,
				`label_replace(sum by (workflow_name) (workflow_throughput_per_second), "primitive_name", "$1", "workflow_name", "(.*)")`))
		}, patience, tick)
	})
	t.Run("our own series are there too, and no others", func(t *testing.T) {
		assertSeries(t, p, "workflow_steps_total", l.numbers["workflow_steps_total"])
		assertSeries(t, p, "histogram_count(workflow_run_duration_seconds)", l.numbers["histogram_count(workflow_run_duration_seconds)"])
		assert.NotEmpty(t, p.Query(t, "workflow_step_duration_quantile_seconds"))
		assert.Empty(t, p.Query(t, `{__name__=~".*explicit.*"}`))
	})
	t.Run("queries of boards and rules", func(t *testing.T) { assertBoards(t, p, want) })
	assert.NoError(t, c.Stop())
	assert.NoError(t, p.Stop())
}

// values returns the results of a query by primitive.
func values(t *testing.T, p *prometheustest.Prometheus, query string) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	for _, s := range p.Query(t, query) {
		out[s.Labels["primitive_name"]] = s.Value
	}
	return out
}

// names8 returns the names of what the preset serves in TTA.dev's stead.
func names8(t *testing.T, p *prometheustest.Prometheus) (names []string) {
	t.Helper()
	for _, s := range p.Query(t, `count by (__name__) ({__name__=~"primitive_.*"})`) {
		names = append(names, s.Labels["__name__"])
	}
	slices.Sort(names)
	return names
}

// open adds a step to each of n runs of a workflow that have not ended, and returns the
// workflow.
func (l *load) open(td ptrace.Traces, n int) (running map[string]float64) {
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "research")
	spans, kept := rs.ScopeSpans().AppendEmpty().Spans(), ptrace.NewTraces().ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	at := labels{"service_name": "research", "workflow_name": "report"}
	for range n {
		run := l.span(kept, ptrace.Span{}, "report", 1, ended{outcome: "success"}, map[string]any{"gen_ai.operation.name": "invoke_workflow"})
		l.step(spans, run, at, "report", "plan", "task", 0.5, ended{outcome: "success"}, nil)
	}
	return map[string]float64{"report": float64(n), "refund": 0, "triage": 0}
}

// bounds are those of primitive_duration_seconds.
var bounds = []float64{0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, math.Inf(1)}

// primitives returns the books as TTA.dev would have kept them.
func primitives(b *books, running map[string]float64) *books {
	out := newBooks()
	runs, good := map[string]bool{}, map[string]float64{}
	for series, n := range b.numbers["workflow_runs_total"] {
		at := read(series)
		runs[at["workflow_name"]] = true
		if at["workflow_outcome"] != "cancelled" {
			out.add("primitive_requests_total", primitive(at).with(status(at)), n)
			good["all "+at["workflow_name"]] += n
		}
		if at["workflow_outcome"] == "success" {
			good[at["workflow_name"]] += n
		}
	}
	for series, n := range b.numbers["workflow_steps_total"] {
		if at := read(series); at["workflow_outcome"] != "cancelled" {
			out.add("primitive_requests_total", primitive(at).with(status(at)), n)
		}
	}
	for _, metric := range []string{"workflow_run_duration_seconds", "workflow_step_duration_seconds"} {
		out.durations(b.seconds[metric])
	}
	for series, usd := range b.numbers["workflow_cost_usd_total"] {
		out.add("primitive_cost_total", labels{"primitive_name": read(series)["workflow_step_name"]}, usd)
	}
	for series, usd := range b.numbers["workflow_savings_usd_total"] {
		out.add("primitive_cost_savings_total", labels{"primitive_name": read(series)["workflow_name"]}, usd)
	}
	for workflow := range runs {
		name := labels{"primitive_name": workflow}
		out.add("primitive_active_requests", name, running[workflow])
		out.objective(name.with(labels{"slo_name": "run-success"}), 0.99, good[workflow]/good["all "+workflow])
		quick, all := quickness(b, workflow)
		out.objective(name.with(labels{"slo_name": "run-latency"}), 0.95, quick/all)
	}
	return out
}

func (b *books) objective(at labels, target, compliance float64) {
	b.add("primitive_slo_compliance", at, compliance)
	b.add("primitive_error_budget_remaining", at, 1-(1-compliance)/(1-target))
}

// quickness returns how many runs that ended well took at most 30 s, of how many.
func quickness(b *books, workflow string) (quick, all float64) {
	for series, seconds := range b.seconds["workflow_run_duration_seconds"] {
		if at := read(series); at["workflow_name"] != workflow || at["workflow_outcome"] != "success" {
			continue
		}
		for _, v := range seconds {
			all++
			if v <= 30 {
				quick++
			}
		}
	}
	return quick, all
}

func (b *books) durations(all map[string][]float64) {
	for series, seconds := range all {
		at := read(series)
		if at["workflow_outcome"] == "cancelled" {
			continue
		}
		for _, v := range seconds {
			b.add("primitive_duration_seconds_sum", primitive(at), v)
			b.add("primitive_duration_seconds_count", primitive(at), 1)
			for _, bound := range bounds {
				within := 0.0
				if v <= bound {
					within = 1
				}
				b.add("primitive_duration_seconds_bucket", primitive(at).with(labels{"le": le(bound)}), within)
			}
		}
	}
}

// le returns the label as Prometheus has it: whole numbers with a fraction.
func le(bound float64) string {
	text := strconv.FormatFloat(bound, 'f', -1, 64)
	if bound == math.Trunc(bound) && !math.IsInf(bound, 0) {
		text += ".0"
	}
	return text
}

// primitive returns the labels of what a series of ours is about.
func primitive(at labels) labels {
	if step := at["workflow_step_name"]; step != "" {
		return labels{"primitive_name": step, "primitive_type": at["workflow_step_kind"]}
	}
	return labels{"primitive_name": at["workflow_name"], "primitive_type": "workflow"}
}

func status(at labels) labels {
	if at["workflow_outcome"] == "success" {
		return labels{"status": "success"}
	}
	return labels{"status": "error"}
}

// read returns the labels that String wrote.
func read(series string) labels {
	out := labels{}
	for _, pair := range label.FindAllStringSubmatch(series, -1) {
		out[pair[1]] = pair[2]
	}
	return out
}

// TestCompatPresetPastItsBounds sends more steps than there may be series. What became of those
// that were folded is not known, so they are neither successes nor errors; their costs are costs.
func TestCompatPresetPastItsBounds(t *testing.T) {
	c := collectortest.Start(t, collectortest.Build(t), "tta-compat",
		"yaml:connectors::workflow_metrics::flush_interval: 200ms", "yaml:connectors::workflow_metrics::max_series: 20")
	l := newLoad(9)
	td := ptrace.NewTraces()
	spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	root := l.span(spans, ptrace.Span{}, "flood", 1, ended{outcome: "success"}, map[string]any{"gen_ai.operation.name": "invoke_workflow"})
	at := labels{"workflow_name": "flood"}
	const steps = 50
	for i := range steps {
		step := l.step(spans, root, at, "flood", "step-"+strconv.Itoa(i), "task", 0.1, ended{outcome: "success"}, nil)
		l.chat(spans, step, at, "flood", "openai", "gpt-4o", 0.05, ended{outcome: "success"})
	}
	require.Equal(t, 200, c.Post(t, asProtobuf, protobuf(t, td)))
	const kept = 20 + 1 // steps, and the run
	require.Eventually(t, func() bool {
		scrape := c.Scrape(t, c.Metrics)
		return sum(scrape, "primitive_requests_total") == kept && sum(scrape, "primitive_duration_seconds_count") == kept &&
			math.Abs(sum(scrape, "primitive_cost_total")-l.sum("workflow_cost_usd_total")) < 1e-9
	}, patience, tick)
	scrape := c.Scrape(t, c.Metrics)
	assert.InDelta(t, steps, sum(scrape, "workflow_steps_total"), 0)
	assert.Empty(t, those(series(scrape, "primitive_requests_total"), func(v float64) bool { return v != 1 }))
	assert.NoError(t, c.Stop())
}

// TestCompatPresetCountsPythonSpans sends what TTA.dev's own primitives export, whose type is
// the name of a class.
func TestCompatPresetCountsPythonSpans(t *testing.T) {
	c := collectortest.Start(t, collectortest.Build(t), "tta-compat", "yaml:connectors::workflow_metrics::flush_interval: 200ms")
	l := newLoad(3)
	td := ptrace.NewTraces()
	spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	add := func(parent ptrace.Span, name string) ptrace.Span {
		s := l.span(spans, parent, "", 0.2, ended{}, map[string]any{"gen_ai.operation.name": ""})
		s.SetName(name)
		s.Attributes().Clear()
		return s
	}
	root := add(ptrace.Span{}, "POST /ask")
	root.SetKind(ptrace.SpanKindServer)
	for i, parent := range []ptrace.Span{root, {}, {}} {
		s := add(parent, "primitive.fetch")
		set(s, "primitive.name", "fetch")
		set(s, "primitive.type", "SequentialPrimitive")
		if i == 0 {
			s.Status().SetCode(ptrace.StatusCodeError)
		}
	}
	require.Equal(t, 200, c.Post(t, asProtobuf, protobuf(t, td)))
	want := map[string]float64{
		`{primitive_name="POST /ask",primitive_type="workflow",status="success"}`:        1,
		`{primitive_name="fetch",primitive_type="SequentialPrimitive",status="error"}`:   1,
		`{primitive_name="fetch",primitive_type="SequentialPrimitive",status="success"}`: 2,
	}
	assert.Eventually(t, func() bool {
		return maps.Equal(want, series(c.Scrape(t, c.Metrics), "primitive_requests_total"))
	}, patience, tick)
	assert.Equal(t, want, series(c.Scrape(t, c.Metrics), "primitive_requests_total"))
	assert.NoError(t, c.Stop())
}
