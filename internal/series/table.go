package series

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// DefaultShards is the number of shards of a table whose Options name none.
const DefaultShards = 16

// firstBuckets is what a shard starts with, so that Get never meets a shard without any.
const firstBuckets = 8

// Options say how large a table may become and what a new entry holds.
type Options[V any] struct {
	// Max is the largest number of entries over all shards; at least 1.
	Max int
	// Shards is a power of two; more of them let more goroutines in at once. Defaults to DefaultShards.
	Shards int
	// New makes the value of a new entry, under the lock of its shard. Defaults to the zero V.
	New func() V
}

// Table is a bounded set of entries, sharded by the hash of their keys.
// It is safe for concurrent use; the entries are guarded by the lock of their shard.
type Table[V any] struct {
	seed   maphash.Seed
	shift  int // of a hash, so that its top bits are left
	max    int64
	count  atomic.Int64
	fresh  func() V
	shards []Shard[V]
}

// New makes an empty table. Options come from checked configuration, so New panics when
// Max is below 1 or Shards is not a power of two.
func New[V any](o Options[V]) *Table[V] {
	if o.Shards == 0 {
		o.Shards = DefaultShards
	}
	if o.Max < 1 || o.Shards < 0 || bits.OnesCount(uint(o.Shards)) != 1 {
		panic(fmt.Sprintf("series: Max %d must be at least 1 and Shards %d a power of two", o.Max, o.Shards))
	}
	if o.New == nil {
		o.New = func() (zero V) { return zero }
	}
	t := &Table[V]{
		seed:   maphash.MakeSeed(),
		shift:  64 - bits.TrailingZeros(uint(o.Shards)),
		max:    int64(o.Max),
		fresh:  o.New,
		shards: make([]Shard[V], o.Shards),
	}
	for i := range t.shards {
		t.shards[i].table = t
		t.shards[i].buckets = make([]*Entry[V], firstBuckets)
	}
	return t
}

// Hash is the hash of a key in this table. Another table, or another process, gives another.
func (t *Table[V]) Hash(key []byte) uint64 {
	return maphash.Bytes(t.seed, key)
}

// Lock locks the shard of a hash and returns it. The caller unlocks it soon and takes no second lock of
// the same table meanwhile.
func (t *Table[V]) Lock(hash uint64) *Shard[V] {
	s := &t.shards[hash>>t.shift]
	s.mu.Lock()
	return s
}

// Len is the number of entries now, 0 to Max.
func (t *Table[V]) Len() int { return int(t.count.Load()) }

// Max is the largest number of entries that the table holds.
func (t *Table[V]) Max() int { return int(t.max) }

// Range calls f for each entry, in no order, shard by shard under its lock: f must not lock the table.
// An entry that is created meanwhile may be missed; one that is there throughout is seen once.
func (t *Table[V]) Range(f func(e *Entry[V])) {
	for i := range t.shards {
		t.shards[i].each(f)
	}
}

// Expire removes the entries last seen before the given time, in unix nanoseconds, and returns how many.
// Each is shown to f, unless f is nil, as the last to see it: under the lock of its shard, so f must not
// lock the table.
func (t *Table[V]) Expire(before int64, f func(e *Entry[V])) int {
	removed := 0
	for i := range t.shards {
		removed += t.shards[i].expire(before, f)
	}
	return removed
}

// reserve takes one of the Max places, if one is left. It compares and swaps, because adding first and
// taking back after would let a neighbour see a full table that is not.
func (t *Table[V]) reserve() bool {
	for {
		n := t.count.Load()
		if n >= t.max {
			return false
		}
		if t.count.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// Shard is one part of a table with a lock of its own, got by Table.Lock.
// Its methods are for the goroutine that holds the lock, until Unlock.
type Shard[V any] struct {
	mu      sync.Mutex
	table   *Table[V]
	buckets []*Entry[V] // heads of chains; a power of two, at least as many as entries
	used    int

	// Neighbouring shards are held by different processors: 128 bytes keep them off each other's cache
	// lines, and off the line that is fetched along.
	_ [80]byte
}

// Unlock lets go of the shard; its entries must not be touched any more.
func (s *Shard[V]) Unlock() { s.mu.Unlock() }

// Get returns the entry of a key and notes that it was seen at now, in unix nanoseconds; an earlier now
// does not make it older. The hash is the one that was given to Lock. An entry that is not there is
// created, with a copy of the key, or, when the table is full, is nil with state Fold.
func (s *Shard[V]) Get(hash uint64, key []byte, now int64) (*Entry[V], State) {
	for e := *s.bucket(hash); e != nil; e = e.next {
		if e.hash == hash && string(e.key) == string(key) {
			e.LastSeen = max(e.LastSeen, now)
			return e, Known
		}
	}
	if !s.table.reserve() {
		return nil, Fold
	}
	return s.add(hash, key, now), Created
}

// Touch notes, as Get does, that an entry which an earlier Get of this shard returned was seen at now. It reports
// false, and notes nothing, if the entry has been removed since.
func (s *Shard[V]) Touch(e *Entry[V], now int64) bool {
	if e.gone {
		return false
	}
	e.LastSeen = max(e.LastSeen, now)
	return true
}

func (s *Shard[V]) add(hash uint64, key []byte, now int64) *Entry[V] {
	if s.used == len(s.buckets) {
		s.grow()
	}
	e := &Entry[V]{
		Value:    s.table.fresh(),
		Created:  now,
		LastSeen: now,
		key:      slices.Clip(bytes.Clone(key)),
		hash:     hash,
	}
	s.link(e)
	s.used++
	return e
}

// grow doubles the buckets and hangs each entry where it belongs now.
func (s *Shard[V]) grow() {
	old := s.buckets
	s.buckets = make([]*Entry[V], 2*len(old))
	for _, e := range old {
		for e != nil {
			next := e.next
			s.link(e)
			e = next
		}
	}
}

func (s *Shard[V]) link(e *Entry[V]) {
	head := s.bucket(e.hash)
	e.next, *head = *head, e
}

func (s *Shard[V]) bucket(hash uint64) **Entry[V] {
	return &s.buckets[hash&uint64(len(s.buckets)-1)]
}

func (s *Shard[V]) each(f func(e *Entry[V])) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.buckets {
		for ; e != nil; e = e.next {
			f(e)
		}
	}
}

func (s *Shard[V]) expire(before int64, f func(e *Entry[V])) (removed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.buckets {
		for at := &s.buckets[i]; *at != nil; {
			e := *at
			if e.LastSeen >= before {
				at = &e.next
				continue
			}
			if f != nil {
				f(e)
			}
			*at, e.gone = e.next, true
			s.used--
			s.table.count.Add(-1)
			removed++
		}
	}
	return removed
}
