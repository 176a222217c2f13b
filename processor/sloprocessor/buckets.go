package sloprocessor

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
)

func (in *intake) histogram(t pmetric.AggregationTemporality, dp pmetric.HistogramDataPoint, p *point) {
	if !in.temporality(t, p) {
		return
	}
	h := &in.explicit
	if err := in.histograms.Explicit(dp, h); err != nil {
		in.census.dropped[reasonInvalid]++
		return
	}
	verdict, ok := in.meters.Explicit(in.stream(p.attributes), p.Point, h, p.now.UnixNano())
	if in.counts(verdict, ok, p) {
		in.each(p, func(ind *indicator, b *blur, find finder) (slo.Counts, bool) {
			return in.cut(ind, b, find, func(threshold float64) slo.Cut {
				return ind.boundary.explicit.Explicit(h.Bounds(), h.Counts(), threshold)
			}, float64(h.Count()))
		})
	}
}

func (in *intake) exponentialHistogram(t pmetric.AggregationTemporality, dp pmetric.ExponentialHistogramDataPoint, p *point) {
	if !in.temporality(t, p) {
		return
	}
	h := in.exponential
	if err := in.histograms.Exponential(dp, h); err != nil {
		in.census.dropped[reasonInvalid]++
		return
	}
	verdict, ok := in.meters.Exponential(in.stream(p.attributes), p.Point, h, p.now.UnixNano())
	if in.counts(verdict, ok, p) {
		in.each(p, func(ind *indicator, b *blur, find finder) (slo.Counts, bool) {
			return in.cut(ind, b, find, func(threshold float64) slo.Cut {
				return ind.boundary.exponential.Exponential(h, h.ZeroThreshold(), threshold)
			}, float64(h.Count()))
		})
	}
}

// cut says how many events of a histogram are good. Where only their number matters it is
// taken for that of a sum.
func (in *intake) cut(ind *indicator, b *blur, find finder, at func(threshold float64) slo.Cut, count float64) (slo.Counts, bool) {
	switch ind.kind {
	case kindEvents:
		return ind.events(count, find), true
	case kindLatency:
		c := at(ind.threshold.Seconds() * in.seconds)
		b.total += c.Total
		b.uncertain += c.Uncertain
		if c.Uncertain > 0 {
			b.cut = c
		}
		return c.Counts(), in.seconds > 0
	case kindGauge, kindRatio:
	}
	return slo.Counts{}, false
}

// secondsIn returns how many of its units a second is, 0 where the metric is no duration.
// Metrics that were scraped often have no unit, but a name that ends with it.
func secondsIn(unit, name string) float64 {
	switch unit {
	case "s":
		return 1
	case "ms":
		return float64(time.Second / time.Millisecond)
	case "us":
		return float64(time.Second / time.Microsecond)
	case "ns":
		return float64(time.Second / time.Nanosecond)
	case "min":
		return 1 / time.Minute.Seconds()
	case "h":
		return 1 / time.Hour.Seconds()
	case "":
		if strings.HasSuffix(name, "_milliseconds") || strings.HasSuffix(name, "_ms") {
			return 1000
		}
		return 1
	}
	return 0
}
