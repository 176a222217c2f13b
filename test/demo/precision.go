package main

import (
	"fmt"
	"math"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
)

// precision says how far the quantiles of the runs are from the exact ones. It
// is an error when that is farther than a bucket of their histogram is wide: of
// what is counted right, it would then have been counted in the wrong places.
//
//	scale 4   buckets 4.4 % wide   exact 1.02 s → 0.98 s to 1.06 s
func (r *report) precision(m metrics) (string, error) {
	var h *exphist.Histogram
	for _, l := range m.lines("none", "workflow_run_duration_seconds", r.Workflow) {
		h = l.seconds
	}
	if h == nil || h.Count() == 0 {
		return "", fmt.Errorf("the metrics are not what was sent: no histogram of the runs of %s", r.Workflow)
	}
	width := math.Exp2(math.Ldexp(1, -int(h.Scale()))) - 1
	var worst float64
	for i, exact := range []float64{r.RunSeconds.P50, r.RunSeconds.P90, r.RunSeconds.P95, r.RunSeconds.P99} {
		q := quantiles[i]
		off := math.Abs(h.Quantile(q)/exact - 1)
		if off > width {
			return "", fmt.Errorf("the metrics are not what was sent: p%g of the runs is %s, exactly %s", 100*q, seconds(h.Quantile(q)), seconds(exact))
		}
		worst = max(worst, off)
	}
	return fmt.Sprintf("p50 to p99 of the runs are off by at most %.1f %%; the buckets of their histogram are %.1f %% wide", 100*worst, 100*width), nil
}
