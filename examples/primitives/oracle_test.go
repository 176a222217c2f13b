package main

import "github.com/tta-dev/otelcol-workflow/sdk/semconv"

// verdict is how a plan ends, as far as that does not depend on who is faster.
type verdict int

const (
	good verdict = iota
	bad
	expired // the time of the nearest timeout is over: nothing in it goes on
)

// where is what a leaf knows of the plan around it.
type where struct {
	attempt int  // of the nearest retry
	bounded bool // whether there is a timeout
}

// work is a plan worked out in plain Go, without steps, contexts and goroutines.
func work(p plan, in int, at where) (int, verdict) {
	side := (in + p.n) % 2
	switch p.kind {
	case semconv.StepKindSequential, semconv.StepKindSaga:
		return inTurn(p.kids, in, at)
	case semconv.StepKindParallel, kindBoth:
		return together(p.kids, in, at)
	case semconv.StepKindMap:
		return each(p, in, at)
	case semconv.StepKindConditional, semconv.StepKindRouter, semconv.StepKindSwitch:
		return work(p.kids[1-side], in, at)
	case kindWhen:
		if side == 0 {
			return in, good
		}
		return work(p.kids[0], in, at)
	case semconv.StepKindRetry:
		return repeat(p, in, at)
	case semconv.StepKindFallback:
		out, v := work(p.kids[0], in, at)
		if v == bad {
			out, v = work(p.kids[1], in, at)
		}
		return out, v
	case semconv.StepKindTimeout:
		out, v := work(p.kids[0], in, where{attempt: at.attempt, bounded: true})
		if v == expired {
			v = bad
		}
		return out, v
	case semconv.StepKindCache:
		return work(p.kids[0], in, at)
	default:
		return alone(p, in, at)
	}
}

func alone(p plan, in int, at where) (int, verdict) {
	switch fateOf(p.name, in) {
	case succeeds, chats:
	case fails, panics:
		return 0, bad
	case recovers:
		if at.attempt < needed(p.name, in) {
			return 0, bad
		}
	case hangs:
		if at.bounded {
			return 0, expired
		}
		return 0, bad
	}
	return answer(p.name, in), good
}

func inTurn(kids []plan, in int, at where) (int, verdict) {
	for _, kid := range kids {
		var v verdict
		if in, v = work(kid, in, at); v != good {
			return 0, v
		}
	}
	return in, good
}

// together fails at once if a kid does, whatever the others wait for.
func together(kids []plan, in int, at where) (total int, all verdict) {
	for _, kid := range kids {
		out, v := work(kid, in, at)
		total += out
		if v == bad || all == good {
			all = v
		}
		if all == bad {
			return 0, bad
		}
	}
	return total, all
}

// each is together, except that elements that hang keep workers from what follows.
func each(p plan, in int, at where) (total int, all verdict) {
	hung := 0
	for i := range elements(in) {
		out, v := work(p.kids[0], in+i, at)
		total += out
		switch v {
		case good:
		case bad:
			return 0, bad
		case expired:
			if hung++; hung == p.n {
				return 0, expired
			}
			all = expired
		}
	}
	return total, all
}

func repeat(p plan, in int, at where) (out int, v verdict) {
	for attempt := 1; attempt <= p.n; attempt++ {
		if out, v = work(p.kids[0], in, where{attempt: attempt, bounded: at.bounded}); v != bad {
			return out, v
		}
	}
	return out, v
}
