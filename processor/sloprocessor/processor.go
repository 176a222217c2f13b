package sloprocessor

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor"
	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/internal/budgets"
	"github.com/tta-dev/otelcol-workflow/internal/journal"
	"github.com/tta-dev/otelcol-workflow/internal/shelf"
	"github.com/tta-dev/otelcol-workflow/internal/worker"
)

// sloProcessor reads the metrics that pass, in as many goroutines as bring them. One
// goroutine of its own sends on how the SLOs fare.
type sloProcessor struct {
	cfg        *Config
	id         component.ID
	log        *zap.Logger
	tel        *telemetry
	next       consumer.Metrics
	agreements []*agreement

	taking sync.Mutex // guards intake
	intake *intake

	flushing sync.Mutex // guards everything down to running
	book     *budgets.Book
	shelf    *shelf.Shelf     // nil without storage
	journal  *journal.Journal // nil without storage
	started  time.Time
	last     time.Time // of the flushes
	snapshot time.Time // when the last one was made
	due      bool      // a snapshot is, since a record could not be kept
	failing  bool      // to keep state, which has been said
	strange  int       // accounts that were kept of SLOs that are no more
	told     told
	running  bool

	worker worker.Worker
}

func newProcessor(set processor.Settings, cfg *Config, next consumer.Metrics) (*sloProcessor, error) {
	agreed, err := cfg.compile()
	if err != nil {
		return nil, err
	}
	tel, err := newTelemetry(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	now, agreements := time.Now(), agreed.agreements
	p := &sloProcessor{
		cfg: cfg, id: set.ID, log: set.Logger, tel: tel, next: next, agreements: agreements,
		intake: newIntake(agreements, int(cfg.MaxStreams), int(cfg.MaxGroups), now),
		book:   budgets.NewBook(booked(agreements), int(cfg.MaxGroups)),
		last:   now, started: now,
		told: newTold(len(agreements)),
	}
	for _, object := range agreed.ignored {
		p.log.Info("the object of an OpenSLO file is of no consequence here: " + object)
	}
	for _, a := range agreements {
		for _, warning := range a.warnings {
			p.log.Warn(warning)
		}
	}
	return p, nil
}

func booked(agreements []*agreement) []budgets.SLO {
	out := make([]budgets.SLO, len(agreements))
	for i, a := range agreements {
		out[i] = budgets.SLO{ID: a.state(), Plan: a.plan, Grouped: len(a.groupBy) > 0}
	}
	return out
}

// Capabilities says that metrics are only read.
func (*sloProcessor) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// Start finds the state of the process before and begins to send metrics on. State that is
// damaged is no reason not to start; a storage extension that is not there is.
func (p *sloProcessor) Start(ctx context.Context, host component.Host) error {
	p.flushing.Lock()
	defer p.flushing.Unlock()
	if err := p.recall(ctx, host); err != nil {
		return err
	}
	p.book.Begin(p.last)
	p.running = true
	p.worker.Start(time.Duration(p.cfg.FlushInterval), p.beat)
	return nil
}

// recall restores the state, if there is a storage that keeps any.
func (p *sloProcessor) recall(ctx context.Context, host component.Host) error {
	if p.cfg.Storage == nil {
		p.log.Warn("no storage is set: state is lost at restart; budgets restart at 100 %")
		return nil
	}
	extension, err := shelf.Find(host, *p.cfg.Storage)
	if err != nil {
		return err
	}
	if p.shelf, err = shelf.Open(ctx, extension, p.id); err != nil {
		p.log.Error("the storage cannot be opened: state is lost at restart; budgets restart at 100 %", zap.Error(err))
		return nil
	}
	p.taking.Lock()
	defer p.taking.Unlock()
	var kept *journal.Recovery
	p.journal, kept = journal.Open(ctx, p.shelf, uint64(p.last.UnixNano()))
	if err := p.restore(kept, p.last); err != nil {
		p.log.Error("some state could not be restored: what cannot be read is left out, and counters begin anew", zap.Error(err))
		p.book.Restart(p.last)
	}
	if p.strange > 0 {
		p.log.Info("state of SLOs that are no more, or were changed, is dropped", zap.Int("groups", p.strange))
	}
	p.intake.batch.Expect(p.book)
	p.due = true
	return nil
}

// ConsumeMetrics reads the metrics and passes them on as they are.
func (p *sloProcessor) ConsumeMetrics(ctx context.Context, md pmetric.Metrics) error {
	p.taking.Lock()
	p.intake.take(md, time.Now())
	p.taking.Unlock()
	return p.next.ConsumeMetrics(ctx, md)
}

// Shutdown sends on and keeps what there is. It returns at the latest when ctx is done, and
// says so if something is still being sent then.
func (p *sloProcessor) Shutdown(ctx context.Context) error {
	return p.worker.Shutdown(ctx, func(ctx context.Context) error {
		defer p.tel.builder.Shutdown()
		return p.drain(ctx)
	})
}
