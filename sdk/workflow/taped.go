package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// unknown is the input of a step that does not say what it is given.
type unknown struct{}

// taped runs body as the step n in f, by way of the tape if there is one.
func taped[I, O any](f *frame, n *node, in I, body func(context.Context) (O, error)) (O, error) {
	t := f.run.tape
	if t == nil {
		return guard(f, body)
	}
	s := t.shot(f, f, "", n.kind)
	s.undo = n.undo
	s.External = n.shared || n.undo || f.parent.external(f)
	f.shot = s
	return shoot(t, s, in, body)
}

// tapedCall is taped for a call, which is always external.
func tapedCall[O any](ctx context.Context, to target, body func(context.Context) (O, error)) (O, error) {
	f := frameOf(ctx)
	if f == nil || f.run.tape == nil {
		return guard(ctx, body)
	}
	return shoot(f.run.tape, f.run.tape.call(ctx, f, to), unknown{}, body)
}

func (t *tape) call(ctx context.Context, f *frame, to target) *shot {
	s := t.shot(ctx, f, to.name, to.operation)
	s.External = true
	return s
}

// shoot runs body, or answers in its place, and tells the tape.
func shoot[I, O any](t *tape, s *shot, in I, body func(context.Context) (O, error)) (out O, err error) {
	s.In, s.CutIn = t.encode(in)
	if t.machine.asked(s) {
		return answer[O](s)
	}
	err = errExited
	defer func() { t.close(s, out, err) }()
	return guard(s.ctx, body)
}

// answer returns what was recorded.
func answer[O any](s *shot) (out O, err error) {
	if s.refused != nil {
		return out, s.refused
	}
	if s.Out != nil {
		if err := json.Unmarshal(s.Out, &out); err != nil {
			return out, fmt.Errorf("the recorded output of %s is no %T: %w", s.Path, out, err)
		}
	}
	if s.Err != nil {
		return out, revive(s.Err)
	}
	return out, nil
}

// revive returns a recorded error as what the steps around it know it by.
func revive(e *recording.Error) error {
	switch {
	case e.Type == semconv.ErrorTypePanic:
		return &PanicError{Value: strings.TrimPrefix(e.Text, panicPrefix)}
	case e.Permanent:
		return Permanent(e)
	default:
		return e
	}
}

// maxPieces is how many pieces of a stream are recorded.
const maxPieces = 10_000

// tapedStream is tapedCall for a call that returns one piece after the other: its
// output is the list of them. A panic is left to the loop, whose own it may be.
func tapedStream[T any](ctx context.Context, to target, open func(context.Context) iter.Seq2[T, error]) iter.Seq2[T, error] {
	f := frameOf(ctx)
	if f == nil || f.run.tape == nil {
		return open(ctx)
	}
	return func(yield func(T, error) bool) {
		t := f.run.tape
		s := t.call(ctx, f, to)
		if t.machine.asked(s) {
			all, err := answer[[]T](s)
			again(all, err, yield)
			return
		}
		var all []T
		err := errLeft
		defer func() { t.close(s, all, err) }()
		s.stream = true
		all, err = heard(open(ctx), s, yield)
	}
}

// heard gives the pieces on and returns them, and the first error among them.
func heard[T any](pieces iter.Seq2[T, error], s *shot, yield func(T, error) bool) (all []T, first error) {
	for piece, err := range pieces {
		switch {
		case err != nil && first == nil:
			first = err
		case err == nil && len(all) < maxPieces:
			all = append(all, piece)
		case err == nil:
			s.CutOut = fmt.Sprintf("more than %d pieces", maxPieces)
		}
		if !yield(piece, err) {
			break
		}
	}
	return all, first
}

// again gives the pieces of a stream, and then its error.
func again[T any](all []T, err error, yield func(T, error) bool) {
	for _, piece := range all {
		if !yield(piece, nil) {
			return
		}
	}
	if err != nil {
		var none T
		yield(none, err)
	}
}
