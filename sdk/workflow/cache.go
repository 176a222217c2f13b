package workflow

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Cache answers from a store what it has seen before. Of requests for the same
// key that come at once, one runs the step and the others wait for its answer:
//
//	request 1  a ──miss──[ step ]── answer
//	request 2     a ──────waits──── the same, hit and shared
//	request 3                          a ── from the store, hit
//
// A failure is given to those that wait and is not kept; when it came because the
// time of the first was over, one of the others takes its place. A store that
// fails is as if it were empty. Keys never get into spans. Answers are shared:
// nobody may change one. A step must not ask its own Cache for its own key.
func Cache[I, O any](step Step[I, O], key func(I) string, store Store[O]) Step[I, O] {
	n := newNode(step.Name(), semconv.StepKindCache, attribute.Bool(semconv.WorkflowCacheHit, false))
	n.shared = true
	n.facts = nil // whether it hits is not known yet
	return &cache[I, O]{
		node:    n,
		step:    step,
		key:     key,
		store:   store,
		flights: make(map[string]*flight[O]),
	}
}

type cache[I, O any] struct {
	node  *node
	step  Step[I, O]
	key   func(I) string
	store Store[O]

	landed  atomic.Uint64 // how many flights are over
	mu      sync.Mutex
	flights map[string]*flight[O] // guarded by mu
}

// flight is a request that others may wait for. What came of it is set when done
// is closed.
type flight[O any] struct {
	done      chan struct{} // made by the first who waits
	out       O
	err       error
	abandoned bool // whether it failed because its own time was over
}

func (c *cache[I, O]) Name() string { return c.node.name }

func (c *cache[I, O]) Run(ctx context.Context, in I) (O, error) {
	return observe(ctx, c.node, in, func(ctx context.Context) (out O, err error) {
		key := c.key(in)
		for {
			landed := c.landed.Load()
			if out, hit := c.lookup(ctx, key); hit {
				return out, nil
			}
			f, first := c.join(key)
			if first {
				c.fly(ctx, f, landed, key, in)
				return f.out, f.err
			}
			select {
			case <-f.done:
			case <-ctx.Done():
				return out, ctx.Err()
			}
			if !f.abandoned {
				if f.err == nil {
					decide(ctx, attribute.Bool(semconv.WorkflowCacheHit, true))
				}
				decide(ctx, attribute.Bool(semconv.WorkflowCacheShared, true))
				return f.out, f.err
			}
		}
	})
}

// join returns the flight for a key, and whether the caller is to fly it.
func (c *cache[I, O]) join(key string) (f *flight[O], first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, ok := c.flights[key]; ok {
		if f.done == nil {
			f.done = make(chan struct{})
		}
		return f, false
	}
	f = &flight[O]{err: errExited}
	c.flights[key] = f
	return f, true
}

// land tells those who wait what came of a flight.
func (c *cache[I, O]) land(f *flight[O], key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.landed.Add(1)
	delete(c.flights, key)
	if f.done != nil {
		close(f.done)
	}
}

// fly gets the answer. That may be in the store after all: when one has landed
// since so many had, before the store was asked, it may have been for this key.
func (c *cache[I, O]) fly(ctx context.Context, f *flight[O], landed uint64, key string, in I) {
	defer c.land(f, key)
	if c.landed.Load() != landed {
		if out, ok := c.lookup(ctx, key); ok {
			f.out, f.err = out, nil
			return
		}
	}
	note(ctx, attribute.Bool(semconv.WorkflowCacheHit, false)) // the span began with that
	f.out, f.err = guard(ctx, func(ctx context.Context) (O, error) { return c.step.Run(ctx, in) })
	if f.err != nil {
		f.abandoned = ctx.Err() != nil
		return
	}
	_, err := guard(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, c.store.Put(ctx, key, f.out) })
	if err == nil {
		tell(ctx, slog.LevelDebug, eventCacheStore)
	}
	c.excuse(ctx, err)
}

func (c *cache[I, O]) lookup(ctx context.Context, key string) (out O, hit bool) {
	var found bool
	out, err := guard(ctx, func(ctx context.Context) (out O, err error) {
		out, found, err = c.store.Get(ctx, key)
		return out, err
	})
	c.excuse(ctx, err)
	if hit = found && err == nil; hit {
		decide(ctx, attribute.Bool(semconv.WorkflowCacheHit, true))
	}
	return out, hit
}

// excuse notes the error of a store, which must not fail the workflow.
func (*cache[I, O]) excuse(ctx context.Context, err error) {
	if err != nil {
		decide(ctx, attribute.String(semconv.WorkflowCacheError, errorType(err)))
	}
}
