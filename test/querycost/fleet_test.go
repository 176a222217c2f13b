package querycost

import (
	"context"
	"fmt"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/util/annotations"
)

// A fleet of five collectors sees a hundred workflows, whose runs end in two ways: 1,000
// series of every counter and histogram.
const (
	workflows  = 100
	collectors = 5
)

var (
	outcomes = []string{"success", "error"}
	counters = []string{
		"workflow_runs_total", "workflow_steps_total", "workflow_recoveries_total", "workflow_cache_requests_total",
		"workflow_calls_total", "workflow_calls_unpriced_total", "workflow_tokens_total",
		"workflow_cost_usd_total", "workflow_savings_usd_total", "workflow_extra_cost_usd_total",
	}
	histograms = []string{
		"workflow_run_duration_seconds", "workflow_step_duration_seconds", "workflow_call_duration_seconds", "workflow_run_cost_usd",
	}
)

// scraped is the scrape interval, in milliseconds.
const scraped = 15_000

// fleet is a storage that makes its samples up when they are read: a month of them would
// not fit anywhere. Every series has always been there.
type fleet struct {
	storage.LabelQuerier
	series map[string][]storage.Series // by name
}

// add adds a series of floats, or of native histograms if h is not nil.
func (f *fleet) add(name string, h *histogram.FloatHistogram, pairs ...string) {
	f.series[name] = append(f.series[name], &storage.SeriesEntry{
		Lset:             labels.FromStrings(append(slices.Clone(pairs), model.MetricNameLabel, name)...),
		SampleIteratorFn: func(chunkenc.Iterator) chunkenc.Iterator { return &samples{histogram: h, at: -scraped} },
	})
}

// Querier implements [storage.Queryable].
func (f *fleet) Querier(int64, int64) (storage.Querier, error) { return f, nil }

// Close does nothing.
func (*fleet) Close() error { return nil }

// Select implements [storage.Querier].
func (f *fleet) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	set := &seriesSet{at: -1}
	for _, m := range matchers {
		if m.Name == model.MetricNameLabel {
			set.series = slices.Clone(f.series[m.Value])
		}
	}
	set.series = slices.DeleteFunc(set.series, func(s storage.Series) bool {
		return slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(s.Labels().Get(m.Name)) })
	})
	return set
}

// seriesSet implements [storage.SeriesSet].
type seriesSet struct {
	series []storage.Series
	at     int
}

// Next implements [storage.SeriesSet].
func (s *seriesSet) Next() bool { s.at++; return s.at < len(s.series) }

// At implements [storage.SeriesSet].
func (s *seriesSet) At() storage.Series { return s.series[s.at] }

// Err implements [storage.SeriesSet].
func (*seriesSet) Err() error { return nil }

// Warnings implements [storage.SeriesSet].
func (*seriesSet) Warnings() annotations.Annotations { return nil }

// samples are those of one series, one each scrape since 1970. A float grows by one.
type samples struct {
	histogram *histogram.FloatHistogram
	at        int64
}

// Next implements [chunkenc.Iterator].
func (s *samples) Next() chunkenc.ValueType { return s.Seek(s.at + 1) }

// Seek implements [chunkenc.Iterator].
//
//nolint:govet // it is no io.Seeker
func (s *samples) Seek(t int64) chunkenc.ValueType {
	s.at = max(s.at, (t+scraped-1)/scraped*scraped)
	if s.histogram != nil {
		return chunkenc.ValFloatHistogram
	}
	return chunkenc.ValFloat
}

// At implements [chunkenc.Iterator].
func (s *samples) At() (int64, float64) { return s.at, float64(s.at / scraped) }

// AtHistogram is never asked for.
func (*samples) AtHistogram(*histogram.Histogram) (int64, *histogram.Histogram) { return 0, nil }

// AtFloatHistogram implements [chunkenc.Iterator].
func (s *samples) AtFloatHistogram(into *histogram.FloatHistogram) (int64, *histogram.FloatHistogram) {
	if into == nil {
		return s.at, s.histogram.Copy()
	}
	s.histogram.CopyTo(into)
	return s.at, into
}

// AtT implements [chunkenc.Iterator].
func (s *samples) AtT() int64 { return s.at }

// AtST implements [chunkenc.Iterator].
func (*samples) AtST() int64 { return 0 }

// Err implements [chunkenc.Iterator].
func (*samples) Err() error { return nil }

// newFleet returns the series of ours, and of the seed where they are of the same things.
func newFleet() *fleet {
	f := &fleet{series: make(map[string][]storage.Series)}
	seconds := latencies()
	for w := range workflows {
		workflow := fmt.Sprintf("w%02d", w)
		for c := range collectors {
			instance := fmt.Sprintf("c%d", c)
			for _, outcome := range outcomes {
				ours := []string{"instance", instance, "workflow_name", workflow, "workflow_outcome", outcome}
				theirs := []string{"instance", instance, "primitive_name", workflow, "primitive_type", "Sequential"}
				f.add("primitive_requests_total", nil, append(theirs, "status", outcome)...)
				for _, le := range []string{"0.001", "0.01", "0.1", "0.5", "1", "5", "10", "30", "60", "+Inf"} {
					// Theirs have no outcome; as many series as ours are compared.
					f.add("primitive_duration_seconds_bucket", nil, append(theirs, "le", le, "status", outcome)...)
				}
				for _, name := range []string{"cost_total", "cost_savings_total"} {
					f.add("primitive_"+name, nil, append(theirs, "operation", outcome)...)
				}
				for _, name := range counters {
					f.add(name, nil, ours...)
				}
				for _, name := range histograms {
					f.add(name, seconds, ours...)
				}
			}
			f.addGauges(instance, workflow)
		}
	}
	return f
}

// addGauges adds what a collector tells of a workflow.
func (f *fleet) addGauges(instance, workflow string) {
	ours := []string{"instance", instance, "workflow_name", workflow}
	theirs := []string{"instance", instance, "primitive_name", workflow}
	for _, name := range []string{"slo_compliance", "error_budget_remaining", "active_requests", "requests_per_second"} {
		f.add("primitive_"+name, nil, theirs...)
	}
	f.add("workflow_runs_active", nil, ours...)
	for _, quantile := range []string{"0.5", "0.9", "0.95", "0.99"} {
		f.add("workflow_run_duration_quantile_seconds", nil, append(ours, "quantile", quantile)...)
	}
	ours = append(ours, "slo_name", "run-success")
	for _, name := range []string{"slo_objective_ratio", "slo_error_budget_ratio", "slo_period_seconds", "slo_error_budget_remaining_ratio"} {
		f.add(name, nil, ours...)
	}
	for _, window := range []string{"5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"} {
		for _, name := range []string{"slo_coverage_ratio", "slo_burn_rate", "slo_sli_ratio"} {
			f.add(name, nil, append(ours, "slo_window", window)...)
		}
		for _, outcome := range []string{"good", "bad"} {
			f.add("slo_window_events", nil, append(ours, "slo_window", window, "slo_outcome", outcome)...)
		}
	}
}

// latencies is a histogram as the presets pass it to Prometheus: at most 160 buckets, here
// 32 for each power of two from a quarter of a second to 4.
func latencies() *histogram.FloatHistogram {
	h := &histogram.FloatHistogram{
		Schema: 5, Count: 128, Sum: 128,
		PositiveSpans: []histogram.Span{{Offset: -63, Length: 128}},
	}
	for range 128 {
		h.PositiveBuckets = append(h.PositiveBuckets, 1)
	}
	return h
}
