package flow

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var lexicon = NewLexicon()

// read reads a span with pairs of attribute names and values.
func read(s *Span, pairs ...any) Reading {
	var f Facts
	for i := 0; i < len(pairs); i += 2 {
		k := lexicon.Lookup(pairs[i].(string))
		switch v := pairs[i+1].(type) {
		case string:
			f.Text(k, v)
		case int:
			f.Int(k, int64(v))
		case float64:
			f.Double(k, v)
		case bool:
			f.Bool(k, v)
		}
	}
	var r Reading
	f.Read(s, &r)
	return r
}

// named is a healthy span of that name.
func named(name string) *Span {
	return &Span{Trace: TraceID{1}, ID: 1, Name: name, Start: 1, End: 2}
}

func failed() *Span {
	s := named("x")
	s.Status = StatusError
	return s
}

func TestReadRoles(t *testing.T) {
	for _, c := range []struct {
		name    string
		span    string
		attrs   []any
		role    Role
		rank    Rank
		dialect Dialect
		label   string // name of a run, step of a step, operation of a call
	}{
		{"our run", "invoke_workflow pay", []any{"gen_ai.operation.name", "invoke_workflow", "workflow.name", "pay"}, RoleRun, RankDefinite, Ours, "pay"},
		{"our step", "run_step x", []any{"gen_ai.operation.name", "run_step", "workflow.name", "pay", "workflow.step.name", "x"}, RoleStep, 0, Ours, "x"},
		{"our attempt", "attempt x", []any{"workflow.step.name", "x", "workflow.attempt.number", 2, "workflow.name", "pay"}, RoleAttempt, 0, Ours, "x"},
		{"our marker", "workflow_running pay", []any{"workflow.name", "pay", "workflow.running", true}, RoleMarker, 0, Ours, ""},
		{"marker said no", "x", []any{"workflow.running", false}, RoleOther, RankRoot, Ours, ""},
		{"seed primitive", "primitive.retry", []any{"primitive.type", "retry"}, RoleStep, 0, Seed, "retry"},
		{"nameless workflow", "w", []any{"gen_ai.operation.name", "invoke_workflow"}, RoleRun, RankWorkflow, GenAI, "w"},
		{"workflow named as agent", "w", []any{"gen_ai.operation.name", "invoke_workflow", "gen_ai.agent.name", "a"}, RoleRun, RankDefinite, GenAI, "a"},
		{"agent", "invoke_agent a", []any{"gen_ai.operation.name", "invoke_agent", "gen_ai.agent.name", "a"}, RoleRun, RankAgent, GenAI, "a"},
		{"agent by span name", "invoke_agent a", []any{"gen_ai.request.model", "gpt-4o"}, RoleRun, RankAgent, GenAI, "a"},
		{"chat", "chat", []any{"gen_ai.operation.name", "chat"}, RoleCall, 0, GenAI, "chat"},
		{"any-agent", "c", []any{"gen_ai.operation.name", "call_llm"}, RoleCall, 0, GenAI, "chat"},
		{"best of several words", "c", []any{"openinference.span.kind", "TOOL", "gen_ai.operation.name", "chat", "langwatch.span.type", "llm"}, RoleCall, 0, GenAI, "chat"},
		{"agent without kind", "c", []any{"agent.name", "a", "gen_ai.agent.name", "b"}, RoleRun, RankAgent, GenAI, "b"},
		{"unknown operation", "c", []any{"gen_ai.operation.name", "dream"}, RoleOther, RankRoot, GenAI, ""},
		{"usage alone", "c", []any{"gen_ai.usage.prompt_tokens", 3}, RoleCall, 0, GenAI, "chat"},
		{"tool alone", "c", []any{"gen_ai.tool.name", "search"}, RoleCall, 0, GenAI, "execute_tool"},
		{"openinference chain", "c", []any{"openinference.span.kind", "CHAIN"}, RoleRun, RankAgent, OpenInference, "c"},
		{"openinference embedding", "c", []any{"openinference.span.kind", "EMBEDDING"}, RoleCall, 0, OpenInference, "embeddings"},
		{"traceloop workflow", "c", []any{"traceloop.span.kind", "workflow", "traceloop.workflow.name", "triage"}, RoleRun, RankWorkflow, OpenLLMetry, "triage"},
		{"traceloop empty name", "c", []any{"traceloop.span.kind", "workflow", "traceloop.workflow.name", ""}, RoleRun, RankWorkflow, OpenLLMetry, "c"},
		{"traceloop go", "c", []any{"llm.request.type", "chat", "llm.vendor", "openai"}, RoleCall, 0, OpenLLMetry, "chat"},
		{"agntcy", "c", []any{"ioa_observe.span.kind", "agent", "ioa_observe.entity.name", "boss"}, RoleRun, RankAgent, Observe, "boss"},
		{"vercel wrapper", "c", []any{"ai.operationId", "ai.generateText", "ai.telemetry.functionId", "f"}, RoleRun, RankAgent, Vercel, "f"},
		{"vercel leaf", "c", []any{"ai.operationId", "ai.generateText.doGenerate"}, RoleCall, 0, Vercel, "chat"},
		{"langsmith", "c", []any{"langsmith.span.kind", "retriever"}, RoleCall, 0, LangSmith, "retrieval"},
		{"langfuse event", "c", []any{"langfuse.observation.type", "event"}, RoleOther, 0, Langfuse, ""},
		{"agentops step", "c", []any{"agentops.span.kind", "workflow.step"}, RoleStep, 0, AgentOps, "c"},
		{"langwatch", "c", []any{"langwatch.span.type", "tool"}, RoleCall, 0, LangWatch, "execute_tool"},
		{"pydantic agent", "r run", []any{"agent_name", "r", "model_name", "gpt-4o", "gen_ai.usage.input_tokens", "174"}, RoleRun, RankAgent, GenAI, "r"},
		{"adk", "invocation [app]", []any{"gcp.vertex.agent.invocation_id", "e-1"}, RoleOther, RankRoot, GoogleADK, ""},
		{"genkit model", "g", []any{"genkit:type", "action", "genkit:metadata:subtype", "model"}, RoleCall, 0, Genkit, "generate_content"},
		{"claude code", "c", []any{"span.type", "llm_request"}, RoleCall, 0, ClaudeCode, "chat"},
		{"codex turn", "session_task.turn", []any{"codex.turn.token_usage.input_tokens", 9}, RoleRun, RankAgent, Codex, "codex_cli_rs session_task.turn"},
		{"temporal run", "RunWorkflow:Pay", []any{"temporalRunID", "r"}, RoleRun, RankDefinite, Temporal, "Pay"},
		{"temporal activity", "RunActivity:Charge", []any{"temporalActivityID", "5"}, RoleStep, 0, Temporal, "Charge"},
		{"a name alone is nothing", "RunWorkflow:Pay", nil, RoleOther, RankRoot, None, ""},
		{"durabletask", "orchestration||pay", []any{"durabletask.type", "orchestration", "durabletask.task.name", "pay"}, RoleRun, RankDefinite, DurableTask, "pay"},
		{"airflow run", "dag", []any{"airflow.dag_id", "etl"}, RoleRun, RankDefinite, Airflow, "etl"},
		{"airflow task", "t", []any{"airflow.dag_id", "etl", "airflow.task_id", "load"}, RoleStep, 0, Airflow, "load"},
		{"pipeline", "p", []any{"cicd.pipeline.name", "build"}, RoleRun, RankDefinite, CICD, "build"},
		{"go-workflow", "s", []any{"workflow.step.name", "s", "workflow.step.status", "Succeeded"}, RoleStep, 0, GoWorkflow, "s"},
		{"plain", "GET /", []any{"http.method", "GET"}, RoleOther, RankRoot, None, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(named(c.span), c.attrs...)
			label := map[Role]string{RoleRun: r.Name(), RoleStep: r.Step, RoleAttempt: r.Step, RoleCall: r.Call.Operation}[r.Role]
			assert.Equal(t, c.role, r.Role)
			assert.Equal(t, c.rank, r.Rank)
			assert.Equal(t, c.dialect, r.Dialect, r.Dialect.String())
			assert.Equal(t, c.label, label)
			assert.Zero(t, r.Faults)
		})
	}
}

