package workflow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// defaultUndoTimeout is how long each compensation of a saga may take.
const defaultUndoTimeout = 30 * time.Second

// Saga runs a step, and when that fails undoes what was done below it, last
// deed first:
//
//	run_step order                 saga    compensated
//	├─ run_step reserve                    success
//	├─ run_step charge                     success
//	├─ run_step ship                       error
//	├─ run_step undo charge                success
//	└─ run_step undo reserve               success
//
// What can be undone is marked by Compensate. Compensations also run after a
// cancellation or timeout: each has time of its own, see UndoTimeout. One that
// fails, or hangs until its context is done, keeps none of the others from
// running; it must heed its context, as a step must. The error is that of the step,
// joined by those of compensations; the outcome is compensated when something
// was undone and nothing failed to be. A saga that succeeds inside of another
// hands its deeds to that one.
func Saga[I, O any](name string, step Step[I, O], opts ...SagaOption) Step[I, O] {
	s := &saga[I, O]{node: newNode(name, semconv.StepKindSaga), step: step}
	s.undoTimeout = defaultUndoTimeout
	for _, opt := range opts {
		opt(&s.sagaConfig)
	}
	if s.undoTimeout <= 0 {
		panic(fmt.Sprintf("workflow: Saga %s: the time to undo must be positive (got %s)", name, s.undoTimeout))
	}
	return s
}

// SagaOption changes how a Saga goes about it.
type SagaOption func(*sagaConfig)

type sagaConfig struct {
	undoTimeout time.Duration
}

// UndoTimeout is how long each compensation of a saga may take. Default: 30 s.
// One that is not positive panics.
func UndoTimeout(limit time.Duration) SagaOption {
	return func(c *sagaConfig) { c.undoTimeout = limit }
}

type saga[I, O any] struct {
	sagaConfig

	node *node
	step Step[I, O]
}

func (s *saga[I, O]) Name() string { return s.node.name }

func (s *saga[I, O]) Run(ctx context.Context, in I) (O, error) {
	return observe(ctx, s.node, in, func(ctx context.Context) (O, error) {
		done := &deeds{}
		out, err := guard(context.WithValue(ctx, deedsKey{}, done), func(ctx context.Context) (O, error) {
			return s.step.Run(ctx, in)
		})
		if err != nil {
			return out, s.undo(ctx, done.take(), err)
		}
		if around := deedsOf(ctx); around != nil {
			around.add(done.take()...)
		}
		return out, nil
	})
}

// undo runs the compensations and returns err with what failed of them.
func (s *saga[I, O]) undo(ctx context.Context, done []compensation, err error) error {
	if len(done) == 0 {
		return err
	}
	tell(ctx, slog.LevelWarn, eventUndo, slog.Int("steps", len(done)))
	failed := failures{err}
	for _, undo := range slices.Backward(done) {
		_, err := within(context.WithoutCancel(ctx), s.undoTimeout, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, undo(ctx)
		})
		if err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) == 1 {
		settle(ctx, semconv.OutcomeCompensated)
	}
	return failed.err()
}

// compensation undoes one deed, as a step of its own.
type compensation func(context.Context) error

// deeds are the compensations for what was done below a saga, in the order of
// doing. They are safe for concurrent use.
type deeds struct {
	mu   sync.Mutex
	list []compensation
}

type deedsKey struct{}

func deedsOf(ctx context.Context) *deeds {
	d, _ := ctx.Value(deedsKey{}).(*deeds)
	return d
}

func (d *deeds) add(list ...compensation) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list = append(d.list, list...)
}

func (d *deeds) take() []compensation {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := d.list
	d.list = nil
	return list
}

// errNoSaga is better than a deed that nobody will ever undo.
var errNoSaga = errors.New("there is no saga around it")

// Compensate says how to undo what a step did: the function gets what the step
// got and what it returned. It is called when the step succeeded and the nearest
// Saga around fails; without a saga around, the step fails before it does anything.
// A step that fails must have left nothing behind.
func Compensate[I, O any](step Step[I, O], undo func(ctx context.Context, in I, out O) error) Step[I, O] {
	n := newNode("undo "+step.Name(), semconv.StepKindTask,
		attribute.String(semconv.WorkflowCompensationOf, valid(step.Name())))
	n.undo = true
	return &compensated[I, O]{node: n, step: step, undo: undo}
}

type compensated[I, O any] struct {
	node *node // of the compensation
	step Step[I, O]
	undo func(ctx context.Context, in I, out O) error
}

// Name is that of the step: this is not a span of its own.
func (c *compensated[I, O]) Name() string { return c.step.Name() }

func (c *compensated[I, O]) Run(ctx context.Context, in I) (out O, err error) {
	done := deedsOf(ctx)
	if done == nil {
		return out, fmt.Errorf("compensate %s: %w", c.step.Name(), errNoSaga)
	}
	ctx, forward := watchForward(ctx)
	if out, err = c.step.Run(ctx, in); err != nil {
		return out, err
	}
	done.add(func(ctx context.Context) error {
		_, err := observe(ctx, c.node, unknown{}, func(ctx context.Context) (struct{}, error) {
			linkForward(ctx, forward)
			return struct{}{}, c.undo(ctx, in, out)
		})
		return err
	})
	return out, nil
}

// watchForward returns a context whose steps leave their span in a place that
// linkForward finds it in.
func watchForward(ctx context.Context) (context.Context, *atomic.Pointer[trace.SpanContext]) {
	f := frameOf(ctx)
	if f == nil {
		return ctx, nil
	}
	forward := new(atomic.Pointer[trace.SpanContext])
	return &frame{Context: ctx, run: f.run, parent: f, branch: sequential, forward: forward}, forward
}

// reached notes the span of a step directly below f, if it is to be noted.
func (f *frame) reached(span trace.Span) {
	if f.forward != nil {
		at := span.SpanContext()
		f.forward.Store(&at)
	}
}

// linkForward leads from a compensation to what it undoes.
func linkForward(ctx context.Context, forward *atomic.Pointer[trace.SpanContext]) {
	span := spanOf(ctx)
	if span == nil || forward == nil {
		return
	}
	if at := forward.Load(); at != nil {
		span.AddLink(trace.Link{
			SpanContext: *at,
			Attributes:  []attribute.KeyValue{attribute.String(semconv.WorkflowLinkType, semconv.LinkCompensates)},
		})
	}
}
