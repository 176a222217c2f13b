package sloprocessor

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"

	"github.com/tta-dev/otelcol-workflow/processor/sloprocessor/internal/metadata"
)

// NewFactory returns the factory of the slo processor.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		metadata.Type,
		createDefaultConfig,
		processor.WithMetrics(createMetrics, metadata.MetricsStability),
	)
}

func createDefaultConfig() component.Config {
	return &Config{
		FlushInterval: Duration(15 * time.Second),
		LateTolerance: Duration(2 * time.Minute),
		MaxGroups:     500,
		MaxStreams:    20_000,
		MaxStale:      Duration(24 * time.Hour),
		MaxSilence:    Duration(5 * time.Minute),
		Emit:          []Set{SetCounters, SetDerived},
	}
}

func createMetrics(
	_ context.Context, set processor.Settings, cfg component.Config, next consumer.Metrics,
) (processor.Metrics, error) {
	return newProcessor(set, cfg.(*Config), next)
}
