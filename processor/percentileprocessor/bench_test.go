package percentileprocessor

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/processor/percentileprocessor/internal/metadata"
)

func idle(b *testing.B, change func(*Config)) *percentiles {
	b.Helper()
	cfg := createDefaultConfig().(*Config)
	change(cfg)
	p, err := newProcessor(processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.NoError(b, err)
	return p
}

// fleet is a batch of one histogram of many streams, each a group, with lognormal
// durations as the connector keeps them.
type fleet struct {
	md   pmetric.Metrics
	hist *exphist.Histogram
	rnd  *rand.Rand
	now  time.Time
}

func newFleet(streams, values int) *fleet {
	f := &fleet{md: pmetric.NewMetrics(), hist: exphist.New(1280), rnd: rand.New(rand.NewPCG(1, 2)), now: time.Now().Add(-time.Hour)}
	rm := f.md.ResourceMetrics().AppendEmpty()
	rm.Resource().Attributes().PutStr("service.name", "support-agent")
	m := rm.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	m.SetName("workflow.step.duration")
	m.SetUnit("s")
	h := m.SetEmptyExponentialHistogram()
	h.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	for i := range streams {
		dp := h.DataPoints().AppendEmpty()
		dp.Attributes().PutStr("workflow.name", "support")
		dp.Attributes().PutStr("workflow.step.name", fmt.Sprintf("step-%d", i))
		dp.Attributes().PutStr("workflow.step.kind", "task")
		dp.Attributes().PutStr("workflow.outcome", "success")
		dp.SetStartTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(time.Minute)))
	}
	f.grow(values)
	return f
}

// grow adds values to each histogram, at 15 s after the last ones.
func (f *fleet) grow(values int) {
	for range values {
		f.hist.Add(math.Exp(f.rnd.NormFloat64()))
	}
	f.now = f.now.Add(15 * time.Second)
	for _, dp := range f.points() {
		dp.SetTimestamp(pcommon.NewTimestampFromTime(f.now))
		dp.SetStartTimestamp(1)
		dp.SetScale(f.hist.Scale())
		dp.Positive().SetOffset(f.hist.Positive().Offset())
		dp.Positive().BucketCounts().FromRaw(f.hist.Positive().AppendTo(nil))
	}
}

func (f *fleet) points() []pmetric.ExponentialHistogramDataPoint {
	var all []pmetric.ExponentialHistogramDataPoint
	h := f.md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0).ExponentialHistogram()
	for _, dp := range h.DataPoints().All() {
		all = append(all, dp)
	}
	return all
}

// touch adds values to each histogram, at a millisecond after the last ones.
func (f *fleet) touch(points []pmetric.ExponentialHistogramDataPoint, n uint64) {
	f.now = f.now.Add(time.Millisecond)
	for _, dp := range points {
		dp.SetTimestamp(pcommon.NewTimestampFromTime(f.now))
		counts := dp.Positive().BucketCounts()
		at := counts.Len() / 2
		counts.SetAt(at, counts.At(at)+n)
	}
}

const benchStreams = 100

// BenchmarkConsume takes in data points of known series, histograms of 1000 values in
// some 1100 buckets, to which each adds values or nothing.
func BenchmarkConsume(b *testing.B) {
	for name, added := range map[string]uint64{"one value more": 1, "nothing new": 0} {
		b.Run(name, func(b *testing.B) {
			p := idle(b, defaults)
			f := newFleet(benchStreams, 1000)
			points := f.points()
			for range 2 {
				require.NoError(b, p.ConsumeMetrics(b.Context(), f.md))
				f.touch(points, 1)
			}
			b.ReportAllocs()
			var n int
			for b.Loop() {
				f.touch(points, added)
				if err := p.ConsumeMetrics(b.Context(), f.md); err != nil {
					b.Fatal(err)
				}
				n += benchStreams
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/point")
			b.ReportMetric(float64(points[0].Positive().BucketCounts().Len()), "buckets")
		})
	}
}

// BenchmarkFlush tells the quantiles of series with full windows.
func BenchmarkFlush(b *testing.B) {
	p := idle(b, defaults)
	f := newFleet(benchStreams, 1000)
	for range 30 {
		require.NoError(b, p.ConsumeMetrics(b.Context(), f.md))
		f.grow(20)
	}
	b.ReportAllocs()
	var n int
	for b.Loop() {
		if err := p.flush(b.Context()); err != nil {
			b.Fatal(err)
		}
		n += benchStreams
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/series")
}

// BenchmarkMemory tells how many bytes a stream and a series with a window of 5 minutes
// take, with some values or many in each sub-window.
func BenchmarkMemory(b *testing.B) {
	for _, values := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("values=%d", values), func(b *testing.B) {
			const streams = 500
			var kept uint64
			var buckets int
			for b.Loop() {
				p := idle(b, defaults)
				f := newFleet(streams, values)
				for range 22 {
					require.NoError(b, p.ConsumeMetrics(b.Context(), f.md))
					f.grow(values)
				}
				buckets = f.hist.Positive().Len()
				require.Equal(b, streams, p.board.Groups())
				with := inUse()
				runtime.KeepAlive(p)
				p = nil
				kept += with - inUse()
				runtime.KeepAlive(f)
			}
			b.ReportMetric(float64(kept)/float64(b.N)/streams, "B/series")
			b.ReportMetric(float64(buckets), "buckets")
		})
	}
}

// inUse collects twice: a sync.Pool keeps what it has over one collection.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
