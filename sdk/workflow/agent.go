package workflow

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Agent runs fn as the agent name: a step like that of Do, whose span is an
// invoke_agent of the GenAI conventions. Outside of a run it is a plain call.
func Agent[O any](ctx context.Context, name string, fn func(context.Context) (O, error)) (O, error) {
	return observe(ctx, newAgent(name), unknown{}, fn)
}

// HandOff lets the agent around ctx give its task to another, and returns what
// that returns. The span of the new agent lies in that of the old, which waits
// for it, and says from whom it has the task and why:
//
//	invoke_agent triage
//	└─ invoke_agent billing   handoff.from=triage  handoff.reason=refund
//
// Like a name, the reason should be one of a few fixed words.
func HandOff[O any](ctx context.Context, to, reason string, fn func(context.Context) (O, error)) (O, error) {
	from, reason := frameOf(ctx).agentName(), clip(reason, maxID)
	attrs := appendText(nil, semconv.WorkflowHandoffReason, reason)
	attrs = appendText(attrs, semconv.WorkflowHandoffFrom, from)
	tell(ctx, slog.LevelInfo, eventHandOff,
		slog.String("from", from), slog.String("to", valid(to)), slog.String("reason", reason))
	return observe(ctx, newAgent(to, attrs...), unknown{}, fn)
}

func newAgent(name string, extra ...attribute.KeyValue) *node {
	name = valid(name)
	attrs := append([]attribute.KeyValue{
		attribute.String(semconv.GenAIOperationName, semconv.OperationInvokeAgent),
		attribute.String(semconv.GenAIAgentName, name),
		attribute.String(semconv.WorkflowStepName, name),
		attribute.String(semconv.WorkflowStepKind, semconv.StepKindTask),
	}, extra...)
	return &node{
		name:     name,
		kind:     semconv.StepKindTask,
		spanName: semconv.OperationInvokeAgent + " " + name,
		attrs:    attrs,
		agent:    true,
	}
}

// agentName returns the name of the innermost agent around f, "" outside of any.
func (f *frame) agentName() string {
	for ; f != nil; f = f.parent {
		if f.agent {
			return f.name
		}
	}
	return ""
}
