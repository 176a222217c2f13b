package tally

import (
	"strings"
	"sync"
	"time"
)

// Throughput tells how many runs a second ended within the last minute, from the
// times at which they ended:
//
//	now = 12:00:30   slots of 1 s, 60 of them
//	run ended 12:00:29 → slot 29      run ended 11:58:00 → too old: late
//
// It tells at most a given number of workflows apart. Safe for concurrent use.
type Throughput struct {
	mu   sync.Mutex
	max  int
	by   map[stream]*ring
	rest ring // of all others
}

type stream struct{ workflow, service string }

const slots = 60

// ring counts the runs of one workflow by the second in which they ended.
type ring struct {
	counts [slots]uint64
	second [slots]int64 // the unix second that a slot counts
	latest int64
}

// NewThroughput returns a Throughput of at most max workflows.
func NewThroughput(maxWorkflows int) *Throughput {
	return &Throughput{max: maxWorkflows, by: make(map[stream]*ring)}
}

// Second returns the unix second in which a run counts that ended at the given time, and
// whether it does, both in unix nanoseconds: it must have ended within the last minute, or in
// the future, which counts as now.
func Second(ended, now int64) (second int64, ok bool) {
	return min(ended, now) / 1e9, ended > now-slots*1e9
}

// Add counts n runs that ended in that unix second.
func (t *Throughput) Add(workflow, service string, second int64, n uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ring(stream{workflow, service}).add(second, n)
}

func (t *Throughput) ring(s stream) *ring {
	if r := t.by[s]; r != nil {
		return r
	}
	if len(t.by) == t.max {
		return &t.rest
	}
	r := &ring{}
	t.by[stream{strings.Clone(s.workflow), strings.Clone(s.service)}] = r
	return r
}

func (r *ring) add(second int64, n uint64) {
	i := second % slots
	if r.second[i] != second {
		r.second[i], r.counts[i] = second, 0
	}
	r.counts[i] += n
	r.latest = max(r.latest, second)
}

// Each reports the runs a second of every workflow. One that ended none for ten
// minutes is forgotten; until then it reports 0. Those that are not told apart are
// reported as one, whose workflow is "".
func (t *Throughput) Each(now time.Time, yield func(workflow, service string, perSecond float64)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	second := now.Unix()
	for s, r := range t.by {
		if second-r.latest > forget {
			delete(t.by, s)
			continue
		}
		yield(s.workflow, s.service, float64(r.within(second))/slots)
	}
	if second-t.rest.latest <= forget {
		yield("", "", float64(t.rest.within(second))/slots)
	}
}

// forget is after how many seconds of silence a workflow is forgotten.
const forget = 600

func (r *ring) within(now int64) uint64 {
	var n uint64
	for i, second := range r.second {
		if second > now-slots && second <= now {
			n += r.counts[i]
		}
	}
	return n
}
