package e2e_test

import (
	"encoding/binary"
	"maps"
	"math"
	"math/rand/v2"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// load makes runs of workflows of several services and keeps the books about them.
//
//	invoke_workflow refund   0.02 s … 60 s
//	├ run_step plan     task   ─ chat gpt-4o       tokens, cost, prompt cache
//	├ run_step search   retry  ─ execute_tool web  1 to 3 attempts
//	└ run_step answer   cache  ─ chat claude       unless the cache hits
type load struct {
	*books
	rnd    *rand.Rand
	ids    uint64
	priced bool // some call of the run has a price
}

func newLoad(seed uint64) *load {
	return &load{books: newBooks(), rnd: rand.New(rand.NewPCG(seed, 0))}
}

// batch returns n runs of each service.
func (l *load) batch(n int) ptrace.Traces {
	td := ptrace.NewTraces()
	for _, service := range []string{"checkout", "helpdesk", "research"} {
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", service)
		rs.Resource().Attributes().PutStr("service.instance.id", service+"-0") // must become no label
		spans := rs.ScopeSpans().AppendEmpty().Spans()
		for range n {
			l.run(spans, service, pick(l.rnd, "refund", "triage", "report"))
		}
	}
	return td
}

func pick[T any](rnd *rand.Rand, from ...T) T { return from[rnd.IntN(len(from))] }

// ended is how something ended and, unless well, the type of the error.
type ended struct{ outcome, errorType string }

// run adds one run. The last step ends as the run does, the others well.
func (l *load) run(spans ptrace.SpanSlice, service, workflow string) {
	at := labels{"service_name": service, "workflow_name": workflow}
	seconds := 0.02 * math.Pow(3000, l.rnd.Float64()) // 20 ms to 60 s, as many short ones as long ones
	end := pick(l.rnd, ended{}, ended{}, ended{}, ended{}, ended{"error", "RateLimit"}, ended{"timeout", "deadline"}, ended{"cancelled", "canceled"})
	if end.outcome == "" {
		end.outcome = "success"
	}
	root := l.span(spans, ptrace.Span{}, workflow, seconds, end, map[string]any{"gen_ai.operation.name": "invoke_workflow"})
	outcome := at.with(labels{"workflow_outcome": end.outcome})
	l.add("workflow_runs_total", outcome.with(labels{"error_type": end.errorType}), 1)
	l.observe("workflow_run_duration_seconds", outcome, took(root))

	l.priced = false
	cost := l.plan(spans, root, at, workflow, seconds/4)
	l.search(spans, root, at, workflow, seconds/4)
	cost += l.answer(spans, root, at, workflow, seconds/4, end)
	if l.priced {
		l.observe("workflow_run_cost_usd", outcome, cost)
	}
}

func (l *load) plan(spans ptrace.SpanSlice, root ptrace.Span, at labels, workflow string, seconds float64) (usd float64) {
	step := l.step(spans, root, at, workflow, "plan", "task", seconds, ended{outcome: "success"}, nil)
	model := pick(l.rnd, "gpt-4o", "gpt-4o", "in-house")
	return l.chat(spans, step, at, workflow, "openai", model, seconds/2, ended{outcome: "success"})
}

func (l *load) search(spans ptrace.SpanSlice, root ptrace.Span, at labels, workflow string, seconds float64) {
	attempts := 1 + l.rnd.IntN(3)
	step := l.step(spans, root, at, workflow, "search", "retry", seconds, ended{outcome: "success"},
		map[string]any{"workflow.retry.attempts": attempts})
	if attempts > 1 {
		l.add("workflow_recoveries_total", at.with(labels{"workflow_step_name": "search", "workflow_recovery": "retry"}), 1)
	}
	tool := l.span(spans, step, workflow, seconds/2, ended{outcome: "success"}, map[string]any{
		"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "web",
	})
	l.call(at.with(labels{"gen_ai_operation_name": "execute_tool", "gen_ai_tool_name": "web", "workflow_outcome": "success"}), tool)
}

func (l *load) answer(spans ptrace.SpanSlice, root ptrace.Span, at labels, workflow string, seconds float64, end ended) (usd float64) {
	hit := pick(l.rnd, "true", "false")
	step := l.step(spans, root, at, workflow, "answer", "cache", seconds, end, map[string]any{"workflow.cache.hit": hit == "true"})
	named := at.with(labels{"workflow_step_name": "answer"})
	l.add("workflow_cache_requests_total", named.with(labels{"workflow_cache_hit": hit}), 1)
	if end.outcome == "timeout" {
		l.add("workflow_recoveries_total", named.with(labels{"workflow_recovery": "timeout"}), 1)
	}
	if hit == "true" {
		return 0
	}
	return l.chat(spans, step, at, workflow, "anthropic", "claude-sonnet-4", seconds/2, end)
}

func (l *load) step(
	spans ptrace.SpanSlice, root ptrace.Span, at labels, workflow, name, kind string, seconds float64, end ended, more map[string]any,
) ptrace.Span {
	attributes := map[string]any{"gen_ai.operation.name": "run_step", "workflow.step.name": name, "workflow.step.kind": kind}
	maps.Copy(attributes, more)
	s := l.span(spans, root, workflow, seconds, end, attributes)
	at = at.with(labels{"workflow_step_name": name, "workflow_step_kind": kind, "workflow_outcome": end.outcome})
	l.add("workflow_steps_total", at.with(labels{"error_type": end.errorType}), 1)
	l.observe("workflow_step_duration_seconds", at, took(s))
	return s
}

// list are the prices of a million tokens that the models had on their makers' pages in
// September 2026, in US dollars; in-house has none.
var list = map[string]struct{ input, output, read, write float64 }{
	"gpt-4o":          {2.5, 10, 1.25, 2.5},
	"claude-sonnet-4": {3, 15, 0.3, 3.75},
}

// chat adds a call of a model with its tokens, and to the books what it cost and what its prompt
// cache saved, or took. It returns the cost.
func (l *load) chat(
	spans ptrace.SpanSlice, step ptrace.Span, at labels, workflow, provider, model string, seconds float64, end ended,
) (usd float64) {
	in, out := 100+l.rnd.IntN(5000), 1+l.rnd.IntN(900)
	read, written := l.rnd.IntN(in), 0
	if provider == "anthropic" && l.rnd.IntN(2) == 0 {
		read, written = 0, read
	}
	price, known := list[model]
	usd = (float64(in-read-written)*price.input + float64(read)*price.read + float64(written)*price.write + float64(out)*price.output) / 1e6
	saved := (float64(read)*(price.input-price.read) + float64(written)*(price.input-price.write)) / 1e6
	s := l.span(spans, step, workflow, seconds, end, map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": provider, "gen_ai.response.model": model,
		"gen_ai.usage.input_tokens": in, "gen_ai.usage.output_tokens": out,
		"gen_ai.usage.cache_read.input_tokens": read, "gen_ai.usage.cache_write.input_tokens": written,
		"workflow.cost.total": 99.0, // of a client that nobody believes
	})
	of := at.with(labels{"gen_ai_provider_name": provider, "gen_ai_response_model": model})
	l.call(of.with(labels{"gen_ai_operation_name": "chat", "workflow_outcome": end.outcome}), s)
	for kind, n := range map[string]int{"input": in, "output": out, "cache_read": read, "cache_write": written} {
		if n > 0 {
			l.add("workflow_tokens_total", of.with(labels{"gen_ai_token_type": kind}), float64(n))
		}
	}
	if !known {
		l.add("workflow_calls_unpriced_total", of, 1)
		return 0
	}
	l.priced = true
	name, _ := step.Attributes().Get("workflow.step.name")
	l.add("workflow_cost_usd_total", of.with(labels{"workflow_step_name": name.Str(), "workflow_cost_kind": "llm"}), usd)
	cache := at.with(labels{"workflow_savings_mechanism": "prompt_cache"})
	switch {
	case saved > 0:
		l.add("workflow_savings_usd_total", cache, saved)
	case saved < 0:
		l.add("workflow_extra_cost_usd_total", cache, -saved)
	}
	return usd
}

