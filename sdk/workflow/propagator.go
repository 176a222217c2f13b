package workflow

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// Propagator carries a run from process to process: its trace as traceparent
// and tracestate, and as baggage the keys that are allowed, nothing else.
//
//	traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
//	baggage: workflow.run.id=4bf9…,workflow.tenant=acme
//
// Four keys are of the run itself: workflow.run.id, which the run started on
// the other side has as its causation id, workflow.tenant and
// workflow.correlation_id, which it takes over unless it says its own, and
// workflow.replay, by which what a replay calls counts no more than the replay.
// Let that one in only from processes of your own: who says so is not charged.
// What is not allowed neither leaves nor enters. It is safe for concurrent use.
type Propagator struct {
	trace propagation.TraceContext
	allow []string
}

var _ propagation.TextMapPropagator = (*Propagator)(nil)

// NewPropagator makes a propagator that lets the given baggage keys pass. With
// none it carries the trace alone, which is what other people's servers should
// get.
func NewPropagator(allow ...string) *Propagator {
	return &Propagator{allow: slices.Clone(allow)}
}

// Fields returns the headers that Inject sets.
func (p *Propagator) Fields() []string {
	return append(p.trace.Fields(), propagation.Baggage{}.Fields()...)
}

// Inject writes the trace of ctx, also of one that is not sampled, and the
// allowed baggage of ctx and its run.
func (p *Propagator) Inject(ctx context.Context, to propagation.TextMapCarrier) {
	p.trace.Inject(ctx, to)
	out := p.filter(baggage.FromContext(ctx), baggage.Baggage{})
	if info, ok := FromContext(ctx); ok {
		out = p.filter(info.baggage(), out)
	}
	propagation.Baggage{}.Inject(baggage.ContextWithBaggage(context.Background(), out), to)
}

// Extract returns ctx in the trace that from tells of, with the allowed
// baggage. What is malformed is as if it were not there.
func (p *Propagator) Extract(ctx context.Context, from propagation.TextMapCarrier) context.Context {
	ctx = p.trace.Extract(ctx, from)
	all := baggage.FromContext(propagation.Baggage{}.Extract(context.Background(), from))
	if in := p.filter(all, baggage.Baggage{}); in.Len() > 0 {
		ctx = baggage.ContextWithBaggage(ctx, p.filter(in, baggage.FromContext(ctx)))
		ctx = context.WithValue(ctx, callerKey{}, callerOf(in))
	}
	return ctx
}

// filter adds the allowed members of from to what is there already. Members
// that are too many or too long for W3C baggage are left out.
func (p *Propagator) filter(from, to baggage.Baggage) baggage.Baggage {
	for _, key := range p.allow {
		m := from.Member(key)
		if m.Key() == "" {
			continue
		}
		if more, err := to.SetMember(m); err == nil {
			to = more
		}
	}
	return to
}

// replaying is the value of workflow.replay, which no other run has.
const replaying = "true"

// baggage returns the keys of a run.
func (i *Info) baggage() baggage.Baggage {
	var out baggage.Baggage
	keys := [][2]string{
		{semconv.WorkflowRunID, i.RunID},
		{semconv.WorkflowTenant, i.Tenant},
		{semconv.WorkflowCorrelationID, i.CorrelationID},
	}
	if i.Replay {
		keys = append(keys, [2]string{semconv.WorkflowReplay, replaying})
	}
	for _, kv := range keys {
		if kv[1] == "" {
			continue
		}
		if m, err := baggage.NewMemberRaw(kv[0], kv[1]); err == nil {
			if more, err := out.SetMember(m); err == nil {
				out = more
			}
		}
	}
	return out
}

// callerKey is where Extract leaves the run of the process that called. Baggage
// that came in by another propagator never gets there: it was not allowed.
type callerKey struct{}

func callerOf(in baggage.Baggage) Info {
	text := func(key string) string { return clip(in.Member(key).Value(), maxID) }
	return Info{
		RunID:         text(semconv.WorkflowRunID),
		Tenant:        text(semconv.WorkflowTenant),
		CorrelationID: text(semconv.WorkflowCorrelationID),
		Replay:        text(semconv.WorkflowReplay) == replaying,
	}
}

// Replaying reports whether what is done in ctx counts nowhere: it is part of a
// replay, or was called by one in another process, as far as a [Propagator] lets
// that be told.
func Replaying(ctx context.Context) bool { return outer(ctx).Replay }

// outer returns the run that one started in ctx belongs to: the one around it,
// else the one that called this process.
func outer(ctx context.Context) Info {
	if info, ok := FromContext(ctx); ok {
		return info
	}
	info, _ := ctx.Value(callerKey{}).(Info)
	return info
}
