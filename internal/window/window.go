package window

import (
	"iter"
	"time"
)

// Subs is into how many sub-windows a window is cut, the current one apart.
const Subs = 10

// MinLength is the shortest window there is.
const MinLength = Subs * time.Millisecond

// Window holds a T for each sub-window. The T are the caller's to fill and to clear.
// Not safe for concurrent use.
type Window[T any] struct {
	width int64 // of a sub-window, in nanoseconds
	last  int64 // number of the current sub-window: its beginning divided by the width
	subs  []T   // that with the number n is at n modulo its length
}

// New returns a window of a length, at least MinLength, whose time is now, in unix
// nanoseconds.
func New[T any](length time.Duration, now int64) *Window[T] {
	width := int64(max(length, MinLength)) / Subs
	return &Window[T]{width: width, last: floor(now, width), subs: make([]T, Subs+1)}
}

// Slide moves the window to a time, in unix nanoseconds. empty is told each sub-window
// that is to be used anew. A time before that of the window changes nothing, unless it
// is so long ago that the two have nothing in common: then all are emptied.
func (w *Window[T]) Slide(now int64, empty func(*T)) {
	to, n := floor(now, w.width), int64(len(w.subs))
	first := max(w.last+1, to-n+1)
	if to <= w.last-n {
		first = to - n + 1
	} else if to <= w.last {
		return
	}
	for i := first; i <= to; i++ {
		empty(&w.subs[slot(i, n)])
	}
	w.last = to
}

// At returns the sub-window of a time, in unix nanoseconds, nil if the window does not
// reach back to it. A time after the current sub-window counts as in it.
func (w *Window[T]) At(t int64) *T {
	number, n := min(floor(t, w.width), w.last), int64(len(w.subs))
	if number <= w.last-n {
		return nil
	}
	return &w.subs[slot(number, n)]
}

// Holds tells whether an event that took from one time to another, in unix
// nanoseconds, can be in a window of this length as a whole.
func (w *Window[T]) Holds(from, to int64) bool {
	return to-from <= w.width*int64(len(w.subs))
}

// All yields the sub-windows, in no order.
func (w *Window[T]) All() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for i := range w.subs {
			if !yield(&w.subs[i]) {
				return
			}
		}
	}
}

// Since yields the sub-windows with their beginnings, in unix nanoseconds, the oldest first.
func (w *Window[T]) Since() iter.Seq2[int64, *T] {
	return func(yield func(int64, *T) bool) {
		n := int64(len(w.subs))
		for number := w.last - n + 1; number <= w.last; number++ {
			if !yield(number*w.width, &w.subs[slot(number, n)]) {
				return
			}
		}
	}
}

// floor divides and rounds towards minus infinity, as the time before 1970 wants.
func floor(t, width int64) int64 {
	n := t / width
	if t%width < 0 {
		n--
	}
	return n
}

func slot(number, n int64) int64 { return ((number % n) + n) % n }