func (l *load) call(at labels, s ptrace.Span) {
	l.add("workflow_calls_total", at, 1)
	l.observe("workflow_call_duration_seconds", at, took(s))
}

// span adds a span that has just ended, under the parent or as a root.
func (l *load) span(spans ptrace.SpanSlice, parent ptrace.Span, workflow string, seconds float64, end ended, attributes map[string]any) ptrace.Span {
	l.ids++
	now := time.Now()
	s := spans.AppendEmpty()
	s.SetName(attributes["gen_ai.operation.name"].(string) + " " + workflow)
	s.SetSpanID(spanID(l.ids))
	s.SetTraceID(traceID(l.ids))
	if parent != (ptrace.Span{}) {
		s.SetTraceID(parent.TraceID())
		s.SetParentSpanID(parent.SpanID())
	}
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(now))
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(now.Add(-time.Duration(seconds * 1e9))))
	if err := s.Attributes().FromRaw(attributes); err != nil {
		panic(err) // the attributes above are of types that OTLP has
	}
	s.Attributes().PutStr("workflow.name", workflow)
	s.Attributes().PutStr("workflow.outcome", end.outcome)
	if end.errorType != "" {
		s.Attributes().PutStr("error.type", end.errorType)
	}
	return s
}

func took(s ptrace.Span) float64 {
	return float64(s.EndTimestamp()-s.StartTimestamp()) / 1e9
}

func spanID(n uint64) (id pcommon.SpanID) {
	binary.BigEndian.PutUint64(id[:], n)
	return id
}

func traceID(n uint64) (id pcommon.TraceID) {
	binary.BigEndian.PutUint64(id[:8], 0x10ad)
	binary.BigEndian.PutUint64(id[8:], n)
	return id
}
