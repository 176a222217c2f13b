package costprocessor

import (
	"context"
	"maps"
	"slices"

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

// operation is the attribute that nearly all spans of workflows bear: it says too little to look
// at those that have it.
const operation = "gen_ai.operation.name"

// markers compiles the names of the attributes whose spans may have a price, and of those that
// tell tools.
func (c *Config) markers() *markers {
	m := &markers{}
	m.add(markPriceable, flow.Names(flow.SubjectModel|flow.SubjectAmount)...)
	m.add(markPriceable, c.ReportedCostAttributes...)
	for _, a := range c.Savings.ResponseCache.Attributes {
		m.add(markPriceable, a.Key)
	}
	for i := range c.UnitPrices {
		match := &c.UnitPrices[i].Match
		if match.Operation != "" || match.Tool != "" {
			m.add(markPriceable, flow.Names(flow.SubjectKind|flow.SubjectTool)...)
		}
		m.add(markPriceable, slices.Collect(maps.Keys(match.Attributes))...)
	}
	kinds := flow.Names(flow.SubjectKind | flow.SubjectTool)
	m.add(markTool, slices.DeleteFunc(kinds, func(name string) bool { return name == operation })...)
	return m
}
