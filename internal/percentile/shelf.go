package percentile

import (
	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/stream"
	"github.com/tta-dev/otelcol-workflow/internal/window"
)

// histogram is a *exphist.Histogram or a *binhist.Histogram.
type histogram[H any] interface {
	Reset()
	Merge(o H)
	Count() uint64
	Quantile(q float64) float64
	Bracket(q float64) (lo, hi float64)
}

// atRest is a pointer to a T that keeps the histogram H.
type atRest[T, H any] interface {
	*T
	Count() uint64
	Set(h H)
	AddTo(h H)
	Clear()
}

// bins is a histogram with explicit buckets at rest.
type bins struct{ binhist.Histogram }

// AddTo merges it into h.
func (b *bins) AddTo(h *binhist.Histogram) { h.Merge(&b.Histogram) }

// Clear empties it.
func (b *bins) Clear() { b.Reset() }

// shelf is a window of histograms at rest.
type shelf[H histogram[H], T any, P atRest[T, H]] struct{ *window.Window[T] }

// add counts the increment of (from, at] on the desk, of which from is 0 if not known.
func (s shelf[H, T, P]) add(d desk[H], from, at int64) Outcome {
	if from != 0 && !s.Holds(from, at) {
		return Gap
	}
	sub := P(s.At(at))
	switch {
	case sub == nil:
		return Late
	case sub.Count() == 0:
		sub.Set(d.point)
	default:
		d.sum.Reset()
		d.sum.Merge(d.point)
		sub.AddTo(d.sum)
		sub.Set(d.sum)
	}
	return counted
}

// sum merges all that is in the window on the desk.
func (s shelf[H, T, P]) sum(d desk[H]) {
	d.sum.Reset()
	for sub := range s.All() {
		P(sub).AddTo(d.sum)
	}
}

// slide moves the window to a time.
func (s shelf[H, T, P]) slide(now int64) {
	s.Slide(now, func(sub *T) { P(sub).Clear() })
}

// rack holds a shelf for each window of a rule.
type rack[H histogram[H], T any, P atRest[T, H]] []shelf[H, T, P]

type (
	exponentials = rack[*exphist.Histogram, exphist.Packed, *exphist.Packed]
	explicits    = rack[*binhist.Histogram, bins, *bins]
)

// furnish returns the rack for the windows, made if there is none yet.
func (r rack[H, T, P]) furnish(spans []Span, now int64) rack[H, T, P] {
	if r == nil {
		for _, span := range spans {
			r = append(r, shelf[H, T, P]{window.New[T](span.Length, now)})
		}
	}
	return r
}

const counted = Outcome(stream.Counted)

// add counts the increment on the desk in every window. It is counted if any takes it.
func (r rack[H, T, P]) add(d desk[H], from, at, now int64) Outcome {
	best := OutcomeCount
	for _, s := range r {
		s.slide(now)
		best = min(best, s.add(d, from, at))
	}
	return best
}

// each shows the sum of every window that holds anything.
func (r rack[H, T, P]) each(d desk[H], now int64, show func(i int, sum H)) {
	for i, s := range r {
		s.slide(now)
		if s.sum(d); d.sum.Count() > 0 {
			show(i, d.sum)
		}
	}
}
