package flight

import (
	"encoding/binary"
	"strings"
	"sync"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// shardCount spreads traces over locks; a power of two.
const shardCount = 16

// Table remembers traces, at most [Options.MaxOpen] of them. It implements
// [flow.Memory]. Safe for concurrent use; of what two goroutines remember of one
// trace at the same time, the later stays.
type Table struct {
	opts   Options
	shards [shardCount]shard

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
	names  map[string]string // the names in use, one copy each
	early  []Settled         // evicted traces, handed out by the next Settle
	around *wrappers
}

// trace is what is remembered of one trace.
type trace struct {
	id         flow.TraceID
	seen       int64 // unix nanoseconds of the last news
	workflow   string
	service    string
	frontiers  []flow.Frontier
	passages   []flow.Passage
	pending    []Candidate
	open       []openRun
	ended      Run
	cost       float64
	calls      int // that may each be the run if it stands alone
	hasEnded   bool
	hasCost    bool
	settled    bool
	prev, next *trace
}

// NewTable returns an empty table. Non-positive options are invalid and the
// caller's to refuse.
func NewTable(opts Options) *Table {
	t := &Table{opts: opts, reported: make(map[stream]time.Time)}
	for i := range t.shards {
		s := &t.shards[i]
		s.byID = make(map[flow.TraceID]*trace)
		s.names = make(map[string]string)
		s.around = &t.wrappers
		s.max = max(1, opts.MaxOpen/shardCount)
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
	if tr.workflow == "" && workflow != "" {
		tr.workflow = s.intern(workflow)
	}
	if tr.service == "" && service != "" {
		tr.service = s.intern(service)
	}
	if key != 0 {
		s.begin(tr, key, workflow, service)
	}
}

// Workflow returns whose workflow the trace is, "" where that is not known.
func (t *Table) Workflow(id flow.TraceID) string {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if tr := s.byID[id]; tr != nil {
		return tr.workflow
	}
	return ""
}

// End notes news of the trace as Touch does, and that this run of it has ended and been
// counted: it is no longer
// in flight and, if it has no key, nothing of the trace is. Of several runs in a
// trace the one that contains the others carries the cost.
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
	if !tr.hasEnded || run.contains(&tr.ended) {
		tr.ended = s.own(run)
		tr.hasEnded = true
	}
}

// Spend adds to what the trace has cost, in US dollars.
func (t *Table) Spend(id flow.TraceID, now time.Time, usd float64) {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	tr := s.open(id, now.UnixNano())
	tr.cost += usd
	tr.hasCost = true
}

// Recall implements [flow.Memory].
func (t *Table) Recall(id flow.TraceID, fs []flow.Frontier, ps []flow.Passage) ([]flow.Frontier, []flow.Passage) {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if tr := s.byID[id]; tr != nil {
		return append(fs, tr.frontiers...), append(ps, tr.passages...)
	}
	return fs, ps
}

// Remember implements [flow.Memory]; it keeps the first [flow.MaxFrontiers] and
// [flow.MaxPassages], and nothing of a trace that is not open.
func (t *Table) Remember(id flow.TraceID, fs []flow.Frontier, ps []flow.Passage) {
	s := t.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if tr := s.byID[id]; tr != nil {
		tr.frontiers = append(tr.frontiers[:0], fs[:min(len(fs), flow.MaxFrontiers)]...)
		tr.passages = append(tr.passages[:0], ps[:min(len(ps), flow.MaxPassages)]...)
	}
}

func (t *Table) shard(id flow.TraceID) *shard {
	return &t.shards[binary.LittleEndian.Uint64(id[8:])%shardCount]
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

// own returns the run with names that may be kept.
func (s *shard) own(run *Run) Run {
	r := *run
	r.Workflow, r.Service, r.ErrorType = s.intern(r.Workflow), s.intern(r.Service), s.intern(r.ErrorType)
	r.Dimensions = s.intern(r.Dimensions)
	return r
}

// maxNames bounds the shared copies of names. Past it they start anew: the
// copies in use stay alive by themselves.
const maxNames = 4096

func (s *shard) intern(name string) string {
	if name == "" {
		return ""
	}
	if own, ok := s.names[name]; ok {
		return own
	}
	if len(s.names) >= maxNames {
		clear(s.names)
	}
	own := strings.Clone(name)
	s.names[own] = own
	return own
}
