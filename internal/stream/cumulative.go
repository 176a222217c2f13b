package stream

import (
	"iter"
	"slices"
	"time"
)

const (
	// MaxProducers is how many producers of one stream are remembered.
	MaxProducers = 8
	// Silence is after how long without a point a producer may be forgotten.
	Silence = 5 * time.Minute
)

// Total is the running total of one producer. V is a pointer to what a point
// holds, so that a total can turn into an increment in place.
type Total[V any] interface {
	// Set keeps a copy of what v points to.
	Set(v V)
	// Advance keeps a copy of the total v points to and takes the one that was kept
	// before out of it. It reports false, and changes neither, when the new total
	// does not hold the old one.
	Advance(v V) bool
}

// Cumulative decodes the points of a stream of running totals. Not safe for
// concurrent use.
type Cumulative[V any] struct {
	fresh     func() Total[V]
	producers []producer[V]
}

type producer[V any] struct {
	times Times
	total Total[V]
}

// NewCumulative returns a stream without producers. fresh makes the total of one;
// it is set before anything else.
func NewCumulative[V any](fresh func() Total[V]) *Cumulative[V] {
	return &Cumulative[V]{fresh: fresh}
}

// Observe takes in the point with the given times and total. If the verdict
// counts, what total points to has become the increment. since is when we began
// to look, in unix nanoseconds: of a producer that began before it the first
// point is only a baseline.
func (c *Cumulative[V]) Observe(t Times, since int64, total V) Step {
	t.Start = t.began()
	p := c.find(t.Start)
	if p == nil {
		return c.begin(t, since, total)
	}
	from := p.times.End
	switch {
	case t.End < from:
		return Step{Verdict: Disordered}
	case t.End == from:
		return Step{Verdict: Duplicate}
	}
	p.times.End = t.End
	if p.total.Advance(total) {
		return Step{Verdict: Counted, From: from}
	}
	p.total.Set(total)
	if t.Start == 0 {
		return Step{Verdict: Began, From: from}
	}
	return Step{Verdict: Conflict}
}

func (c *Cumulative[V]) find(start int64) *producer[V] {
	for i := range c.producers {
		if c.producers[i].times.Start == start {
			return &c.producers[i]
		}
	}
	return nil
}

func (c *Cumulative[V]) begin(t Times, since int64, total V) Step {
	kept := c.fresh()
	kept.Set(total)
	c.Restore(t, kept)
	if t.Start == 0 || t.Start < since {
		return Step{Verdict: Baseline}
	}
	return Step{Verdict: Began, From: t.Start}
}

// Restore adds a producer as [Cumulative.Producers] told it, perhaps before a
// restart of ours.
func (c *Cumulative[V]) Restore(t Times, total Total[V]) {
	c.producers = slices.DeleteFunc(c.producers, func(p producer[V]) bool {
		return p.times.End < t.End-int64(Silence)
	})
	if len(c.producers) >= MaxProducers {
		c.forgetOldest()
	}
	c.producers = append(c.producers, producer[V]{t, total})
}

func (c *Cumulative[V]) forgetOldest() {
	oldest := 0
	for i, p := range c.producers {
		if p.times.End < c.producers[oldest].times.End {
			oldest = i
		}
	}
	c.producers = slices.Delete(c.producers, oldest, oldest+1)
}

// Producers yields the producers that are remembered: when each began, the end of
// its last point, and its total, which is borrowed.
func (c *Cumulative[V]) Producers() iter.Seq2[Times, Total[V]] {
	return func(yield func(Times, Total[V]) bool) {
		for _, p := range c.producers {
			if !yield(p.times, p.total) {
				return
			}
		}
	}
}
