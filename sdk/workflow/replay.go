package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// ReplayOption changes what a replay answers from the recording.
type ReplayOption func(*player)

// OnlyExternal answers the steps marked with [External], calls of models and
// tools, caches, memories and compensations; all else runs.
func OnlyExternal() ReplayOption {
	return func(p *player) { p.onlyExternal = true }
}

// FromStep answers what started before the first step of that path, as in
// gather/search; that step and what started after it run, external or not.
func FromStep(path string) ReplayOption {
	return func(p *player) { p.from = path }
}

// Verify compares what the steps are given, and what those that run return, with
// the recording, and makes Replay return the first difference as a
// *DifferenceError.
func Verify() ReplayOption {
	return func(p *player) { p.verify = true }
}

// DifferenceError is where a replay first differed from its recording. It is a
// plain value.
type DifferenceError struct {
	// Step is the path of the step; empty for the run.
	Step string
	// What differs: input, output, error, kind, or that a step is new or missing.
	What string
	// Recorded and Replayed are what it was and what it is, as JSON or text, the
	// first 256 bytes of each.
	Recorded, Replayed string

	seq int
}

// Error shows both sides.
func (e *DifferenceError) Error() string {
	where := "the run"
	if e.Step != "" {
		where = "step " + e.Step
	}
	return fmt.Sprintf("%s: %s differs: recorded %s, replayed %s", where, e.What, e.Recorded, e.Replayed)
}

// UnrecordedError is a step that should be answered and cannot be. It is a plain
// value.
type UnrecordedError struct {
	// Step is the path of the step.
	Step string
	// Reason says why.
	Reason string
}

// Error shows the step and the reason.
func (e *UnrecordedError) Error() string {
	return fmt.Sprintf("replay of %s: %s", e.Step, e.Reason)
}

// Replay runs w on the input of a recorded run. By default every Func, Do and
// Agent, every call and every step marked with [External] is answered by what
// was recorded, results and errors alike, and does not run; what lies between
// them (sequences, branches, retries) does run. What should be answered and is
// not in the recording fails with an *UnrecordedError.
//
// A replay has a run id and a trace of its own, linked to the span of the
// recorded run. All its spans bear workflow.replay, by which the collector keeps
// them out of every metric: also what really runs and costs.
func Replay[I, O any](ctx context.Context, w *Workflow[I, O], rec *recording.Run, opts ...ReplayOption) (O, error) {
	var (
		in   I
		none O
	)
	if rec.Workflow != w.Name() {
		return none, fmt.Errorf("run %s is of the workflow %q, not of %q", rec.ID, rec.Workflow, w.Name())
	}
	p, err := newPlayer(rec, opts)
	if err != nil {
		return none, err
	}
	if rec.In == nil {
		return none, fmt.Errorf("the input of run %s was not recorded: %s", rec.ID, rec.CutIn)
	}
	if err := json.Unmarshal(rec.In, &in); err != nil {
		return none, fmt.Errorf("the recorded input of run %s is no %T: %w", rec.ID, in, err)
	}
	out, err := w.Run(context.WithValue(ctx, playKey{}, p), in)
	if diff := p.difference(); diff != nil {
		return out, errors.Join(diff, err)
	}
	return out, err
}

// playKey is where Replay leaves the player for the run that it starts.
type playKey struct{}

// player answers the steps of one run. It is safe for concurrent use.
type player struct {
	run          *recording.Run
	steps        map[spot]*recording.Step
	order        *order
	failed       map[place]bool
	from         string
	first        int           // seq of the step from
	patience     time.Duration // the time that the run took
	onlyExternal bool
	verify       bool
	claimed      atomic.Bool

	mu       sync.Mutex // guards what follows
	played   map[spot]bool
	answered []string // paths
	diff     *DifferenceError
}

// spot is where in a run a step is, which is the same in every run.
type spot struct {
	place
	nth int
}

func spotOf(s *recording.Step) spot { return spot{place{s.Path, s.Lane}, s.Nth} }

func newPlayer(rec *recording.Run, opts []ReplayOption) (*player, error) {
	p := &player{run: rec, steps: make(map[spot]*recording.Step, len(rec.Steps)), first: -1, failed: make(map[place]bool), played: make(map[spot]bool)}
	for _, opt := range opts {
		opt(p)
	}
	for i := range rec.Steps {
		s := &rec.Steps[i]
		p.steps[spotOf(s)] = s
		p.watch(s)
		if s.Path == p.from && (p.first < 0 || s.Seq < p.first) {
			p.first = s.Seq
		}
	}
	p.order = newOrder(rec.Steps, p.isAnswered)
	if p.from != "" && p.first < 0 {
		return nil, fmt.Errorf("run %s has no step %q to replay from", rec.ID, p.from)
	}
	return p, nil
}

