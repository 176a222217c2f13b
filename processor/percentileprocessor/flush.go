package percentileprocessor

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/processor/percentileprocessor/internal/metadata"
)

func (p *percentiles) beat(ctx context.Context) {
	streams, groups := p.board.Expire(time.Now())
	p.tel.builder.ProcessorPercentileExpired.Add(ctx, int64(streams+groups))
	if err := p.flush(ctx); err != nil {
		p.log.Error("quantiles were not taken", zap.Error(err))
	}
}

// flush sends the quantiles of every window on that has enough values.
func (p *percentiles) flush(ctx context.Context) error {
	p.flushing.Lock()
	defer p.flushing.Unlock()
	s := p.scratches.Get().(*scratch)
	defer p.scratches.Put(s)
	now := time.Now()
	md := pmetric.NewMetrics()
	w := otlp.NewEstimates(md, metadata.ScopeName, now)
	p.board.Collect(now, s.work, w.Write)
	if md.MetricCount() == 0 {
		return nil
	}
	n := md.DataPointCount()
	err := p.next.ConsumeMetrics(ctx, md)
	if err != nil {
		p.tel.builder.ProcessorPercentileLost.Add(ctx, int64(n))
	}
	return err
}
