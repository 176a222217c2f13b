package percentile

import (
	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
)

// Scratch is the memory that one caller of a [Board] works in. Not safe for concurrent
// use.
type Scratch struct {
	exponential desk[*exphist.Histogram]
	explicit    desk[*binhist.Histogram]
}

// desk is where the histograms of one kind are worked on.
type desk[H any] struct{ point, sum H }

// NewScratch returns a Scratch.
func NewScratch() *Scratch {
	return &Scratch{
		exponential: desk[*exphist.Histogram]{exphist.New(exphist.MaxSize), exphist.New(exphist.MaxSize)},
		explicit:    desk[*binhist.Histogram]{new(binhist.Histogram), new(binhist.Histogram)},
	}
}

// Exponential is where a point of a [Exponential] stream is to be loaded.
func (s *Scratch) Exponential() *exphist.Histogram { return s.exponential.point }

// Explicit is where a point of a [Explicit] stream is to be loaded.
func (s *Scratch) Explicit() *binhist.Histogram { return s.explicit.point }

func (s *Scratch) empty(k Kind) bool {
	if k == Exponential {
		return s.exponential.point.Count() == 0
	}
	return s.explicit.point.Count() == 0
}
