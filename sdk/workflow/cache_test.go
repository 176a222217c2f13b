package workflow

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// counted is a step that needs a second and counts how often it runs.
func counted(runs *atomic.Int64, err error) Step[int, int] {
	return Func("s", func(ctx context.Context, in int) (int, error) {
		runs.Add(1)
		select {
		case <-time.After(time.Second):
			return in + 1, err
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	})
}

// A hundred requests for ten keys, at once and again later: one run per key.
func TestCacheRunsOncePerKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		step := Cache(counted(&runs, nil), strconv.Itoa, NewLRU[int](100, 0))
		for range 2 {
			var wg sync.WaitGroup
			for i := range 100 {
				wg.Go(func() {
					if out, err := step.Run(t.Context(), i%10); out != i%10+1 || err != nil {
						t.Errorf("%d: %d, %v", i, out, err)
					}
				})
			}
			wg.Wait()
		}
		if runs.Load() != 10 {
			t.Errorf("%d runs", runs.Load())
		}
	})
}

// A failure is everybody's who waited for it, and nobody's afterwards.
func TestCacheKeepsNoFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		step := Cache(counted(&runs, errLuck), strconv.Itoa, NewLRU[int](100, 0))
		for round := range 2 {
			var wg sync.WaitGroup
			for range 5 {
				wg.Go(func() {
					if _, err := step.Run(t.Context(), 1); !errors.Is(err, errLuck) {
						t.Errorf("got %v", err)
					}
				})
			}
			wg.Wait()
			if got := runs.Load(); got != int64(round+1) {
				t.Errorf("%d runs after round %d", got, round)
			}
		}
	})
}

// When the first of three gives up, one of the others runs the step in its place.
func TestCacheOutlivesItsFirstCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			runs atomic.Int64
			wg   sync.WaitGroup
		)
		step := Cache(counted(&runs, nil), strconv.Itoa, NewLRU[int](100, 0))
		impatient, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		wg.Go(func() {
			if _, err := step.Run(impatient, 1); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the first got %v", err)
			}
		})
		synctest.Wait()
		for range 2 {
			wg.Go(func() {
				if out, err := step.Run(t.Context(), 1); out != 2 || err != nil {
					t.Errorf("another got %d, %v", out, err)
				}
			})
		}
		wg.Wait()
		if runs.Load() != 2 {
			t.Errorf("%d runs", runs.Load())
		}
	})
}

// Who waits for the answer of another still heeds its own context.
func TestCacheWaitsNoLongerThanItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			runs atomic.Int64
			wg   sync.WaitGroup
		)
		step := Cache(counted(&runs, nil), strconv.Itoa, NewLRU[int](100, 0))
		wg.Go(func() { _, _ = step.Run(t.Context(), 1) })
		synctest.Wait()
		begin := time.Now()
		impatient, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if _, err := step.Run(impatient, 1); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second/2 {
			t.Errorf("after %s: %v", time.Since(begin), err)
		}
		wg.Wait()
	})
}

// slow is a store that answers from what it had when it was asked, and counts how
// often that is.
type slow struct {
	*LRU[int]

	gets atomic.Int64
	wait time.Duration // of the first answer
}

func (s *slow) Get(ctx context.Context, key string) (int, bool, error) {
	v, ok, err := s.LRU.Get(ctx, key)
	if s.gets.Add(1) == 1 {
		time.Sleep(s.wait)
	}
	return v, ok, err
}

// An outside store is far away: a miss asks it once.
func TestCacheAsksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		store := &slow{LRU: NewLRU[int](10, 0)}
		step := Cache(counted(&runs, nil), strconv.Itoa, store)
		for i := range 3 {
			_, _ = step.Run(t.Context(), i)
		}
		if store.gets.Load() != 3 || runs.Load() != 3 {
			t.Errorf("%d misses asked the store %d times", runs.Load(), store.gets.Load())
		}
	})
}

// The answer that came while the store was looking is found all the same.
func TestCacheLooksAgainWhenAnotherHasLanded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			runs atomic.Int64
			wg   sync.WaitGroup
		)
		store := &slow{LRU: NewLRU[int](10, 0), wait: time.Minute}
		step := Cache(counted(&runs, nil), strconv.Itoa, store)
		for range 2 {
			wg.Go(func() {
				if out, err := step.Run(t.Context(), 1); out != 2 || err != nil {
					t.Errorf("got %d, %v", out, err)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if runs.Load() != 1 {
			t.Errorf("%d runs", runs.Load())
		}
	})
}

func TestLRUForgetsAfterItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := NewLRU[int](10, time.Hour)
		_ = store.Put(t.Context(), "a", 1)
		time.Sleep(time.Hour - time.Nanosecond)
		if v, ok, _ := store.Get(t.Context(), "a"); v != 1 || !ok {
			t.Error("forgot too early")
		}
		time.Sleep(time.Nanosecond)
		if _, ok, _ := store.Get(t.Context(), "a"); ok || store.Len() != 0 {
			t.Error("remembers too long")
		}
	})
}

// naive is an LRU as one would draw it: the oldest entry first.
type naive []entry[int]

func (n *naive) get(key string) (int, bool) {
	i := slices.IndexFunc(*n, func(e entry[int]) bool { return e.key == key })
	if i < 0 {
		return 0, false
	}
	e := (*n)[i]
	*n = append(slices.Delete(*n, i, i+1), e)
	return e.value, true
}

func (n *naive) remove(key string) {
	*n = slices.DeleteFunc(*n, func(e entry[int]) bool { return e.key == key })
}

func (n *naive) put(key string, value, capacity int) {
	n.remove(key)
	if len(*n) == capacity {
		*n = (*n)[1:]
	}
	*n = append(*n, entry[int]{key: key, value: value})
}

// Whatever is put, got, deleted and cleared in whatever order, the store and the
// naive one agree.
func TestLRUAgainstNaive(t *testing.T) {
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 0))
		capacity := 1 + dice.IntN(5)
		store, model := NewLRU[int](capacity, 0), &naive{}
		for i := range 200 {
			key := strconv.Itoa(dice.IntN(8))
			switch dice.IntN(5) {
			case 0:
				if dice.IntN(10) == 0 {
					store.Clear(t.Context())
					*model = nil
				}
				_ = store.Delete(t.Context(), key)
				model.remove(key)
			case 1, 2:
				_ = store.Put(t.Context(), key, i)
				model.put(key, i, capacity)
			default:
				got, found, err := store.Get(t.Context(), key)
				want, ok := model.get(key)
				if got != want || found != ok || err != nil {
					t.Fatalf("seed %d, operation %d, capacity %d: %d %t, want %d %t", seed, i, capacity, got, found, want, ok)
				}
			}
			if store.Len() != len(*model) {
				t.Fatalf("seed %d, operation %d: %d entries, want %d", seed, i, store.Len(), len(*model))
			}
		}
	}
}
