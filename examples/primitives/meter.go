package main

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// meter is around a step and enters into the books how each of its runs ended.
type meter[I, O any] struct {
	workflow.Step[I, O]

	kind  string // as in plan
	books *books
}

// visitor is around a kid and lets the step around know that it was run.
type visitor struct{ step }

// Run runs the kid.
func (v visitor) Run(ctx context.Context, in int) (int, error) {
	watchOf(ctx).visits.Add(1)
	return v.step.Run(ctx, in)
}

// watch is what is seen below a step while it runs.
type watch struct {
	visits atomic.Int64 // how often its kids were run
	undone atomic.Int64 // how many compensations succeeded
	stuck  atomic.Int64 // how many failed
}

type watchKey struct{}

// watchOf is that of the nearest metered step around; never nil.
func watchOf(ctx context.Context) *watch {
	if w, ok := ctx.Value(watchKey{}).(*watch); ok {
		return w
	}
	return &watch{}
}

// Run runs the step.
func (m meter[I, O]) Run(ctx context.Context, in I) (O, error) {
	own := &watch{}
	out, err := m.Step.Run(context.WithValue(ctx, watchKey{}, own), in)
	end := judge(ctx, err)
	if m.kind == kindWhen && err == nil && own.visits.Load() == 0 {
		end.outcome = semconv.OutcomeSkipped
	}
	if m.kind == semconv.StepKindSaga && err != nil && own.undone.Load() > 0 && own.stuck.Load() == 0 {
		end.outcome = semconv.OutcomeCompensated
	}
	m.books.step(ctx, m.Name(), m.kind, end)
	m.policy(ctx, own, err)
	return out, err
}

// policy enters what a policy did.
func (m meter[I, O]) policy(ctx context.Context, own *watch, err error) {
	visits := own.visits.Load()
	switch m.kind {
	case semconv.StepKindRetry, semconv.StepKindFallback:
		if visits > 1 {
			m.books.recovery(ctx, m.Name(), m.kind)
		}
	case semconv.StepKindCache:
		hit := "false"
		if err == nil && visits == 0 {
			hit = "true"
		}
		m.books.add("workflow_cache_requests_total", 1, of(ctx), labels{"workflow_step_name": m.Name(), "workflow_cache_hit": hit})
	case kindGuarded:
		if visits == 0 && errors.Is(err, circuitbreaker.ErrOpen) {
			m.books.recovery(ctx, m.Name(), circuitOpen)
		}
	}
}

func of(ctx context.Context) labels {
	info, _ := workflow.FromContext(ctx)
	return labels{"workflow_name": info.Workflow}
}

// step enters one step.
func (b *books) step(ctx context.Context, name, kind string, end ending) {
	switch kind {
	case kindBoth:
		kind = semconv.StepKindParallel
	case kindWhen:
		kind = semconv.StepKindConditional
	case kindGuarded:
		kind = semconv.StepKindTask
	}
	b.add("workflow_steps_total", 1, of(ctx), end.labels(), labels{"workflow_step_name": name, "workflow_step_kind": kind})
	if end.outcome == semconv.OutcomeTimeout {
		b.recovery(ctx, name, "timeout")
	}
}

func (b *books) recovery(ctx context.Context, step, how string) {
	b.add("workflow_recoveries_total", 1, of(ctx), labels{"workflow_step_name": step, "workflow_recovery": how})
}

// ending is how a step or run ended.
type ending struct{ outcome, errorType string }

func (e ending) labels() labels {
	return labels{"workflow_outcome": e.outcome, "error_type": e.errorType}
}

// judge knows the errors of this program, and nothing of how the SDK tells them apart.
func judge(ctx context.Context, err error) ending {
	if err == nil {
		return ending{outcome: semconv.OutcomeSuccess}
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return ending{outcome: semconv.OutcomeCancelled}
	}
	err = first(err)
	if errors.Is(err, context.DeadlineExceeded) {
		return ending{semconv.OutcomeTimeout, "timeout"}
	}
	if _, ok := errors.AsType[*workflow.PanicError](err); ok {
		return ending{semconv.OutcomeError, "panic"}
	}
	if errors.Is(err, circuitbreaker.ErrOpen) {
		return ending{semconv.OutcomeError, circuitOpen}
	}
	if f, ok := errors.AsType[fault](err); ok {
		return ending{semconv.OutcomeError, string(f)}
	}
	return ending{semconv.OutcomeError, "unknown to this program"}
}

// first leads to the first of joined errors: they are of its class, unless a time
// limit around them is over.
func first(err error) error {
	for next := err; next != nil; next = errors.Unwrap(next) {
		if limit, ok := next.(*workflow.TimeoutError); ok { //nolint:errorlint // this error only, not those that it wraps
			return limit
		}
		if joined, ok := next.(interface{ Unwrap() []error }); ok {
			return first(joined.Unwrap()[0])
		}
	}
	return err
}
