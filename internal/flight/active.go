package flight

import "time"

// stream is whose runs are counted together.
type stream struct{ workflow, service string }

// Active reports, for each workflow and service, how many runs are in flight:
// begun, known by name, not ended and not silent for longer than Idle. A workflow
// with nothing in flight is reported as 0 for an hour, so that no reader of the
// gauge keeps its last value. Past MaxStreams the rest is reported as one, whose
// workflow is "".
func (t *Table) Active(now time.Time, active func(workflow, service string, n int64)) {
	counts := t.countActive(now)
	t.reporting.Lock()
	defer t.reporting.Unlock()
	rest := int64(0)
	for s, n := range counts {
		if _, known := t.reported[s]; known || len(t.reported) < t.opts.MaxStreams {
			t.reported[s] = now
		} else {
			rest += n
		}
	}
	if rest > 0 {
		active("", "", rest)
	}
	for s, last := range t.reported {
		if now.Sub(last) > remember {
			delete(t.reported, s)
			continue
		}
		active(s.workflow, s.service, counts[s])
	}
}

// remember is how long a workflow with nothing in flight is reported.
const remember = time.Hour

func (t *Table) countActive(now time.Time) map[stream]int64 {
	counts := make(map[stream]int64)
	idle := t.clock(now.Add(-t.opts.Idle))
	for i := range t.shards {
		t.shards[i].countActive(idle, counts)
	}
	return counts
}

// countActive counts the shard's traces in flight; streams whose traces have all
// ended count 0.
func (s *shard) countActive(idle int64, counts map[stream]int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for tr := s.newest; tr != nil && tr.seen > idle; tr = tr.prev {
		tr.inFlight(func(s stream, n int64) { counts[s] += n })
	}
}
