package series

import "sync/atomic"

// Overflow counts the observations that were folded because a table was full. The zero value is ready.
// It is safe for concurrent use.
type Overflow struct{ folded atomic.Uint64 }

// Add counts n folded observations and reports whether they are the first ever: exactly one call
// answers true, and its caller writes the one log line.
func (o *Overflow) Add(n uint64) (first bool) {
	return n > 0 && o.folded.Add(n) == n
}

// Count is the number of observations folded so far.
func (o *Overflow) Count() uint64 { return o.folded.Load() }
