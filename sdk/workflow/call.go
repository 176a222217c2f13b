package workflow

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// LLM calls a model through fn, with a span of the GenAI conventions around it:
// "chat gpt-4o", of kind client. In fn the call is told what it used, by which it
// is priced. The provider is the conventions' word for it: openai, anthropic,
// aws.bedrock. Where the client of the provider makes such spans itself, call it
// without LLM: a call must not be told twice.
//
// Outside of a run the span goes to the global tracer provider. A panic in fn
// becomes a *PanicError.
func LLM[O any](ctx context.Context, provider, model string, fn func(context.Context, *Call) (O, error)) (O, error) {
	return observeCall(ctx, modelCall(semconv.OperationChat, provider, model), fn)
}

// Embed is LLM for a model that turns texts into vectors.
func Embed[O any](ctx context.Context, provider, model string, fn func(context.Context, *Call) (O, error)) (O, error) {
	return observeCall(ctx, modelCall(semconv.OperationEmbeddings, provider, model), fn)
}

// Tool runs a tool through fn, with a span "execute_tool search_docs" around it.
// For the rest it is as LLM.
func Tool[O any](ctx context.Context, name string, fn func(context.Context, *Call) (O, error)) (O, error) {
	name = valid(name)
	return observeCall(ctx, target{
		operation: semconv.OperationExecuteTool,
		name:      name,
		kind:      trace.SpanKindInternal,
		attrs:     []attribute.KeyValue{attribute.String(semconv.GenAIToolName, name)},
	}, fn)
}

// target is what a call is made to.
type target struct {
	operation string
	name      string // of the model or the tool
	kind      trace.SpanKind
	attrs     []attribute.KeyValue
}

func modelCall(operation, provider, model string) target {
	model = valid(model)
	return target{
		operation: operation,
		name:      model,
		kind:      trace.SpanKindClient,
		attrs: []attribute.KeyValue{
			attribute.String(semconv.GenAIProviderName, valid(provider)),
			attribute.String(semconv.GenAIRequestModel, model),
		},
	}
}

// Call is a call of a model or a tool under way. Its methods say more about it;
// where the trace is not recorded they do nothing. It is safe for concurrent use.
type Call struct {
	span    trace.Span // nil when the trace is not recorded
	begin   time.Time
	first   atomic.Bool
	life    *watch // nil when nothing is logged
	privacy privacy
}

func observeCall[O any](ctx context.Context, to target, fn func(context.Context, *Call) (O, error)) (out O, err error) {
	ctx, c := startCall(ctx, to)
	err = errExited
	defer func() { c.end(ctx, err) }()
	return tapedCall(ctx, to, func(ctx context.Context) (O, error) { return fn(ctx, c) })
}

func startCall(ctx context.Context, to target) (context.Context, *Call) {
	c := &Call{begin: time.Now(), privacy: privacyOf(ctx)}
	if tracer := tracerOf(ctx); tracer != nil {
		attrs := []attribute.KeyValue{attribute.String(semconv.GenAIOperationName, to.operation)}
		attrs = append(attrs, to.attrs...)
		if info, ok := FromContext(ctx); ok {
			attrs = append(attrs, info.Attributes()...)
		} else if Replaying(ctx) { // in the process that called this one
			attrs = append(attrs, attribute.Bool(semconv.WorkflowReplay, true))
		}
		ctx, c.span = tracer.Start(ctx, to.operation+" "+to.name, trace.WithSpanKind(to.kind), trace.WithAttributes(attrs...))
	}
	if f := frameOf(ctx); f != nil {
		c.life = f.run.def.started(ctx, &lifeOfCall, slog.String("operation", to.operation), slog.String("name", to.name))
	}
	return ctx, c
}

// tracerOf returns who makes the span of a call in ctx, nil if there is to be none.
func tracerOf(ctx context.Context) trace.Tracer {
	parent := trace.SpanFromContext(ctx)
	f := frameOf(ctx)
	switch {
	case unsampledHere(parent):
		return nil
	case f == nil:
		return otel.GetTracerProvider().Tracer(ScopeName, trace.WithInstrumentationVersion(scopeVersion))
	case !parent.SpanContext().IsValid():
		return nil
	default:
		return f.run.def.tracer
	}
}

func (c *Call) end(ctx context.Context, err error) {
	// The exception of a run's call is told by the step around it.
	e := ending{outcome: Outcome(ctx, err), err: err, source: frameOf(ctx) == nil, privacy: c.privacy}
	c.life.ended(ctx, e)
	if c.span != nil {
		finish(c.span, e)
	}
}

// Usage counts the tokens of a call. What is 0 or less is taken for not known.
// It is a plain value.
type Usage struct {
	// Input counts all tokens that went in, those of the provider's cache included.
	Input int64
	// Output counts all tokens that came out, reasoning included.
	Output int64
	// CacheRead counts the input that was read from the provider's cache.
	CacheRead int64
	// CacheWrite counts the input that was written to the provider's cache.
	CacheWrite int64
	// Reasoning counts the output that was spent on reasoning.
	Reasoning int64
}

// Usage says which tokens the call used: also of one that fails afterwards, as
// they are paid for. The last word counts.
func (c *Call) Usage(u Usage) {
	var attrs []attribute.KeyValue
	for _, n := range []struct {
		key   string
		count int64
	}{
		{semconv.GenAIUsageInputTokens, u.Input},
		{semconv.GenAIUsageOutputTokens, u.Output},
		{semconv.GenAIUsageCacheReadInputTokens, u.CacheRead},
		{semconv.GenAIUsageCacheWriteInputTokens, u.CacheWrite},
		{semconv.GenAIUsageReasoningOutputTokens, u.Reasoning},
	} {
		if n.count > 0 {
			attrs = append(attrs, attribute.Int64(n.key, n.count))
		}
	}
	c.SetAttributes(attrs...)
}

// Answered says who answered: the model by its full name, the provider's id of
// the answer and why the model stopped. What is empty is left out.
func (c *Call) Answered(model, id string, finishReasons ...string) {
	attrs := appendText(nil, semconv.GenAIResponseModel, clip(model, maxID))
	attrs = appendText(attrs, semconv.GenAIResponseID, clip(id, maxID))
	if len(finishReasons) > 0 {
		attrs = append(attrs, attribute.StringSlice(semconv.GenAIResponseFinishReasons, finishReasons))
	}
	c.SetAttributes(attrs...)
}

// Chunk says that a piece of a streamed answer has come. The first one gives the
// time to the first token.
func (c *Call) Chunk() {
	if c.span != nil && c.first.CompareAndSwap(false, true) {
		c.span.SetAttributes(attribute.Float64(semconv.GenAIResponseTimeToFirstChunk, time.Since(c.begin).Seconds()))
	}
}

// SetAttributes says whatever else is known, such as gen_ai.request.temperature.
func (c *Call) SetAttributes(attrs ...attribute.KeyValue) {
	if c.span != nil {
		c.span.SetAttributes(attrs...)
	}
}
