package workflow

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Timeout gives a step the time that it may take, by the deadline of its
// context. The step must heed it: one that does not blocks as long as it likes,
// and what it then returns without an error still counts. What failed after its
// time was over is a *TimeoutError. A limit that is not positive panics.
func Timeout[I, O any](step Step[I, O], limit time.Duration) Step[I, O] {
	if limit <= 0 {
		panic(fmt.Sprintf("workflow: Timeout %s: the limit must be positive (got %s)", step.Name(), limit))
	}
	n := newNode(step.Name(), semconv.StepKindTimeout, attribute.Int64(semconv.WorkflowTimeoutMS, limit.Milliseconds()))
	return &timeout[I, O]{node: n, step: step, limit: limit}
}

type timeout[I, O any] struct {
	node  *node
	step  Step[I, O]
	limit time.Duration
}

func (t *timeout[I, O]) Name() string { return t.node.name }

func (t *timeout[I, O]) Run(ctx context.Context, in I) (O, error) {
	return observe(ctx, t.node, in, func(ctx context.Context) (O, error) {
		return within(ctx, t.limit, func(ctx context.Context) (O, error) { return t.step.Run(ctx, in) })
	})
}

// within calls body with a deadline. An error of body is only put down to it
// when the time was over and the caller's was not:
//
//	limit     |────────────┤ 2 s
//	caller    |──────────────────────┤ 5 s
//	error at       1 s: as it is   3 s: *TimeoutError   6 s: as it is
func within[O any](ctx context.Context, limit time.Duration, body func(context.Context) (O, error)) (O, error) {
	inner := new(term)
	inner.begin(ctx, limit)
	defer inner.end()
	out, err := guard(inner, body)
	if err != nil && inner.Err() != nil && ctx.Err() == nil {
		err = &TimeoutError{Limit: limit, Err: err}
	}
	return out, err
}

// TimeoutError says that a step had less time than it needed. It is a
// context.DeadlineExceeded to errors.Is.
type TimeoutError struct {
	// Limit is the time that the step had.
	Limit time.Duration
	// Err is what the step returned then.
	Err error
}

// Error shows the limit and then the error of the step.
func (e *TimeoutError) Error() string { return fmt.Sprintf("not done within %s: %v", e.Limit, e.Err) }

// Unwrap returns the error of the step.
func (e *TimeoutError) Unwrap() error { return e.Err }

// Is reports whether target is context.DeadlineExceeded.
func (*TimeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// Timeout returns true.
func (*TimeoutError) Timeout() bool { return true }

// ErrorType returns "timeout".
func (*TimeoutError) ErrorType() string { return semconv.ErrorTypeTimeout }
