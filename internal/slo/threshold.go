package slo

import "github.com/tta-dev/otelcol-workflow/internal/exphist"

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

// Explicit cuts a histogram with explicit buckets, of which there is one more than bounds: bucket i holds the
// values in (bounds[i-1], bounds[i]], the first those up to bounds[0], the last those above all bounds.
//
//	bounds 1 2.5 5, counts 10 4 2 1, threshold 2     Lower 10   Upper 14   Interpolate 10 + 4 × (2-1)/(2.5-1)
//	                                 threshold 2.5   14 of 17, nothing uncertain
//
// A threshold within a billionth of a bound is on it. The first bucket is taken to begin at 0 if its bound is
// above that, else at minus infinity; what lies above all bounds is never good, and the values in between are not
// uncertain, because all that is known of them is that they are bad or nearly so. Of a NaN threshold nothing is
// good.
func (b Boundary) Explicit(bounds []float64, counts []uint64, threshold float64) Cut {
	return Cut{}
}

// Exponential cuts an exponential histogram. The zero bucket holds the values up to zeroThreshold in magnitude,
// and is cut linearly. Values beyond the extremes of the histogram are not uncertain.
func (b Boundary) Exponential(h *exphist.Histogram, zeroThreshold, threshold float64) Cut {
	return Cut{}
}
