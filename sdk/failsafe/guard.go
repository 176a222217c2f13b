package failsafe

import (
	"context"
	"runtime/debug"
	"sync"

	"github.com/failsafe-go/failsafe-go"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// Guard runs a step under policies, the outermost first, and shows their state
// on a step of that name around it:
//
//	run_step guarded ask     circuit.state half_open, hedge.count 1
//	├─ run_step ask          cancelled, since the hedge was faster
//	└─ run_step ask          success
//
// What a policy does not let pass is a *RejectedError. A panic of the step is an
// error to the policies. Executions that a hedge gave up are waited for: the step
// must heed its context.
func Guard[I, O any](name string, step workflow.Step[I, O], policies ...failsafe.Policy[O]) workflow.Step[I, O] {
	g := &guard[I, O]{step: step, policies: policies, executor: failsafe.With(policies...)}
	return workflow.Func(name, g.run)
}

type guard[I, O any] struct {
	step     workflow.Step[I, O]
	policies []failsafe.Policy[O]
	executor failsafe.Executor[O]
}

func (g *guard[I, O]) run(ctx context.Context, in I) (O, error) {
	before := circuit(g.policies)
	var inside crowd
	out, err := g.executor.WithContext(ctx).GetWithExecution(func(exec failsafe.Execution[O]) (out O, err error) {
		if !inside.enter() {
			return out, context.Canceled
		}
		defer inside.leave()
		return attempt(exec.Context(), g.step, in)
	})
	started := inside.close()
	if started == 0 {
		err = rejected(err)
	}
	if _, ok := workflow.FromContext(ctx); ok {
		if span := trace.SpanFromContext(ctx); span.IsRecording() {
			span.SetAttributes(g.state(before, started, err)...)
		}
	}
	return out, err
}

// attempt calls a step and turns a panic into an error: a policy that sees a
// panic keeps what it holds for the execution, and that of a hedge would end the
// program.
func attempt[I, O any](ctx context.Context, step workflow.Step[I, O], in I) (out O, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &workflow.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return step.Run(ctx, in)
}

// crowd counts the executions of one run of a guard, and waits for those that
// the policies have given up. Its methods are safe for concurrent use.
type crowd struct {
	wg sync.WaitGroup

	// mu guards everything declared below.
	mu      sync.Mutex
	closed  bool
	started int
}

// enter reports whether an execution may still start.
func (c *crowd) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.started++
	c.wg.Add(1)
	return true
}

func (c *crowd) leave() { c.wg.Done() }

// close waits for all executions and returns how many there were.
func (c *crowd) close() int {
	c.mu.Lock()
	c.closed = true
	started := c.started
	c.mu.Unlock()
	c.wg.Wait()
	return started
}
