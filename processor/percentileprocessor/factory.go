package percentileprocessor

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"

	"github.com/tta-dev/otelcol-workflow/internal/percentile"
	"github.com/tta-dev/otelcol-workflow/processor/percentileprocessor/internal/metadata"
)

// NewFactory returns the factory of the percentile processor.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		metadata.Type,
		createDefaultConfig,
		processor.WithMetrics(createMetrics, metadata.MetricsStability),
	)
}

func createDefaultConfig() component.Config {
	ours := defaultRule()
	ours.Metric = "workflow.*"
	return &Config{
		FlushInterval:    Duration(15 * time.Second),
		MaxSeries:        5000,
		SeriesExpiration: Duration(time.Hour),
		Rules:            []RuleConfig{ours},
	}
}

func createMetrics(
	_ context.Context, set processor.Settings, cfg component.Config, next consumer.Metrics,
) (processor.Metrics, error) {
	return newProcessor(set, cfg.(*Config), next)
}

// options compiles the configuration.
func (c *Config) options() percentile.Options {
	o := percentile.Options{MaxSeries: int(c.MaxSeries), Idle: time.Duration(c.SeriesExpiration)}
	for i := range c.Rules {
		o.Rules = append(o.Rules, c.Rules[i].rule())
	}
	return o
}

func (r *RuleConfig) rule() percentile.Rule {
	rule := percentile.Rule{
		Metric: r.Metric, Name: r.Name, Attributes: r.Without,
		MinCount: uint64(r.MinCount), Error: r.Error,
	}
	if r.GroupBy != nil {
		rule.Attributes, rule.Keep = r.GroupBy, true
	}
	for _, q := range r.Quantiles {
		rule.Quantiles = append(rule.Quantiles, percentile.Quantile{Q: float64(q), Label: q.String()})
	}
	for _, w := range r.Windows {
		span := percentile.Span{Length: time.Duration(w)}
		if len(r.Windows) > 1 {
			span.Label = w.String()
		}
		rule.Windows = append(rule.Windows, span)
	}
	return rule
}

// mutates tells whether any histogram is passed on otherwise than it came.
func (c *Config) mutates() bool {
	for _, r := range c.Rules {
		if r.KeepOriginal != (KeepOriginal{}) {
			return true
		}
	}
	return false
}
