package flight

import (
	"cmp"
	"encoding/binary"
	"math"
	"sync"
	"sync/atomic"
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
	epoch  time.Time // times are kept since then, so that a step of the clock moves none
	shards []shard
	early  atomic.Int64 // evicted traces that have not been handed out

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
	early  []Settled         // evicted traces, not handed out yet
	around *wrappers
	table  *Table
}

// trace is what is remembered of one trace: 128 bytes for most, since there may be a
// hundred thousand of them.
type trace struct {
	id         flow.TraceID
	seen       int64  // time of the last news
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
	settled    bool // the books are closed
	ran        bool // a run ended before the books were last closed
}

// spread mixes the bits of trace ids, which may be counters.
const spread = 0x9E3779B97F4A7C15

// NewTable returns an empty table. Non-positive options are invalid and the
// caller's to refuse.
func NewTable(opts Options) *Table {
	t := &Table{opts: opts, epoch: time.Now(), shards: make([]shard, shardCount), reported: make(map[stream]time.Time)}
	if opts.MaxOpen < smallTable {
		t.shards = t.shards[:1]
	}
	for i := range t.shards {
		s := &t.shards[i]
		s.byID = make(map[flow.TraceID]*trace)
		s.owners = make(map[owner]*owner)
		s.names = make(map[string]string)
		s.around, s.table = &t.wrappers, t
		s.max = (opts.MaxOpen + len(t.shards) - 1) / len(t.shards)
	}
	return t
}

// Touch notes news of the trace at the given time, and that its run of that key
// is in flight; key 0 stands for the trace as a whole. A workflow or service that
// is not known yet is remembered; "" changes nothing.
func (t *Table) Touch(id flow.TraceID, now time.Time, key uint64, workflow, service string) {
	v := t.Visit(id, now)
	v.Touch(key, workflow, service)
	v.Leave()
}

func (s *shard) touch(tr *trace, key uint64, workflow, service string) {
	tr.who = s.complete(tr.who, workflow, service)
	if key == 0 {
		return
	}
	if r := tr.run(key); r != nil {
		r.who = s.complete(r.who, workflow, service)
	}
}

// clock returns the time since the table was made, by the monotonic clock where now has one.
func (t *Table) clock(now time.Time) int64 { return int64(now.Sub(t.epoch)) }

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
	v := t.Visit(id, now)
	v.End(run)
	v.Leave()
}

func (s *shard) end(tr *trace, run *Run) {
	tr.ended.reopen()
	tr.finish(run)
	if run.Detached {
		s.around.add(s.intern(run.Workflow), run)
	}
	if e := &tr.ended; !e.ok || run.Start <= e.start && e.end <= run.End {
		e.ok, e.start, e.end, e.outcome = true, run.Start, run.End, run.Outcome
		e.weight = uint32(min(run.Weight, math.MaxUint32))
		e.who = s.own(tr.who, owner{run.Workflow, run.Service, run.Dimensions})
		if run.Workflow != "" && run.Dimensions == "" {
			tr.who = e.who
			return
		}
		tr.who = s.own(tr.who, owner{workflow: cmp.Or(run.Workflow, tr.who.name()), service: run.Service})
	}
}

// reopen opens the books of a trace that goes on although they were closed: sessions have
// one run after the other in a trace.
func (e *ending) reopen() {
	if e.settled {
		*e = ending{ran: e.ran || e.ok}
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
	v := t.Visit(id, now)
	v.Spend(usd)
	v.Leave()
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

// Remembers says whether Recall would return anything.
func (t *Table) Remembers(id flow.TraceID) bool {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	tr := s.byID[id]
	return tr != nil && tr.more.remembers()
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
	h := (binary.LittleEndian.Uint64(id[8:]) ^ binary.LittleEndian.Uint64(id[:8])) * spread
	return &t.shards[h>>32%uint64(len(t.shards))]
}

// open returns the trace, made anew where it is not known, as the newest one.
func (s *shard) open(id flow.TraceID, now int64) *trace {
	tr := s.byID[id]
	if tr == nil {
		if len(s.byID) >= s.max {
			s.evict()
		}
		tr = s.fresh()
		tr.id, tr.seen = id, now
		s.byID[id] = tr
	} else {
		s.unlink(tr)
	}
	tr.seen = max(tr.seen, now)
	s.append(tr)
	return tr
}
