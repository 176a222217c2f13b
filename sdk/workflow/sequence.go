package workflow

import "context"

// Then runs a and gives what it returns to b. It has no span of its own: both
// steps belong to what is around them.
func Then[A, B, C any](a Step[A, B], b Step[B, C]) Step[A, C] {
	return sequence[A, B, C]{first: a, second: b}
}

// Then3 is Then for three steps.
func Then3[A, B, C, D any](a Step[A, B], b Step[B, C], c Step[C, D]) Step[A, D] {
	return Then(Then(a, b), c)
}

type sequence[A, B, C any] struct {
	first  Step[A, B]
	second Step[B, C]
}

// Name is made of both names: a sequence is never a span, so nobody gave it one.
func (s sequence[A, B, C]) Name() string { return s.first.Name() + " >> " + s.second.Name() }

func (s sequence[A, B, C]) Run(ctx context.Context, in A) (out C, err error) {
	mid, err := s.first.Run(ctx, in)
	if err != nil {
		return out, err
	}
	return s.second.Run(ctx, mid)
}
