package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// of is a healthy span of that name and instrumentation scope.
func of(scope, name string) *Span {
	s := named(name)
	s.Scope = scope
	return s
}

func TestBeeAITellsEventsAsSpans(t *testing.T) {
	const scope = "openinference.instrumentation.beeai"
	for _, c := range []struct {
		span  string
		attrs []any
		role  Role
		rank  Rank
		echo  bool
	}{
		{"my-agent-main", []any{"openinference.span.kind", "AGENT"}, RoleRun, RankAgent, false},
		{"iteration-2", []any{"openinference.span.kind", "CHAIN"}, RoleRun, RankAgent, false},
		{"agent.react.start-4", []any{"openinference.span.kind", "AGENT"}, RoleOther, 0, false},
		{"agent.react.update-9", []any{"openinference.span.kind", "AGENT", "tool.name", "Search"}, RoleOther, 0, false},
		{"agent.react.partial_update-7", []any{"openinference.span.kind", "AGENT", "tool.name", "Search"}, RoleCall, 0, false},
		{"agent.react.partial_update-8", []any{"openinference.span.kind", "AGENT"}, RoleOther, 0, false},
		{"tool.search.start-7", []any{"openinference.span.kind", "TOOL"}, RoleOther, 0, false},
		{"backend.x.chat.start-3", []any{"openinference.span.kind", "LLM"}, RoleCall, 0, false},
		{"backend.x.chat.start-3", []any{"openinference.span.kind", "LLM", "llm.model_name", "gpt-4o"}, RoleCall, RankCall, false},
		{"backend.x.chat.success-3", []any{"openinference.span.kind", "LLM", "llm.token_count.prompt", 9}, RoleOther, 0, true},
		{"backend.x.chat.finish-3", []any{"openinference.span.kind", "LLM"}, RoleOther, 0, true},
	} {
		r := read(of(scope, c.span), c.attrs...)
		assert.Equal(t, c.role, r.Role, c.span)
		assert.Equal(t, c.rank, r.Rank, c.span)
		assert.Equal(t, c.echo, r.Echo, c.span)
		if r.Role == RoleCall && r.Call.Kind == CostTool {
			assert.Equal(t, "Search", r.Call.Tool)
		}
	}
	elsewhere := read(of("openinference.instrumentation.openai", "agent.react.start-4"), "openinference.span.kind", "AGENT")
	assert.Equal(t, RoleRun, elsewhere.Role, "only BeeAI names events so")
}

func TestTheFrameOfADKIsWeakerThanItsAgent(t *testing.T) {
	const scope = "openinference.instrumentation.google_adk"
	frame := read(of(scope, "invocation [shop]"), "openinference.span.kind", "CHAIN")
	assert.Equal(t, RoleOther, frame.Role)
	assert.Equal(t, RankRoot, frame.Rank)
	assert.Equal(t, "shop", frame.Name())

	agent := read(of(scope, "agent_run [clerk]"), "openinference.span.kind", "AGENT")
	assert.Equal(t, RankAgent, agent.Rank)
	assert.Equal(t, "clerk", agent.Name())

	other := read(of("openinference.instrumentation.langchain", "invocation"), "openinference.span.kind", "CHAIN")
	assert.Equal(t, RankAgent, other.Rank, "a chain of that name in another framework")
}

func TestNamesAloneTellClaudeCode(t *testing.T) {
	for name, want := range map[string]Reading{
		"claude_code.interaction":          {Role: RoleRun, Rank: RankAgent, Step: "claude_code.interaction"},
		"claude_code.llm_request":          {Role: RoleCall},
		"claude_code.tool":                 {Role: RoleCall},
		"claude_code.tool.blocked_on_user": {Role: RoleStep, Step: "claude_code.tool.blocked_on_user"},
	} {
		got := read(named(name))
		assert.Equal(t, ClaudeCode, got.Dialect, name)
		assert.Equal(t, want.Role, got.Role, name)
		assert.Equal(t, want.Rank, got.Rank, name)
		assert.Equal(t, want.Step, got.Step, name)
	}
	assert.Equal(t, "Read", read(named("claude_code.tool"), "tool.name", "Read").Call.Tool)
}

func TestKoogIsNamedByItsStrategy(t *testing.T) {
	r := read(named("run.6f8d2449"), "gen_ai.operation.name", "invoke_agent", "koog.agent.strategy.name", "plan_and_act")
	assert.Equal(t, "plan_and_act", r.Name())
	r = read(named("run.6f8d2449"), "gen_ai.operation.name", "invoke_agent", "koog.agent.strategy.name", "p", "gen_ai.agent.name", "clerk")
	assert.Equal(t, "clerk", r.Name())
	r = read(named("node.x"), "koog.node.name", "x")
	assert.Equal(t, RoleStep, r.Role)
	assert.Equal(t, "x", r.Step)
}

func TestTheNameOfAGenAISpanBeginsWithItsOperation(t *testing.T) {
	r := read(named("embeddings text-embedding-3-small"), "gen_ai.response.model", "text-embedding-3-small")
	assert.Equal(t, "embeddings", r.Call.Operation)
	assert.Equal(t, RoleOther, read(named("chat about the weather")).Role, "no GenAI span")
}

func TestACallMayStandAloneIfItSaysEnough(t *testing.T) {
	for _, c := range []struct {
		why   string
		span  string
		attrs []any
		want  Rank
	}{
		{"says what and which", "c", []any{"gen_ai.operation.name", "chat", "gen_ai.request.model", "m"}, RankCall},
		{"says what by its name", "chat_completion", []any{"gen_ai.response.model", "m"}, RankCall},
		{"says whose and which", "c", []any{"gen_ai.request.model", "m", "gen_ai.agent.name", "clerk", "gen_ai.usage.input_tokens", 1}, RankCall},
		{"says not what", "c", []any{"gen_ai.request.model", "m"}, RankNone},
		{"says not which", "c", []any{"openinference.span.kind", "LLM", "llm.system", "openai"}, RankNone},
		{"an embedding", "e", []any{"gen_ai.operation.name", "embeddings", "gen_ai.request.model", "m"}, RankNone},
		{"a tool", "t", []any{"gen_ai.operation.name", "execute_tool", "gen_ai.tool.name", "x"}, RankNone},
	} {
		r := read(named(c.span), c.attrs...)
		assert.Equal(t, RoleCall, r.Role, c.why)
		assert.Equal(t, c.want, r.Rank, c.why)
	}
	r := read(named("llm_call"), "gen_ai.operation.name", "llm_call", "gen_ai.request.model", "m", "gen_ai.agent.name", "cli")
	assert.Equal(t, "cli", r.Name())
}

func TestGoWorkflowIsNotOurs(t *testing.T) {
	theirs := read(named("s"), "workflow.step.name", "s", "workflow.step.attempt", 0)
	assert.Equal(t, GoWorkflow, theirs.Dialect)
	assert.Equal(t, RoleStep, theirs.Role)
	ours := read(named("run_step s"), "gen_ai.operation.name", "run_step", "workflow.step.name", "s", "workflow.name", "w")
	assert.Equal(t, Ours, ours.Dialect)
}
