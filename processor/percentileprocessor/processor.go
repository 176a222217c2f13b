package percentileprocessor

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor"
	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/internal/percentile"
	"github.com/tta-dev/otelcol-workflow/internal/worker"
)

// percentiles is the processor. Batches are taken in by as many goroutines as bring them;
// one goroutine of its own sends the quantiles on.
type percentiles struct {
	cfg       *Config
	log       *zap.Logger
	next      consumer.Metrics
	tel       *telemetry
	rules     []percentile.Rule
	board     *percentile.Board
	scratches sync.Pool

	flushing sync.Mutex // guards the order of what is sent on
	worker   worker.Worker
}

func newProcessor(set processor.Settings, cfg *Config, next consumer.Metrics) (*percentiles, error) {
	o := cfg.options()
	p := &percentiles{
		cfg: cfg, log: set.Logger, next: next, rules: o.Rules,
		board: percentile.NewBoard(o, time.Now()),
	}
	p.scratches.New = func() any { return p.newScratch() }
	var err error
	p.tel, err = newTelemetry(set.TelemetrySettings, p.board)
	return p, err
}

// Capabilities says whether histograms are changed before they are passed on.
func (p *percentiles) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: p.cfg.mutates()}
}

// Start begins to send quantiles on.
func (p *percentiles) Start(context.Context, component.Host) error {
	p.worker.Start(time.Duration(p.cfg.FlushInterval), p.beat)
	return nil
}

// ConsumeMetrics takes the histograms in and passes the batch on. What cannot be read is
// passed on as it came, and counted.
func (p *percentiles) ConsumeMetrics(ctx context.Context, md pmetric.Metrics) error {
	p.take(ctx, md)
	if p.cfg.mutates() && md.MetricCount() == 0 {
		return nil
	}
	return p.next.ConsumeMetrics(ctx, md)
}

func (p *percentiles) take(ctx context.Context, md pmetric.Metrics) {
	s := p.scratches.Get().(*scratch)
	defer p.scratches.Put(s)
	s.begin(time.Now())
	s.batch(md)
	p.tel.tell(ctx, &s.census)
	if s.full {
		p.log.Warn("max_series is reached: new series are folded into overflow series",
			zap.Int("max_series", int(p.cfg.MaxSeries)))
	}
}

// Shutdown stops and sends the last quantiles on. It returns at the latest when ctx is
// done, and says so if something is still being sent then.
func (p *percentiles) Shutdown(ctx context.Context) error {
	return p.worker.Shutdown(ctx, func(ctx context.Context) error {
		defer p.tel.builder.Shutdown()
		return p.flush(ctx)
	})
}
