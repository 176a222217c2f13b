package workflow

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pair is a term and the context of the standard library that it stands for.
type pair struct {
	t    *testing.T
	term term
	std  context.Context
	end  context.CancelFunc
}

func newPair(t *testing.T, around context.Context, limit time.Duration) *pair {
	t.Helper()
	p := &pair{t: t}
	p.term.begin(around, limit)
	if limit > 0 {
		p.std, p.end = context.WithTimeout(around, limit)
	} else {
		p.std, p.end = context.WithCancel(around)
	}
	return p
}

// compare holds what both say of themselves against each other.
func (p *pair) compare(when string) {
	p.t.Helper()
	synctest.Wait()
	if got, want := p.term.Err(), p.std.Err(); !errors.Is(got, want) || (got == nil) != (want == nil) {
		p.t.Errorf("%s: Err %v, want %v", when, got, want)
	}
	got, set := p.term.Deadline()
	want, setToo := p.std.Deadline()
	if set != setToo || !got.Equal(want) {
		p.t.Errorf("%s: Deadline %v %t, want %v %t", when, got, set, want, setToo)
	}
}

// compareDone is compare for who waits, which arms the term.
func (p *pair) compareDone(when string) {
	p.t.Helper()
	synctest.Wait()
	if got, want := isClosed(p.term.Done()), isClosed(p.std.Done()); got != want {
		p.t.Errorf("%s: done %t, want %t", when, got, want)
	}
	p.compare(when)
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// Whatever happens in whatever order, a term says what a context of the standard
// library says: whether or not somebody waits for it, and from whenever on.
func TestTermAgainstTheStandardLibrary(t *testing.T) {
	type value struct{}
	for seed := range uint64(500) {
		synctest.Test(t, func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 0))
			around, cancel := context.WithCancel(context.WithValue(t.Context(), value{}, "kept"))
			defer cancel()
			if dice.IntN(2) == 0 {
				var stop context.CancelFunc
				around, stop = context.WithTimeout(around, time.Duration(1+dice.IntN(8))*time.Second)
				defer stop()
			}
			p := newPair(t, around, time.Duration(dice.IntN(8))*time.Second)
			defer p.end()
			defer p.term.end()
			for range 12 {
				switch dice.IntN(8) {
				case 0:
					cancel()
				case 1:
					p.end()
					p.term.end()
				case 2:
					p.compareDone("waited for")
				case 3:
					child, stop := context.WithCancel(&p.term)
					if synctest.Wait(); (child.Err() == nil) != (p.std.Err() == nil) {
						t.Errorf("seed %d: a child says %v, want %v", seed, child.Err(), p.std.Err())
					}
					stop()
				default:
					time.Sleep(time.Duration(dice.IntN(4)) * time.Second / 2)
				}
				p.compare("looked at")
				if p.term.Value(value{}) != "kept" {
					t.Errorf("seed %d: the values of the context around are lost", seed)
				}
			}
			p.compareDone("in the end")
		})
	}
}

// Who only looks costs nothing: the term takes no timer until somebody waits.
func TestTermIsArmedByWhoWaits(t *testing.T) {
	var looked, waited term
	looked.begin(t.Context(), time.Hour)
	waited.begin(t.Context(), time.Hour)
	defer looked.end()
	defer waited.end()
	_, _ = looked.Deadline()
	if looked.Err() != nil || looked.armed.Load() {
		t.Error("a look armed it")
	}
	first := waited.Done()
	if !waited.armed.Load() || first != waited.Done() {
		t.Error("nothing armed it, or twice")
	}
}

// Whoever is in at the end hears of it, as often as they ask at once.
func TestTermOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			shared term
			wg     sync.WaitGroup
		)
		shared.begin(t.Context(), time.Minute)
		defer shared.end()
		for range 20 {
			wg.Go(func() {
				<-shared.Done()
				if !errors.Is(shared.Err(), context.DeadlineExceeded) {
					t.Errorf("got %v", shared.Err())
				}
			})
			wg.Go(func() {
				for shared.Err() == nil {
					time.Sleep(time.Second)
				}
			})
		}
		wg.Wait()
	})
}

// The reason that the caller gives reaches who asks for it.
func TestTermHandsOnTheCause(t *testing.T) {
	for _, wait := range []bool{false, true} {
		ctx, cancel := context.WithCancelCause(t.Context())
		var inner term
		inner.begin(ctx, time.Hour)
		if wait {
			_ = inner.Done()
		}
		cancel(errLuck)
		if got := context.Cause(&inner); !errors.Is(got, errLuck) {
			t.Errorf("waited for %t: %v", wait, got)
		}
		inner.end()
	}
}

// Contexts that are made below a time limit, as clients do for each request, hear
// of its end without a goroutine each.
func TestTermSpendsNoGoroutines(t *testing.T) {
	const children = 100
	var spent int
	step := Func("s", func(ctx context.Context, in int) (int, error) {
		before := runtime.NumGoroutine()
		for range children {
			child, cancel := context.WithCancel(context.WithValue(ctx, tenantKey{}, "x"))
			defer cancel()
			defer context.AfterFunc(child, func() {})()
		}
		spent = runtime.NumGoroutine() - before
		return in, nil
	})
	all := Parallel("p", Timeout(Retry(step, AttemptTimeout(time.Minute)), time.Hour))
	if _, err := New("w", all).Run(t.Context(), 1); err != nil || spent >= children/2 {
		t.Errorf("%d goroutines for %d contexts, %v", spent, children, err)
	}
}

// A goroutine that outlives its step finds its context over, and leaves nothing behind.
func TestTermAfterItsEnd(t *testing.T) {
	var inner term
	inner.begin(t.Context(), time.Hour)
	inner.end()
	if !isClosed(inner.Done()) || !errors.Is(inner.Err(), context.Canceled) {
		t.Errorf("it goes on: %v", inner.Err())
	}
}
