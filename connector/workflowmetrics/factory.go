package workflowmetrics

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"

	"github.com/tta-dev/otelcol-workflow/connector/workflowmetrics/internal/metadata"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
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

func createDefaultConfig() component.Config {
	return &Config{
		FlushInterval:    Duration(15 * time.Second),
		Temporality:      TemporalityCumulative,
		MaxBuckets:       exphist.DefaultMaxSize,
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
	names := make([]string, 0, len(c.Dimensions))
	for _, d := range c.Dimensions {
		names = append(names, d.Name)
	}
	return tally.Options{
		MaxSeries:  int(c.MaxSeries),
		MaxFolded:  maxFolded,
		MaxBuckets: int(c.MaxBuckets),
		Dimensions: names,
	}
}

func (c *Config) flight() flight.Options {
	return flight.Options{
		Wait:    time.Duration(c.Runs.Wait),
		Idle:    time.Duration(c.Runs.Idle),
		MaxOpen: int(c.Runs.MaxOpen),
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
