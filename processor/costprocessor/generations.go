package costprocessor

import "time"

// generations counts time in windows, so that what comes in one is kept for one to two of them:
//
//	10:00 put a   10:07 put b    10:10 a new generation begins     10:20 the next: a and b are gone
//	young {a}     young {a, b}   old {a, b}  young {}              old {}  young {}
//
// A generation also ends when it is full. Not safe for concurrent use.
type generations[T any] struct {
	window     time.Duration
	most       int // of one generation
	young, old T
	born       time.Time // of the young one
}

// turn begins a new generation if it is time to. It returns how many were forgotten early.
func (g *generations[T]) turn(now time.Time, size func(*T) int, empty func(*T)) (early int) {
	full, aged := size(&g.young) >= g.most, now.Sub(g.born) >= g.window
	if !full && !aged {
		return 0
	}
	if !aged {
		early = size(&g.old)
	}
	empty(&g.old)
	g.young, g.old = g.old, g.young
	if now.Sub(g.born) >= 2*g.window {
		empty(&g.old)
	}
	g.born = now
	return early
}
