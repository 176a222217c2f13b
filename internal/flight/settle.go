package flight

import (
	"math"
	"time"
)

// Settle hands out every trace whose time has come: those that ended longer than
// Wait ago, those that were silent for longer than Idle, and those evicted since
// the last call. A settled one is remembered until it is idle, so that its late spans
// open no new run; only another run or cost opens its books again. settled is called
// under a lock and must not call the table.
func (t *Table) Settle(now time.Time, settled func(Settled)) {
	t.settle(t.clock(now.Add(-t.opts.Wait)), t.clock(now.Add(-t.opts.Idle)), settled)
}

// Drain hands out every trace that has not been settled, whatever its age, and
// empties the table: for the end of the process.
func (t *Table) Drain(settled func(Settled)) {
	t.settle(math.MaxInt64, math.MaxInt64, settled)
}

func (t *Table) settle(waited, idle int64, settled func(Settled)) {
	t.Evicted(settled)
	for i := range t.shards {
		t.shards[i].settleAll(waited, idle, settled)
	}
}

// Evicted hands out the traces evicted since the last call. It costs next to nothing
// where there are none, so that it can be asked after each batch: they take memory until
// they are handed out. settled must not call the table.
func (t *Table) Evicted(settled func(Settled)) {
	if t.early.Load() == 0 {
		return
	}
	for i := range t.shards {
		t.shards[i].handOut(settled)
	}
}

func (s *shard) handOut(settled func(Settled)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.early {
		settled(e)
	}
	s.table.early.Add(-int64(len(s.early)))
	s.early = nil
}

func (s *shard) settleAll(waited, idle int64, settled func(Settled)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for tr := s.oldest; tr != nil && tr.seen <= max(waited, idle); {
		next := tr.next
		silent := tr.seen <= idle
		if !tr.ended.settled && (silent || tr.seen <= waited && tr.complete()) {
			settled(s.close(tr, false))
		}
		if silent {
			s.drop(tr)
		}
		tr = next
	}
}

// close closes the trace's books.
func (s *shard) close(tr *trace, evicted bool) Settled {
	st := Settled{
		Ended: tr.ended.run(), HasEnded: tr.ended.ok, Resolved: s.giveUp(tr, evicted),
		Cost: tr.cost, HasCost: tr.ended.priced, Evicted: evicted,
	}
	tr.ended.settled = true
	if tr.more != nil {
		tr.more.pending, tr.more.calls = tr.more.pending[:0], 0
	}
	return st
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
