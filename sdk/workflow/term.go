package workflow

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// term is the context of a body that ends with its step, or when its time is
// over. Most bodies never wait for that end, so a term is one allocation until
// somebody does: only then it takes a timer, and a place among those that the
// context around tells of its own end.
//
//	Err, Deadline                            look at the clock and at the context around
//	Done, and contexts that are made of it   arm it: context.WithDeadline does the rest
//
// Of two ends of which nobody had word before, the caller's counts.
// It is safe for concurrent use.
type term struct {
	context.Context // around

	until time.Time // zero when there is no deadline

	armed  atomic.Bool // set, once and for all, when the two below are
	inner  context.Context
	cancel context.CancelFunc

	mu  sync.Mutex
	err error // that was told, or would be, once it is over; guarded by mu
}

// begin begins a term in ctx; a limit of 0 is without end.
func (t *term) begin(ctx context.Context, limit time.Duration) {
	t.Context = ctx
	if limit > 0 {
		t.until = time.Now().Add(limit)
	}
}

// end ends the term and gives up what it took.
func (t *term) end() {
	t.mu.Lock()
	if t.over() == nil {
		t.err = context.Canceled
	}
	t.mu.Unlock()
	if t.armed.Load() {
		t.cancel()
	}
}

// Deadline returns the earlier of its own and that of the context around.
func (t *term) Deadline() (time.Time, bool) {
	around, ok := t.Context.Deadline()
	if t.until.IsZero() || ok && around.Before(t.until) {
		return around, ok
	}
	return t.until, true
}

// Done arms the term.
func (t *term) Done() <-chan struct{} {
	if !t.armed.Load() {
		t.arm()
	}
	return t.inner.Done()
}

func (t *term) arm() {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.armed.Load(): // by somebody else just now
		return
	case t.until.IsZero():
		t.inner, t.cancel = context.WithCancel(t.Context)
	default:
		t.inner, t.cancel = context.WithDeadline(t.Context, t.until)
	}
	if t.err != nil {
		t.cancel()
	}
	t.armed.Store(true)
}

// Err says whether and why the term is over.
func (t *term) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.over()
}

// over is Err for who holds mu. What was once said stays so.
func (t *term) over() error {
	if t.err != nil {
		return t.err
	}
	if t.armed.Load() {
		t.err = t.inner.Err()
		return t.err
	}
	t.err = t.Context.Err()
	if t.err == nil && !t.until.IsZero() && !time.Now().Before(t.until) {
		t.err = context.DeadlineExceeded
	}
	return t.err
}

// Value asks what the term is armed with, by which contexts that are made of it
// hear of its end without a goroutine of their own.
func (t *term) Value(key any) any {
	if t.armed.Load() {
		return t.inner.Value(key)
	}
	return t.Context.Value(key)
}
