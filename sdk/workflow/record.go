package workflow

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
)

// Bounds of what is recorded of one run, unless options say otherwise.
const (
	defaultMaxValue = 64 << 10
	defaultMaxRun   = 1 << 20
	mostValue       = recording.MaxLine / 4 // two in a line, and what else there is
)

// RecordOption changes what is recorded.
type RecordOption func(*recorder)

// MaxValue bounds an input or an output to n bytes of JSON; a larger one is left
// out and said to be. Default: 64 KiB. Less than 1 byte, or more than 4 MiB, which
// would make lines that cannot be read, panics.
func MaxValue(n int) RecordOption {
	if n < 1 || n > mostValue {
		panic(fmt.Sprintf("workflow: MaxValue: needs 1 to %d bytes (got %d)", mostValue, n))
	}
	return func(r *recorder) { r.maxValue = n }
}

// MaxRun bounds the steps of a run to n bytes of JSON lines; further ones are
// left out and counted. Default: 1 MiB. Less than 1 panics. They are kept until the
// run ends: with R runs at a time that is R × (MaxRun + 2 × MaxValue) at most.
func MaxRun(n int) RecordOption {
	if n < 1 {
		panic(fmt.Sprintf("workflow: MaxRun: needs at least 1 byte (got %d)", n))
	}
	return func(r *recorder) { r.maxRun = n }
}

// KeepIf records only runs for which keep returns true once they have ended,
// such as those that failed. Default: all.
func KeepIf(keep func(info Info, err error) bool) RecordOption {
	return func(r *recorder) { r.keep = keep }
}

// Record writes what every run and its steps were given, returned, failed with
// and decided to w, as the JSON lines of package recording: one Write a run, when
// it has ended, never two at once. Steps are written by encoding/json and must
// survive it; every string in them goes through [Redact] first. Steps that Do
// started say what they returned, as only they know what they were given; of
// streams the pieces are recorded.
//
// A run inside of a recorded one is a part of that and not recorded by itself. A
// run waits for w, and does not fail when w does: that goes to the [Logger].
func Record(w io.Writer, opts ...RecordOption) Option {
	r := &recorder{to: w, maxValue: defaultMaxValue, maxRun: defaultMaxRun}
	for _, opt := range opts {
		opt(r)
	}
	return func(c *config) { c.recorder = r }
}

// recorder is what all runs of a workflow are recorded by. It is safe for
// concurrent use.
type recorder struct {
	mu       sync.Mutex
	to       io.Writer // guarded by mu
	maxValue int
	maxRun   int
	keep     func(Info, error) bool
}

// reel collects the lines of one run. It is safe for concurrent use.
type reel struct {
	recorder *recorder
	id       string

	mu      sync.Mutex // guards what follows
	lines   bytes.Buffer
	dropped int
	closed  bool
}

func (c *recorder) tape(r *run) *tape {
	return newTape(&reel{recorder: c, id: r.info.RunID}, r.def.privacy, c.maxValue)
}

// begin writes how the run starts.
func (l *reel) begin(t *tape, r *run, in any) {
	start := &recording.Start{
		Version:    recording.Version,
		Workflow:   r.info.Workflow,
		Definition: r.info.Version,
		Start:      time.Now(),
	}
	if sc := r.span.SpanContext(); sc.IsValid() {
		start.TraceID, start.SpanID = sc.TraceID().String(), sc.SpanID().String()
	}
	start.In, start.CutIn = t.encode(in)
	l.write(recording.Line{Run: start})
}

// asked answers nothing.
func (*reel) asked(*shot) bool { return false }

func (l *reel) ended(s *shot) {
	step := s.Step
	l.write(recording.Line{Step: &step})
}

// write adds a line, unless that would be too much. Only steps are ever too much.
func (l *reel) write(line recording.Line) {
	line.ID = l.id
	text, err := json.Marshal(line)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return // a step that outlives its run
	}
	if err != nil || line.Step != nil && l.lines.Len()+len(text) >= l.recorder.maxRun {
		l.dropped++
		return
	}
	l.lines.Write(text)
	l.lines.WriteByte('\n')
}

// end writes the run, if it is to be kept. Whatever happens is told to the log.
func (l *reel) end(ctx context.Context, r *run, end *recording.End, err error) {
	_, failure := guard(ctx, func(context.Context) (unknown, error) {
		if l.recorder.keep != nil && !l.recorder.keep(r.identity(), err) {
			return unknown{}, nil
		}
		end.Dropped = l.missing()
		l.write(recording.Line{End: end})
		return unknown{}, l.flush()
	})
	if failure != nil {
		r.def.log.event(ctx, slog.LevelWarn, eventUnrecorded, slog.String("error", clip(failure.Error(), maxLogText)))
	}
}

func (l *reel) missing() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dropped
}

func (l *reel) flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.recorder.mu.Lock()
	defer l.recorder.mu.Unlock()
	_, err := l.recorder.to.Write(l.lines.Bytes())
	return err
}
