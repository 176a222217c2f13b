package workflow

import (
	"context"
	"sync"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Parallel runs steps at the same time on the same input, each in a goroutine
// of its own, and returns their results in the order of the steps. The first
// error cancels the others and is what it returns, after all have ended.
func Parallel[I, O any](name string, steps ...Step[I, O]) Step[I, []O] {
	size := attribute.Int(semconv.WorkflowParallelSize, len(steps))
	return &parallel[I, O]{node: newNode(name, semconv.StepKindParallel, size), steps: steps}
}

type parallel[I, O any] struct {
	node  *node
	steps []Step[I, O]
}

func (p *parallel[I, O]) Name() string { return p.node.name }

func (p *parallel[I, O]) Run(ctx context.Context, in I) ([]O, error) {
	return observe(ctx, p.node, func(ctx context.Context) ([]O, error) { return p.fanOut(ctx, in) })
}

func (p *parallel[I, O]) fanOut(ctx context.Context, in I) ([]O, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	var (
		wg    sync.WaitGroup
		once  sync.Once
		first error
		outs  = make([]O, len(p.steps))
	)
	fail := func(err error) {
		if err == nil {
			return
		}
		once.Do(func() {
			first = err
			cancel()
		})
	}
	for i, step := range p.steps {
		wg.Go(func() {
			err := errExited
			defer func() { fail(err) }()
			outs[i], err = guard(withBranch(ctx, i), func(ctx context.Context) (O, error) { return step.Run(ctx, in) })
		})
	}
	wg.Wait()
	if first != nil {
		return nil, first
	}
	return outs, nil
}
