package flow

import "strings"

// naming is one row of the table of span names: the beginning of the name, in kind.value,
// and what a span of that name is in that dialect.
type naming struct {
	dialect Dialect
	use     namingUse
	title   string // the name of the run, where the span's says too little
	kind
}

// namingUse is when a row of the table holds.
type namingUse uint8

const (
	whenSilent  namingUse = iota // the span speaks the dialect and has no word about its kind
	whenever                     // as above, and it overrules the word of another dialect
	byNameAlone                  // as whenSilent, and the name alone proves the dialect
)

// names are the beginnings of span names that say what a span is when no attribute does; of
// those that fit, the first wins. Sources: Temporal sdk-go 1.3x interceptor/tracing; TTA.dev
// primitives 2025-11; OpenTelemetry GenAI 1.33 spans; Google ADK 1.x and 2.5 runners, whose
// invocation is the frame around the agent; Codex CLI 2026-06; Claude Code 2 traces.
var names = []naming{
	{Temporal, whenSilent, "", run("RunWorkflow:", RankDefinite)},
	{Temporal, whenSilent, "", step("RunActivity:", StepKindTask)},
	{Seed, whenSilent, "", step("primitive.", StepKindTask)},
	{GenAI, whenSilent, "", run("invoke_agent ", RankAgent)},
	{GenAI, whenSilent, "", tool("execute_tool ")},
	{GoogleADK, whenever, "", kind{value: "invocation", rank: RankRoot}},
	{GoogleADK, whenSilent, "", run("agent_run ", RankAgent)},
	{Codex, whenSilent, "codex_cli_rs session_task.turn", run("session_task.turn", RankAgent)},
	{ClaudeCode, byNameAlone, "", run("claude_code.interaction", RankAgent)},
	{ClaudeCode, byNameAlone, "", llm("claude_code.llm_request", opChat)},
	{ClaudeCode, byNameAlone, "", step("claude_code.tool.", StepKindTask)},
	{ClaudeCode, byNameAlone, "", tool("claude_code.tool")},
}

// overruling are the dialects whose names may overrule the word of another dialect.
const overruling = 1<<GoogleADK | 1<<BeeAI

// scopes are the instrumentation scopes that prove a dialect which not every span of theirs
// shows: openinference-instrumentation-google-adk 0.1 and -beeai 0.1, google-adk 2.5,
// Codex CLI 2026-06.
var scopes = []struct {
	scope   string
	dialect Dialect
}{
	{"openinference.instrumentation.google_adk", GoogleADK},
	{"gcp.vertex.agent", GoogleADK},
	{"openinference.instrumentation.beeai", BeeAI},
	{"codex_cli_rs", Codex},
}

var scopeWords = func() words {
	list := make([]string, len(scopes))
	for i := range scopes {
		list[i] = scopes[i].scope
	}
	return newWords(list)
}()

// listen adds the dialect that the scope proves to those that the attributes speak.
func (f *Facts) listen(scope string) {
	if i := scopeWords.find(scope); i >= 0 {
		f.dialects |= 1 << scopes[i].dialect
	}
}

// named returns the row that the span's name fits, or nil.
func (f *Facts) named(name string) *naming {
	for i := range names {
		n := &names[i]
		if (n.use == byNameAlone || f.dialects>>n.dialect&1 != 0) && strings.HasPrefix(name, n.value) {
			return n
		}
	}
	return nil
}

// overrule returns what the span is in spite of the word about its kind, or nil.
func (f *Facts) overrule(s *Span, said *kind) *kind {
	if f.dialects>>BeeAI&1 != 0 {
		return f.event(s.Name, said)
	}
	if n := f.named(s.Name); n != nil && n.use == whenever {
		return &n.kind
	}
	return nil
}

var beeTool, beeEvent, beeResult = tool(""), plain(""), kind{role: RoleOther, echo: true}

// event reads the spans of openinference-instrumentation-beeai 0.1 (middleware.py), which
// writes one for each event and one around them all:
//
//	beeai-framework-main                      the run
//	├─ agent.react.start-4                    an event
//	│  └─ backend.openai.chat.start-14        a call
//	├─ agent.react.partial_update-263         a call of its tool.name: one is left for each
//	├─ tool.search.wikipedia.start-12         the same call again
//	└─ backend.openai.chat.success-14         the usage of the call
//
// It returns nil for a span that is no event.
func (f *Facts) event(name string, said *kind) *kind {
	path, number, found := strings.Cut(name, "-")
	dot := strings.LastIndexByte(path, '.')
	if !found || dot < 0 || !isDigits(number) {
		return nil
	}
	switch event := path[dot+1:]; {
	case said.cost == CostLLM && event == "start":
		return nil
	case said.cost == CostLLM:
		return &beeResult
	case event == "partial_update" && f.has(fieldTool):
		return &beeTool
	}
	return &beeEvent
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// operation returns the row of the operation with which the name of a GenAI span begins,
// or nil: "chat gpt-4o", by the conventions of all versions.
func (f *Facts) operation(name string) *kind {
	if f.dialects>>GenAI&1 == 0 {
		return nil
	}
	word, _, _ := strings.Cut(name, " ")
	return kindOf(GenAI, word)
}
