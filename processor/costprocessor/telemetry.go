package costprocessor

import (
	"cmp"
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/processor/costprocessor/internal/metadata"
)

// The values of the attribute operation: what was tried of the storage.
const (
	operationOpen  = "open"
	operationRead  = "read"
	operationWrite = "write"
)

// telemetry is the processor's account of itself.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	spans   [wordCount][reasonCount][]metric.AddOption
	budgets [][]metric.AddOption
}

// census counts the spans of a batch before they are told.
type census struct {
	spans       [wordCount][reasonCount]int64
	stripped    int64
	forgotten   int64
	exceeded    []int // budgets
	unaccounted []int // budgets
}

func newTelemetry(set component.TelemetrySettings, p *costProcessor) (*telemetry, error) {
	b, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: b}
	t.prepare(p.cfg.Budgets)
	return t, t.watch(p)
}

// prepare makes the options once, and shows what counts trouble at 0, so that the first of it
// is an increase.
func (t *telemetry) prepare(budgets []BudgetConfig) {
	ctx := context.Background()
	for w := range wordCount {
		for r := range reasonCount {
			t.spans[w][r] = with(attribute.String("status", words[w]), attribute.String("reason", cmp.Or(reasons[r], "none")))
		}
	}
	for i := range budgets {
		t.budgets = append(t.budgets, with(attribute.String("budget", budgets[i].Name)))
		t.builder.ProcessorCostBudgetExceeded.Add(ctx, 0, t.budgets[i]...)
		t.builder.ProcessorCostBudgetUnaccounted.Add(ctx, 0, t.budgets[i]...)
	}
	t.builder.ProcessorCostSpans.Add(ctx, 0, t.spans[wordPriced][0]...)
	t.builder.ProcessorCostSpans.Add(ctx, 0, t.spans[wordUnpriced][cost.ReasonUnknownModel]...)
	t.builder.ProcessorCostForgotten.Add(ctx, 0)
	t.builder.ProcessorCostStripped.Add(ctx, 0)
	for _, result := range []cost.Outcome{cost.ReloadSwapped, cost.ReloadFailed} {
		t.builder.ProcessorCostCatalogReloads.Add(ctx, 0, with(attribute.String("result", result.String()))...)
	}
	for _, operation := range []string{operationOpen, operationRead, operationWrite} {
		t.builder.ProcessorCostStorageFailures.Add(ctx, 0, with(attribute.String("operation", operation))...)
	}
}

func with(attributes ...attribute.KeyValue) []metric.AddOption {
	return []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(attributes...))}
}

func (t *telemetry) watch(p *costProcessor) error {
	if err := t.builder.RegisterProcessorCostCatalogAgeCallback(func(_ context.Context, o metric.Float64Observer) error {
		o.Observe(p.age(time.Now()).Seconds())
		return nil
	}); err != nil {
		return err
	}
	if err := t.watchBudgets(p.budgets); err != nil {
		return err
	}
	return t.builder.RegisterProcessorCostCatalogInfoCallback(func(_ context.Context, o metric.Int64Observer) error {
		info := p.store.Load().Info()
		o.Observe(1, metric.WithAttributes(attribute.String("version", info.Version), attribute.String("sha", info.SHA256)))
		return nil
	})
}

func (t *telemetry) watchBudgets(budgets []budget) error {
	if err := t.builder.RegisterProcessorCostBudgetLimitCallback(func(_ context.Context, o metric.Float64Observer) error {
		for i := range budgets {
			o.Observe(budgets[i].LimitUSD, metric.WithAttributes(attribute.String("budget", budgets[i].Name)))
		}
		return nil
	}); err != nil {
		return err
	}
	return t.builder.RegisterProcessorCostBudgetSpentCallback(func(_ context.Context, o metric.Float64Observer) error {
		now := time.Now()
		for i := range budgets {
			if b := &budgets[i]; b.ledger != nil {
				b.ledger.each(now, func(key string, usd float64) {
					o.Observe(usd, metric.WithAttributes(attribute.String("budget", b.Name), attribute.String("account", key)))
				})
			}
		}
		return nil
	})
}

func (t *telemetry) reloaded(ctx context.Context, o cost.Outcome) {
	t.builder.ProcessorCostCatalogReloads.Add(ctx, 1, with(attribute.String("result", o.String()))...)
}

func (t *telemetry) storageFailed(ctx context.Context, operation string) {
	t.builder.ProcessorCostStorageFailures.Add(ctx, 1, with(attribute.String("operation", operation))...)
}

// tell adds a batch's census to the counters.
func (t *telemetry) tell(ctx context.Context, c *census) {
	for w := wordPriced; w < wordCount; w++ {
		for r, n := range c.spans[w] {
			add(ctx, t.builder.ProcessorCostSpans, n, t.spans[w][r])
		}
	}
	add(ctx, t.builder.ProcessorCostStripped, c.stripped, nil)
	add(ctx, t.builder.ProcessorCostForgotten, c.forgotten, nil)
	for _, i := range c.exceeded {
		add(ctx, t.builder.ProcessorCostBudgetExceeded, 1, t.budgets[i])
	}
	for _, i := range c.unaccounted {
		add(ctx, t.builder.ProcessorCostBudgetUnaccounted, 1, t.budgets[i])
	}
}

// add adds n, if it is not 0, with options that are made once: making them for each batch
// would allocate.
func add(ctx context.Context, counter metric.Int64Counter, n int64, options []metric.AddOption) {
	if n != 0 {
		counter.Add(ctx, n, options...)
	}
}
