package percentileprocessor

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/glob"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/percentile"
)

// scratch is the memory that a batch is taken in with.
type scratch struct {
	*percentiles
	now      time.Time
	census   census
	full     bool // max_series was reached, for the first time
	work     *percentile.Scratch
	identity otlp.Identity
	reader   otlp.Histograms
	matches  []int                      // numbers of the rules that match a metric
	shrunk   map[int]*exphist.Histogram // by max_size
}

func (p *percentiles) newScratch() *scratch {
	return &scratch{percentiles: p, work: percentile.NewScratch(), shrunk: make(map[int]*exphist.Histogram)}
}

func (s *scratch) begin(now time.Time) {
	s.now, s.census, s.full = now, census{}, false
}

// batch takes every histogram in, and drops or shrinks those that are to be.
func (s *scratch) batch(md pmetric.Metrics) {
	for _, rm := range md.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			s.identity.Scope(rm.Resource(), sm.Scope())
			for _, m := range sm.Metrics().All() {
				s.metric(m)
			}
			if s.cfg.mutates() {
				sm.Metrics().RemoveIf(s.drops)
			}
		}
		if s.cfg.mutates() {
			rm.ScopeMetrics().RemoveIf(func(sm pmetric.ScopeMetrics) bool { return sm.Metrics().Len() == 0 })
		}
	}
	if s.cfg.mutates() {
		md.ResourceMetrics().RemoveIf(func(rm pmetric.ResourceMetrics) bool { return rm.ScopeMetrics().Len() == 0 })
	}
}

func (s *scratch) metric(m pmetric.Metric) {
	switch m.Type() {
	case pmetric.MetricTypeExponentialHistogram:
		if s.match(m) {
			s.exponential(m.ExponentialHistogram())
		}
	case pmetric.MetricTypeHistogram:
		if s.match(m) {
			s.explicit(m.Histogram())
		}
	default:
	}
}

// match finds the rules for a metric.
func (s *scratch) match(m pmetric.Metric) bool {
	s.matches = s.matches[:0]
	for i := range s.rules {
		if glob.Match(s.rules[i].Metric, m.Name()) {
			s.matches = append(s.matches, i)
		}
	}
	s.identity.Metric(m)
	return len(s.matches) > 0
}

func (s *scratch) exponential(h pmetric.ExponentialHistogram) {
	maxSize := s.maxSize()
	for _, dp := range h.DataPoints().All() {
		p, ok := pointOf(s, dp, h.AggregationTemporality())
		if !ok {
			continue
		}
		if s.reader.Exponential(dp, s.work.Exponential()) != nil {
			s.census.points[percentile.Malformed]++
			continue
		}
		if maxSize > 0 {
			s.shrink(dp, maxSize)
		}
		p.Stream = s.identity.Point(dp.Attributes())
		s.count(&p)
	}
}

func (s *scratch) explicit(h pmetric.Histogram) {
	for _, dp := range h.DataPoints().All() {
		p, ok := pointOf(s, dp, h.AggregationTemporality())
		if !ok {
			continue
		}
		if s.reader.Explicit(dp, s.work.Explicit()) != nil {
			s.census.points[percentile.Malformed]++
			continue
		}
		p.Kind = percentile.Explicit
		p.Stream = s.identity.Point(dp.Attributes())
		s.count(&p)
	}
}

// dataPoint is that of a histogram.
type dataPoint interface {
	otlp.Timed
	Flags() pmetric.DataPointFlags
}

// pointOf reads what a data point says beside its value. It is not ok, and is counted, if
// there is nothing to count. An interface instead of the type parameter would allocate.
func pointOf[P dataPoint](s *scratch, dp P, t pmetric.AggregationTemporality) (p percentile.Point, ok bool) {
	times, timed := otlp.TimesOf(dp)
	switch {
	case dp.Flags().NoRecordedValue():
		s.census.points[percentile.Missing]++
		return p, false
	case !timed || t == pmetric.AggregationTemporalityUnspecified:
		s.census.points[percentile.Malformed]++
		return p, false
	}
	return percentile.Point{Delta: t == pmetric.AggregationTemporalityDelta, Times: times}, true
}

// count counts a point for each rule that matches. It is counted if any takes it.
func (s *scratch) count(p *percentile.Point) {
	increment, outcome := s.board.Decode(p, s.now, s.work)
	if outcome.Counts() {
		if booked := s.book(increment); !booked.Counts() {
			outcome = booked
		}
	}
	s.census.points[outcome]++
}

// book counts an increment in its group of each rule and returns the best outcome.
func (s *scratch) book(i percentile.Increment) percentile.Outcome {
	best := percentile.OutcomeCount
	for _, number := range s.matches {
		r := s.board.Add(s.identity.Group(&s.rules[number], number), i, s.now, s.work)
		best = min(best, r.Outcome)
		s.full = s.full || r.First
		if r.Ahead {
			s.census.ahead++
		}
	}
	return best
}

// maxSize returns the smallest max_size of the rules that match, 0 if none has any.
func (s *scratch) maxSize() (size int) {
	for _, number := range s.matches {
		if n := s.cfg.Rules[number].KeepOriginal.MaxSize; n > 0 && (size == 0 || n < size) {
			size = n
		}
	}
	return size
}

// shrink lowers the scale of a data point, which is loaded, to have at most maxSize
// buckets of each sign.
func (s *scratch) shrink(dp pmetric.ExponentialHistogramDataPoint, maxSize int) {
	if max(dp.Positive().BucketCounts().Len(), dp.Negative().BucketCounts().Len()) <= maxSize {
		return
	}
	small := s.shrunk[maxSize]
	if small == nil {
		small = exphist.New(maxSize)
		s.shrunk[maxSize] = small
	}
	small.Reset()
	small.Merge(s.work.Exponential())
	s.reader.Put(small, dp)
}

// drops tells whether a metric is not to be passed on.
func (s *scratch) drops(m pmetric.Metric) bool {
	switch m.Type() {
	case pmetric.MetricTypeExponentialHistogram, pmetric.MetricTypeHistogram:
	default:
		return false
	}
	s.match(m)
	for _, number := range s.matches {
		if s.cfg.Rules[number].KeepOriginal.dropped {
			return true
		}
	}
	return false
}
