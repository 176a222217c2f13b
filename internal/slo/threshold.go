package slo

import (
	"math"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
)

// Boundary says how the events of the bucket that a threshold falls into are counted, since it is not known
// which of them are above.
type Boundary uint8

// The boundaries. Lower counts none of the bucket as good, which is right for a budget that must not be
// flattered; Upper all; Interpolate the share that its values would have if they were spread evenly (in
// exponential buckets: logarithmically), as histogram_fraction of Prometheus does.
const (
	Lower Boundary = iota
	Upper
	Interpolate
)

// Cut is a histogram cut at a threshold.
type Cut struct {
	// Good is the number of values up to the threshold, by the Boundary.
	Good float64
	// Total is the number of values.
	Total float64
	// Uncertain is the number of values in the bucket that the threshold falls into; 0 on a bound. The true number
	// of good ones differs from Good by no more than that.
	Uncertain float64
	// Above and UpTo are the bounds of that bucket, for the log; meaningless when Uncertain is 0.
	Above, UpTo float64
}

// Counts returns the increment of an account.
func (c Cut) Counts() Counts { return Counts{c.Good, c.Total} }

// Uncertainty returns the share of values whose side is not known, in [0, 1]; 0 for none at all.
func (c Cut) Uncertainty() float64 {
	if c.Total == 0 {
		return 0
	}
	return c.Uncertain / c.Total
}

// Explicit cuts a histogram with explicit buckets: bucket i holds the values in (bounds[i-1], bounds[i]], the first
// those up to bounds[0], the last those above all bounds. Counts that are missing are 0.
//
//	bounds 1 2.5 5, counts 10 4 2 1, threshold 2.5   Good 14, nothing uncertain
//	                                 threshold 2     Lower 10   Upper 14   Interpolate 10 + 4 × (2-1)/(2.5-1)
//
// A threshold within a billionth of a bound is on it. Interpolation takes the first bucket to begin at 0; where
// its bound is not above that it is as Lower. The values above all bounds are bad, and uncertain, if the
// threshold is up there too, unless it is infinite. Of a NaN threshold nothing is good.
func (b Boundary) Explicit(bounds []float64, counts []uint64, threshold float64) (c Cut) {
	reached := math.Inf(-1) // upper bound of the buckets before
	for i, n := range counts {
		c.Total += float64(n)
		upper := math.Inf(1)
		if i < len(bounds) {
			upper = bounds[i]
		}
		switch {
		case upper <= threshold || near(upper, threshold):
			c.Good += float64(n)
		case reached < threshold && !near(reached, threshold):
			c.Uncertain, c.Above, c.UpTo = float64(n), reached, upper
			c.Good += float64(n) * b.share(reached, upper, threshold)
		}
		reached = upper
	}
	return c
}

// share is the part of the bucket (lower, upper] that counts as good.
func (b Boundary) share(lower, upper, threshold float64) float64 {
	if math.IsInf(upper, 1) || b == Lower {
		return 0
	}
	if b == Upper {
		return 1
	}
	if math.IsInf(lower, -1) {
		lower = 0
	}
	if upper <= lower {
		return 0
	}
	return min(max((threshold-lower)/(upper-lower), 0), 1)
}

// near reports whether a threshold is meant to be a bound: units are converted, and 30 s is 29999.999999999996 ms.
func near(bound, threshold float64) bool {
	return math.Abs(bound-threshold) <= 1e-9*math.Abs(bound) && !math.IsInf(bound, 0)
}

// Exponential cuts an exponential histogram, whose zero bucket is zeroThreshold wide: 0 where zeros are zeros. See
// [exphist.Histogram.SplitAt] for the special cases.
func (b Boundary) Exponential(h *exphist.Histogram, zeroThreshold, threshold float64) Cut {
	s := h.SplitAt(threshold, zeroThreshold)
	c := Cut{Good: float64(s.Below), Total: float64(h.Count()), Uncertain: float64(s.Within), Above: s.Lower, UpTo: s.Upper}
	switch b {
	case Upper:
		c.Good += float64(s.Within)
	case Interpolate:
		c.Good = s.Estimate()
	case Lower:
	}
	return c
}
