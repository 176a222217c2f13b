package costprocessor

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/worker"
)

// costProcessor writes prices on spans. Batches are priced by as many goroutines as bring
// them; one goroutine of its own looks at the price files, another keeps what was spent.
type costProcessor struct {
	cfg     *Config
	id      component.ID
	log     *zap.Logger
	next    consumer.Traces
	tel     *telemetry
	lexicon *flow.Lexicon
	markers *markers
	flags   flags
	store   *cost.Store
	memory  *memory
	misses  *means

	budgets  []budget
	overTime bool // some budget has a ledger

	scratches sync.Pool

	worker worker.Worker
	keeper keeper
}

func newProcessor(set processor.Settings, cfg *Config, next consumer.Traces) (*costProcessor, error) {
	store, warnings, err := cost.NewStore(cfg.settings(), cfg.Catalog.Files)
	if err != nil {
		return nil, err
	}
	p := &costProcessor{
		cfg:     cfg,
		id:      set.ID,
		log:     set.Logger,
		next:    next,
		lexicon: flow.NewLexicon(cfg.ReportedCostAttributes...),
		markers: cfg.markers(),
		store:   store,
		memory:  newMemory(cfg.Limits.DedupeWindow),
		misses:  newMeans(),
	}
	p.flags = cfg.flags(p.lexicon)
	if p.budgets, err = cfg.budgets(); err != nil {
		return nil, err
	}
	ledgers := ledgersOf(p.budgets)
	p.overTime = len(ledgers) > 0
	p.scratches.New = func() any { return p.newScratch() }
	if p.tel, err = newTelemetry(set.TelemetrySettings, p); err != nil {
		return nil, err
	}
	p.keeper = keeper{ledgers: ledgers, log: p.log, tel: p.tel}
	p.warn(warnings)
	return p, nil
}

// Capabilities says that spans are written on.
func (*costProcessor) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: true}
}

// Start finds what was spent before, and begins to look at the price files.
func (p *costProcessor) Start(ctx context.Context, host component.Host) error {
	if err := p.keeper.start(ctx, host, p.cfg.Storage, p.id); err != nil {
		return err
	}
	p.complainOfAge()
	if len(p.cfg.Catalog.Files) == 0 || p.cfg.Catalog.ReloadInterval == 0 {
		return nil
	}
	p.worker.Start(p.cfg.Catalog.ReloadInterval, func(ctx context.Context) {
		p.reload(ctx, func(err error) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		})
	})
	return nil
}

// ConsumeTraces prices the spans and hands them on. Only the next component can fail: what
// cannot be priced is marked and counted.
func (p *costProcessor) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	s := p.scratches.Get().(*scratch)
	defer p.scratches.Put(s)
	defer s.reset()
	s.now = time.Now()
	s.census.forgotten = int64(p.memory.turn(s.now))
	if s.scan(td) {
		s.view(td)
		s.price()
	}
	p.tel.tell(ctx, &s.census)
	err := p.next.ConsumeTraces(ctx, td)
	if err != nil {
		p.memory.disclaim(s.claimed)
		s.takeBack()
	}
	return err
}

// Shutdown stops looking at the files and keeps what was spent. It returns when ctx is done at
// the latest.
func (p *costProcessor) Shutdown(ctx context.Context) error {
	return p.worker.Shutdown(ctx, func(ctx context.Context) error {
		defer p.tel.builder.Shutdown()
		return p.keeper.end(ctx)
	})
}