// The SDK stamps the name of the step on spans that other instrumentation starts in it: it
// is not what these are called.
func TestReadTellsAStepFromWhatLiesInIt(t *testing.T) {
	const operation, step, kind = "gen_ai.operation.name", "workflow.step.name", "workflow.step.kind"
	for _, c := range []struct {
		span         string
		attrs        []any
		role         Role
		name, within string
	}{
		{"run_step plan", []any{operation, "run_step", step, "plan", kind, "task"}, RoleStep, "plan", ""},
		{"run_step plan", []any{operation, "run_step", step, "plan"}, RoleStep, "plan", ""},
		{"plan", []any{step, "plan", kind, "task"}, RoleStep, "plan", ""},
		{"chat gpt-4o", []any{operation, "chat", step, "plan"}, RoleCall, "", "plan"},
		{"invoke_agent bob", []any{operation, "invoke_agent", "gen_ai.agent.name", "bob", step, "plan"}, RoleRun, "bob", "plan"},
		{"invoke_agent bob", []any{operation, "invoke_agent", "gen_ai.agent.name", "bob", step, "bob", kind, "task"}, RoleStep, "bob", ""},
		{"GET /", []any{step, "plan"}, RoleOther, "GET /", "plan"},
	} {
		r := read(named(c.span), c.attrs...)
		assert.Equal(t, c.role, r.Role, c.span)
		assert.Equal(t, c.name, r.Step, c.span)
		assert.Equal(t, c.within, r.Within, c.span)
	}
}

