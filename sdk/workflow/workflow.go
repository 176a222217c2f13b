package workflow

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// ScopeName is the instrumentation scope of every span of this package.
const ScopeName = "github.com/tta-dev/otelcol-workflow/sdk/workflow"

const scopeVersion = "0.1.0"

// Workflow is a named step whose runs are traced. It is itself a Step, so a
// workflow can be part of another; it then has a run of its own.
// It is safe for concurrent use.
type Workflow[I, O any] struct {
	root Step[I, O]
	def  *definition
}

// definition is what all runs of a workflow share.
type definition struct {
	name     string
	spanName string
	version  string
	newRoot  bool
	from     sources
	tracer   trace.Tracer
	start    []trace.SpanStartOption
	log      journal
	privacy  privacy
	recorder *recorder
}

// New makes a workflow of a step. The name is a metric label: keep it fixed.
func New[I, O any](name string, root Step[I, O], opts ...Option) *Workflow[I, O] {
	cfg := config{}
	for _, opt := range opts {
		opt(&cfg)
	}
	return &Workflow[I, O]{root: root, def: newDefinition(valid(name), cfg)}
}

func newDefinition(name string, cfg config) *definition {
	if cfg.provider == nil {
		cfg.provider = otel.GetTracerProvider()
	}
	attrs := []attribute.KeyValue{
		attribute.String(semconv.GenAIOperationName, semconv.OperationInvokeWorkflow),
		attribute.String(semconv.GenAIWorkflowName, name),
		attribute.String(semconv.WorkflowName, name),
	}
	if cfg.version != "" {
		attrs = append(attrs, attribute.String(semconv.WorkflowVersion, cfg.version))
	}
	return &definition{
		name:     name,
		spanName: semconv.OperationInvokeWorkflow + " " + name,
		version:  cfg.version,
		newRoot:  cfg.newRoot,
		from:     cfg.from,
		tracer:   cfg.provider.Tracer(ScopeName, trace.WithInstrumentationVersion(scopeVersion)),
		start:    []trace.SpanStartOption{trace.WithAttributes(attrs...)},
		log:      cfg.log,
		privacy:  privacy{redact: cfg.redact, content: cfg.content},
		recorder: cfg.recorder,
	}
}

// Name returns the name of the workflow.
func (w *Workflow[I, O]) Name() string { return w.def.name }

// Run runs the workflow once. Its error wraps the *StepError of the step that
// failed; for a step that panicked, that wraps a *PanicError.
func (w *Workflow[I, O]) Run(ctx context.Context, in I) (out O, err error) {
	ctx, r := w.def.begin(ctx)
	defer func() { r.end(ctx, err) }()
	err = errExited
	if r.tape == nil {
		return guard(ctx, func(ctx context.Context) (O, error) { return w.root.Run(ctx, in) })
	}
	r.tape.begin(r, in)
	defer func() { r.tape.end(ctx, r, out, err) }()
	return guard(ctx, func(ctx context.Context) (O, error) { return w.root.Run(ctx, in) })
}
