package main

import (
	"context"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// The model that leaves call.
const (
	provider = "openai"
	model    = "gpt-4o-mini"
)

// chat calls the simulated model, and makes the entries for it.
func (l leaf) chat(ctx context.Context, in int) {
	input, output := 100+draw(l.name+"'s question", in)%900, 1+draw(l.name+"'s reply", in)%100
	_, _ = workflow.LLM(ctx, provider, model, func(_ context.Context, c *workflow.Call) (int, error) {
		c.Answered(model, "")
		c.Usage(workflow.Usage{Input: int64(input), Output: int64(output)})
		return 0, nil
	})

	info, _ := workflow.FromContext(ctx)
	of := labels{"workflow_name": info.Workflow, "gen_ai_provider_name": provider, "gen_ai_response_model": model}
	l.books.add("workflow_calls_total", 1, of,
		labels{"gen_ai_operation_name": semconv.OperationChat, "workflow_outcome": semconv.OutcomeSuccess})
	l.books.add("workflow_tokens_total", input, of, labels{"gen_ai_token_type": "input"})
	l.books.add("workflow_tokens_total", output, of, labels{"gen_ai_token_type": "output"})
}