func TestReadCall(t *testing.T) {
	r := read(named("response"),
		"openinference.span.kind", "LLM", "gen_ai.usage.input_tokens", 148, "llm.token_count.prompt", 99,
		"gen_ai.request.model", "unknown", "llm.model_name", "us.anthropic.claude-haiku", "llm.provider", "langchain",
		"llm.cost.prompt", 0.002, "llm.cost.completion", 0.0005,
		"workflow.savings.prompt_cache", 0.25, "workflow.savings.router", 0.5)
	assert.Equal(t, Usage{Input: 148, Known: UsageInput}, r.Call.Usage, "GenAI wins over OpenInference")
	assert.Equal(t, "us.anthropic.claude-haiku", r.Call.Model)
	assert.Equal(t, "aws.bedrock", r.Call.Provider, "a framework is no provider")
	assert.Equal(t, CostLLM, r.Call.Kind)
	assert.True(t, r.Call.Cost.OK)
	assert.InDelta(t, 0.0025, r.Call.Cost.USD, 1e-12)
	assert.Equal(t, Savings{Total: 0.75, By: [MechanismCount]float64{0.25, 0, 0.5}, OK: true}, r.Call.Savings)
}

func TestReadAbsurdSavings(t *testing.T) {
	for _, attrs := range [][]any{
		{"workflow.savings.total", 1e308},
		{"workflow.savings.router", 1e308},
		{"workflow.savings.router", 6e5, "workflow.savings.prompt_cache", 6e5},
	} {
		r := read(named("c"), attrs...)
		assert.Zero(t, r.Call.Savings, attrs)
		assert.Equal(t, FaultAbsurdCost, r.Faults, attrs)
	}
}

