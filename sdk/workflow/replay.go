package workflow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// ReplayOption changes what a replay answers from the recording.
type ReplayOption func(*player)

// OnlyExternal answers the steps marked with [External] and the calls of models
// and tools; all else runs.
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
	from         string
	first        int // seq of the step from
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
	p := &player{run: rec, steps: make(map[spot]*recording.Step, len(rec.Steps)), first: -1, played: make(map[spot]bool)}
	for _, opt := range opts {
		opt(p)
	}
	for i := range rec.Steps {
		s := &rec.Steps[i]
		p.steps[spotOf(s)] = s
		if s.Path == p.from && (p.first < 0 || s.Seq < p.first) {
			p.first = s.Seq
		}
	}
	if p.from != "" && p.first < 0 {
		return nil, fmt.Errorf("run %s has no step %q to replay from", rec.ID, p.from)
	}
	return p, nil
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

// asked answers the step if it should be.
func (p *player) asked(s *shot) bool {
	rec := p.steps[spotOf(&s.Step)]
	p.note(s, rec)
	if !p.answers(s, rec) {
		return false
	}
	switch {
	case rec == nil:
		s.refused = &UnrecordedError{Step: s.Path, Reason: "it is not in the recording"}
	case rec.Err == nil && rec.Out == nil:
		s.refused = &UnrecordedError{Step: s.Path, Reason: "its output is not in the recording: " + rec.CutOut}
	default:
		s.Err, s.Out, s.Seconds = rec.Err, rec.Out, rec.Seconds
	}
	return true
}

// answers decides whether a step runs.
func (p *player) answers(s *shot, rec *recording.Step) bool {
	leaf := s.External || s.Kind == semconv.StepKindTask
	switch {
	case !leaf, p.onlyExternal && !s.External:
		return false
	case p.from == "":
		return true
	case rec == nil, rec.Seq >= p.first:
		return false
	default:
		return !strings.HasPrefix(p.from, s.Path+"/")
	}
}

// note checks a step that starts.
func (p *player) note(s *shot, rec *recording.Step) {
	if !p.verify {
		return
	}
	p.mu.Lock()
	p.played[spotOf(&s.Step)] = true
	if p.answers(s, rec) {
		p.answered = append(p.answered, s.Path+"/")
	}
	p.mu.Unlock()
	switch {
	case rec == nil:
		p.differs(s.Seq, s.Path, "a new step", "none", s.Kind)
	case rec.Kind != s.Kind:
		p.differs(rec.Seq, s.Path, "kind", rec.Kind, s.Kind)
	case rec.In != nil && s.In != nil && !same(rec.In, s.In):
		p.differs(rec.Seq, s.Path, "input", string(rec.In), string(s.In))
	}
}

// ended checks a step that ran.
func (p *player) ended(s *shot) {
	if rec := p.steps[spotOf(&s.Step)]; p.verify && rec != nil {
		p.compare(rec.Seq, s.Path, rec.Out, s.Out, rec.Err, s.Err)
	}
}

// end checks the run.
func (p *player) end(_ context.Context, _ *run, end *recording.End, _ error) {
	if !p.verify {
		return
	}
	for at, rec := range p.steps {
		if !p.reached(at) && (rec.Err == nil || rec.Err.Outcome != semconv.OutcomeCancelled) {
			p.differs(rec.Seq, rec.Path, "a missing step", rec.Kind, "none")
		}
	}
	if was := p.run.End; was != nil {
		p.compare(math.MaxInt, "", was.Out, end.Out, was.Err, end.Err)
	}
}

// reached reports whether the step was played, or lies in one that was answered.
func (p *player) reached(at spot) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.played[at] {
		return true
	}
	for _, path := range p.answered {
		if strings.HasPrefix(at.path, path) {
			return true
		}
	}
	return false
}

func (p *player) compare(seq int, path string, was, is json.RawMessage, wasErr, isErr *recording.Error) {
	switch {
	case (wasErr == nil) != (isErr == nil), wasErr != nil && *wasErr != *isErr:
		p.differs(seq, path, "error", errorText(wasErr), errorText(isErr))
	case wasErr == nil && was != nil && is != nil && !same(was, is):
		p.differs(seq, path, "output", string(was), string(is))
	}
}

// differs keeps the difference that started first.
func (p *player) differs(seq int, path, what, recorded, replayed string) {
	d := &DifferenceError{
		Step: path, What: what, seq: seq,
		Recorded: clip(recorded, maxLogText), Replayed: clip(replayed, maxLogText),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.diff == nil || d.seq < p.diff.seq {
		p.diff = d
	}
}

func (p *player) difference() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.diff == nil {
		return nil
	}
	return p.diff
}

func errorText(e *recording.Error) string {
	if e == nil {
		return "none"
	}
	return fmt.Sprintf("%s (%s)", e.Text, e.Outcome)
}

// same compares JSON, of which one side may have been edited by hand.
func same(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	if json.Compact(&x, a) != nil || json.Compact(&y, b) != nil {
		return false
	}
	return bytes.Equal(x.Bytes(), y.Bytes())
}
