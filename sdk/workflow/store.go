package workflow

import (
	"container/list"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Store keeps values by key: for Cache, Memory and Conversation. LRU is one in
// the process; an outside one wraps a client of Redis or the like. It bounds what
// it keeps by itself. Implementations must be safe for concurrent use.
type Store[V any] interface {
	// Get returns the value of a key, and whether there is one.
	Get(ctx context.Context, key string) (V, bool, error)
	// Put sets the value of a key.
	Put(ctx context.Context, key string, value V) error
	// Delete removes a key, if it is there.
	Delete(ctx context.Context, key string) error
}

// LRU is a Store in the process. It keeps a number of entries, of which a new
// one replaces the one that was longest not used, and each for a limited time:
//
//	3 entries, TTL 1 h      newest ── oldest
//	Put a, b, c             c b a
//	Get a                   a c b
//	Put d                   d a c      b is gone
//	1 h after Put a         Get a finds nothing
//
// Its errors are always nil. It is safe for concurrent use.
type LRU[V any] struct {
	capacity int
	ttl      time.Duration

	// mu guards everything declared below.
	mu      sync.Mutex
	order   *list.List // of *entry[V], newest first
	entries map[string]*list.Element
}

type entry[V any] struct {
	key   string
	value V
	since time.Time
}

// NewLRU makes a store of so many entries, at least 1, each of which lives for
// ttl after it was put; a ttl of 0 is without end. Anything less panics.
func NewLRU[V any](entries int, ttl time.Duration) *LRU[V] {
	if entries < 1 || ttl < 0 {
		panic(fmt.Sprintf("workflow: NewLRU: needs at least 1 entry and a TTL of 0 or more (got %d, %s)", entries, ttl))
	}
	return &LRU[V]{capacity: entries, ttl: ttl, order: list.New(), entries: make(map[string]*list.Element)}
}

// Get implements Store. It tells the log of the run of ctx when it finds that the
// time of the entry is over.
func (l *LRU[V]) Get(ctx context.Context, key string) (value V, ok bool, err error) {
	value, ok, expired := l.get(key)
	if expired > 0 {
		tell(ctx, slog.LevelDebug, eventCacheExpired, slog.Float64("age_seconds", expired.Seconds()))
	}
	return value, ok, nil
}

// get also returns the age of an entry whose time was over, else 0.
func (l *LRU[V]) get(key string) (value V, ok bool, expired time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	element, ok := l.entries[key]
	if !ok {
		return value, false, 0
	}
	e := element.Value.(*entry[V])
	if age := time.Since(e.since); l.ttl > 0 && age >= l.ttl {
		l.remove(element)
		return value, false, age
	}
	l.order.MoveToFront(element)
	return e.value, true, 0
}

// Put implements Store. It tells the log of the run of ctx when another entry had
// to make place.
func (l *LRU[V]) Put(ctx context.Context, key string, value V) error {
	if l.put(entry[V]{key: key, value: value, since: time.Now()}) {
		tell(ctx, slog.LevelInfo, eventCacheEviction, slog.Int("entries", l.capacity))
	}
	return nil
}

func (l *LRU[V]) put(e entry[V]) (evicted bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	place, evicted := l.vacate(e.key)
	if place == nil {
		kept := e
		l.entries[e.key] = l.order.PushFront(&kept)
		return false
	}
	*place.Value.(*entry[V]) = e
	l.order.MoveToFront(place)
	l.entries[e.key] = place
	return evicted
}

// vacate returns the place that a key is to take over: its own or, when the
// store is full, that of the oldest one, which is evicted; nil for a new one.
func (l *LRU[V]) vacate(key string) (place *list.Element, evicted bool) {
	if place, ok := l.entries[key]; ok {
		return place, false
	}
	if len(l.entries) < l.capacity {
		return nil, false
	}
	oldest := l.order.Back()
	delete(l.entries, oldest.Value.(*entry[V]).key)
	return oldest, true
}

// Delete implements Store.
func (l *LRU[V]) Delete(_ context.Context, key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if element, ok := l.entries[key]; ok {
		l.remove(element)
	}
	return nil
}

// Clear removes all entries, and tells the log of the run of ctx how many, if there
// is one.
func (l *LRU[V]) Clear(ctx context.Context) {
	tell(ctx, slog.LevelInfo, eventCacheCleared, slog.Int("entries", l.clear()))
}

func (l *LRU[V]) clear() (entries int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries = len(l.entries)
	l.order.Init()
	clear(l.entries)
	return entries
}

// Len returns how many entries are kept, those whose time is over but that
// nobody asked for included.
func (l *LRU[V]) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.entries)
}

func (l *LRU[V]) remove(element *list.Element) {
	delete(l.entries, element.Value.(*entry[V]).key)
	l.order.Remove(element)
}
