package costprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/processor/costprocessor/internal/metadata"
)

// NewFactory returns the factory of the cost processor.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		metadata.Type,
		createDefaultConfig,
		processor.WithTraces(createTraces, metadata.TracesStability),
	)
}

func createTraces(
	_ context.Context, set processor.Settings, cfg component.Config, next consumer.Traces,
) (processor.Traces, error) {
	return newProcessor(set, cfg.(*Config), next)
}

// markers compiles the names of the attributes whose spans may have a price.
func (c *Config) markers() *markers {
	about := flow.SubjectModel | flow.SubjectAmount
	var more []string
	for _, a := range c.Savings.ResponseCache.Attributes {
		more = append(more, a.Key)
	}
	for i := range c.UnitPrices {
		m := &c.UnitPrices[i].Match
		if m.Operation != "" {
			about |= flow.SubjectKind
		}
		if m.Tool != "" {
			about |= flow.SubjectTool | flow.SubjectKind
		}
		for key := range m.Attributes {
			more = append(more, key)
		}
	}
	return newMarkers(flow.Names(about), more)
}
