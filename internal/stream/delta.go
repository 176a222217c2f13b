package stream

// MaxRecent is how many points of a delta stream are remembered, to know one that
// is told twice.
const MaxRecent = 8

// Delta decodes the points of a stream of increments. All of them count, in any
// order and from any number of producers, unless the very same time was told
// before. The zero Delta is ready. Not safe for concurrent use.
type Delta struct {
	recent [MaxRecent]Times
	next   int
}

// Observe takes in the point with the given times, whose End must be known.
func (d *Delta) Observe(t Times) Step {
	for _, seen := range d.recent {
		if seen == t {
			return Step{Verdict: Duplicate}
		}
	}
	d.recent[d.next] = t
	d.next = (d.next + 1) % MaxRecent
	return Step{Verdict: Counted, From: t.began()}
}
