package main

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// The model that leaves call, and the scope of its spans: a library of the
// model's provider would make them.
const (
	chatScope = "example.com/simulated-genai"
	provider  = "openai"
	model     = "gpt-4o-mini"
)

// chat makes the span of a call after the GenAI conventions, and the entries for it.
func (l leaf) chat(ctx context.Context, in int) {
	input, output := 100+draw(l.name+"'s question", in)%900, 1+draw(l.name+"'s reply", in)%100
	tracer := trace.SpanFromContext(ctx).TracerProvider().Tracer(chatScope)
	_, span := tracer.Start(ctx, semconv.OperationChat+" "+model, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String(semconv.GenAIOperationName, semconv.OperationChat),
		attribute.String(semconv.GenAIProviderName, provider),
		attribute.String(semconv.GenAIRequestModel, model),
		attribute.String(semconv.GenAIResponseModel, model),
		attribute.Int(semconv.GenAIUsageInputTokens, input),
		attribute.Int(semconv.GenAIUsageOutputTokens, output)))
	span.End()

	info, _ := workflow.FromContext(ctx)
	of := labels{"workflow_name": info.Workflow, "gen_ai_provider_name": provider, "gen_ai_response_model": model}
	l.books.add("workflow_calls_total", 1, of,
		labels{"gen_ai_operation_name": semconv.OperationChat, "workflow_outcome": semconv.OutcomeSuccess})
	l.books.add("workflow_tokens_total", input, of, labels{"gen_ai_token_type": "input"})
	l.books.add("workflow_tokens_total", output, of, labels{"gen_ai_token_type": "output"})
}
