package workflow

import (
	"container/list"
	"context"
	"fmt"
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

// Get implements Store.
func (l *LRU[V]) Get(_ context.Context, key string) (value V, ok bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	element, ok := l.entries[key]
	if !ok {
		return value, false, nil
	}
	e := element.Value.(*entry[V])
	if l.ttl > 0 && time.Since(e.since) >= l.ttl {
		l.remove(element)
		return value, false, nil
	}
	l.order.MoveToFront(element)
	return e.value, true, nil
}

// Put implements Store.
func (l *LRU[V]) Put(_ context.Context, key string, value V) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := entry[V]{key: key, value: value, since: time.Now()}
	if place := l.vacate(key); place != nil {
		*place.Value.(*entry[V]) = e
		l.order.MoveToFront(place)
		l.entries[key] = place
		return nil
	}
	l.entries[key] = l.order.PushFront(&e)
	return nil
}

// vacate returns the place that a key is to take over: its own or, when the
// store is full, the oldest one; nil for a new one.
func (l *LRU[V]) vacate(key string) *list.Element {
	if place, ok := l.entries[key]; ok {
		return place
	}
	if len(l.entries) < l.capacity {
		return nil
	}
	oldest := l.order.Back()
	delete(l.entries, oldest.Value.(*entry[V]).key)
	return oldest
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
