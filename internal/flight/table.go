package flight

import (
	"encoding/binary"
	"math"
	"sync"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// shardCount spreads traces over locks; a power of two. A small table has one, so that its
// bound is exact.
const (
	shardCount = 16
	smallTable = 1024
)

// Table remembers traces, at most [Options.MaxOpen] of them. It implements
// [flow.Memory]. Safe for concurrent use; of what two goroutines remember of one
// trace at the same time, the later stays.
type Table struct {
	opts   Options
	shards []shard

	wrappers wrappers

	reporting sync.Mutex
	reported  map[stream]time.Time // guarded by reporting: when it last had a trace
}

type shard struct {
	mu     sync.Mutex
	byID   map[flow.TraceID]*trace
	oldest *trace // the ends of a list in order of last news
	newest *trace
	free   *trace
	max    int
	owners map[owner]*owner  // the owners in use, one copy each
	names  map[string]string // the names in use, one copy each
	early  []Settled         // evicted traces, handed out by the next Settle
	around *wrappers
}

// trace is what is remembered of one trace: 128 bytes for most, since there may be a
// hundred thousand of them.
type trace struct {
	id         flow.TraceID
	seen       int64  // unix nanoseconds of the last news
	who        *owner // nil if that is not known
	first      openRun
	ended      ending
	cost       float64
	more       *more // nil for most
	prev, next *trace
}

// more is what only few traces have.
type more struct {
	frontiers []flow.Frontier
	passages  []flow.Passage
	pending   []Candidate
	open      []openRun // after the first
	calls     int       // that may each be the run if it stands alone
}

// ending is the outermost run that has ended, and what has become of the trace.
type ending struct {
	who        *owner
	start, end int64
	weight     uint32
	outcome    flow.Outcome
	ok         bool // a run has ended
	priced     bool // something of the trace had a cost
	settled    bool
}

// NewTable returns an empty table. Non-positive options are invalid and the
// caller's to refuse.
func NewTable(opts Options) *Table {
	t := &Table{opts: opts, shards: make([]shard, shardCount), reported: make(map[stream]time.Time)}
	if opts.MaxOpen < smallTable {
		t.shards = t.shards[:1]
	}
	for i := range t.shards {
		s := &t.shards[i]
		s.byID = make(map[flow.TraceID]*trace)
		s.owners = make(map[owner]*owner)
		s.names = make(map[string]string)
		s.around = &t.wrappers
		s.max = (opts.MaxOpen + len(t.shards) - 1) / len(t.shards)
	}
	return t
}

// Touch notes news of the trace at the given time, and that its run of that key
// is in flight; key 0 stands for the trace as a whole. A workflow or service that
// is not known yet is remembered; "" changes nothing.
func (t *Table) Touch(id flow.TraceID, now time.Time, key uint64, workflow, service string) {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.touch(s.open(id, now.UnixNano()), key, workflow, service)
}

func (s *shard) touch(tr *trace, key uint64, workflow, service string) {
	tr.who = s.complete(tr.who, workflow, service)
	if key == 0 {
		return
	}
	if r := tr.run(key); r != nil {
		if r.who == nil {
			r.who = s.complete(r.who, workflow, service)
		}
	}
}

// Workflow returns whose workflow the trace is, "" where that is not known.
func (t *Table) Workflow(id flow.TraceID) string {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if tr := s.byID[id]; tr != nil && tr.who != nil {
		return tr.who.workflow
	}
	return ""
}

// End notes news of the trace as Touch does, and that this run of it has ended and
// been counted: it is no longer in flight and, if it has no key, nothing of the trace
// is. Of several runs in a trace the one that contains the others carries the cost.
func (t *Table) End(id flow.TraceID, now time.Time, run *Run) {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	tr := s.open(id, now.UnixNano())
	s.touch(tr, run.Key, run.Workflow, run.Service)
	s.end(tr, run)
}

func (s *shard) end(tr *trace, run *Run) {
	tr.finish(run)
	if run.Detached {
		s.around.add(s.intern(run.Workflow), run)
	}
	if e := &tr.ended; !e.ok || run.Start <= e.start && e.end <= run.End {
		e.ok, e.start, e.end, e.outcome = true, run.Start, run.End, run.Outcome
		e.weight = uint32(min(run.Weight, math.MaxUint32))
		e.who = s.own(tr.who, owner{run.Workflow, run.Service, run.Dimensions})
	}
}

// run returns the ended run as it was told.
func (e *ending) run() (r Run) {
	if e.ok {
		r = Run{
			Workflow: e.who.workflow, Service: e.who.service, Dimensions: e.who.dimensions,
			Outcome: e.outcome, Start: e.start, End: e.end, Weight: uint64(e.weight),
		}
	}
	return r
}

// Spend adds to what the trace has cost, in US dollars.
func (t *Table) Spend(id flow.TraceID, now time.Time, usd float64) {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	tr := s.open(id, now.UnixNano())
	tr.cost += usd
	tr.ended.priced = true
}

// Recall implements [flow.Memory].
func (t *Table) Recall(id flow.TraceID, fs []flow.Frontier, ps []flow.Passage) ([]flow.Frontier, []flow.Passage) {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if tr := s.byID[id]; tr != nil && tr.more != nil {
		return append(fs, tr.more.frontiers...), append(ps, tr.more.passages...)
	}
	return fs, ps
}

// Remember implements [flow.Memory]; it keeps the first [flow.MaxFrontiers] and
// [flow.MaxPassages], and nothing of a trace that is not open.
func (t *Table) Remember(id flow.TraceID, fs []flow.Frontier, ps []flow.Passage) {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	tr := s.byID[id]
	if tr == nil || tr.more == nil && len(fs)+len(ps) == 0 {
		return
	}
	m := tr.extend()
	m.frontiers = append(m.frontiers[:0], fs[:min(len(fs), flow.MaxFrontiers)]...)
	m.passages = append(m.passages[:0], ps[:min(len(ps), flow.MaxPassages)]...)
}

// extend returns what only few traces have, which this one has from now on.
func (tr *trace) extend() *more {
	if tr.more == nil {
		tr.more = &more{}
	}
	return tr.more
}

// pending returns the candidates that wait in the trace.
func (tr *trace) pending() []Candidate {
	if tr.more == nil {
		return nil
	}
	return tr.more.pending
}

func (t *Table) shard(id flow.TraceID) *shard {
	return &t.shards[binary.LittleEndian.Uint64(id[8:])%uint64(len(t.shards))]
}

// open returns the trace, made anew where it is not known, as the newest one.
func (s *shard) open(id flow.TraceID, now int64) *trace {
	tr := s.byID[id]
	if tr == nil {
		if len(s.byID) >= s.max {
			s.evict()
		}
		tr = s.fresh()
		tr.id = id
		s.byID[id] = tr
	} else {
		s.unlink(tr)
	}
	tr.seen = max(tr.seen, now)
	s.append(tr)
	return tr
}
