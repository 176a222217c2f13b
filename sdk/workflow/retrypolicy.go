package workflow

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// RetryOption changes how a Retry goes about it.
type RetryOption func(*retryPolicy)

// retryPolicy is how a Retry goes about it.
type retryPolicy struct {
	attempts int
	base     time.Duration // wait before the second attempt
	top      time.Duration // longest wait
	jitter   float64       // largest share by which a wait is shortened, 0 to 1
	limit    time.Duration // of each attempt; 0: none
	retryIf  func(error) bool
}

func newRetryPolicy(name string, opts []RetryOption) retryPolicy {
	p := retryPolicy{
		attempts: 3,
		base:     100 * time.Millisecond,
		top:      10 * time.Second,
		jitter:   0.5,
		retryIf:  func(err error) bool { return !ask(isPanic, err) },
	}
	for _, opt := range opts {
		opt(&p)
	}
	if fault := p.fault(); fault != "" {
		panic("workflow: Retry " + name + ": " + fault)
	}
	return p
}

func (p *retryPolicy) fault() string {
	switch {
	case p.attempts < 1:
		return fmt.Sprintf("the attempts must be at least 1 (got %d)", p.attempts)
	case p.base < 0 || p.top < p.base:
		return fmt.Sprintf("the backoff must go from 0 or more to no less (got %s to %s)", p.base, p.top)
	case !(p.jitter >= 0 && p.jitter <= 1):
		return fmt.Sprintf("the jitter must be a share from 0 to 1 (got %v)", p.jitter)
	case p.limit < 0:
		return fmt.Sprintf("the time of an attempt must be positive (got %s)", p.limit)
	default:
		return ""
	}
}

// Attempts is how many attempts are made at most, the first one included.
// Default: 3. Less than 1 panics.
func Attempts(n int) RetryOption {
	return func(p *retryPolicy) { p.attempts = n }
}

// Backoff is how long to wait before the second attempt, twice as long before
// each further one, and how long at most:
//
//	Backoff(100*time.Millisecond, time.Second), Jitter(0.5)
//
//	attempt   1          2           3           4            5
//	wait        50–100 ms  100–200 ms  200–400 ms  400–800 ms   (next: 500–1000 ms)
//
// Default: 100 ms, 10 s. A negative wait, or a top below it, panics.
func Backoff(base, top time.Duration) RetryOption {
	return func(p *retryPolicy) { p.base, p.top = base, top }
}

// Jitter is the largest share of a wait that is left out at random, so that
// what failed together does not come back together. Default: 0.5. A share that
// is not from 0 to 1 panics.
func Jitter(share float64) RetryOption {
	return func(p *retryPolicy) { p.jitter = share }
}

// AttemptTimeout is the time that each attempt may take, as with Timeout; so
// that one that hangs is followed by another. Default: none. A negative one panics.
func AttemptTimeout(limit time.Duration) RetryOption {
	return func(p *retryPolicy) { p.limit = limit }
}

// RetryIf says which errors are worth another attempt. Default: all but panics.
// Those that are Permanent never are.
func RetryIf(worth func(error) bool) RetryOption {
	return func(p *retryPolicy) { p.retryIf = worth }
}

// again reports whether another attempt follows one that failed with err.
func (p *retryPolicy) again(ctx context.Context, err error) bool {
	return ctx.Err() == nil && !ask(isPermanent, err) && p.retryIf(err)
}

// delay is the wait after attempt n.
func (p *retryPolicy) delay(n int) time.Duration {
	d := p.top
	if doublings := n - 1; doublings < 63 && p.base <= p.top>>doublings {
		d = p.base << doublings
	}
	return d - time.Duration(p.jitter*rand.Float64()*float64(d))
}
