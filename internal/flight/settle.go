package flight

import "time"

// Settle hands out every trace whose time has come: those that ended longer than
// Wait ago, those that were silent for longer than Idle, and those evicted since
// the last call. Each trace is handed out once; a settled one is remembered until
// it is idle, so that its late spans open no new run. settled is called under a
// lock and must not call the table.
func (t *Table) Settle(now time.Time, settled func(Settled)) {
	waited := now.Add(-t.opts.Wait).UnixNano()
	idle := now.Add(-t.opts.Idle).UnixNano()
	for i := range t.shards {
		t.shards[i].settleAll(waited, idle, settled)
	}
}

// Drain hands out every trace that has not been settled, whatever its age, and
// empties the table: for the end of the process.
func (t *Table) Drain(settled func(Settled)) {
	t.Settle(time.Unix(1<<33, 0), settled)
}

func (s *shard) settleAll(waited, idle int64, settled func(Settled)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.early {
		settled(e)
	}
	s.early = s.early[:0]
	for tr := s.oldest; tr != nil && tr.seen <= max(waited, idle); {
		next := tr.next
		silent := tr.seen <= idle
		if !tr.ended.settled && (silent || tr.seen <= waited && tr.complete()) {
			settled(s.settle(tr, false))
		}
		if silent {
			s.drop(tr)
		}
		tr = next
	}
}

// settle closes the trace's books.
func (s *shard) settle(tr *trace, evicted bool) Settled {
	tr.ended.settled = true
	return Settled{
		Ended: tr.ended.run(), HasEnded: tr.ended.ok, Resolved: s.giveUp(tr),
		Cost: tr.cost, HasCost: tr.ended.priced, Evicted: evicted,
	}
}

// Len returns how many traces are remembered.
func (t *Table) Len() int {
	n := 0
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		n += len(s.byID)
		s.mu.Unlock()
	}
	return n
}
