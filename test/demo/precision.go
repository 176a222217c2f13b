package main

import (
	"fmt"
	"math"
	"time"
)

// window is that of the percentile processor in the preset: a longer demo is not all in it.
const window = 5 * time.Minute

// precision says how far the quantiles of the runs are from the exact ones: those
// of the gauges, and those that PromQL gets from the histogram. It is an error when
// either is farther than a bucket of the histogram is wide: of what is counted
// right, it would then have been counted in the wrong places.
//
//	scale 4   buckets 4.4 % wide   exact 1.02 s → 0.98 s to 1.06 s
func (r *report) precision(m metrics) (string, error) {
	var runs line
	for _, l := range m.lines("none", "workflow_run_duration_seconds", r.Workflow) {
		runs = l
	}
	h := runs.seconds
	if h == nil || h.Count() == 0 {
		return "", fmt.Errorf("the metrics are not what was sent: no histogram of the runs of %s", r.Workflow)
	}
	width := math.Exp2(math.Ldexp(1, -int(h.Scale()))) - 1
	coarse, err := r.farthest(h.Quantile, width)
	if err != nil {
		return "", err
	}
	if r.ElapsedSeconds > window.Seconds() {
		return fmt.Sprintf("p50 to p99 of the runs are those of the last 5 minutes; from the histogram of all, "+
			"whose buckets are %.1f %% wide, they are off by at most %.1f %%", 100*width, 100*coarse), nil
	}
	fine, err := r.farthest(runs.quantile, width)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("p50 to p99 of the runs are off by at most %.1f %%; from the histogram, "+
		"whose buckets are %.1f %% wide, by at most %.1f %%", 100*fine, 100*width, 100*coarse), nil
}

// farthest returns by which share the quantiles of the runs are off at most, an error if
// that is more than it may be.
func (r *report) farthest(quantile func(q float64) float64, tolerance float64) (worst float64, err error) {
	for i, exact := range []float64{r.RunSeconds.P50, r.RunSeconds.P90, r.RunSeconds.P95, r.RunSeconds.P99} {
		q := quantiles[i]
		off := math.Abs(quantile(q)/exact - 1)
		if !(off <= tolerance) {
			return 0, fmt.Errorf("the metrics are not what was sent: p%g of the runs is %s, exactly %s", 100*q, seconds(quantile(q)), seconds(exact))
		}
		worst = max(worst, off)
	}
	return worst, nil
}
