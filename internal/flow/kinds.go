package flow

// kind is one row of the role table: a word of a dialect and what a span of that kind is.
type kind struct {
	value     string
	role      Role
	rank      Rank
	operation string // canonical gen_ai.operation.name of a call
	cost      CostKind
	step      string // workflow.step.kind of a step or of a nested run
	wrapper   bool   // repeats the usage of a call elsewhere, so its own never counts
	echo      bool   // states the usage of a call elsewhere, which counts without it
}

// The canonical operations of OpenTelemetry GenAI 1.42.
const (
	opChat       = "chat"
	opCompletion = "text_completion"
	opGenerate   = "generate_content"
	opEmbeddings = "embeddings"
	opTool       = "execute_tool"
	opRetrieval  = "retrieval"
	opRerank     = "rerank"
)

func llm(value, operation string) kind {
	return kind{value: value, role: RoleCall, operation: operation, cost: CostLLM}
}

func embedding(value string) kind {
	return kind{value: value, role: RoleCall, operation: opEmbeddings, cost: CostEmbedding}
}

func tool(value string) kind {
	return kind{value: value, role: RoleCall, operation: opTool, cost: CostTool}
}

func other(value, operation string) kind {
	return kind{value: value, role: RoleCall, operation: operation, cost: CostOther}
}

func step(value, stepKind string) kind { return kind{value: value, role: RoleStep, step: stepKind} }

func run(value string, rank Rank) kind {
	return kind{value: value, role: RoleRun, rank: rank, step: StepKindTask}
}

func wrapper(value string) kind {
	return kind{value: value, role: RoleRun, rank: RankAgent, step: StepKindTask, wrapper: true}
}

func plain(value string) kind { return kind{value: value} }

// kindsOf are the words about kinds of each dialect; the sources stand at the attributes.
var kindsOf = [DialectCount][]kind{
	GenAI: {
		run("invoke_workflow", RankDefinite), step("run_step", StepKindTask), step("attempt", StepKindTask),
		llm(opChat, opChat), llm(opCompletion, opCompletion), llm(opGenerate, opGenerate),
		llm("call_llm", opChat), llm("llm_call", opChat), llm("chat_completion", opChat), llm("completion", opCompletion),
		embedding(opEmbeddings), embedding("embedding"), tool(opTool),
		other(opRetrieval, opRetrieval), other(opRerank, opRerank), other("search_memory", "search_memory"),
		other("create_memory", "create_memory"), other("update_memory", "update_memory"),
		other("upsert_memory", "upsert_memory"), other("delete_memory", "delete_memory"),
		other("create_memory_store", "create_memory_store"), other("delete_memory_store", "delete_memory_store"),
		run("invoke_agent", RankAgent), run("chain", RankAgent),
		step("create_agent", StepKindTask), step("plan", StepKindTask), step("fetch_response", StepKindTask),
		step("invoke_node", StepKindTask), step("execute_task", StepKindTask), step("execute_event_loop_cycle", StepKindTask),
	},
	OpenInference: {
		llm("LLM", opChat), embedding("EMBEDDING"), tool("TOOL"), other("RETRIEVER", opRetrieval), other("RERANKER", opRerank),
		run("CHAIN", RankAgent), run("AGENT", RankAgent), step("GUARDRAIL", StepKindTask), step("EVALUATOR", StepKindTask),
		step("PROMPT", StepKindTask), step("DECISION", StepKindRouter), step("UNKNOWN", StepKindTask),
	},
	OpenLLMetry: {
		run("workflow", RankWorkflow), run("agent", RankAgent), run("session", RankWorkflow), step("task", StepKindTask),
		tool("tool"), llm("chat", opChat), llm("completion", opCompletion), embedding("embedding"), other("rerank", opRerank),
	},
	Observe: {
		run("workflow", RankWorkflow), run("graph", RankWorkflow), run("agent", RankAgent), step("task", StepKindTask), tool("tool"),
	},
	LangSmith: {
		llm("llm", opChat), tool("tool"), embedding("embedding"), other("retriever", opRetrieval), run("chain", RankAgent),
		step("prompt", StepKindTask), step("parser", StepKindTask),
	},
	Langfuse: {
		llm("generation", opChat), embedding("embedding"), tool("tool"), other("retriever", opRetrieval),
		run("agent", RankAgent), run("chain", RankAgent), run("span", RankAgent), step("guardrail", StepKindTask),
		step("evaluator", StepKindTask), plain("event"),
	},
	AgentOps: {
		run("session", RankWorkflow), run("workflow", RankWorkflow), run("agent", RankAgent), step("workflow.step", StepKindTask),
		step("task", StepKindTask), step("operation", StepKindTask), tool("tool"), llm("llm", opChat),
	},
	LangWatch: {
		run("workflow", RankWorkflow), run("agent", RankAgent), run("chain", RankAgent), llm("llm", opChat), tool("tool"),
		other("rag", opRetrieval), step("guardrail", StepKindTask), step("evaluation", StepKindTask), step("module", StepKindTask),
	},
	Vercel: {
		wrapper("ai.generateText"), wrapper("ai.streamText"), wrapper("ai.generateObject"), wrapper("ai.streamObject"),
		wrapper("ai.embed"), wrapper("ai.embedMany"), wrapper("ai.rerank"),
		llm("ai.generateText.doGenerate", opChat), llm("ai.streamText.doStream", opChat),
		llm("ai.generateObject.doGenerate", opChat), llm("ai.streamObject.doStream", opChat),
		embedding("ai.embed.doEmbed"), embedding("ai.embedMany.doEmbed"), other("ai.rerank.doRerank", opRerank), tool("ai.toolCall"),
	},
	Genkit: {
		run("flow", RankWorkflow), run("action", RankAgent), step("flowStep", StepKindTask), step("util", StepKindTask),
		llm("model", opGenerate), tool("tool"), embedding("embedder"), other("retriever", opRetrieval), other("reranker", opRerank),
	},
	ClaudeCode: {run("interaction", RankAgent), llm("llm_request", opChat), tool("tool_execution"), tool("tool")},
	DurableTask: {
		run("orchestration", RankDefinite), step("activity", StepKindTask), step("timer", StepKindTimeout), step("event", StepKindTask),
	},
}

type kindTable struct {
	words words
	rows  []kind
}

var kindTables = func() (tables [DialectCount]kindTable) {
	for d, rows := range kindsOf {
		values := make([]string, len(rows))
		for i := range rows {
			values[i] = rows[i].value
		}
		tables[d] = kindTable{words: newWords(values), rows: rows}
	}
	return tables
}()

// kindOf returns the row of a word, or nil.
func kindOf(d Dialect, value string) *kind {
	t := &kindTables[d]
	if i := t.words.find(value); i >= 0 {
		return &t.rows[i]
	}
	return nil
}
