package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
)

// tape is where the steps of a run, and of the runs in it, are written to or
// answered from. It is safe for concurrent use.
type tape struct {
	machine machine
	privacy privacy
	limit   int    // of a value, in bytes
	inner   bool   // whether the run lies in a step of another
	path    string // of that step
	lane    string
	count   *counter // of the outermost run
}

// machine is the recorder or the player behind a tape.
type machine interface {
	// begin is told of the run before it starts.
	begin(t *tape, r *run, in any)
	// asked is told of a step before it runs, and says whether it is answered instead.
	asked(s *shot) (answered bool)
	// ended is told of a step that did run.
	ended(s *shot)
	// end is told of the run when it has ended with err.
	end(ctx context.Context, r *run, end *recording.End, err error)
}

// shot is one step on a tape.
type shot struct {
	recording.Step
	ctx     context.Context // tells cancelled from failed at the end
	stream  bool            // whether Out is the pieces before an error, too
	undo    bool            // whether it undoes another step
	refused error           // why it cannot be answered
	privacy privacy
}

// decided adds decisions of the step. Without a tape it does nothing.
func (s *shot) decided(decisions []attribute.KeyValue) {
	if s == nil {
		return
	}
	if s.Decisions == nil {
		s.Decisions = make(map[string]string, len(decisions))
	}
	for _, d := range decisions {
		s.Decisions[string(d.Key)] = s.privacy.text(d.Value.String(), maxLogText)
	}
}

// counter numbers steps as they start.
//
//	start of            seq   path       lane   nth
//	validate            0     validate   0      0
//	ask, a retry        1     ask        1      0
//	the first attempt   2     ask/ask    1#1.0  0
//	the second          3     ask/ask    1#2.0  0
type counter struct {
	mu   sync.Mutex
	seq  int
	seen map[place]int
}

// place is where a step is, but for how often it was there before.
type place struct{ path, lane string }

func (c *counter) number(s *recording.Step) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := place{s.Path, s.Lane}
	s.Seq, s.Nth = c.seq, c.seen[at]
	c.seq++
	c.seen[at]++
}

func newTape(m machine, p privacy, limit int) *tape {
	return &tape{machine: m, privacy: p, limit: limit, count: &counter{seen: make(map[place]int)}}
}

// begin tells the machine of the outermost run.
func (t *tape) begin(r *run, in any) {
	if !t.inner {
		t.machine.begin(t, r, in)
	}
}

// end tells the machine how the outermost run ended.
func (t *tape) end(ctx context.Context, r *run, out any, err error) {
	if t.inner {
		return
	}
	end := &recording.End{Outcome: Outcome(ctx, err)}
	if err != nil {
		end.Err = t.failure(ctx, err)
	} else {
		end.Out, end.CutOut = t.encode(out)
	}
	t.machine.end(ctx, r, end, err)
}

// nested returns the tape of a run that is started at f, in a step of this one.
func (t *tape) nested(f *frame, workflow string) *tape {
	s := t.shot(f, f, workflow, "")
	inner := *t
	inner.inner = true
	inner.path, inner.lane = s.Path, s.Lane+strconv.Itoa(s.Nth)
	return &inner
}

// shot begins the step f or, where a name is given, the call or run of that name
// in f, which has no position of its own.
func (t *tape) shot(ctx context.Context, f *frame, name, kind string) *shot {
	lane := t.lane + f.lane()
	if name != "" {
		lane += "."
	}
	s := &shot{ctx: ctx, privacy: t.privacy, Step: recording.Step{
		Path:  join(join(t.path, f.path()), name),
		Lane:  strings.TrimPrefix(lane, "."),
		Kind:  kind,
		Start: time.Now(),
	}}
	t.count.number(&s.Step)
	return s
}

// lane returns the positions down to f, each after a dot, and the attempts, each
// after a hash: 1#2.0 is below the second attempt of step 1.
func (f *frame) lane() string {
	switch {
	case f.parent == nil:
		return ""
	case f.attempt > 0:
		return f.parent.lane() + "#" + strconv.Itoa(f.attempt)
	case f.name == "":
		return f.parent.lane()
	default:
		return f.parent.lane() + "." + strconv.Itoa(f.at)
	}
}

// encode returns a value as it may be recorded, or why it cannot be.
func (t *tape) encode(value any) (raw json.RawMessage, cut string) {
	if _, ok := value.(unknown); ok {
		return nil, ""
	}
	raw, err := guard(context.Background(), func(context.Context) ([]byte, error) { return json.Marshal(value) })
	if err != nil {
		return nil, clip(err.Error(), maxLogText)
	}
	if raw = t.privacy.json(raw); len(raw) > t.limit {
		return nil, fmt.Sprintf("%d bytes; at most %d are recorded", len(raw), t.limit)
	}
	return raw, ""
}

// close fills in how the step ended, and tells the machine.
func (t *tape) close(s *shot, out any, err error) {
	s.Seconds = time.Since(s.Start).Seconds()
	if err != nil {
		s.Err = t.failure(s.ctx, err)
	}
	if s.CutOut == "" && (err == nil || s.stream) {
		s.Out, s.CutOut = t.encode(out)
	}
	t.machine.ended(s)
}

// failure returns what may be recorded of an error: without the place, which a
// replay adds again.
func (t *tape) failure(ctx context.Context, err error) *recording.Error {
	return &recording.Error{
		Text:    t.privacy.failure(ask(cause, err), maxText),
		Type:    errorType(err),
		Outcome: Outcome(ctx, err),

		Interrupted: ctx.Err() != nil,
		Permanent:   ask(isPermanent, err),
	}
}
