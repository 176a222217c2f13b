package percentile

import (
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/series"
	"github.com/tta-dev/otelcol-workflow/internal/stream"
)

const (
	// MaxFolded is how many overflow groups there are at most.
	MaxFolded = 100
	// MaxKey is the largest size of the key of a group, in bytes; one with a larger key
	// is folded.
	MaxKey = 4096
)

// Options of a Board.
type Options struct {
	// Rules that groups may have. They are not copied and must not change.
	Rules []Rule
	// MaxSeries is the largest number of streams, and of groups; at least 1.
	MaxSeries int
	// Idle is how long a stream lives without a point.
	Idle time.Duration
}

// Board keeps streams and groups. Safe for concurrent use.
type Board struct {
	options  Options
	since    int64 // when it was made
	streams  *series.Table[source]
	groups   *series.Table[*group]
	folded   *series.Table[*group]
	overflow series.Overflow
}

// source decodes the points of a stream, whatever they are. Guarded by the lock of its
// shard.
type source struct {
	exponential *stream.Cumulative[*exphist.Histogram]
	explicit    *stream.Cumulative[*binhist.Histogram]
	delta       *stream.Delta
}

// NewBoard returns an empty board. Streams that began before now start from a baseline.
func NewBoard(o Options, now time.Time) *Board {
	fresh := func() *group { return new(group) }
	return &Board{
		options: o,
		since:   now.UnixNano(),
		streams: series.New(series.Options[source]{Max: o.MaxSeries}),
		groups:  series.New(series.Options[*group]{Max: o.MaxSeries, New: fresh}),
		folded:  series.New(series.Options[*group]{Max: MaxFolded, New: fresh}),
	}
}

// Decode turns the point that is in s into its increment, if the outcome is that it
// counts.
func (b *Board) Decode(p *Point, now time.Time, s *Scratch) (Increment, Outcome) {
	hash := b.streams.Hash(p.Stream)
	shard := b.streams.Lock(hash)
	defer shard.Unlock()
	entry, state := shard.Get(hash, p.Stream, now.UnixNano())
	whole := Increment{Kind: p.Kind, From: p.Times.Start, To: p.Times.End}
	switch {
	case state == series.Fold && p.Delta:
		return whole, counted
	case state == series.Fold:
		return whole, Overflow
	}
	step := entry.Value.step(p, b.since, s)
	whole.From = step.From
	return whole, Outcome(step.Verdict)
}

func (c *source) step(p *Point, since int64, s *Scratch) stream.Step {
	switch {
	case p.Delta:
		if c.delta == nil {
			c.delta = new(stream.Delta)
		}
		return c.delta.Observe(p.Times)
	case p.Kind == Exponential:
		if c.exponential == nil {
			c.exponential = stream.NewCumulative(stream.NewExponential)
		}
		return c.exponential.Observe(p.Times, since, s.exponential.point)
	default:
		if c.explicit == nil {
			c.explicit = stream.NewCumulative(stream.NewExplicit)
		}
		return c.explicit.Observe(p.Times, since, s.explicit.point)
	}
}

// Key names a group: by which rule it is one, under which key, and under which it is
// folded when there are too many. Keys of different rules must differ.
type Key struct {
	Rule        *Rule
	Own, Folded []byte // borrowed
}

// Result is what became of an increment in a group.
type Result struct {
	Outcome Outcome
	// Ahead says that it was counted as of now, as its own time is too far in the future.
	Ahead bool
	// First says that it was folded, for the first time ever.
	First bool
}

// Add counts the increment that is in s in a group. One of nothing is counted without
// a group, so that those of idle streams drain and expire.
func (b *Board) Add(k Key, i Increment, now time.Time, s *Scratch) Result {
	if s.empty(i.Kind) {
		return Result{}
	}
	if len(k.Own) <= MaxKey {
		if r, ok := put(b.groups, k.Rule, k.Own, i, now, s); ok {
			return r
		}
	}
	first := b.overflow.Add(1)
	r, ok := put(b.folded, k.Rule, k.Folded, i, now, s)
	if !ok {
		r.Outcome = Overflow
	}
	r.First = first
	return r
}

// put counts the increment in a group of the table, if it has room.
func put(table *series.Table[*group], rule *Rule, key []byte, i Increment, now time.Time, s *Scratch) (r Result, ok bool) {
	hash := table.Hash(key)
	shard := table.Lock(hash)
	defer shard.Unlock()
	entry, state := shard.Get(hash, key, now.UnixNano())
	if state == series.Fold {
		return r, false
	}
	g := entry.Value
	g.rule = rule
	r.Outcome, r.Ahead = g.add(i, now.UnixNano(), s)
	return r, true
}

// Collect yields an estimate for each group and window that has enough values, in no
// order. yield is called under a lock and must not call the board.
func (b *Board) Collect(now time.Time, s *Scratch, yield func(*Estimate)) {
	var e Estimate
	each := func(entry *series.Entry[*group]) {
		e.Key = entry.Key()
		entry.Value.estimate(&e, now.UnixNano(), s, yield)
	}
	b.groups.Range(each)
	e.Folded = true
	b.folded.Range(each)
}

// Expire forgets the streams that had no point for Options.Idle, and the groups whose
// windows have drained, and returns how many.
func (b *Board) Expire(now time.Time) (streams, groups int) {
	streams = b.streams.Expire(now.Add(-b.options.Idle).UnixNano(), nil)
	drained := now.Add(-2 * longest(b.options.Rules)).UnixNano()
	groups = b.groups.Expire(drained, nil) + b.folded.Expire(drained, nil)
	return streams, groups
}

// Streams returns the number of streams.
func (b *Board) Streams() int { return b.streams.Len() }

// Groups returns the number of groups, overflow groups apart.
func (b *Board) Groups() int { return b.groups.Len() }

// Folded returns the number of increments that were folded.
func (b *Board) Folded() uint64 { return b.overflow.Count() }
