package series_test

import (
	"math"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// get is one whole access, as a caller makes it.
func get[V any](t *series.Table[V], key string, now int64) (*series.Entry[V], series.State) {
	hash := t.Hash([]byte(key))
	s := t.Lock(hash)
	defer s.Unlock()
	return s.Get(hash, []byte(key), now)
}

// content is what Range shows: key → value.
func content[V any](t *series.Table[V]) map[string]V {
	all := map[string]V{}
	t.Range(func(e *series.Entry[V]) { all[string(e.Key())] = e.Value })
	return all
}

func TestNewRefusesBadOptions(t *testing.T) {
	for name, o := range map[string]series.Options[int]{
		"no max":            {Shards: 4},
		"negative max":      {Max: -1},
		"three shards":      {Max: 1, Shards: 3},
		"negative shards":   {Max: 1, Shards: -16},
		"one bit, the sign": {Max: 1, Shards: math.MinInt},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Panics(t, func() { series.New(o) })
		})
	}
}

func TestNewMakesValues(t *testing.T) {
	made := 0
	table := series.New(series.Options[*int]{Max: 2, New: func() *int { made++; return new(int) }})

	first, _ := get(table, "a", 1)
	again, _ := get(table, "a", 2)
	_, _ = get(table, "b", 3)
	_, state := get(table, "c", 4)

	assert.Same(t, first.Value, again.Value)
	assert.Equal(t, series.Fold, state)
	assert.Equal(t, 2, made, "one value per entry, none for what is folded")
}

func TestFullTable(t *testing.T) {
	for _, shards := range []int{1, 16} {
		table := series.New[int](series.Options[int]{Max: 2, Shards: shards})
		steps := []struct {
			key  string
			want series.State
		}{
			{"a", series.Created},
			{"b", series.Created},
			{"c", series.Fold},
			{"a", series.Known}, // what is in stays reachable
			{"c", series.Fold},
		}
		for now, step := range steps {
			e, state := get(table, step.key, int64(now))
			require.Equal(t, step.want, state, "step %d", now)
			require.Equal(t, state == series.Fold, e == nil)
		}
		assert.Equal(t, 2, table.Len())
		assert.Equal(t, 2, table.Max())

		require.Equal(t, 1, table.Expire(3, nil)) // b was last seen at 1, a at 3
		_, state := get(table, "c", 9)
		assert.Equal(t, series.Created, state, "an expired entry leaves its place to another")
	}
}

func TestCollidingHashesStayApart(t *testing.T) {
	const hash = 0xb300_0000_0000_0005
	table := series.New[int](series.Options[int]{Max: 10})
	s := table.Lock(hash)
	for i, key := range []string{"llm", "tool", "", "llm\x00"} {
		e, state := s.Get(hash, []byte(key), int64(i))
		require.Equal(t, series.Created, state, key)
		e.Value = i + 1
	}
	// The same bucket, another hash, and the key of a neighbour: not that neighbour.
	_, state := s.Get(hash+8, []byte("llm"), 9)
	require.Equal(t, series.Created, state)
	e, state := s.Get(hash, []byte("tool"), 1)
	require.Equal(t, series.Known, state)
	require.Equal(t, 2, e.Value)
	s.Unlock()

	// The chain, newest first, is llm(9) llm\0(3) ""(2) tool(1) llm(0): take its end away, then look for the rest.
	var gone []string
	removed := table.Expire(2, func(e *series.Entry[int]) { gone = append(gone, string(e.Key())) })
	assert.Equal(t, 2, removed)
	assert.ElementsMatch(t, []string{"llm", "tool"}, gone)

	s = table.Lock(hash)
	defer s.Unlock()
	for i, key := range []string{"", "llm\x00"} {
		e, state := s.Get(hash, []byte(key), 10)
		require.Equal(t, series.Known, state, key)
		assert.Equal(t, i+3, e.Value)
	}
}

func TestCollisionsSurviveGrowth(t *testing.T) {
	table := series.New[int](series.Options[int]{Max: 1000, Shards: 1})
	for i := range 1000 {
		hash, key := uint64(i%3), []byte{byte(i), byte(i >> 8)}
		s := table.Lock(hash)
		e, state := s.Get(hash, key, 0)
		require.Equal(t, series.Created, state)
		e.Value = i
		s.Unlock()
	}
	for i := range 1000 {
		hash, key := uint64(i%3), []byte{byte(i), byte(i >> 8)}
		s := table.Lock(hash)
		e, state := s.Get(hash, key, 0)
		require.Equal(t, series.Known, state)
		require.Equal(t, i, e.Value)
		s.Unlock()
	}
}

func TestEntryOwnsItsKey(t *testing.T) {
	table := series.New[int](series.Options[int]{Max: 1})
	buffer := []byte("first")
	hash := table.Hash(buffer)
	s := table.Lock(hash)
	e, _ := s.Get(hash, buffer, 0)
	s.Unlock()

	copy(buffer, "other")
	assert.Equal(t, "first", string(e.Key()))
	assert.Equal(t, len(e.Key()), cap(e.Key()), "an append to a borrowed key must not write behind it")
}

