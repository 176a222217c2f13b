package flight

import (
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// Visit is a stay at one trace, during which nobody else is at it: for who has more than one
// thing to say of the trace. It ends with Leave, soon, and without another call of the table
// meanwhile. Not safe for concurrent use.
type Visit struct {
	shard *shard
	trace *trace
}

// Visit opens the trace, made anew where it is not known, and notes that there is news of it at
// the given time.
func (t *Table) Visit(id flow.TraceID, now time.Time) Visit {
	s := t.shard(id)
	s.mu.Lock()
	return Visit{s, s.open(id, t.clock(now))}
}

// Leave ends the visit.
func (v *Visit) Leave() { v.shard.mu.Unlock() }

// Remembers says whether Recall would return anything.
func (v *Visit) Remembers() bool {
	return v.trace.more.remembers()
}

func (m *more) remembers() bool { return m != nil && len(m.frontiers)+len(m.passages) > 0 }

// Touch does as [Table.Touch].
func (v *Visit) Touch(key uint64, workflow, service string) {
	v.shard.touch(v.trace, key, workflow, service)
}

// End does as [Table.End].
func (v *Visit) End(run *Run) {
	v.shard.touch(v.trace, run.Key, run.Workflow, run.Service)
	v.shard.end(v.trace, run)
}

// Spend does as [Table.Spend].
func (v *Visit) Spend(usd float64) {
	tr := v.trace
	tr.ended.reopen()
	if !tr.ended.priced {
		tr.cost, tr.ended.priced = 0, true
	}
	tr.cost += usd
}
