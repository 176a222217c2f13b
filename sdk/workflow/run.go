package workflow

import (
	"context"
	"crypto/rand"
	"encoding/hex"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Info identifies the run that a context belongs to. It is a plain value.
type Info struct {
	// Workflow is the name of the workflow.
	Workflow string
	// Version is the version of its definition, if stated.
	Version string
	// RunID is 32 hexadecimal digits, unique per run.
	RunID string
	// Tenant is the tenant the run works for, if any.
	Tenant string
	// CorrelationID ties the run to a request outside of it; the trace id by
	// default, empty when there is no trace either.
	CorrelationID string
	// Step is the name of the innermost step that the context lies in, if any.
	Step string
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
	info := f.run.info
	info.Step, info.Attempt = f.step(), f.tries()
	return info, true
}

// Attributes returns what every span of the run carries: workflow.name,
// workflow.run.id and, where known, workflow.tenant, workflow.correlation_id and
// workflow.step.name.
func (i Info) Attributes() []attribute.KeyValue {
	attrs := make([]attribute.KeyValue, 0, 5)
	attrs = append(attrs,
		attribute.String(semconv.WorkflowName, i.Workflow),
		attribute.String(semconv.WorkflowRunID, i.RunID))
	if i.Tenant != "" {
		attrs = append(attrs, attribute.String(semconv.WorkflowTenant, i.Tenant))
	}
	if i.CorrelationID != "" {
		attrs = append(attrs, attribute.String(semconv.WorkflowCorrelationID, i.CorrelationID))
	}
	if i.Step != "" {
		attrs = append(attrs, attribute.String(semconv.WorkflowStepName, i.Step))
	}
	return attrs
}

// run is one run in flight.
type run struct {
	def    *definition
	info   Info
	span   trace.Span
	marker *marker
	// common is on every step span; built only when the run is recorded.
	common []attribute.KeyValue
}

func (d *definition) begin(ctx context.Context) (context.Context, *run) {
	r := &run{def: d, info: d.describe(ctx)}
	ctx, r.span = d.startSpan(ctx, r.info.RunID)
	if sc := r.span.SpanContext(); r.info.CorrelationID == "" && sc.HasTraceID() {
		r.info.CorrelationID = sc.TraceID().String()
	}
	if r.span.IsRecording() {
		r.common = r.info.Attributes()
		r.span.SetAttributes(r.common...)
		r.marker = startMarker(r)
	}
	return &frame{Context: ctx, run: r, branch: sequential}, r
}

func (d *definition) describe(ctx context.Context) Info {
	outer, _ := FromContext(ctx)
	info := Info{
		Workflow:      d.name,
		Version:       d.version,
		RunID:         newRunID(),
		Tenant:        outer.Tenant,
		CorrelationID: outer.CorrelationID,
	}
	if d.tenant != nil {
		info.Tenant = valid(d.tenant(ctx))
	}
	if d.correlationID == nil {
		return info
	}
	if id := valid(d.correlationID(ctx)); id != "" {
		info.CorrelationID = id
	}
	return info
}

func (d *definition) startSpan(ctx context.Context, runID string) (context.Context, trace.Span) {
	if !d.newRoot {
		if parent := trace.SpanFromContext(ctx); unsampledHere(parent) {
			return ctx, parent
		}
		return d.tracer.Start(ctx, d.spanName, d.start, trace.WithAttributes(attribute.String(semconv.WorkflowRunID, runID)))
	}
	opts := []trace.SpanStartOption{
		d.start,
		trace.WithAttributes(attribute.String(semconv.WorkflowRunID, runID)),
		trace.WithNewRoot(),
	}
	if link := trace.LinkFromContext(ctx); link.SpanContext.IsValid() {
		opts = append(opts, trace.WithLinks(link))
	}
	return d.tracer.Start(ctx, d.spanName, opts...)
}

// unsampledHere reports whether span belongs to a trace that this process
// decided not to record. Two kinds of spans do not record and yet say nothing
// of the sort: a remote parent, and a sampled span that has ended, such as that
// of the request which started a run in the background.
func unsampledHere(span trace.Span) bool {
	if span.IsRecording() {
		return false
	}
	sc := span.SpanContext()
	return sc.IsValid() && !sc.IsRemote() && !sc.IsSampled()
}

func (r *run) end(ctx context.Context, err error) {
	if r.marker == nil {
		return
	}
	r.marker.stop()
	finish(r.span, ending{outcome: Outcome(ctx, err), err: err, source: err != nil && !ask(isPlaced, err)})
}

// attributes are those of a span below that of the run: its own, what identifies
// the run, and more. They are one option, since each costs the span an allocation.
// A run that is not recorded has them too, for what is recorded below it all the same.
func (r *run) attributes(own []attribute.KeyValue, more ...attribute.KeyValue) trace.SpanStartOption {
	common := r.common
	if common == nil {
		common = r.info.Attributes()
	}
	all := make([]attribute.KeyValue, 0, len(own)+len(common)+len(more))
	all = append(all, own...)
	all = append(all, common...)
	return trace.WithAttributes(append(all, more...)...)
}

func newRunID() string {
	var id [16]byte
	rand.Read(id[:]) // never fails: it crashes the program instead
	return hex.EncodeToString(id[:])
}
