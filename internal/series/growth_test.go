package series

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestChurnKeepsBuckets: buckets follow the entries that are there at once, not all that ever were.
// Nothing outside shows it but the heap, so this one test looks inside.
func TestChurnKeepsBuckets(t *testing.T) {
	table := New[int](Options[int]{Max: 20, Shards: 1})
	for now := range int64(1000) {
		key := AppendString(nil, string(rune(now)))
		hash := table.Hash(key)
		s := table.Lock(hash)
		s.Get(hash, key, now)
		s.Unlock()
		table.Expire(now-9, nil)
	}
	assert.Equal(t, 10, table.Len())
	assert.Len(t, table.shards[0].buckets, 16)
}

// TestChainsStayShort: shard and bucket come from different bits of the hash. Were they the same bits, all
// entries of a shard would hang in one chain, and only the clock would show it. 16 in one bucket at one
// entry a bucket is a chance of 1 in 10^10.
func TestChainsStayShort(t *testing.T) {
	table := New[int](Options[int]{Max: 4096})
	for i := range rune(4096) {
		key := AppendString(nil, string(i))
		hash := table.Hash(key)
		s := table.Lock(hash)
		s.Get(hash, key, 0)
		s.Unlock()
	}
	for i := range table.shards {
		for _, e := range table.shards[i].buckets {
			length := 0
			for ; e != nil; e = e.next {
				length++
			}
			assert.Less(t, length, 16)
		}
	}
}
