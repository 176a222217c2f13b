package percentile

import (
	"slices"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/metric"
)

// Rule says which histograms get quantiles, and which. It is checked by whoever makes it
// and never changed. Safe for concurrent use.
type Rule struct {
	// Metric is a pattern of names, as those of internal/glob.
	Metric string
	// Name of the gauge. Default: that of the metric and ".quantile".
	Name string
	// Attributes are those that Keep says.
	Attributes []string
	// Keep true means that groups are told apart by Attributes alone, false by all
	// others.
	Keep bool
	// Quantiles that are estimated, at least one.
	Quantiles []Quantile
	// Windows over which they are, at least one.
	Windows []Span
	// MinCount is the least number of values in a window for which there is an estimate,
	// at least 1.
	MinCount uint64
	// Error asks for the error of each estimate.
	Error bool
}

// Quantile is one that is estimated.
type Quantile struct {
	Q     float64 // in [0, 1]
	Label string  // as in 0.99
}

// Span is the length of a window.
type Span struct {
	Length time.Duration
	Label  string // as in 5m; "" where it is the only one
}

// Output returns the name of the gauge for a histogram.
func (r *Rule) Output(histogram string) string {
	if r.Name != "" {
		return r.Name
	}
	return metric.Quantile(histogram)
}

// TellsApart says whether groups differ by the attribute.
func (r *Rule) TellsApart(attribute string) bool {
	return slices.Contains(r.Attributes, attribute) == r.Keep
}

// longest returns the longest window of all rules.
func longest(rules []Rule) time.Duration {
	var length time.Duration
	for i := range rules {
		for _, w := range rules[i].Windows {
			length = max(length, w.Length)
		}
	}
	return length
}
