package sloprocessor

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/tta-dev/otelcol-workflow/test/storagetest"
)

const benchGroups = 1000

// benchConfig is one SLO with default policies, over many groups.
func benchConfig(tb testing.TB) *Config {
	tb.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.MaxGroups = benchGroups
	cfg.SLOs = []SLOConfig{{
		Name: "success", Objective: "99%", GroupBy: []string{"workflow.name"},
		SLI: SLIConfig{Events: &EventsConfig{Metric: "runs", Good: Filter{"outcome": "success"}}},
	}}
	return cfg
}

// benchMetrics are the totals of two outcomes for each group.
func benchMetrics(tb testing.TB, n int) pmetric.Metrics {
	tb.Helper()
	md := pmetric.NewMetrics()
	m := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	m.SetName("runs")
	sum := m.SetEmptySum()
	sum.SetIsMonotonic(true)
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	for i := range benchGroups {
		for j, outcome := range []string{"success", "error"} {
			dp := sum.DataPoints().AppendEmpty()
			dp.Attributes().PutStr("workflow.name", fmt.Sprintf("workflow-%d", i))
			dp.Attributes().PutStr("outcome", outcome)
			dp.Attributes().PutStr("service.name", "shop")
			dp.SetDoubleValue(float64(n * (99 - 98*j)))
		}
	}
	return md
}

func restamp(md pmetric.Metrics, start, now time.Time, n int) {
	points := md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0).Sum().DataPoints()
	for i, dp := range points.All() {
		dp.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
		dp.SetTimestamp(pcommon.NewTimestampFromTime(now))
		dp.SetDoubleValue(float64(n * (99 - 98*(i%2))))
	}
}

func benchProcessor(b *testing.B, cfg *Config, next consumer.Metrics, host component.Host) *sloProcessor {
	b.Helper()
	p, err := newProcessor(processortest.NewNopSettings(component.MustNewType("slo")), cfg, next)
	require.NoError(b, err)
	cfg.FlushInterval = Duration(time.Hour) // the benchmark flushes
	require.NoError(b, p.Start(b.Context(), host))
	b.Cleanup(func() { require.NoError(b, p.Shutdown(context.WithoutCancel(b.Context()))) })
	return p
}

// BenchmarkConsume gives the time of a data point.
func BenchmarkConsume(b *testing.B) {
	p := benchProcessor(b, benchConfig(b), consumertest.NewNop(), componenttest.NewNopHost())
	md := benchMetrics(b, 1)
	start := time.Now()
	n := 0
	for b.Loop() {
		n++
		restamp(md, start, start.Add(time.Duration(n)*time.Millisecond), n)
		require.NoError(b, p.ConsumeMetrics(b.Context(), md))
		if n%100 == 0 {
			p.intake.batch.AppendRecord(nil, p.book, time.Now())
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*2*benchGroups), "ns/point")
}

// BenchmarkFlush gives the time of a flush of 1,000 groups that all had news: without
// storage, with the file storage of the Collector, with fsync as well, and of a snapshot.
func BenchmarkFlush(b *testing.B) {
	for _, tc := range []struct {
		name        string
		kept, fsync bool
		snapshot    bool
	}{
		{name: "memory"},
		{name: "file", kept: true},
		{name: "fsync", kept: true, fsync: true},
		{name: "snapshot", kept: true, fsync: true, snapshot: true},
	} {
		b.Run(tc.name, func(b *testing.B) {
			cfg := benchConfig(b)
			h := storagetest.Host{}
			written := &counting{}
			if tc.kept {
				id := component.MustNewID("file_storage")
				cfg.Storage = &id
				written.Extension = storagetest.File(b, b.TempDir(), tc.fsync)
				h[id] = written
			}
			p := benchProcessor(b, cfg, consumertest.NewNop(), h)
			md := benchMetrics(b, 1)
			start := time.Now()
			n := 0
			flush := func() {
				n++
				restamp(md, start, time.Now(), n)
				require.NoError(b, p.ConsumeMetrics(b.Context(), md))
				b.StartTimer()
				p.due = tc.snapshot
				require.NoError(b, p.flush(b.Context(), false))
				b.StopTimer()
			}
			b.StopTimer()
			flush()
			flush()
			b.ResetTimer()
			written.bytes = 0
			for range b.N {
				flush()
			}
			b.ReportMetric(float64(written.bytes)/float64(b.N*benchGroups), "bytes/group")
		})
	}
}

// BenchmarkMemory gives what a group takes, streams included.
func BenchmarkMemory(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		p := benchProcessor(b, benchConfig(b), consumertest.NewNop(), componenttest.NewNopHost())
		md := benchMetrics(b, 1)
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		for n := range 3 {
			restamp(md, start, time.Now(), n)
			require.NoError(b, p.ConsumeMetrics(b.Context(), md))
			require.NoError(b, p.flush(b.Context(), false))
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(p)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/benchGroups, "bytes/group")
}

// counting counts what is written to a storage.
type counting struct {
	storage.Extension
	bytes int
}

func (c *counting) GetClient(ctx context.Context, k component.Kind, id component.ID, name string) (storage.Client, error) {
	client, err := c.Extension.GetClient(ctx, k, id, name)
	return &countingClient{client, c}, err
}

type countingClient struct {
	storage.Client
	of *counting
}

func (c *countingClient) Batch(ctx context.Context, ops ...*storage.Operation) error {
	for _, op := range ops {
		c.of.bytes += len(op.Value)
	}
	return c.Client.Batch(ctx, ops...)
}
