package workflow

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// hazards are the ways of a step not to return.
func hazards() map[string]func(context.Context, int) (int, error) {
	return map[string]func(context.Context, int) (int, error){
		"panic": func(context.Context, int) (int, error) { panic("broken") },
		"exit": func(context.Context, int) (int, error) {
			runtime.Goexit()
			return 0, nil
		},
	}
}

// A branch that never returns fails the others, once, and leaves nobody behind: a
// goroutine that was left would keep the bubble from ending.
func TestBranchesThatDoNotReturn(t *testing.T) {
	for name, hazard := range hazards() {
		synctest.Test(t, func(t *testing.T) {
			var started atomic.Int64
			bad := Func("bad", func(ctx context.Context, in int) (int, error) {
				started.Add(1)
				return hazard(ctx, in)
			})
			_, err := Map("m", bad, 3).Run(t.Context(), make([]int, 10))
			if p, ok := errors.AsType[*PanicError](err); !ok || p.Value == nil || started.Load() > 3 {
				t.Errorf("%s in a map: %d started, %v", name, started.Load(), err)
			}
			waits := Func("waits", func(ctx context.Context, _ int) (int, error) {
				<-ctx.Done()
				return 0, ctx.Err()
			})
			_, err = Parallel("p", waits, bad, waits).Run(t.Context(), 1)
			if _, ok := errors.AsType[*PanicError](err); !ok {
				t.Errorf("%s in a branch: %v", name, err)
			}
		})
	}
}

// Who waits for an answer hears that there is none, and the next who asks tries again.
func TestCacheWhoseStepDoesNotReturn(t *testing.T) {
	for name, hazard := range hazards() {
		synctest.Test(t, func(t *testing.T) {
			var (
				runs, failed atomic.Int64
				wg           sync.WaitGroup
			)
			step := Cache(Func("s", func(ctx context.Context, in int) (int, error) {
				time.Sleep(time.Second)
				if runs.Add(1) == 1 {
					return hazard(ctx, in)
				}
				return in, nil
			}), strconv.Itoa, NewLRU[int](1, 0))
			for range 4 {
				wg.Go(func() {
					err := errExited
					defer func() {
						if _, ok := errors.AsType[*PanicError](err); ok {
							failed.Add(1)
						}
					}()
					_, err = step.Run(t.Context(), 1)
				})
			}
			wg.Wait()
			if out, err := step.Run(t.Context(), 1); out != 1 || err != nil || runs.Load() != 2 || failed.Load() != 4 {
				t.Errorf("%s: %d runs, %d failed, then %d, %v", name, runs.Load(), failed.Load(), out, err)
			}
		})
	}
}

// A step that does not heed its time blocks, and is not left behind: what it
// returns counts when there is no error, and is late when there is one.
func TestTimeoutThatIsNotHeeded(t *testing.T) {
	for _, fails := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			out, err := Timeout(Func("s", func(context.Context, int) (int, error) {
				time.Sleep(time.Minute)
				if fails {
					return 0, errLuck
				}
				return 7, nil
			}), time.Second).Run(t.Context(), 1)
			late, _ := errors.AsType[*TimeoutError](err)
			if time.Since(begin) != time.Minute || (late != nil) != fails || !fails && out != 7 {
				t.Errorf("fails %t: after %s %d, %v", fails, time.Since(begin), out, err)
			}
		})
	}
}

// What a run of many steps at once takes is given back when its caller goes away.
func TestCallerGoesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wait := Func("wait", func(ctx context.Context, in int) (int, error) {
			<-ctx.Done()
			return in, ctx.Err()
		})
		sum := Func("sum", func(context.Context, []int) (int, error) { return 0, nil })
		all := Then(Parallel("all", Timeout(wait, time.Hour), Retry(wait, AttemptTimeout(time.Hour)),
			Cache(wait, strconv.Itoa, NewLRU[int](1, 0)), Saga("s", wait), Fallback(wait, wait)), sum)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		_, err := New("w", all).Run(ctx, 1)
		if time.Since(begin) != time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after %s: %v", time.Since(begin), err)
		}
	})
}
