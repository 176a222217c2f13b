package workflow

import (
	"context"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Info identifies the run that a context belongs to. It is a plain value; what
// Tags points to must not be changed.
type Info struct {
	// Workflow is the name of the workflow.
	Workflow string
	// Version is the version of its definition, if stated.
	Version string
	// RunID is 32 hexadecimal digits, unique per run.
	RunID string
	// Tenant is the tenant the run works for, if any.
	Tenant string
	// Session is the conversation the run is part of, if any.
	Session string
	// User is who the run works for, if stated.
	User string
	// CorrelationID ties the run to a request outside of it; the trace id by
	// default, empty when there is no trace either.
	CorrelationID string
	// CausationID is the id of what started the run: by default the run around
	// it, here or in the process that called; empty if there is none.
	CausationID string
	// Tags are the tags of the run as attributes, workflow.tag.* by name.
	Tags []attribute.KeyValue
	// Replay says that the run answers from a recording, or is part of one that does.
	Replay bool
	// Step is the name of the innermost step that the context lies in, if any.
	Step string
	// StepPath is the names down to that step, as in gather/search.
	StepPath string
	// Attempt is the 1-based number of the innermost attempt of a Retry that the
	// context lies in, 0 outside of any.
	Attempt int
}

// FromContext returns the innermost run that ctx belongs to.
func FromContext(ctx context.Context) (Info, bool) {
	f := frameOf(ctx)
	if f == nil {
		return Info{}, false
	}
	info := f.run.identity()
	info.Step, info.StepPath, info.Attempt = f.step(), f.path(), f.tries()
	return info, true
}

// Attributes returns what every span of the run carries: workflow.name,
// workflow.run.id, the tags and, where known, workflow.tenant,
// workflow.correlation_id, workflow.replay and workflow.step.name.
func (i Info) Attributes() []attribute.KeyValue {
	attrs := make([]attribute.KeyValue, 0, 6+len(i.Tags))
	attrs = append(attrs,
		attribute.String(semconv.WorkflowName, i.Workflow),
		attribute.String(semconv.WorkflowRunID, i.RunID))
	attrs = appendText(attrs, semconv.WorkflowTenant, i.Tenant)
	attrs = appendText(attrs, semconv.WorkflowCorrelationID, i.CorrelationID)
	attrs = append(attrs, i.Tags...)
	if i.Replay {
		attrs = append(attrs, attribute.Bool(semconv.WorkflowReplay, true))
	}
	return appendText(attrs, semconv.WorkflowStepName, i.Step)
}

// own returns what only the run span carries beside its Attributes.
func (i *Info) own() []attribute.KeyValue {
	attrs := appendText(nil, semconv.SessionID, i.Session)
	attrs = appendText(attrs, semconv.UserID, i.User)
	return appendText(attrs, semconv.WorkflowCausationID, i.CausationID)
}

func appendText(attrs []attribute.KeyValue, key, text string) []attribute.KeyValue {
	if text == "" {
		return attrs
	}
	return append(attrs, attribute.String(key, text))
}