// A replay waits for what interrupted a step as long as the whole run took, and
// some more for another machine and another moment, but never longer than that.
const (
	slack       = 1.2
	maxPatience = time.Hour
)

// watch notes when a step ended, and whether it failed.
func (p *player) watch(s *recording.Step) {
	if s.Err != nil {
		p.failed[place{s.Path, s.Lane}] = true
	}
	ended := s.Start.Sub(p.run.Start.Start).Seconds() + s.Seconds
	if p.run.End != nil && p.run.End.Outcome == semconv.OutcomeCancelled || !(ended > 0) {
		return // who cancelled it is not there this time
	}
	p.patience = max(p.patience, time.Second+time.Duration(min(ended*slack, maxPatience.Seconds())*float64(time.Second)))
}

// playOf returns the player for a run that is started in ctx, nil for all but the
// one that Replay starts.
func playOf(ctx context.Context) *player {
	p, _ := ctx.Value(playKey{}).(*player)
	if p == nil || !p.claimed.CompareAndSwap(false, true) {
		return nil
	}
	return p
}

// limit is that of values: all of a recording was within the limit of its recorder.
func (*player) limit() int { return recording.MaxLine }

// links leads to the run that was recorded, if it had a span.
func (p *player) links() []trace.Link {
	traceID, err := trace.TraceIDFromHex(p.run.TraceID)
	if err != nil {
		return nil
	}
	spanID, err := trace.SpanIDFromHex(p.run.SpanID)
	if err != nil {
		return nil
	}
	return []trace.Link{{
		SpanContext: trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: spanID, Remote: true}),
		Attributes:  []attribute.KeyValue{attribute.String(semconv.WorkflowLinkType, semconv.LinkReplayOf)},
	}}
}

// begin has the input already: Replay took it from the recording.
func (*player) begin(*tape, *run, any) {}

// asked answers the step if it should be, when it is time for that.
func (p *player) asked(s *shot) bool {
	rec := p.steps[spotOf(&s.Step)]
	p.note(s, rec)
	if !p.answers(s, rec) {
		return false
	}
	switch {
	case rec == nil:
		p.refuse(s, "it is not in the recording")
	case rec.Err == nil && rec.Out == nil:
		p.refuse(s, "its output is not in the recording: "+rec.CutOut)
	default:
		s.Err, s.Out = rec.Err, rec.Out
		p.await(s)
	}
	p.order.end(spotOf(&s.Step))
	return true
}

// await lets a failure come in the order of things, so that the steps around see
// what they saw: after all that had ended before, and after what interrupted it.
func (p *player) await(s *shot) {
	switch {
	case s.Err == nil:
	case s.Err.Interrupted:
		if sleep(s.ctx, p.patience) {
			return // this time nothing does
		}
		// All that were interrupted end now; those around have no more time for it.
		p.order.await(context.WithoutCancel(s.ctx), spotOf(&s.Step), min(p.patience, time.Second))
	default:
		p.order.await(s.ctx, spotOf(&s.Step), p.patience)
	}
}

// refuse fails a step that cannot be answered. One that may have come too late
// to start, then, waits for what kept it.
func (p *player) refuse(s *shot, reason string) {
	s.refused = &UnrecordedError{Step: s.Path, Reason: reason}
	if !s.undo && p.inFailure(s.Path, s.Lane) && !sleep(s.ctx, p.patience) || s.ctx.Err() != nil {
		s.refused = s.ctx.Err()
	}
}

// answers decides whether a step is answered; rec is nil for one that is new.
func (p *player) answers(s *shot, rec *recording.Step) bool {
	if rec == nil {
		return isLeaf(&s.Step) && (!p.onlyExternal || s.External) && p.from == ""
	}
	return p.isAnswered(rec)
}

// isAnswered decides whether a recorded step is answered.
func (p *player) isAnswered(rec *recording.Step) bool {
	switch {
	case !isLeaf(rec), p.onlyExternal && !rec.External:
		return false
	case p.from == "":
		return true
	default:
		return rec.Seq < p.first && !strings.HasPrefix(p.from, rec.Path+"/")
	}
}

// isLeaf reports whether a step is answered as a whole.
func isLeaf(s *recording.Step) bool { return s.External || s.Kind == semconv.StepKindTask }
