package series_test

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// oracle is the table said in the plainest way: one map.
type oracle struct {
	limit   int
	entries map[string]seen
}

type seen struct {
	value         int
	created, last int64
}

func (o *oracle) observe(key string, now int64) series.State {
	e, known := o.entries[key]
	switch {
	case known:
		o.entries[key] = seen{e.value + 1, e.created, max(e.last, now)}
		return series.Known
	case len(o.entries) == o.limit:
		return series.Fold
	default:
		o.entries[key] = seen{1, now, now}
		return series.Created
	}
}

func (o *oracle) expire(before int64) map[string]seen {
	gone := map[string]seen{}
	for key, e := range o.entries {
		if e.last < before {
			gone[key] = e
			delete(o.entries, key)
		}
	}
	return gone
}

func note(into map[string]seen) func(*series.Entry[int]) {
	return func(e *series.Entry[int]) { into[string(e.Key())] = seen{e.Value, e.Created, e.LastSeen} }
}

// TestAgainstPlainMap runs any order of Get and Expire against a plain map. The hash is weakened to few
// bits, so that long chains, growth and removal in mid-chain happen all the time.
func TestAgainstPlainMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		model := oracle{rapid.IntRange(1, 40).Draw(t, "max"), map[string]seen{}}
		table := series.New[int](series.Options[int]{
			Max:    model.limit,
			Shards: 1 << rapid.IntRange(0, 5).Draw(t, "log2 shards"),
		})
		mask := rapid.SampledFrom([]uint64{0, 1, 0xf000_0000_0000_0003, 1<<64 - 1}).Draw(t, "hash bits")
		keys := rapid.StringOfN(rapid.RuneFrom([]rune("abc")), 0, 4, -1)
		times := rapid.Int64Range(-5, 50)

		t.Repeat(map[string]func(*rapid.T){
			"observe": func(t *rapid.T) {
				key, now := keys.Draw(t, "key"), times.Draw(t, "now")
				hash := table.Hash([]byte(key)) & mask
				s := table.Lock(hash)
				defer s.Unlock()
				e, state := s.Get(hash, []byte(key), now)
				if want := model.observe(key, now); state != want {
					t.Fatalf("Get(%q) = %v, want %v", key, state, want)
				}
				if e != nil {
					e.Value++
				}
			},
			"expire": func(t *rapid.T) {
				before := times.Draw(t, "before")
				got := map[string]seen{}
				n := table.Expire(before, note(got))
				if want := model.expire(before); n != len(want) || !maps.Equal(got, want) {
					t.Fatalf("Expire(%d) = %d %v, want %v", before, n, got, want)
				}
			},
			"": func(t *rapid.T) {
				got, visits := map[string]seen{}, 0
				table.Range(func(e *series.Entry[int]) { visits++; note(got)(e) })
				if !maps.Equal(got, model.entries) || visits != len(got) || table.Len() != visits {
					t.Fatalf("Len %d, %d visits of %v, want %v", table.Len(), visits, got, model.entries)
				}
			},
		})
	})
}
