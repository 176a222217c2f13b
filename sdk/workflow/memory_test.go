package workflow

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
)

type tenantKey struct{}

// in runs fn in a run for a tenant.
func in(t *testing.T, tenant string, fn func(context.Context) error) {
	t.Helper()
	ctx := context.WithValue(t.Context(), tenantKey{}, tenant)
	step := Func("s", func(ctx context.Context, _ int) (int, error) { return 0, fn(ctx) })
	tenantOf := func(ctx context.Context) string { return ctx.Value(tenantKey{}).(string) }
	if _, err := New("w", step, Tenant(tenantOf)).Run(ctx, 0); err != nil {
		t.Error(err)
	}
}

// What one scope writes, no other reads.
func TestMemoryScopes(t *testing.T) {
	for _, tc := range []struct {
		name        string
		scope       Scope
		run, tenant bool // whether another run, another tenant sees it
	}{
		{"run", RunScope, false, false},
		{"tenant", TenantScope, true, false},
		{"shared", SharedScope, true, true},
	} {
		m := NewMemory("m", tc.scope, NewLRU[string](10, 0))
		in(t, "acme", func(ctx context.Context) error {
			err := m.Put(ctx, "k", "v")
			if v, ok, _ := m.Get(ctx, "k"); v != "v" || !ok {
				t.Errorf("%s: forgot at once", tc.name)
			}
			if _, ok, _ := m.Get(ctx, "other"); ok {
				t.Errorf("%s: made something up", tc.name)
			}
			return err
		})
		for tenant, want := range map[string]bool{"acme": tc.run, "globex": tc.tenant} {
			in(t, tenant, func(ctx context.Context) error {
				_, ok, err := m.Get(ctx, "k")
				if ok != want {
					t.Errorf("%s: another run of %s sees it: %t", tc.name, tenant, ok)
				}
				return err
			})
		}
	}
}

// No tenant can name itself into the memory of another.
func TestMemoryKeysAreNotMistaken(t *testing.T) {
	store := NewLRU[string](10, 0)
	deep, flat := NewMemory("n", TenantScope, store), NewMemory("x", TenantScope, store)
	in(t, "a", func(ctx context.Context) error { return deep.Put(ctx, "x/k", "secret") })
	in(t, "a/n", func(ctx context.Context) error {
		if v, ok, _ := flat.Get(ctx, "k"); ok {
			t.Errorf("read %q", v)
		}
		return nil
	})
}

func TestMemoryNeedsAScope(t *testing.T) {
	m := NewMemory("m", RunScope, NewLRU[int](1, 0))
	c := NewConversation("c", TenantScope, NewLRU[[]int](1, 0), 1)
	_, _, got := m.Get(t.Context(), "k")
	_, listed := c.Entries(t.Context())
	for _, err := range []error{got, m.Put(t.Context(), "k", 1), listed, c.Append(t.Context(), 1)} {
		if !errors.Is(err, errNoScope) || !strings.Contains(err.Error(), "memory ") {
			t.Errorf("got %v", err)
		}
	}
}

// A conversation keeps what was said last.
func TestConversationIsBounded(t *testing.T) {
	c := NewConversation("c", SharedScope, NewLRU[[]string](1, 0), 3)
	for _, tc := range []struct{ say, want string }{
		{"", ""}, {"a b", "a b"}, {"c d", "b c d"}, {"e f g h i", "g h i"}, {"j", "h i j"},
	} {
		if err := c.Append(t.Context(), strings.Fields(tc.say)...); err != nil {
			t.Fatal(err)
		}
		got, err := c.Entries(t.Context())
		if err != nil || strings.Join(got, " ") != tc.want {
			t.Errorf("after %q: %v, %v, want %s", tc.say, got, err, tc.want)
		}
		slices.Reverse(got) // the caller's own
	}
}

// Of what is said at once, nothing is lost.
func TestConversationConcurrentSafe(t *testing.T) {
	c := NewConversation("c", SharedScope, NewLRU[[]int](1, 0), 1000)
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			if err := c.Append(t.Context(), i); err != nil {
				t.Error(err)
			}
			_, _ = c.Entries(t.Context())
		})
	}
	wg.Wait()
	got, _ := c.Entries(t.Context())
	slices.Sort(got)
	if len(got) != 100 || got[0] != 0 || got[99] != 99 {
		t.Errorf("got %v", got)
	}
}

// downStore is an outside store that cannot be reached.
type downStore[V any] struct{}

func (downStore[V]) Get(context.Context, string) (v V, ok bool, err error) { return v, true, errLuck }
func (downStore[V]) Put(context.Context, string, V) error                  { return errLuck }
func (downStore[V]) Delete(context.Context, string) error                  { return errLuck }

// What a workflow remembers is its data: unlike a cache, a memory that fails says so.
func TestMemoryReportsItsStore(t *testing.T) {
	m := NewMemory[int]("m", SharedScope, downStore[int]{})
	c := NewConversation[int]("c", SharedScope, downStore[[]int]{}, 1)
	_, ok, got := m.Get(t.Context(), "k")
	_, listed := c.Entries(t.Context())
	for _, err := range []error{got, m.Put(t.Context(), "k", 1), listed, c.Append(t.Context(), 1)} {
		if !errors.Is(err, errLuck) || ok {
			t.Errorf("got %v", err)
		}
	}
}