func TestReadCost(t *testing.T) {
	huge := math.MaxFloat64
	for _, c := range []struct {
		name  string
		attrs []any
		want  Cost
		fault Faults
	}{
		{"zero is a cost", []any{"workflow.cost.total", 0.0}, Cost{OK: true}, 0},
		{"total before parts", []any{"workflow.cost.input", 1.0, "workflow.cost.total", 3.0}, Cost{3, true}, 0},
		{"string", []any{"gen_ai.usage.cost", "0.5"}, Cost{0.5, true}, 0},
		{"euro", []any{"workflow.cost.total", 3.0, "workflow.cost.currency", "EUR"}, Cost{}, 0},
		{"dollar", []any{"workflow.cost.total", 3.0, "workflow.cost.currency", "USD"}, Cost{3, true}, 0},
		{"dollar in small letters", []any{"gen_ai.usage.cost.amount", 3.0, "gen_ai.usage.cost.currency", "usd"}, Cost{3, true}, 0},
		{"euro of the proposal", []any{"gen_ai.usage.cost.amount", 3.0, "gen_ai.usage.cost.currency", "EUR"}, Cost{}, 0},
		{"the processor's dollars before them", []any{"gen_ai.usage.cost.amount", 3.0, "gen_ai.usage.cost.currency", "EUR", "workflow.cost.total", 2.0, "workflow.cost.currency", "USD"}, Cost{2, true}, 0},
		{"negative", []any{"workflow.cost.total", -3.0}, Cost{}, FaultBadNumber},
		{"NaN", []any{"workflow.cost.total", math.NaN()}, Cost{}, FaultBadNumber},
		{"Inf in words", []any{"workflow.cost.total", "Inf"}, Cost{}, FaultBadNumber},
		{"the largest", []any{"workflow.cost.total", 1e6}, Cost{1e6, true}, 0},
		{"absurd", []any{"workflow.cost.total", 1e308}, Cost{}, FaultAbsurdCost},
		{"absurd total of fair parts", []any{"workflow.cost.total", 1e7, "workflow.cost.input", 1.0}, Cost{1, true}, FaultAbsurdCost},
		{"absurd parts", []any{"workflow.cost.input", huge, "workflow.cost.output", huge}, Cost{}, FaultAbsurdCost},
		{"fair parts of an absurd sum", []any{"workflow.cost.input", 6e5, "workflow.cost.output", 6e5}, Cost{}, FaultAbsurdCost},
		{"langfuse absurd", []any{"langfuse.observation.cost_details", `{"input":1e308,"output":1e308}`}, Cost{}, FaultAbsurdCost},
		{"no number", []any{"workflow.cost.total", "cheap"}, Cost{}, FaultBadNumber},
		{"langfuse", []any{"langfuse.observation.cost_details", `{"input_tokens":0.25,"output_tokens":0.5}`}, Cost{0.75, true}, 0},
		{"langfuse total", []any{"langfuse.observation.cost_details", `{"input":0.25,"total":2}`}, Cost{2, true}, 0},
		{"langfuse negative", []any{"langfuse.observation.cost_details", `{"input":-1}`}, Cost{}, FaultBadNumber},
		{"langfuse broken", []any{"langfuse.observation.cost_details", `{"input":`}, Cost{}, FaultBadJSON},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(named("c"), c.attrs...)
			assert.Equal(t, c.want, r.Call.Cost)
			assert.Equal(t, c.fault, r.Faults)
		})
	}
	r := read(named("c"), "gen_ai.operation.name", "run_step", "workflow.cost.total", 1, "workflow.cost.kind", "compute")
	assert.Equal(t, CostCompute, r.Call.Kind)
}

func TestReadCostKinds(t *testing.T) {
	for _, k := range []CostKind{CostLLM, CostEmbedding, CostTool, CostCompute, CostOther} {
		r := read(named("c"), "gen_ai.operation.name", "chat", "workflow.cost.kind", k.String())
		assert.Equal(t, k, r.Call.Kind)
	}
}

func TestReadOutcome(t *testing.T) {
	for _, c := range []struct {
		name  string
		span  *Span
		attrs []any
		want  Outcome
	}{
		{"unset", named("x"), nil, OutcomeSuccess},
		{"error", failed(), nil, OutcomeError},
		{"timeout", failed(), []any{"error.type", "TimeoutError"}, OutcomeTimeout},
		{"deadline", failed(), []any{"error.type", "context.deadlineExceededError"}, OutcomeTimeout},
		{"gateway timeout", failed(), []any{"error.type", "504"}, OutcomeTimeout},
		{"cancelled", failed(), []any{"error.type", "CancelledError"}, OutcomeCancelled},
		{"other", failed(), []any{"error.type", "ValueError"}, OutcomeError},
		{"said wins", failed(), []any{"workflow.outcome", "compensated"}, OutcomeCompensated},
		{"unknown word", failed(), []any{"workflow.outcome", "so-so"}, OutcomeError},
		{"genkit", named("x"), []any{"genkit:state", "error"}, OutcomeError},
		{"pipeline", named("x"), []any{"cicd.pipeline.task.run.result", "skip"}, OutcomeSkipped},
		{"go-workflow", named("x"), []any{"workflow.step.status", "Canceled"}, OutcomeCancelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, read(c.span, c.attrs...).Outcome)
		})
	}
	assert.Empty(t, read(named("x"), "error.type", "ValueError").ErrorType, "an error that was handled")
	assert.Equal(t, "ValueError", read(failed(), "error.type", "ValueError").ErrorType)
}

