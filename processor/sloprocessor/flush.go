package sloprocessor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/internal/budgets"
	"github.com/tta-dev/otelcol-workflow/internal/slo"
)

func (p *sloProcessor) beat(ctx context.Context) {
	if err := p.flush(ctx, false); err != nil {
		p.log.Error("metrics were not taken", zap.Error(err))
	}
}

// drain sends the last interval on, twice, since a group that is new shows its zero first,
// and keeps everything.
func (p *sloProcessor) drain(ctx context.Context) error {
	if !p.isRunning() {
		return nil
	}
	err := errors.Join(p.flush(ctx, false), p.flush(ctx, true))
	p.flushing.Lock()
	defer p.flushing.Unlock()
	if p.shelf != nil {
		err = errors.Join(err, p.shelf.Close(ctx))
	}
	return err
}

func (p *sloProcessor) isRunning() bool {
	p.flushing.Lock()
	defer p.flushing.Unlock()
	return p.running
}

// flush writes down what happened since the last flush, keeps it, does it, and sends on how
// the SLOs fare: in this order, so that no crash takes back what was sent.
func (p *sloProcessor) flush(ctx context.Context, last bool) error {
	p.flushing.Lock()
	defer p.flushing.Unlock()
	now := time.Now()
	if !now.After(p.last) {
		now = p.last.Add(time.Millisecond) // the clock may stand still or step back
	}
	p.last = now
	whole := last || p.due || now.Sub(p.snapshot) >= snapshotEvery
	d, blurs := p.cut(ctx, now, whole)
	kept := p.keep(ctx, d, whole)
	s := newSheet(p.cfg.Emit, now)
	tally, err := p.book.Apply(d.record, kept, func(i int, g *budgets.Group, r *slo.Report) {
		s.show(p.agreements[i], g, r)
	})
	if err != nil {
		panic(fmt.Sprintf("a record of our own cannot be read: %v", err))
	}
	if tally.Changed {
		p.expect()
	}
	for i := range blurs {
		s.blurred(p.agreements[i], &blurs[i])
	}
	p.tel.book(ctx, &tally, p.book.Groups())
	p.warn(&tally, blurs, now)
	if s.md.DataPointCount() == 0 {
		return nil
	}
	if err := p.next.ConsumeMetrics(ctx, s.md); err != nil {
		p.tel.builder.ProcessorSloRefused.Add(ctx, 1)
		return err
	}
	return nil
}

// expect tells the intake which groups there are.
func (p *sloProcessor) expect() {
	p.taking.Lock()
	defer p.taking.Unlock()
	p.intake.batch.Expect(p.book)
}

// cut takes what was gathered since the last flush.
func (p *sloProcessor) cut(ctx context.Context, now time.Time, whole bool) (deed, []blur) {
	p.taking.Lock()
	defer p.taking.Unlock()
	in := p.intake
	add(ctx, p.tel.builder.ProcessorSloExpired, int64(in.meters.Expire(now.Add(-time.Duration(p.cfg.MaxStale)).UnixNano())))
	p.tel.builder.ProcessorSloStreams.Record(ctx, int64(in.meters.Len()))
	p.tel.tell(ctx, &in.census)
	d := deed{record: in.batch.AppendRecord(nil, p.book, now)}
	if whole {
		d.streams = in.meters.AppendAll(nil)
	} else {
		d.streams = in.meters.AppendChanged(nil)
	}
	return d, append([]blur(nil), in.blur...)
}
