package costprocessor

import "time"

// generations is a map that forgets: what is put is kept for one to two windows, or until so
// many others came that two generations of them are full.
//
//	10:00 put a   10:07 put b    10:10 a new generation begins     10:20 the next: a and b are gone
//	young {a}     young {a, b}   old {a, b}  young {}              old {}  young {}
//
// Not safe for concurrent use.
type generations[K comparable, V any] struct {
	window     time.Duration
	most       int // of one generation
	young, old map[K]V
	born       time.Time // of the young one
}

func newGenerations[K comparable, V any](window time.Duration, most int) *generations[K, V] {
	return &generations[K, V]{window: window, most: most, young: make(map[K]V), old: make(map[K]V)}
}

// turn begins a new generation if it is time to. It returns how many were forgotten early.
func (g *generations[K, V]) turn(now time.Time) (early int) {
	full := len(g.young) >= g.most
	aged := now.Sub(g.born) >= g.window
	if !full && !aged {
		return 0
	}
	if full && !aged {
		early = len(g.old)
	}
	clear(g.old)
	g.young, g.old = g.old, g.young
	if aged && now.Sub(g.born) >= 2*g.window {
		clear(g.old)
	}
	g.born = now
	return early
}

func (g *generations[K, V]) get(k K) (v V, ok bool) {
	if v, ok = g.young[k]; !ok {
		v, ok = g.old[k]
	}
	return v, ok
}

func (g *generations[K, V]) put(k K, v V) { g.young[k] = v }

func (g *generations[K, V]) forget(k K) {
	delete(g.young, k)
	delete(g.old, k)
}

func (g *generations[K, V]) len() int { return len(g.young) + len(g.old) }
