package workflow

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"sync"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Scope says whose memory it is: equal texts share one, and an empty text is an
// error, since it would be everybody's. It must be safe for concurrent use.
type Scope func(context.Context) string

// RunScope gives each run a memory of its own. What the run leaves there stays
// until the store forgets it.
func RunScope(ctx context.Context) string {
	info, ok := FromContext(ctx)
	if !ok {
		return ""
	}
	return "run/" + info.RunID
}

// TenantScope gives each tenant a memory of its own.
func TenantScope(ctx context.Context) string {
	info, _ := FromContext(ctx)
	if info.Tenant == "" {
		return ""
	}
	return "tenant/" + info.Tenant
}

// SessionScope gives each session of a tenant a memory of its own.
func SessionScope(ctx context.Context) string {
	info, _ := FromContext(ctx)
	if info.Session == "" {
		return ""
	}
	return "session/" + strconv.Itoa(len(info.Tenant)) + ":" + info.Tenant + "/" + info.Session
}

// SharedScope is one memory for all that use the store.
func SharedScope(context.Context) string { return "shared" }

var errNoScope = errors.New("the context belongs to no scope")

// key begins with the length of the scope, so that none can be mistaken for
// another: the memory n of tenant a and the tenant a/n share nothing.
//
//	8:tenant/a/n/x    10:tenant/a/n/x
func (s Scope) key(ctx context.Context, name string) (string, error) {
	scope := s(ctx)
	if scope == "" {
		return "", fmt.Errorf("memory %s: %w", name, errNoScope)
	}
	return strconv.Itoa(len(scope)) + ":" + scope + "/" + name, nil
}

// newMemoryNode makes the node of an operation: run_step notes put.
func newMemoryNode(name, operation string) *node {
	n := newNode(name+" "+operation, semconv.StepKindTask, attribute.String(semconv.WorkflowMemoryOperation, operation))
	n.shared = true
	return n
}

// Memory is a scratch pad: values by key, in a scope. What is read and written
// shows as a step, without keys and values. The store bounds it.
// It is safe for concurrent use if its store is.
type Memory[V any] struct {
	name     string
	scope    Scope
	store    Store[V]
	get, put *node
}

// NewMemory makes a memory. Memories of different names may share a store.
func NewMemory[V any](name string, scope Scope, store Store[V]) *Memory[V] {
	return &Memory[V]{
		name:  name,
		scope: scope,
		store: store,
		get:   newMemoryNode(name, semconv.MemoryGet),
		put:   newMemoryNode(name, semconv.MemoryPut),
	}
}

// Get returns the value of a key, and whether there is one.
func (m *Memory[V]) Get(ctx context.Context, key string) (value V, ok bool, err error) {
	got, err := observe(ctx, m.get, key, func(ctx context.Context) (got remembered[V], err error) {
		scope, err := m.scope.key(ctx, m.name)
		if err != nil {
			return got, err
		}
		got.Value, got.OK, err = m.store.Get(ctx, scope+"/"+key)
		return got, err
	})
	return got.Value, got.OK && err == nil, err
}

// remembered is what a memory has under a key.
type remembered[V any] struct {
	Value V    `json:"value"`
	OK    bool `json:"ok"`
}

// Put sets the value of a key.
func (m *Memory[V]) Put(ctx context.Context, key string, value V) error {
	_, err := observe(ctx, m.put, value, func(ctx context.Context) (struct{}, error) {
		scope, err := m.scope.key(ctx, m.name)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, m.store.Put(ctx, scope+"/"+key, value)
	})
	return err
}

// Conversation is what was said in a scope, oldest entry first. It keeps the
// last so many entries; the store bounds how many conversations there are.
//
//	limit 3    Append a b    a b
//	           Append c d      b c d
//
// It is safe for concurrent use if its store is. Of processes that append to the
// same conversation at once, one may undo what the other did.
type Conversation[V any] struct {
	name        string
	scope       Scope
	store       Store[[]V]
	limit       int
	get, append *node
	seed        maphash.Seed
	locks       [64]sync.Mutex // by key: appending reads and then writes
}

// NewConversation makes a conversation of at most limit entries; a limit below
// 1 panics.
func NewConversation[V any](name string, scope Scope, store Store[[]V], limit int) *Conversation[V] {
	if limit < 1 {
		panic(fmt.Sprintf("workflow: NewConversation %s: the limit must be at least 1 (got %d)", name, limit))
	}
	return &Conversation[V]{
		name:   name,
		scope:  scope,
		store:  store,
		limit:  limit,
		get:    newMemoryNode(name, semconv.MemoryGet),
		append: newMemoryNode(name, semconv.MemoryAppend),
		seed:   maphash.MakeSeed(),
	}
}

// Entries returns what was said so far. The caller may change it.
func (c *Conversation[V]) Entries(ctx context.Context) ([]V, error) {
	return observe(ctx, c.get, unknown{}, func(ctx context.Context) ([]V, error) {
		key, err := c.scope.key(ctx, c.name)
		if err != nil {
			return nil, err
		}
		entries, _, err := c.store.Get(ctx, key)
		if err != nil {
			return nil, err
		}
		decide(ctx, attribute.Int(semconv.WorkflowMemoryEntries, len(entries)))
		return slices.Clone(entries), nil
	})
}

// Append adds entries to the end.
func (c *Conversation[V]) Append(ctx context.Context, entries ...V) error {
	_, err := observe(ctx, c.append, entries, func(ctx context.Context) (struct{}, error) {
		key, err := c.scope.key(ctx, c.name)
		if err != nil {
			return struct{}{}, err
		}
		lock := &c.locks[maphash.String(c.seed, key)%uint64(len(c.locks))]
		lock.Lock()
		defer lock.Unlock()
		before, _, err := c.store.Get(ctx, key)
		if err != nil {
			return struct{}{}, err
		}
		// A new slice: who has the old one may still be reading it.
		all := slices.Concat(before, entries)
		all = all[max(0, len(all)-c.limit):]
		decide(ctx, attribute.Int(semconv.WorkflowMemoryEntries, len(all)))
		return struct{}{}, c.store.Put(ctx, key, all)
	})
	return err
}
