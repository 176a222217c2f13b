package workflow

import (
	"context"
	"runtime"
	"sync"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Parallel runs steps at the same time on the same input, each in a goroutine
// of its own, and returns their results in the order of the steps. The first
// error cancels the others and is what it returns, after all have ended.
func Parallel[I, O any](name string, steps ...Step[I, O]) Step[I, []O] {
	return &parallel[I, O]{node: newParallelNode(name, len(steps)), steps: steps}
}

func newParallelNode(name string, size int) *node {
	return newNode(name, semconv.StepKindParallel, attribute.Int(semconv.WorkflowParallelSize, size))
}

type parallel[I, O any] struct {
	node  *node
	steps []Step[I, O]
}

func (p *parallel[I, O]) Name() string { return p.node.name }

func (p *parallel[I, O]) Run(ctx context.Context, in I) ([]O, error) {
	return observe(ctx, p.node, in, func(ctx context.Context) ([]O, error) {
		outs := make([]O, len(p.steps))
		err := fanOut(ctx, len(p.steps), func(ctx context.Context, i int) (err error) {
			outs[i], err = p.steps[i].Run(withBranch(ctx, i), in)
			return err
		})
		if err != nil {
			return nil, err
		}
		return outs, nil
	})
}

// Pair is what Both returns.
type Pair[A, B any] struct {
	First  A
	Second B
}

// Both is Parallel for two steps whose results differ in type.
func Both[I, A, B any](name string, a Step[I, A], b Step[I, B]) Step[I, Pair[A, B]] {
	return &both[I, A, B]{node: newParallelNode(name, 2), a: a, b: b}
}

type both[I, A, B any] struct {
	node *node
	a    Step[I, A]
	b    Step[I, B]
}

func (p *both[I, A, B]) Name() string { return p.node.name }

func (p *both[I, A, B]) Run(ctx context.Context, in I) (Pair[A, B], error) {
	return observe(ctx, p.node, in, func(ctx context.Context) (Pair[A, B], error) {
		var pair Pair[A, B]
		err := fanOut(ctx, 2, func(ctx context.Context, i int) (err error) {
			if i == 0 {
				pair.First, err = p.a.Run(withBranch(ctx, 0), in)
				return err
			}
			pair.Second, err = p.b.Run(withBranch(ctx, 1), in)
			return err
		})
		if err != nil {
			return Pair[A, B]{}, err
		}
		return pair, nil
	})
}

// fanOut calls work in n goroutines at the same time and returns when all have
// ended. The first error cancels the context of the others and is what it returns.
func fanOut(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	var f fan
	f.begin(ctx, 0)
	defer f.end()
	for i := range n {
		f.wg.Go(func() {
			growStack()
			err := errExited
			defer func() { f.failed(err) }()
			_, err = guard(&f.term, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx, i) })
		})
	}
	f.wg.Wait()
	return f.first
}

// growStack makes the stack of a goroutine that has just begun 8 KB, which a step
// with a span needs. It would come to that anyway, but by moving twice what is on it:
//
//	by itself     2 KB ─► 4 KB ─► 8 KB, far below in the step     2 branches 29 µs
//	growStack     2 KB ─────────► 8 KB, with nothing on it yet    2 branches 23 µs
//
//go:noinline
func growStack() {
	var room [3 << 10]byte
	runtime.KeepAlive(&room)
}

// fan is work in several goroutines, and the context that they share.
type fan struct {
	term

	wg    sync.WaitGroup
	once  sync.Once
	first error // set by once
}

// failed ends the fan by its first error; nil is none.
func (f *fan) failed(err error) {
	if err != nil {
		f.once.Do(func() {
			f.first = err
			f.end()
		})
	}
}
