package cost

import (
	"strings"
	"sync"
)

// cacheKey is what leads to a match.
type cacheKey struct{ provider, endpoint, model string }

// cache remembers matches, also that there was none. It keeps two generations and drops the older one when the
// younger is full; what is used moves to the younger, so that the names in use stay:
//
//	young  d e f g   full ──►  young  h
//	old    a b c d             old    d e f g     a, b and c are forgotten
//
// It is safe for concurrent use.
type cache struct {
	mu    sync.RWMutex
	size  int // of a generation
	young map[cacheKey]*match
	old   map[cacheKey]*match
}

func newCache(size int) *cache {
	return &cache{size: max(1, size/2), young: map[cacheKey]*match{}}
}

// get returns the match of a key, or nil.
func (c *cache) get(key cacheKey) *match {
	c.mu.RLock()
	m := c.young[key]
	if m != nil {
		c.mu.RUnlock()
		return m
	}
	m = c.old[key]
	c.mu.RUnlock()
	if m != nil {
		c.put(key, m)
	}
	return m
}

// put remembers a match. The strings of the key may be borrowed.
func (c *cache) put(key cacheKey, m *match) {
	key = cacheKey{strings.Clone(key.provider), strings.Clone(key.endpoint), strings.Clone(key.model)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.young) >= c.size {
		c.old, c.young = c.young, make(map[cacheKey]*match, c.size)
	}
	c.young[key] = m
}
