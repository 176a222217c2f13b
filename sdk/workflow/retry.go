package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Retry runs a step again when it fails, each time below an attempt span:
//
//	run_step classify           retry   attempts 2
//	├─ attempt classify 1       error
//	│  └─ run_step classify     error
//	└─ attempt classify 2       success, waited 73 ms, link to attempt 1
//	   └─ run_step classify     success
//
// It gives up, with the error of the last attempt, when the attempts are used
// up, when the error is Permanent, a panic or not for RetryIf, and when the
// context is done. By default it makes 3 attempts and waits as Backoff says.
func Retry[I, O any](step Step[I, O], opts ...RetryOption) Step[I, O] {
	r := &retry[I, O]{
		node:     newNode(step.Name(), semconv.StepKindRetry),
		step:     step,
		policy:   newRetryPolicy(step.Name(), opts),
		spanName: semconv.SpanAttempt + " " + valid(step.Name()),
	}
	r.node.facts = []attribute.KeyValue{attribute.Int(semconv.WorkflowAttemptMax, r.policy.attempts)}
	r.attrs = []attribute.KeyValue{attribute.String(semconv.WorkflowStepName, r.node.name)}
	return r
}

type retry[I, O any] struct {
	node     *node
	step     Step[I, O]
	policy   retryPolicy
	spanName string // of an attempt
	attrs    []attribute.KeyValue
}

func (r *retry[I, O]) Name() string { return r.node.name }

func (r *retry[I, O]) Run(ctx context.Context, in I) (O, error) {
	return observe(ctx, r.node, in, func(ctx context.Context) (O, error) { return r.repeat(ctx, in) })
}

func (r *retry[I, O]) repeat(ctx context.Context, in I) (out O, err error) {
	now := attempt{number: 1}
	defer func() { decide(ctx, attribute.Int(semconv.WorkflowRetryAttempts, now.number)) }()
	for {
		out, now.span, err = r.try(ctx, in, now)
		if err == nil || now.number >= r.policy.attempts || !r.policy.again(ctx, err) {
			return out, err
		}
		next := attempt{number: now.number + 1, wait: r.policy.delay(now.number), span: now.span}
		if !sleep(ctx, next.wait) {
			return out, &interruption{cause: ctx.Err(), last: err}
		}
		now = next
	}
}

// attempt is one go at the step of a Retry.
type attempt struct {
	number int           // 1-based
	wait   time.Duration // before it
	span   trace.SpanContext
}

// try makes one attempt and returns where its span is, if it has one.
func (r *retry[I, O]) try(ctx context.Context, in I, a attempt) (out O, at trace.SpanContext, err error) {
	body := func(ctx context.Context) (O, error) { return r.step.Run(ctx, in) }
	f := r.place(ctx, a)
	if f == nil {
		out, err = r.bounded(ctx, body)
		return out, at, err
	}
	if f.span != nil {
		at = f.span.SpanContext()
	}
	if f.span != nil || f.life != nil {
		err = errExited
		defer func() { f.finish(err) }()
	}
	out, err = r.bounded(f, body)
	return out, at, err
}

func (r *retry[I, O]) bounded(ctx context.Context, body func(context.Context) (O, error)) (O, error) {
	if r.policy.limit == 0 {
		return guard(ctx, body)
	}
	return within(ctx, r.policy.limit, body)
}

// place returns the frame of an attempt, with a span if the step has one; nil
// outside of a run.
func (r *retry[I, O]) place(ctx context.Context, a attempt) *frame {
	above := frameOf(ctx)
	if above == nil {
		return nil
	}
	f := &frame{Context: ctx, run: above.run, parent: above, branch: sequential, attempt: a.number}
	defer f.tried(a.wait)
	if above.span == nil {
		return f
	}
	number := attribute.Int(semconv.WorkflowAttemptNumber, a.number)
	tracer := above.run.def.tracer
	if a.number == 1 {
		f.Context, f.span = tracer.Start(ctx, r.spanName, above.run.attributes(r.attrs, number))
		return f
	}
	f.Context, f.span = tracer.Start(ctx, r.spanName,
		above.run.attributes(r.attrs, number, attribute.Int64(semconv.WorkflowRetryDelayMS, a.wait.Milliseconds())),
		trace.WithLinks(trace.Link{
			SpanContext: a.span,
			Attributes:  []attribute.KeyValue{attribute.String(semconv.WorkflowLinkType, semconv.LinkRetryOf)},
		}))
	return f
}

// sleep reports whether it slept as long as it should; not if ctx is done before.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// interruption is the end of a Retry while it waited for its next attempt.
type interruption struct {
	cause error // of the context
	last  error // of the attempt before
}

func (e *interruption) Error() string {
	return fmt.Sprintf("%v before the next attempt: %v", e.cause, e.last)
}

func (e *interruption) Unwrap() []error   { return []error{e.cause, e.last} }
func (e *interruption) ErrorType() string { return errorType(e.cause) }
func (e *interruption) Timeout() bool     { return isTimeout(e.cause) }

// Permanent marks an error that another attempt would only repeat: no Retry
// around it makes one. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

func isPermanent(err error) bool {
	_, ok := errors.AsType[*permanentError](err)
	return ok
}

func isPanic(err error) bool {
	_, ok := errors.AsType[*PanicError](err)
	return ok
}
