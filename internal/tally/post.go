package tally

import (
	"hash/maphash"

	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// posting brings the rows of a batch to the series of a ledger.
type posting struct {
	ledger    *Ledger
	batch     *Batch
	now       int64
	firstFold bool
}

// Apply adds the rows of a batch to the series at the given time, in unix nanoseconds, and
// reports whether series were folded for the first time ever.
func (l *Ledger) Apply(b *Batch, now int64) (firstFold bool) {
	p := posting{ledger: l, batch: b, now: now}
	for i := range b.rows {
		p.row(&b.rows[i])
	}
	return p.firstFold
}

func (p *posting) row(r *row) {
	has := parts(r.verdict)
	if has&partRun != 0 {
		p.run(r)
	}
	if has&partRunCost != 0 {
		p.key(r, r.reading.Outcome.String())
		p.distribution(RunCost, r)
	}
	if has&partStep != 0 {
		p.step(r)
	}
	if has&partCall != 0 {
		p.call(r)
	}
	if r.sums >= 0 {
		p.spent(r, &p.batch.sums[r.sums])
	}
}

func (p *posting) run(r *row) {
	p.key(r, r.reading.Outcome.String())
	p.distribution(RunDuration, r)
	p.text(r.reading.ErrorType)
	p.count(Runs, r.count)
}

func (p *posting) step(r *row) {
	s := r.reading
	p.key(r, s.Step, s.StepKind, s.Outcome.String())
	p.distribution(StepDuration, r)
	p.text(s.ErrorType)
	p.count(Steps, r.count)
	for i, name := range recoveries {
		if s.Recovery&(1<<i) != 0 {
			p.key(r, s.Step, name)
			p.count(Recoveries, r.count)
		}
	}
	if s.Cache != flow.CacheNone {
		p.key(r, s.Step, s.Cache.String())
		p.count(CacheRequests, r.count)
	}
}

// recoveries are the values of workflow.recovery in the order of the bits of
// [flow.Recovery].
//
//nolint:gochecknoglobals // a table, never written to.
var recoveries = [...]string{"retry", "fallback", "timeout", "compensation", "circuit_open"}

func (p *posting) call(r *row) {
	c := &r.reading.Call
	p.key(r, c.Operation, c.Provider, c.Model, c.Tool, r.reading.Outcome.String())
	p.distribution(CallDuration, r)
	p.count(Calls, r.count)
}

func (p *posting) spent(r *row, s *sums) {
	c := &r.reading.Call
	for i, n := range s.tokens {
		if n > 0 {
			p.key(r, c.Provider, c.Model, tokenKind[i])
			p.count(Tokens, n)
		}
	}
	if s.hasCost {
		p.key(r, r.step, c.Provider, c.Model, c.Kind.String())
		p.amount(Cost, s.usd)
	}
	for m, usd := range s.saved {
		if usd != 0 {
			p.key(r, flow.Mechanism(m).String())
			p.amount(Savings, usd)
		}
	}
}

// key begins the key of a series: whose it is, then its own attributes. The workflow comes
// first so that an overflow series can keep it.
func (p *posting) key(r *row, attributes ...string) {
	b := p.batch
	b.key = append(b.key[:0], b.stream(r.stream)...)
	for _, a := range attributes {
		p.text(a)
	}
}

func (p *posting) text(s string) { p.batch.key = series.AppendString(p.batch.key, s) }

func (p *posting) count(m ID, n uint64) {
	p.update(m, n, func(c *cell) { c.count += n })
}

func (p *posting) amount(m ID, v float64) {
	p.update(m, 1, func(c *cell) { c.amount += v })
}

func (p *posting) distribution(m ID, r *row) {
	p.update(m, r.count, func(c *cell) { p.batch.pour(r, c.hist) })
}

// pour adds the row's values to the histogram.
func (b *Batch) pour(r *row, h *exphist.Histogram) {
	for i := r.last; i >= 0; i = b.values[i].next {
		h.AddN(b.values[i].v, b.values[i].n)
	}
}

func (p *posting) update(m ID, n uint64, change func(*cell)) {
	key := p.batch.key
	if p.ledger.update(m, maphash.Bytes(p.ledger.seed, key), key, p.now, n, change) {
		p.firstFold = true
	}
}
