package workflow

import (
	"context"
	"fmt"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Map runs one step on every element, at most limit at a time, and returns the
// results in the order of the elements. The first error cancels what is running,
// leaves out what has not started, and is what Map returns after all have ended.
//
//	limit 2, elements a b c d e, c fails:
//
//	worker 1   a──────┐c──✗
//	worker 2   b───┐d──────┊ cancelled        e never starts
//
// A limit below 1 panics.
func Map[I, O any](name string, step Step[I, O], limit int) Step[[]I, []O] {
	if limit < 1 {
		panic(fmt.Sprintf("workflow: Map %s: the limit must be at least 1 (got %d)", name, limit))
	}
	n := newNode(name, semconv.StepKindMap, attribute.Int(semconv.WorkflowParallelLimit, limit))
	return &mapping[I, O]{node: n, step: step, limit: limit}
}

type mapping[I, O any] struct {
	node  *node
	step  Step[I, O]
	limit int
}

func (m *mapping[I, O]) Name() string { return m.node.name }

func (m *mapping[I, O]) Run(ctx context.Context, in []I) ([]O, error) {
	return observe(ctx, m.node, in, func(ctx context.Context) ([]O, error) {
		decide(ctx, attribute.Int(semconv.WorkflowParallelSize, len(in)))
		var (
			outs = make([]O, len(in))
			next atomic.Int64
		)
		err := fanOut(ctx, min(m.limit, len(in)), func(ctx context.Context, _ int) error {
			for i := next.Add(1) - 1; i < int64(len(in)); i = next.Add(1) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				var err error
				if outs[i], err = m.step.Run(withBranch(ctx, int(i)), in[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		return outs, nil
	})
}
