package workflow

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// run is one run in flight, and the frame that its steps start in.
type run struct {
	frame frame

	def     *definition
	info    Info // without the correlation id that identity adds
	span    trace.Span
	marker  *marker
	life    *watch // nil when nothing is logged
	tape    *tape  // nil when nothing is recorded or replayed
	reached checkpoints
	// common is on every step span; built only when the run is recorded.
	common []attribute.KeyValue
}

func (d *definition) begin(ctx context.Context) (context.Context, *run) {
	r := &run{def: d, info: d.describe(ctx)}
	play := playOf(ctx)
	r.info.Replay = r.info.Replay || play != nil
	around := frameOf(ctx)
	ctx, r.span = d.startSpan(ctx, play)
	if r.span.IsRecording() {
		r.common = r.identity().Attributes()
		r.span.SetAttributes(r.common[1:]...) // it started with the name
		r.span.SetAttributes(r.info.own()...)
		if !r.info.Replay {
			r.marker = startMarker(r)
		}
	}
	r.tape = r.load(around, play)
	r.frame = frame{Context: ctx, run: r, branch: sequential, dark: isDark(r.span)}
	r.life = d.started(&r.frame, &lifeOfRun)
	return &r.frame, r
}

// identity says who the run is. Unless told otherwise its correlation id is the
// trace id, which is written only when it is asked for: a run that is not sampled
// mostly needs none.
func (r *run) identity() Info {
	info := r.info
	if sc := r.span.SpanContext(); info.CorrelationID == "" && sc.HasTraceID() {
		info.CorrelationID = sc.TraceID().String()
	}
	return info
}

// load returns the tape of the run, nil for none: a run inside of one that has a
// tape is part of that.
func (r *run) load(around *frame, play *player) *tape {
	switch {
	case play != nil:
		return newTape(play, r.def.privacy, play.limit())
	case around != nil && around.run.tape != nil:
		return around.run.tape.nested(around, r.info.Workflow)
	case r.def.recorder != nil:
		return r.def.recorder.tape(r)
	default:
		return nil
	}
}

// describe says who a run is: what its options find in ctx, else what the run
// around it or the caller says.
func (d *definition) describe(ctx context.Context) Info {
	info := outer(ctx)
	return Info{
		Workflow:      d.name,
		Version:       d.version,
		RunID:         newRunID(),
		Tenant:        found(ctx, d.from.tenant, info.Tenant),
		Session:       found(ctx, d.from.session, info.Session),
		User:          found(ctx, d.from.user, info.User),
		CorrelationID: cmp.Or(found(ctx, d.from.correlationID, ""), info.CorrelationID),
		CausationID:   cmp.Or(found(ctx, d.from.causationID, ""), info.RunID),
		Tags:          d.from.tagsIn(ctx, info.Tags),
		Replay:        info.Replay,
	}
}

// startSpan starts the span of a run. A replay is no part of its caller's trace,
// which counts.
func (d *definition) startSpan(ctx context.Context, play *player) (context.Context, trace.Span) {
	if !d.newRoot && play == nil {
		if parent := trace.SpanFromContext(ctx); unsampledHere(parent) {
			return ctx, parent
		}
		return d.tracer.Start(ctx, d.spanName, d.start...)
	}
	opts := append(slices.Clone(d.start), trace.WithNewRoot())
	if link := trace.LinkFromContext(ctx); link.SpanContext.IsValid() {
		opts = append(opts, trace.WithLinks(link))
	}
	if play != nil {
		opts = append(opts, trace.WithLinks(play.links()...))
	}
	return d.tracer.Start(ctx, d.spanName, opts...)
}

// isDark reports whether a span below that one would not be recorded, so that none is
// to be made.
func isDark(span trace.Span) bool { return !span.SpanContext().IsValid() || unsampledHere(span) }

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
	e := ending{outcome: Outcome(ctx, err), err: err, source: err != nil && !ask(isPlaced, err), privacy: r.def.privacy}
	r.life.ended(ctx, e)
	if r.common == nil {
		return
	}
	if r.marker != nil {
		r.marker.stop()
	}
	r.span.SetAttributes(r.reached.attribute()...)
	finish(r.span, e)
}

// attributes are those of a span below that of the run: its own, what identifies
// the run, and more. They are one option, since each costs the span an allocation.
// A run that is not recorded has them too, for what is recorded below it all the same.
func (r *run) attributes(own []attribute.KeyValue, more ...attribute.KeyValue) trace.SpanStartOption {
	common := r.common
	if common == nil {
		common = r.identity().Attributes()
	}
	all := make([]attribute.KeyValue, 0, len(own)+len(common)+len(more))
	all = append(all, own...)
	all = append(all, common...)
	return trace.WithAttributes(append(all, more...)...)
}

// newRunID returns 128 random bits, as many as a trace id has. They are unique, not
// secret.
func newRunID() string {
	var id [16]byte
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64())
	var text [2 * len(id)]byte
	hex.Encode(text[:], id[:])
	return string(text[:])
}
