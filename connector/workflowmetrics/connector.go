package workflowmetrics

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"

	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
	"github.com/tta-dev/otelcol-workflow/internal/worker"
)

// workflowMetrics is the connector. Batches are folded by as many goroutines as
// bring them; one goroutine of its own sends the metrics on.
type workflowMetrics struct {
	cfg        *Config
	log        *zap.Logger
	outbox     outbox // guarded by flushing
	tel        *telemetry
	lexicon    *flow.Lexicon
	dimensions []otlp.Dimension
	ledger     *tally.Ledger
	flights    *flight.Table
	throughput *tally.Throughput
	scratches  sync.Pool
	seed       maphash.Seed
	faceless   bool // service.name is excluded

	flushing sync.Mutex // guards lastFlush and the order of what is sent on
	last     time.Time

	worker worker.Worker
}

func newConnector(set connector.Settings, cfg *Config, next consumer.Metrics) (*workflowMetrics, error) {
	now := time.Now()
	c := &workflowMetrics{
		cfg:        cfg,
		log:        set.Logger,
		lexicon:    flow.NewLexicon(),
		dimensions: cfg.dimensions(),
		ledger:     tally.NewLedger(cfg.ledger(), now),
		flights:    flight.NewTable(cfg.flight()),
		throughput: tally.NewThroughput(int(cfg.MaxSeries)),
		last:       now,
		seed:       maphash.MakeSeed(),
		faceless:   slices.Contains(cfg.ExcludeDimensions, Attribute(tally.ServiceAttribute)),
	}
	c.scratches.New = func() any { return c.newScratch() }
	var err error
	if c.tel, err = newTelemetry(set.TelemetrySettings, c); err != nil {
		return nil, err
	}
	c.outbox = outbox{next: next, temporality: cfg.temporality(), lost: c.tel.builder.ConnectorWorkflowMetricsLost}
	return c, nil
}

// Capabilities says that spans are only read.
func (*workflowMetrics) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// Start begins to send metrics on.
func (c *workflowMetrics) Start(context.Context, component.Host) error {
	c.worker.Start(time.Duration(c.cfg.FlushInterval), c.beat)
	return nil
}

// ConsumeTraces folds the spans into the series. It never fails: what cannot be
// read is counted.
func (c *workflowMetrics) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	s := c.scratches.Get().(*scratch)
	defer c.scratches.Put(s)
	defer s.reset()
	s.now = time.Now()
	s.view(td)
	s.decide()
	if c.ledger.Apply(s.rows, s.now.UnixNano()) {
		c.log.Warn("max_series is reached: new series are folded into overflow series",
			zap.Int("max_series", int(c.cfg.MaxSeries)))
	}
	c.tel.tell(ctx, &s.census)
	return nil
}

// Shutdown stops, counts the runs whose root never came and sends everything on. It returns
// at the latest when ctx is done, and says so if something is still being sent then.
func (c *workflowMetrics) Shutdown(ctx context.Context) error {
	return c.worker.Shutdown(ctx, func(ctx context.Context) error {
		defer c.tel.builder.Shutdown()
		return c.drain(ctx)
	})
}
