package rig

import "strings"

// Account is a kind of thing that the example sent and the collector counted. It is a
// plain value.
type Account struct {
	// What it is, for people.
	What string
	// Family is the name of the metric in Prometheus; if its values are in a histogram, their number counts.
	Family string
	// By are the labels that tell its series apart.
	By []string
	// Sent is how many there were, by the values of these labels that are not empty, with blanks between.
	Sent map[string]int64
}

// Accounts returns all that the report and the metrics both know.
func (r *Report) Accounts() []Account {
	var (
		outcome = []string{"workflow_outcome"}
		step    = []string{"workflow_step_name", "workflow_step_kind", "workflow_outcome"}
		call    = []string{"gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_response_model", "gen_ai_tool_name", "workflow_outcome"}
		token   = []string{"gen_ai_provider_name", "gen_ai_response_model", "gen_ai_token_type"}

		steps, calls, tokens = make(map[string]int64), make(map[string]int64), make(map[string]int64)
	)
	for _, s := range r.Steps {
		steps[words(s.Step, s.Kind, s.Outcome)] += s.Count
	}
	for _, c := range r.Calls {
		calls[words(c.Operation, c.Provider, c.Model, c.Tool, c.Outcome)] += c.Count
	}
	for _, t := range r.Tokens {
		tokens[words(t.Provider, t.Model, t.Type)] += t.Count
	}
	return []Account{
		{"runs", "workflow_runs_total", outcome, r.Runs},
		{"steps", "workflow_steps_total", step, steps},
		{"calls", "workflow_calls_total", call, calls},
		{"tokens", "workflow_tokens_total", token, tokens},
		{"run durations", "workflow_run_duration_seconds", outcome, r.Runs},
		{"step durations", "workflow_step_duration_seconds", step, steps},
		{"call durations", "workflow_call_duration_seconds", call, calls},
	}
}

// words joins what is not empty.
func words(all ...string) string { return strings.Join(strings.Fields(strings.Join(all, " ")), " ") }
