package main

import (
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// step is what plans are made into: all of them turn a number into a number.
type step = workflow.Step[int, int]

// cached is how many answers each cache keeps.
const cached = 64

// builder makes steps of plans.
type builder struct {
	books *books
	pause time.Duration // the longest work of a leaf, and the first wait of a retry
	limit time.Duration // of the next timeout
}

// newBuilder returns a builder of whole plans.
func newBuilder(b *books, pause time.Duration) builder {
	return builder{books: b, pause: pause, limit: 256 * time.Millisecond}
}

// build returns the step of a plan with meters around it and in it. A timeout in a
// timeout is a 16th of it, so that it is over first:
//
//	timeout 256 ms ─ retry, 3 attempts ─ timeout 16 ms ─ task hangs      48 ms in all
func (b builder) build(p plan) step {
	within := b
	if p.kind == semconv.StepKindTimeout {
		within.limit /= 16
	}
	kids := make([]step, len(p.kids))
	for i, kid := range p.kids {
		kids[i] = visitor{within.build(kid)}
	}
	switch p.kind {
	case semconv.StepKindParallel:
		return workflow.Then(metered(b, p, workflow.Parallel(p.name, kids...)), b.sum(p.name))
	case kindBoth:
		return workflow.Then(metered(b, p, workflow.Both(p.name, kids[0], kids[1])), b.addUp(p.name))
	case semconv.StepKindMap:
		return workflow.Then3(b.spread(p.name), metered(b, p, workflow.Map(p.name, kids[0], p.n)), b.sum(p.name))
	default:
		return metered(b, p, b.plain(p, kids))
	}
}

func metered[I, O any](b builder, p plan, s workflow.Step[I, O]) workflow.Step[I, O] {
	return meter[I, O]{Step: s, kind: p.kind, books: b.books}
}

// plain builds what turns a number into a number by itself.
func (b builder) plain(p plan, kids []step) step {
	side := surely(func(in int) int { return (in + p.n) % 2 })
	odd := surely(func(in int) bool { return (in+p.n)%2 == 1 })
	size := surely(func(in int) workflow.Choice {
		if (in+p.n)%2 == 1 {
			return workflow.Choice{Route: "small", Reason: "odd"}
		}
		return workflow.Choice{Route: "large", Reason: "even"}
	})
	switch p.kind {
	case semconv.StepKindSequential:
		return workflow.Sequential(p.name, kids...)
	case semconv.StepKindConditional:
		return workflow.If(p.name, odd, kids[0], kids[1])
	case kindWhen:
		return workflow.When(p.name, odd, kids[0])
	case semconv.StepKindSwitch:
		return workflow.Switch(p.name, side, map[int]step{1: kids[0]}, kids[1])
	case semconv.StepKindRouter:
		return workflow.Router(p.name, size,
			workflow.Route[int, int]{Name: "small", Step: kids[0]}, workflow.Route[int, int]{Name: "large", Step: kids[1]})
	case semconv.StepKindRetry:
		return workflow.Retry(kids[0], workflow.Attempts(p.n), workflow.Backoff(b.pause, 2*b.pause), workflow.RetryIf(always))
	case semconv.StepKindFallback:
		return workflow.Fallback(kids[0], kids[1])
	case semconv.StepKindTimeout:
		return workflow.Timeout(kids[0], b.limit)
	case semconv.StepKindCache:
		return workflow.Cache(kids[0], cacheKey, workflow.NewLRU[int](cached, 0))
	case semconv.StepKindSaga:
		return workflow.Saga(p.name, workflow.Then3(b.undoable(kids[0]), b.undoable(kids[1]), kids[2]))
	default:
		return workflow.Func(p.name, leaf{name: p.name, books: b.books, pause: b.pause}.run)
	}
}
