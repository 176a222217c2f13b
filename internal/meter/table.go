package meter

import (
	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/stream"
)

// KeySize is the length of a Key.
const KeySize = 16

// Key tells streams apart, in this process and after a restart: a hash of all that a stream
// is identified by.
type Key [KeySize]byte

// Point says when what a data point tells of happened.
type Point struct {
	stream.Times
	// Delta says that the point is an increment already, and not a running total.
	Delta bool
}

// id is a stream of one kind. A metric that changes its kind is another stream.
type id struct {
	key  Key
	kind kind
}

type kind uint8

const (
	kindNumber kind = iota
	kindExplicit
	kindExponential
	kindCount
)

// entry is what is remembered of a stream: one of the four.
type entry struct {
	seen         int64
	delta        *stream.Delta
	numbers      *stream.Cumulative[*float64]
	explicits    *stream.Cumulative[*binhist.Histogram]
	exponentials *stream.Cumulative[*exphist.Histogram]
}

// Table remembers streams. It is not safe for concurrent use.
type Table struct {
	max     int
	since   int64
	forgot  int64 // when a stream was last seen that is no longer remembered
	entries map[id]*entry
	changed map[id]struct{} // since they were last appended
}

// NewTable returns a table of at most max streams. Streams that began before since, in unix
// nanoseconds, start from a baseline.
func NewTable(maxStreams int, since int64) *Table {
	return &Table{max: maxStreams, since: since, entries: map[id]*entry{}, changed: map[id]struct{}{}}
}

// Len returns the number of streams that are remembered.
func (t *Table) Len() int { return len(t.entries) }

// Since sets when we began to look: after a restart, that is when the state is of.
func (t *Table) Since(since int64) { t.since = since }

// Number takes in a point of a sum. If the verdict counts, *v has become what is new. It is
// not ok, and the point does not count, if there are too many streams.
func (t *Table) Number(key Key, p Point, v *float64, now int64) (verdict stream.Verdict, ok bool) {
	e := t.at(id{key, kindNumber}, p, now)
	if e == nil || p.Delta {
		return e.increment(p)
	}
	return e.numbers.Observe(p.Times, t.horizon(), v).Verdict, true
}

// Explicit takes in a point of a histogram with explicit bounds, as Number does.
func (t *Table) Explicit(key Key, p Point, h *binhist.Histogram, now int64) (verdict stream.Verdict, ok bool) {
	e := t.at(id{key, kindExplicit}, p, now)
	if e == nil || p.Delta {
		return e.increment(p)
	}
	return e.explicits.Observe(p.Times, t.horizon(), h).Verdict, true
}

// Exponential takes in a point of an exponential histogram, as Number does.
func (t *Table) Exponential(key Key, p Point, h *exphist.Histogram, now int64) (verdict stream.Verdict, ok bool) {
	e := t.at(id{key, kindExponential}, p, now)
	if e == nil || p.Delta {
		return e.increment(p)
	}
	return e.exponentials.Observe(p.Times, t.horizon(), h).Verdict, true
}

// increment takes in a point whose value is new already. A stream that there is no room for
// is nil.
func (e *entry) increment(p Point) (verdict stream.Verdict, ok bool) {
	if e == nil {
		return 0, false
	}
	return e.delta.Observe(p.Times).Verdict, true
}

// at returns the entry of a stream, nil if there is no room for it. A stream that turns from
// increments to totals or back is made anew.
func (t *Table) at(i id, p Point, now int64) *entry {
	e := t.entries[i]
	if e == nil || (e.delta != nil) != p.Delta {
		if e == nil && len(t.entries) >= t.max {
			return nil
		}
		e = newEntry(i.kind, p.Delta)
		t.entries[i] = e
	}
	e.seen = now
	if !p.Delta {
		t.changed[i] = struct{}{}
	}
	return e
}

func newEntry(k kind, delta bool) *entry {
	e := &entry{}
	switch {
	case delta:
		e.delta = new(stream.Delta)
	case k == kindNumber:
		e.numbers = stream.NewCumulative(stream.NewNumber)
	case k == kindExplicit:
		e.explicits = stream.NewCumulative(stream.NewExplicit)
	default:
		e.exponentials = stream.NewCumulative(stream.NewExponential)
	}
	return e
}

// horizon is the time from which on a stream that is not known must be new: one that began
// before may be one that was forgotten, and its total hold what was counted.
func (t *Table) horizon() int64 { return max(t.since, t.forgot+1) }

// Expire forgets the streams without a point since before, in unix nanoseconds, and returns
// how many. One that comes back starts from a baseline.
func (t *Table) Expire(before int64) (n int) {
	for i, e := range t.entries {
		if e.seen < before {
			t.forgot = max(t.forgot, e.seen)
			delete(t.entries, i)
			delete(t.changed, i)
			n++
		}
	}
	return n
}
