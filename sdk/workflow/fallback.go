package workflow

import (
	"context"
	"fmt"
	"strings"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Fallback runs the first step and, when that fails, the next one on the same
// input, until one answers. A panic is a failure too. When all fail, the error
// wraps those of all and is of the class of the first. Once the context is done
// no further step is tried.
func Fallback[I, O any](first Step[I, O], next ...Step[I, O]) Step[I, O] {
	steps := append([]Step[I, O]{first}, next...)
	return &fallback[I, O]{node: newNode(first.Name(), semconv.StepKindFallback), steps: steps}
}

type fallback[I, O any] struct {
	node  *node
	steps []Step[I, O]
}

func (f *fallback[I, O]) Name() string { return f.node.name }

func (f *fallback[I, O]) Run(ctx context.Context, in I) (O, error) {
	return observe(ctx, f.node, in, func(ctx context.Context) (O, error) {
		var failed failures
		for i, step := range f.steps {
			decide(ctx,
				attribute.Bool(semconv.WorkflowFallbackUsed, i > 0),
				attribute.Int(semconv.WorkflowFallbackIndex, i))
			out, err := guard(ctx, func(ctx context.Context) (O, error) { return step.Run(ctx, in) })
			if err == nil {
				return out, nil
			}
			failed = append(failed, err)
			if ctx.Err() != nil {
				break
			}
		}
		var none O
		return none, failed.err()
	})
}

// failures are errors of which the first says what kind they are.
type failures []error

// err returns the failures as one error; nil when there are none.
func (f failures) err() error {
	switch len(f) {
	case 0:
		return nil
	case 1:
		return f[0]
	default:
		return f
	}
}

func (f failures) Error() string {
	texts := make([]string, len(f))
	for i, err := range f {
		texts[i] = fmt.Sprint(err) // Sprint survives a nil pointer
	}
	return strings.Join(texts, "; ")
}

func (f failures) Unwrap() []error   { return f }
func (f failures) ErrorType() string { return errorType(f[0]) }
func (f failures) Timeout() bool     { return ask(isTimeout, f[0]) }
