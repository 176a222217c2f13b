package workflow

import (
	"context"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Step is a piece of a workflow: it turns an I into an O. The steps of this
// package show themselves as spans; a Step written elsewhere runs as it is,
// unseen, and can call Do. Implementations must be safe for concurrent use.
type Step[I, O any] interface {
	// Name is the low-cardinality name of the step.
	Name() string
	// Run does the work once. It must return soon after ctx is done.
	Run(ctx context.Context, in I) (O, error)
}

// Func makes a step of a function.
func Func[I, O any](name string, fn func(context.Context, I) (O, error)) Step[I, O] {
	return &task[I, O]{node: newNode(name, semconv.StepKindTask), fn: fn}
}

type task[I, O any] struct {
	node *node
	fn   func(context.Context, I) (O, error)
}

func (t *task[I, O]) Name() string { return t.node.name }

func (t *task[I, O]) Run(ctx context.Context, in I) (O, error) {
	return observe(ctx, t.node, in, func(ctx context.Context) (O, error) { return t.fn(ctx, in) })
}

// Do runs fn as a step right here: anywhere below Run that its context reaches.
// Outside of a run it is a plain call. Like any step it returns a *StepError.
func Do[O any](ctx context.Context, name string, fn func(context.Context) (O, error)) (O, error) {
	return observe(ctx, newNode(name, semconv.StepKindTask), unknown{}, fn)
}
