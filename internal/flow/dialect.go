package flow

// Dialect is whose words a span speaks.
type Dialect uint8

// The dialects, in the order in which they win when a span speaks several.
const (
	None          Dialect = iota
	Ours                  // the workflow.* attributes of this project
	Seed                  // TTA.dev: primitive.*, step.*
	GenAI                 // OpenTelemetry semantic conventions for GenAI, old and new
	CICD                  // OpenTelemetry semantic conventions for CI/CD
	Vercel                // Vercel AI SDK
	Langfuse              // Langfuse SDKs
	LangSmith             // LangSmith SDKs
	AgentOps              // AgentOps SDK
	Observe               // ioa_observe, the AGNTCY fork of OpenLLMetry
	OpenInference         // Arize OpenInference
	BeeAI                 // OpenInference's instrumentation of BeeAI, which tells events as spans
	OpenLLMetry           // Traceloop OpenLLMetry, Python, TypeScript and Go
	GoogleADK             // Google Agent Development Kit
	PydanticAI            // Pydantic AI and Logfire
	Koog                  // JetBrains Koog
	OpenLIT               // OpenLIT
	LiteLLM               // LiteLLM proxy
	LangWatch             // LangWatch SDKs
	AnyAgent              // Mozilla any-agent
	Genkit                // Firebase Genkit
	ClaudeCode            // Claude Code
	Codex                 // OpenAI Codex CLI
	Temporal              // Temporal SDKs
	DurableTask           // durabletask and Dapr workflows
	Airflow               // Apache Airflow
	GoWorkflow            // Azure go-workflow
	DialectCount          // the number of dialects
)

// String returns the name of the dialect as it stands in self-telemetry.
func (d Dialect) String() string {
	return word(
		d, "none", "workflow", "tta", "gen_ai", "cicd", "vercel", "langfuse", "langsmith", "agentops", "ioa_observe",
		"openinference", "beeai", "openllmetry", "google_adk", "pydantic_ai", "koog", "openlit", "litellm", "langwatch",
		"any_agent", "genkit", "claude_code", "codex", "temporal", "durabletask", "airflow", "go_workflow",
	)
}

// RunsBearID says that the spans of the dialect bear the id of their run and that the run's
// own span does too: only then does its end say which run of the trace has ended.
func (d Dialect) RunsBearID() bool {
	return 1<<d&(1<<Ours|1<<Temporal|1<<DurableTask|1<<Airflow|1<<CICD) != 0
}
