package flight

import "time"

// Options bound a [Table].
type Options struct {
	// Wait is how long after the end of a run late spans of its trace are
	// waited for before its cost is settled.
	Wait time.Duration
	// Idle is how long a trace without any news is remembered and, while its
	// root has not been seen, counted as in flight.
	Idle time.Duration
	// MaxOpen is how many traces are remembered at once. Past it the trace that
	// was silent longest is settled early and forgotten.
	MaxOpen int
	// MaxStreams is how many workflows and services Active tells apart.
	MaxStreams int
}
