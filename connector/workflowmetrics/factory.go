package workflowmetrics

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadata"
	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// NewFactory returns the factory of the workflow_metrics connector.
func NewFactory() connector.Factory {
	return connector.NewFactory(
		metadata.Type,
		createDefaultConfig,
		connector.WithTracesToMetrics(createTracesToMetrics, metadata.TracesToMetricsStability),
	)
}

// defaultMaxBuckets keep a quantile within 0.54 % over three decades, within 1.1 % over six
// and within 2.2 % over twelve, which is for the percentile processor to use: what goes to
// Prometheus can be coarser.
const defaultMaxBuckets = 1280

func createDefaultConfig() component.Config {
	return &Config{
		FlushInterval: Duration(15 * time.Second),
		Temporality:   TemporalityCumulative,
		Histogram: HistogramConfig{
			Kind:       HistogramExponential,
			MaxBuckets: defaultMaxBuckets,
			Bounds:     defaultBounds(),
			CostBounds: defaultCostBounds(),
		},
		Exemplars:        ExemplarsConfig{PerSeries: 5},
		MaxSeries:        1000,
		SeriesExpiration: Duration(time.Hour),
		Runs: RunsConfig{
			Roots:   RootsWorkflow,
			Wait:    Duration(10 * time.Second),
			Idle:    Duration(90 * time.Second),
			MaxOpen: 100_000,
		},
	}
}

func createTracesToMetrics(
	_ context.Context, set connector.Settings, cfg component.Config, next consumer.Metrics,
) (connector.Traces, error) {
	return newConnector(set, cfg.(*Config), next)
}

// dimensions compiles the user's dimensions.
func (c *Config) dimensions() []otlp.Dimension {
	ds := make([]otlp.Dimension, 0, len(c.Dimensions))
	for _, d := range c.Dimensions {
		ds = append(ds, otlp.Dimension{Name: d.Name, Default: d.Default})
	}
	return ds
}

// maxFolded is how many workflows keep an overflow series of their own.
const maxFolded = 100

func (c *Config) ledger() tally.Options {
	o := tally.Options{MaxSeries: int(c.MaxSeries), MaxFolded: maxFolded}
	for _, d := range c.Dimensions {
		o.Dimensions = append(o.Dimensions, d.Name)
	}
	for _, a := range c.ExcludeDimensions {
		o.Exclude = append(o.Exclude, string(a))
	}
	if c.Exemplars.Enabled {
		o.Exemplars = int(c.Exemplars.PerSeries)
	}
	c.Histogram.into(&o)
	return o
}

func (h *HistogramConfig) into(o *tally.Options) {
	if h.Kind != HistogramExplicit {
		o.MaxBuckets = int(h.MaxBuckets)
	}
	if h.Kind == HistogramExponential {
		return
	}
	for _, b := range h.Bounds {
		o.Bounds = append(o.Bounds, time.Duration(b).Seconds())
	}
	for _, b := range h.CostBounds {
		o.CostBounds = append(o.CostBounds, float64(b))
	}
}

// defaultBounds suit steps of some milliseconds and runs of some minutes.
func defaultBounds() []Duration {
	var bounds []Duration
	for _, ms := range []int{5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000} {
		bounds = append(bounds, Duration(time.Duration(ms)*time.Millisecond))
	}
	return bounds
}

// defaultCostBounds suit runs of one call of a small model and of many calls of a large one.
func defaultCostBounds() []Dollars {
	return []Dollars{
		0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
	}
}

func (c *Config) flight() flight.Options {
	return flight.Options{
		Wait:    time.Duration(c.Runs.Wait),
		Idle:    time.Duration(c.Runs.Idle),
		MaxOpen: int(c.Runs.MaxOpen),

		MaxStreams: int(c.MaxSeries),
	}
}

// roots compiles the choice of roots.
func (c *Config) roots() flow.Roots {
	switch c.Runs.Roots {
	case RootsNone:
		return flow.RootsNone
	case RootsAny:
		return flow.RootsAny
	case RootsWorkflow:
	}
	return flow.RootsOfWorkflows
}

func (c *Config) temporality() tally.Temporality {
	if c.Temporality == TemporalityDelta {
		return tally.Delta
	}
	return tally.Cumulative
}
