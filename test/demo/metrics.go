package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// metrics are the families of one scrape by name.
type metrics map[string]*dto.MetricFamily

// scrape reads the metrics as protobuf: the text format has no native histograms.
func scrape(ctx context.Context, url string) (metrics, error) {
	format := expfmt.NewFormat(expfmt.TypeProtoDelim)
	resp, err := rig.Get(ctx, url, string(format))
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return decode(resp.Body, expfmt.ResponseFormat(resp.Header))
}

func decode(r io.Reader, format expfmt.Format) (metrics, error) {
	m := make(metrics)
	for d := expfmt.NewDecoder(r, format); ; {
		family := &dto.MetricFamily{}
		switch err := d.Decode(family); {
		case errors.Is(err, io.EOF):
			return m, nil
		case err != nil:
			return nil, err
		}
		m[family.GetName()] = family
	}
}

// labels are those of one series.
type labels map[string]string

// each calls fn for each series of a family.
func (m metrics) each(family string, fn func(labels, *dto.Metric)) {
	for _, metric := range m[family].GetMetric() {
		l := make(labels)
		for _, pair := range metric.GetLabel() {
			l[pair.GetName()] = pair.GetValue()
		}
		fn(l, metric)
	}
}

// pick joins the values of some labels, without those that are empty.
func (l labels) pick(names []string) string {
	var values []string
	for _, name := range names {
		if l[name] != "" {
			values = append(values, l[name])
		}
	}
	return strings.Join(values, " ")
}

// failed reports whether the series counts what went wrong; to be cancelled is not that.
func (l labels) failed() bool {
	return l["workflow_outcome"] == "error" || l["workflow_outcome"] == "timeout"
}

// value is that of a counter or gauge, or the number of values in a histogram.
func value(m *dto.Metric) float64 {
	if m.GetHistogram() != nil {
		return float64(m.GetHistogram().GetSampleCount())
	}
	return m.GetCounter().GetValue() + m.GetGauge().GetValue()
}

// line is what a table says of a workflow, a step or a kind of call.
type line struct {
	name          string
	count, failed float64
	seconds       *exphist.Histogram // nil without durations
	told          map[string]float64 // quantiles of the last minutes, by label
}

// lines returns the series of a workflow in a counter and a histogram of
// durations, added up by labels and in the order of their values, and the
// gauges of their quantiles.
func (m metrics) lines(counter, durations, workflow string, by ...string) []line {
	all := make(map[string]*line)
	at := func(l labels) *line {
		name := l.pick(by)
		if all[name] == nil {
			all[name] = &line{name: name}
		}
		return all[name]
	}
	m.each(counter, func(l labels, metric *dto.Metric) {
		if l["workflow_name"] != workflow {
			return
		}
		at(l).count += value(metric)
		if l.failed() {
			at(l).failed += value(metric)
		}
	})
	m.each(durations, func(l labels, metric *dto.Metric) {
		if h, err := native(metric.GetHistogram()); err == nil && l["workflow_name"] == workflow {
			at(l).add(h)
		}
	})
	m.each(strings.Replace(durations, "_duration_", "_duration_quantile_", 1), func(l labels, metric *dto.Metric) {
		if l["workflow_name"] == workflow && metric.GetGauge() != nil {
			at(l).tell(l["quantile"], value(metric))
		}
	})
	var lines []line
	for _, name := range slices.Sorted(maps.Keys(all)) {
		lines = append(lines, *all[name])
	}
	return lines
}

// tell keeps a quantile. Of several series there is none: quantiles do not add up.
func (l *line) tell(quantile string, v float64) {
	if l.told == nil {
		l.told = make(map[string]float64)
	}
	if _, several := l.told[quantile]; several {
		v = math.NaN()
	}
	l.told[quantile] = v
}

func (l *line) add(h *exphist.Histogram) {
	if l.seconds == nil {
		l.seconds = h
		return
	}
	l.seconds.Merge(h)
}

// native reads a native histogram. Its bucket i ends where ours i-1 does:
//
//	schema 0   span offset 1, length 2   deltas +3 -2
//	           bucket 1 (1, 2] 3 values  bucket 2 (2, 4] 1 value
//	exphist    bucket 0 (1, 2] 3 values  bucket 1 (2, 4] 1 value
func native(h *dto.Histogram) (*exphist.Histogram, error) {
	positive, first := dense(h.GetPositiveSpan(), h.GetPositiveDelta())
	negative, firstNegative := dense(h.GetNegativeSpan(), h.GetNegativeDelta())
	return exphist.FromParts(exphist.DefaultMaxSize, exphist.Parts{
		Scale:          h.GetSchema(),
		ZeroCount:      h.GetZeroCount(),
		Positive:       positive,
		PositiveOffset: first - 1,
		Negative:       negative,
		NegativeOffset: firstNegative - 1,
		Sum:            h.GetSampleSum(),
		Min:            math.NaN(),
		Max:            math.NaN(),
	})
}

// dense turns spans of deltas into counts of consecutive buckets from first on.
func dense(spans []*dto.BucketSpan, deltas []int64) (counts []uint64, first int32) {
	var count int64
	for i, span := range spans {
		if i == 0 {
			first = span.GetOffset()
		} else {
			counts = append(counts, make([]uint64, span.GetOffset())...)
		}
		for range span.GetLength() {
			count += deltas[0]
			deltas = deltas[1:]
			counts = append(counts, uint64(count))
		}
	}
	return counts, first
}