func TestTimes(t *testing.T) {
	table := series.New[int](series.Options[int]{Max: 1})
	e, _ := get(table, "a", 10)
	_, _ = get(table, "a", 30)
	_, _ = get(table, "a", 20) // late

	assert.Equal(t, int64(10), e.Created)
	assert.Equal(t, int64(30), e.LastSeen)
	assert.Zero(t, table.Expire(30, nil), "seen at 30 is not before 30")
	assert.Equal(t, 1, table.Expire(31, nil))
	assert.Zero(t, table.Len())
	assert.Empty(t, content(table))
}

func TestExpireShowsTheLastValue(t *testing.T) {
	table := series.New[int](series.Options[int]{Max: 1})
	e, _ := get(table, "a", 10)
	e.Value = 7

	table.Expire(11, func(e *series.Entry[int]) { assert.Equal(t, 7, e.Value) })
	e, state := get(table, "a", 12)
	assert.Equal(t, series.Created, state)
	assert.Zero(t, e.Value, "a series that comes back starts anew")
}

func TestTouchKnowsWhatHasGone(t *testing.T) {
	table := series.New(series.Options[int]{Max: 1})
	e, _ := get(table, "a", 5)
	touch := func(now int64) bool {
		s := table.Lock(table.Hash([]byte("a")))
		defer s.Unlock()
		return s.Touch(e, now)
	}
	require.True(t, touch(9))
	require.True(t, touch(7), "the clock stepped back")
	assert.Zero(t, table.Expire(9, nil), "it was seen at 9")
	assert.Equal(t, 1, table.Expire(10, nil))
	assert.False(t, touch(11))
	again, state := get(table, "a", 12)
	assert.Equal(t, series.Created, state)
	assert.NotSame(t, e, again)
}

func TestPanickingVisitorUnlocks(t *testing.T) {
	table := series.New[int](series.Options[int]{Max: 1})
	_, _ = get(table, "a", 0)
	bad := func(*series.Entry[int]) { panic("visitor") }

	assert.Panics(t, func() { table.Range(bad) })
	assert.Panics(t, func() { table.Expire(1, bad) })
	_, state := get(table, "a", 1)
	assert.Equal(t, series.Known, state)
}

func TestKnownSeriesAllocatesNothing(t *testing.T) {
	table := series.New[int](series.Options[int]{Max: 1})
	_, _ = get(table, "known", 0)
	for _, key := range []string{"known", "folded"} {
		buffer := []byte(key)
		allocs := testing.AllocsPerRun(100, func() {
			hash := table.Hash(buffer)
			s := table.Lock(hash)
			if e, state := s.Get(hash, buffer, 1); state == series.Known {
				e.Value++
			}
			s.Unlock()
		})
		assert.Zero(t, allocs, key)
	}
}

func TestStateString(t *testing.T) {
	assert.Equal(t, "known created fold",
		series.Known.String()+" "+series.Created.String()+" "+series.Fold.String())
}

// TestConcurrentTotals lets writers, a flusher and an expirer loose on a table that is too small.
// Every observation must be found exactly once: in an entry, in what expired, or folded.
func TestConcurrentTotals(t *testing.T) {
	const writers, perWriter, keys, limit = 8, 4000, 64, 40
	table := series.New[int](series.Options[int]{Max: limit, Shards: 4})
	var folded series.Overflow
	var firsts, expired atomic.Int64
	var clock atomic.Int64
	var work, watch sync.WaitGroup
	done := make(chan struct{})

	for w := range writers {
		work.Go(func() {
			var key []byte
			for i := range perWriter {
				key = append(key[:0], byte((i*7+w)%keys))
				hash := table.Hash(key)
				s := table.Lock(hash)
				e, state := s.Get(hash, key, clock.Add(1))
				if state != series.Fold {
					e.Value++
				} else if folded.Add(1) {
					firsts.Add(1)
				}
				s.Unlock()
			}
		})
	}
	watch.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			table.Range(func(e *series.Entry[int]) {
				if e.Value < 0 {
					t.Errorf("%q holds %d", e.Key(), e.Value)
				}
			})
			if table.Len() > limit {
				t.Errorf("%d entries in a table of %d", table.Len(), limit)
			}
			table.Expire(clock.Load()-keys/2, func(e *series.Entry[int]) { expired.Add(int64(e.Value)) })
		}
	})
	work.Wait()
	close(done)
	watch.Wait()

	var held int64
	for _, v := range content(table) {
		held += int64(v)
	}
	assert.Equal(t, int64(writers*perWriter), held+expired.Load()+int64(folded.Count()))
	assert.Len(t, content(table), table.Len())
	if folded.Count() > 0 {
		assert.Equal(t, int64(1), firsts.Load())
	}
}

// TestConcurrentBound: 8 goroutines race for the last places; exactly Max of them get one.
func TestConcurrentBound(t *testing.T) {
	const limit = 100
	table := series.New[int](series.Options[int]{Max: limit})
	var created, folded atomic.Int64
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 50 {
				switch _, state := get(table, string([]byte{byte(w), byte(i)}), 0); state {
				case series.Created:
					created.Add(1)
				case series.Fold:
					folded.Add(1)
				case series.Known:
					t.Error("every key is new")
				}
			}
		})
	}
	wg.Wait()
	assert.Equal(t, int64(limit), created.Load())
	assert.Equal(t, int64(8*50-limit), folded.Load())
	assert.Equal(t, limit, table.Len())
}
