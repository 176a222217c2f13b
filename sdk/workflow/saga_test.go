package workflow

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// diary notes what is done and undone.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) note(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

// deed is a step that needs so long and can be undone.
func (d *diary) deed(name string, needs time.Duration) Step[int, int] {
	do := func(ctx context.Context, in int) (int, error) {
		time.Sleep(needs)
		d.note(name)
		return in + 1, nil
	}
	return Compensate(Func(name, do), func(ctx context.Context, in, out int) error {
		if ctx.Err() != nil || out != in+1 {
			d.note("bad undo of " + name)
		}
		d.note("undo " + name)
		return ctx.Err()
	})
}

func failing(context.Context, int) (int, error) { return 0, errLuck }

func TestSagaUndoesInReverse(t *testing.T) {
	step := func(name string) Step[int, int] { return Func(name, failing) }
	for _, tc := range []struct {
		name string
		root func(d *diary) Step[int, int]
		want []string
	}{
		{"a success stays", func(d *diary) Step[int, int] { return Saga("s", d.deed("a", 0)) }, []string{"a"}},
		{"three deeds", func(d *diary) Step[int, int] {
			return Saga("s", Then4(d.deed("a", 0), d.deed("b", 0), d.deed("c", 0), step("x")))
		}, []string{"a", "b", "c", "undo c", "undo b", "undo a"}},
		{"in the order of doing, not of writing", func(d *diary) Step[int, int] {
			return Saga("s", Then3(Parallel("p", d.deed("slow", 2), d.deed("fast", 1)), Func("sum", func(context.Context, []int) (int, error) { return 0, nil }), step("x")))
		}, []string{"fast", "slow", "undo slow", "undo fast"}},
		{"an inner saga that failed is undone once", func(d *diary) Step[int, int] {
			return Saga("s", Then(d.deed("a", 0), Saga("t", Then(d.deed("b", 0), step("x")))))
		}, []string{"a", "b", "undo b", "undo a"}},
		{"an inner saga that failed and was replaced", func(d *diary) Step[int, int] {
			return Saga("s", Then(Fallback(Saga("t", Then(d.deed("a", 0), step("x"))), d.deed("b", 0)), step("y")))
		}, []string{"a", "undo a", "b", "undo b"}},
		{"every attempt", func(d *diary) Step[int, int] {
			return Retry(Saga("s", Then(d.deed("a", 0), step("x"))), Attempts(2), Backoff(0, 0))
		}, []string{"a", "undo a", "a", "undo a"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := &diary{}
			_, _ = tc.root(d).Run(t.Context(), 1) // outside of a run it is the same
			if !slices.Equal(d.lines, tc.want) {
				t.Errorf("%s: %v, want %v", tc.name, d.lines, tc.want)
			}
		})
	}
}

// After a cancellation there is still time to undo.
func TestSagaUndoesAfterCancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		ctx, cancel := context.WithCancel(t.Context())
		wait := Func("wait", func(ctx context.Context, _ int) (int, error) {
			cancel()
			<-ctx.Done()
			return 0, ctx.Err()
		})
		_, err := New("w", Saga("s", Then(d.deed("a", time.Second), wait))).Run(ctx, 1)
		if !errors.Is(err, context.Canceled) || !slices.Equal(d.lines, []string{"a", "undo a"}) {
			t.Errorf("%v, %v", d.lines, err)
		}
	})
}

// An undo that hangs ends at its limit, and the others have time of their own.
func TestSagaGivesEachUndoItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		begin := time.Now()
		hang := Compensate(Func("b", inc), func(ctx context.Context, _, _ int) error {
			<-ctx.Done()
			return ctx.Err()
		})
		_, err := Saga("s", Then3(d.deed("a", 0), hang, Func("x", failing)), UndoTimeout(5*time.Second)).Run(t.Context(), 1)
		if !slices.Equal(d.lines, []string{"a", "undo a"}) || time.Since(begin) != 5*time.Second {
			t.Errorf("after %s: %v", time.Since(begin), d.lines)
		}
		if !errors.Is(err, errLuck) || !errors.Is(err, context.DeadlineExceeded) || Outcome(t.Context(), err) != "error" {
			t.Errorf("got %v", err)
		}
	})
}

// Without a saga nothing is done that nobody would undo.
func TestCompensateNeedsASaga(t *testing.T) {
	d := &diary{}
	if _, err := d.deed("a", 0).Run(t.Context(), 1); !errors.Is(err, errNoSaga) || len(d.lines) != 0 {
		t.Errorf("%v, %v", d.lines, err)
	}
}
