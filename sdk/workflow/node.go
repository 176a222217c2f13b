package workflow

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// node is the part of a step that never changes. Every primitive has one and
// runs its body through observe, which is all that a new primitive needs for
// its span, its place in the path and its errors.
type node struct {
	name     string
	kind     string
	spanName string
	attrs    []attribute.KeyValue
	facts    []attribute.KeyValue // of the attrs, those that the log tells too
	agent    bool
	undo     bool // whether it undoes another step
	shared   bool // whether it answers from what outlives the run
}

func newNode(name, kind string, extra ...attribute.KeyValue) *node {
	name = valid(name)
	attrs := append([]attribute.KeyValue{
		attribute.String(semconv.GenAIOperationName, semconv.OperationRunStep),
		attribute.String(semconv.WorkflowStepName, name),
		attribute.String(semconv.WorkflowStepKind, kind),
	}, extra...)
	return &node{
		name:     name,
		kind:     kind,
		spanName: semconv.OperationRunStep + " " + name,
		attrs:    attrs,
		facts:    extra,
	}
}

// observe runs body as the step n, which was given in; unknown{} if only its body
// knows. Outside of a run that is a plain call.
func observe[I, O any](ctx context.Context, n *node, in I, body func(context.Context) (O, error)) (out O, err error) {
	above := frameOf(ctx)
	if above == nil {
		out, err = guard(ctx, body)
		return out, stepError(err, n, nil)
	}
	f := &frame{run: above.run, parent: above, name: n.name, branch: sequential, at: above.index(), agent: n.agent}
	f.start(ctx, n)
	if f.span != nil {
		above.reached(f.span)
	}
	if f.run.def.log.Logger != nil {
		f.life = f.run.def.started(f, n.life(), n.log(f)...)
	}
	if f.span != nil || f.life != nil {
		defer func() { f.finish(err) }()
	}
	// A step whose time is over before it starts shows as a span, but does no work.
	// It is on the tape all the same: next time it may come a little sooner.
	if over := f.Err(); over != nil {
		body = func(context.Context) (none O, _ error) { return none, over }
	}
	err = errExited
	out, err = taped(f, n, in, body)
	if err != nil {
		f.source = !ask(isPlaced, err)
		err = stepError(err, n, f)
	}
	return out, err
}

// start puts ctx, or ctx with a new span, into f. It makes no span when the
// trace is not recorded: the sampling decision travels on unchanged.
func (f *frame) start(ctx context.Context, n *node) {
	f.Context = ctx
	between := ctx != context.Context(f.parent) // somebody's context, with a span perhaps
	f.dark = !between && f.parent.dark || isDark(trace.SpanFromContext(ctx))
	if f.dark {
		return
	}
	f.trail = f.path()
	f.Context, f.span = f.run.def.tracer.Start(ctx, n.spanName, f.run.attributes(n.attrs,
		attribute.String(semconv.WorkflowStepPath, f.trail),
		attribute.Int(semconv.WorkflowStepIndex, f.at)))
}

// finish ends the span of f, and its life in the log, with what err says about it.
func (f *frame) finish(err error) {
	e := ending{
		outcome: Outcome(f, err), settled: f.settled, err: err, source: f.source, privacy: f.run.def.privacy,
	}
	f.life.ended(f, e)
	if f.span != nil {
		finish(f.span, e)
	}
}
