package workflow

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

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
	case s.ctx.Err() != nil: // a matter of moments
	case rec == nil && p.inFailure(s.Path, s.Lane):
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
	p.order.end(spotOf(&s.Step))
	if rec := p.steps[spotOf(&s.Step)]; p.verify && rec != nil && s.ctx.Err() == nil {
		p.compare(rec.Seq, s.Path, rec.Out, s.Out, rec.Err, s.Err)
	}
}

// end checks the run.
func (p *player) end(_ context.Context, _ *run, end *recording.End, _ error) {
	if !p.verify {
		return
	}
	for at, rec := range p.steps {
		if !p.reached(at) && !isCancelled(rec.Err) && !p.inFailure(at.path, at.lane) {
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

// inFailure reports whether a step around the place failed: what else it did is
// then recorded or not, and reached or not, as it happens.
func (p *player) inFailure(path, lane string) bool {
	for at := (place{path, lane}).up(); at.path != ""; at = at.up() {
		if p.failed[at] {
			return true
		}
	}
	return false
}

func isCancelled(e *recording.Error) bool { return e != nil && e.Outcome == semconv.OutcomeCancelled }

// compare checks how a step or the run ended. What is cancelled may have been
// faster another time.
func (p *player) compare(seq int, path string, was, is json.RawMessage, wasErr, isErr *recording.Error) {
	switch {
	case isCancelled(wasErr), isCancelled(isErr):
	case (wasErr == nil) != (isErr == nil), wasErr != nil && !sameError(*wasErr, *isErr):
		p.differs(seq, path, "error", errorText(wasErr), errorText(isErr))
	case wasErr == nil && was != nil && is != nil && !same(was, is):
		p.differs(seq, path, "output", string(was), string(is))
	}
}

func sameError(a, b recording.Error) bool {
	a.Interrupted, b.Interrupted = false, false // a matter of moments
	return a == b
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