func TestReadRecovery(t *testing.T) {
	step := []any{"gen_ai.operation.name", "run_step", "workflow.step.kind", "retry"}
	for _, c := range []struct {
		name  string
		attrs []any
		want  Recovery
		cache Cache
	}{
		{"one attempt is no retry", []any{"workflow.retry.attempts", 1}, 0, CacheNone},
		{"retry", []any{"workflow.retry.attempts", 2}, RecoveryRetry, CacheNone},
		{"no fallback", []any{"workflow.fallback.used", false}, 0, CacheNone},
		{"fallback", []any{"workflow.fallback.used", true}, RecoveryFallback, CacheNone},
		{"timeout", []any{"workflow.outcome", "timeout"}, RecoveryTimeout, CacheNone},
		{"compensation", []any{"workflow.compensation.of", "charge"}, RecoveryCompensation, CacheNone},
		{"seed compensation", []any{"saga.compensation_triggered", true}, RecoveryCompensation, CacheNone},
		{"seed no compensation", []any{"saga.compensation_triggered", false}, 0, CacheNone},
		{"closed", []any{"workflow.circuit.state", "closed"}, 0, CacheNone},
		{"open", []any{"workflow.circuit.state", "open"}, RecoveryCircuitOpen, CacheNone},
		{"hit in words", []any{"workflow.cache.hit", "True"}, 0, CacheHit},
		{"hit", []any{"workflow.cache.hit", true}, 0, CacheHit},
		{"miss", []any{"workflow.cache.hit", "false"}, 0, CacheMiss},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(named("x"), append(step, c.attrs...)...)
			assert.Equal(t, c.want, r.Recovery)
			assert.Equal(t, c.cache, r.Cache)
			assert.Equal(t, StepKindRetry, r.StepKind)
		})
	}
}

func TestReadFaults(t *testing.T) {
	zero := &Span{}
	assert.Equal(t, FaultZeroTime|FaultNoID, read(zero).Faults)
	backwards := named("x")
	backwards.Start = 3
	assert.Equal(t, FaultNegativeDuration, read(backwards).Faults)
	assert.Equal(t, FaultInvalidName, read(named("\xff")).Faults)
	assert.Equal(t, FaultInvalidName, read(named("x"), "workflow.name", "\xff").Faults)
}

func TestProvider(t *testing.T) {
	for _, c := range []struct{ said, model, want string }{
		{"openai.responses", "", "openai"},
		{"bedrock", "us.anthropic.claude", "aws.bedrock"},
		{"google-gla", "", "gcp.gemini"},
		{"example-ai", "gpt-4o", "example-ai"},
		{"example.ai", "", "example.ai"},
		{"strands-agents", "openai/gpt-5-mini", "openai"},
		{"", "mistral/mistral-small", "mistral_ai"},
		{"", "nobody/claude", ""},
		{"", "claude-opus", "anthropic"},
		{"", "projects/p/models/gemini", "gcp.vertex_ai"},
		{"", "", ""},
	} {
		assert.Equal(t, c.want, provider(c.said, c.model), "%q %q", c.said, c.model)
	}
	assert.Equal(t, "gemini-2", modelName("projects/p/models/gemini-2"))
}

func TestReadDoesNotAllocate(t *testing.T) {
	var f Facts
	var r Reading
	s := named("run_step charge")
	assert.Zero(t, testing.AllocsPerRun(100, func() { readStep(lexicon, &f, s, &r) }))
}
