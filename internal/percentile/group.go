package percentile

import (
	"math"

	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/window"
)

// group is what several streams are merged into, over a window of each length. Guarded
// by the lock of its shard.
type group struct {
	rule        *Rule
	clock       window.Clock
	exponential exponentials
	explicit    explicits
}

// add counts the increment that is in s and reports whether its time was too far ahead.
func (g *group) add(i Increment, wall int64, s *Scratch) (o Outcome, ahead bool) {
	at, ahead := g.clock.Hear(i.To, wall)
	now := g.clock.Now(wall)
	if i.Kind == Exponential {
		g.exponential = g.exponential.furnish(g.rule.Windows, now)
		return g.exponential.add(s.exponential, i.began(at), at, now), ahead
	}
	g.explicit = g.explicit.furnish(g.rule.Windows, now)
	return g.explicit.add(s.explicit, i.began(at), at, now), ahead
}

// estimate yields e with the values of each window in turn.
func (g *group) estimate(e *Estimate, wall int64, s *Scratch, yield func(*Estimate)) {
	e.Rule = g.rule
	now := g.clock.Now(wall)
	g.exponential.each(s.exponential, now, func(i int, sum *exphist.Histogram) {
		tell(e, g.rule, i, sum, yield)
	})
	g.explicit.each(s.explicit, now, func(i int, sum *binhist.Histogram) {
		tell(e, g.rule, i, sum, yield)
	})
}

// tell yields e with the values of the window number i, if there are enough in it.
func tell[H histogram[H]](e *Estimate, r *Rule, i int, sum H, yield func(*Estimate)) {
	if sum.Count() < r.MinCount {
		return
	}
	e.Window = r.Windows[i].Label
	e.Values = e.Values[:0]
	for _, q := range r.Quantiles {
		if v := sum.Quantile(q.Q); finite(v) {
			lo, hi := sum.Bracket(q.Q)
			e.Values = append(e.Values, Value{Quantile: q.Label, Value: v, Error: max(v-lo, hi-v)})
		}
	}
	yield(e)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
