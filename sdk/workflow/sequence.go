package workflow

import (
	"context"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Then runs a and gives what it returns to b. It has no span of its own: both
// steps belong to what is around them.
func Then[A, B, C any](a Step[A, B], b Step[B, C]) Step[A, C] {
	return chain[A, B, C]{first: a, second: b}
}

// Then3 is Then for three steps.
func Then3[A, B, C, D any](a Step[A, B], b Step[B, C], c Step[C, D]) Step[A, D] {
	return Then(Then(a, b), c)
}

// Then4 is Then for four steps.
func Then4[A, B, C, D, E any](a Step[A, B], b Step[B, C], c Step[C, D], d Step[D, E]) Step[A, E] {
	return Then(Then3(a, b, c), d)
}

type chain[A, B, C any] struct {
	first  Step[A, B]
	second Step[B, C]
}

// Name is made of both names: a chain is never a span, so nobody gave it one.
func (c chain[A, B, C]) Name() string { return c.first.Name() + " >> " + c.second.Name() }

func (c chain[A, B, C]) Run(ctx context.Context, in A) (out C, err error) {
	mid, err := c.first.Run(ctx, in)
	if err != nil {
		return out, err
	}
	return c.second.Run(ctx, mid)
}

// Sequential runs steps one after another, each on what the one before
// returned, and shows them below a span of its own. The first error ends it.
// Without steps it returns its input.
func Sequential[T any](name string, steps ...Step[T, T]) Step[T, T] {
	return &sequence[T]{node: newNode(name, semconv.StepKindSequential), steps: steps}
}

type sequence[T any] struct {
	node  *node
	steps []Step[T, T]
}

func (s *sequence[T]) Name() string { return s.node.name }

func (s *sequence[T]) Run(ctx context.Context, in T) (T, error) {
	return observe(ctx, s.node, in, func(ctx context.Context) (T, error) {
		value := in
		for _, step := range s.steps {
			var err error
			if value, err = step.Run(ctx, value); err != nil {
				return value, err
			}
		}
		return value, nil
	})
}
