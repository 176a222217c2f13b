package main

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// scope is the instrumentation scope of the calls: not that of the workflow,
// since a library of the model's provider would make these spans.
const scope = "example.com/simulated-genai"

// Of the GenAI conventions, used here only.
const (
	operationEmbeddings = "embeddings"
	errorTypeCancelled  = "cancelled"
)

// model is a simulated model.
type model struct {
	provider string
	name     string
	median   time.Duration // of its answers
	input    int64         // median tokens of a question
	output   int64         // median tokens of an answer; 0 for embeddings
	cached   int64         // tokens of a question that the provider may have cached
}

// usage counts the tokens of one call; those read from the cache are part of the input.
type usage struct {
	input, output, cacheRead int64
}

// call is what is known of a call before it is made.
type call struct {
	operation string
	model     model  // of a model call
	tool      string // of a tool call
}

// activeCall is a call under way.
type activeCall struct {
	ctx   context.Context
	span  trace.Span
	model model
}

// startCall starts the span of a call, named and filled as the GenAI conventions say.
func startCall(ctx context.Context, c call) activeCall {
	attrs := []attribute.KeyValue{attribute.String(semconv.GenAIOperationName, c.operation)}
	name, kind := c.operation+" "+c.tool, trace.SpanKindInternal
	if c.tool != "" {
		attrs = append(attrs, attribute.String(semconv.GenAIToolName, c.tool))
	} else {
		name, kind = c.operation+" "+c.model.name, trace.SpanKindClient
		attrs = append(attrs,
			attribute.String(semconv.GenAIProviderName, c.model.provider),
			attribute.String(semconv.GenAIRequestModel, c.model.name))
	}
	tracer := trace.SpanFromContext(ctx).TracerProvider().Tracer(scope)
	ctx, span := tracer.Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(attrs...))
	return activeCall{ctx: ctx, span: span, model: c.model}
}

// end ends the span and returns err. A call that failed used no tokens.
func (c activeCall) end(err error, u usage) error {
	defer c.span.End()
	if err != nil {
		c.span.SetAttributes(attribute.String(semconv.ErrorType, errorType(err)))
		c.span.SetStatus(codes.Error, err.Error())
		return err
	}
	if c.model.name != "" {
		c.span.SetAttributes(attribute.String(semconv.GenAIResponseModel, c.model.name))
	}
	for _, n := range []struct {
		key   string
		count int64
	}{
		{semconv.GenAIUsageInputTokens, u.input},
		{semconv.GenAIUsageOutputTokens, u.output},
		{semconv.GenAIUsageCacheReadInputTokens, u.cacheRead},
	} {
		if n.count > 0 {
			c.span.SetAttributes(attribute.Int64(n.key, n.count))
		}
	}
	return nil
}

func errorType(err error) string {
	if f, ok := errors.AsType[fault](err); ok {
		return f.ErrorType()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return semconv.ErrorTypeTimeout
	}
	return errorTypeCancelled
}
