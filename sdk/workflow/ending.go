package workflow

import (
	"cmp"
	"context"
	"errors"
	"reflect"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// The exception event, as the OpenTelemetry conventions spell it.
const (
	eventException      = "exception"
	exceptionType       = "exception.type"
	exceptionMessage    = "exception.message"
	exceptionStacktrace = "exception.stacktrace"
)

// maxStack is the longest stack on a span, in bytes: who panicked comes after what
// caught it, which with long paths takes more than an error does.
const maxStack = 8 << 10

// ending is what a span is ended with.
type ending struct {
	outcome string // that follows from err
	settled string // that the step decided on instead, if any
	err     error
	source  bool // whether err comes from here and not from a step below
	privacy privacy
}

// finish ends span. A failure is an exception on the span it comes from and a
// status on those around:
//
//	invoke_workflow w           Error: workflow w: step a/b: no luck
//	└─ run_step a               Error: the same
//	   └─ run_step b  source    Error: the same, exception "no luck"
func finish(span trace.Span, e ending) {
	outcome := e.final()
	switch e.outcome {
	case semconv.OutcomeSuccess, semconv.OutcomeCancelled:
		span.SetAttributes(attribute.String(semconv.WorkflowOutcome, outcome))
	default:
		span.SetAttributes(
			attribute.String(semconv.WorkflowOutcome, outcome),
			attribute.String(semconv.ErrorType, errorType(e.err)))
		span.SetStatus(codes.Error, e.privacy.failure(e.err, maxText))
		if e.source {
			e.except(span)
		}
	}
	span.End()
}

// final is the outcome that is told.
func (e *ending) final() string { return cmp.Or(e.settled, e.outcome) }

// except records err without the place that its step gave it, and the stack of
// a panic, which is nowhere else.
func (e *ending) except(span trace.Span) {
	err := e.err
	if placed, ok := err.(*StepError); ok && placed != nil { //nolint:errorlint // its own place only, not one further down
		err = placed.Err
	}
	if permanent, ok := err.(*permanentError); ok { //nolint:errorlint // the same
		err = permanent.err
	}
	attrs := []attribute.KeyValue{
		attribute.String(exceptionType, valid(reflect.TypeOf(err).String())),
		attribute.String(exceptionMessage, e.privacy.failure(err, maxText)),
	}
	if stack := ask(stackOf, err); stack != "" {
		attrs = append(attrs, attribute.String(exceptionStacktrace, e.privacy.text(stack, maxStack)))
	}
	span.AddEvent(eventException, trace.WithAttributes(attrs...))
}

func stackOf(err error) string {
	p, ok := errors.AsType[*PanicError](err)
	if !ok {
		return ""
	}
	return string(p.Stack)
}

// spanOf returns the span of the step whose body was given ctx, nil when it has
// none. It is never the span of somebody else.
func spanOf(ctx context.Context) trace.Span {
	f := frameOf(ctx)
	if f == nil {
		return nil
	}
	return f.span
}

// decide writes decisions of the step whose body was given ctx on its span, into
// its log and on its tape.
func decide(ctx context.Context, decisions ...attribute.KeyValue) {
	f := frameOf(ctx)
	if f == nil {
		return
	}
	if f.span != nil {
		f.span.SetAttributes(decisions...)
	}
	note(ctx, decisions...)
}

// note is decide for what the span says already.
func note(ctx context.Context, decisions ...attribute.KeyValue) {
	if f := frameOf(ctx); f != nil {
		f.life.decided(f, decisions)
		f.shot.decided(decisions)
	}
}

// settle makes the step whose body was given ctx end with another outcome than
// follows from its error.
func settle(ctx context.Context, outcome string) {
	if f := frameOf(ctx); f != nil {
		f.settled = outcome
	}
}
