package tally

import (
	"hash/maphash"

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
	has := r.parts
	if has&partRun != 0 {
		p.run(r)
	}
	if has&partRunCost != 0 {
		p.distribution(RunCost, r, r.reading.Outcome.String())
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
	outcome := r.reading.Outcome.String()
	p.distribution(RunDuration, r, outcome)
	p.count(Runs, r, r.count, outcome, r.reading.ErrorType)
}

func (p *posting) step(r *row) {
	s, outcome := r.reading, r.reading.Outcome.String()
	p.distribution(StepDuration, r, s.Step, s.StepKind, outcome)
	p.count(Steps, r, r.count, s.Step, s.StepKind, outcome, s.ErrorType)
	for i, name := range recoveries {
		if s.Recovery&(1<<i) != 0 {
			p.count(Recoveries, r, r.count, s.Step, name)
		}
	}
	if s.Cache != flow.CacheNone {
		p.count(CacheRequests, r, r.count, s.Step, s.Cache.String())
	}
}

// recoveries are the values of workflow.recovery in the order of the bits of
// [flow.Recovery].
//
//nolint:gochecknoglobals // a table, never written to.
var recoveries = [...]string{"retry", "fallback", "timeout", "compensation", "circuit_open"}

func (p *posting) call(r *row) {
	c, outcome := &r.reading.Call, r.reading.Outcome.String()
	p.distribution(CallDuration, r, c.Operation, c.Provider, c.Model, c.Tool, outcome)
	p.count(Calls, r, r.count, c.Operation, c.Provider, c.Model, c.Tool, outcome)
	if c.Unpriced {
		p.count(CallsUnpriced, r, r.count, c.Provider, c.Model)
	}
}

func (p *posting) spent(r *row, s *sums) {
	c := &r.reading.Call
	for i, n := range s.tokens {
		if n > 0 {
			p.count(Tokens, r, n, c.Provider, c.Model, tokenKind[i])
		}
	}
	if s.hasCost {
		p.amount(Cost, r, s.usd, r.step, c.Provider, c.Model, c.Kind.String())
	}
	for m := range flow.MechanismCount {
		if usd := s.saved[m]; usd != 0 {
			p.amount(Savings, r, usd, m.String())
		}
		if usd := s.extra[m]; usd != 0 {
			p.amount(ExtraCost, r, usd, m.String())
		}
	}
}

// key writes the key of a series: whose it is, then its own attributes without those that
// are excluded. The workflow comes first so that an overflow series can keep it.
func (p *posting) key(m ID, r *row, attributes []string) {
	b, hidden := p.batch, p.ledger.hidden[m]
	b.key = append(b.key[:0], b.stream(r.stream)...)
	for i, a := range attributes {
		if hidden>>i&1 != 0 {
			a = ""
		}
		b.key = series.AppendString(b.key, a)
	}
}

func (p *posting) count(m ID, r *row, n uint64, attributes ...string) {
	p.key(m, r, attributes)
	p.update(m, r.count, func(c *cell) { c.count += n })
}

func (p *posting) amount(m ID, r *row, v float64, attributes ...string) {
	p.key(m, r, attributes)
	p.update(m, r.count, func(c *cell) { c.amount += v })
}

func (p *posting) distribution(m ID, r *row, attributes ...string) {
	p.key(m, r, attributes)
	p.update(m, r.count, func(c *cell) {
		c.count += r.count
		p.batch.pour(r, c.spread, p.ledger.opts.Exemplars)
	})
}

// pour adds the row's values to the distribution.
func (b *Batch) pour(r *row, s *spread, exemplars int) {
	for i := r.last; i >= 0; i = b.values[i].next {
		v := &b.values[i]
		s.add(v.v, v.n)
		if exemplars > 0 && b.origins[i] != (Origin{}) {
			s.exemplars.offer(v.v, b.origins[i], exemplars)
		}
	}
}

func (p *posting) update(m ID, n uint64, change func(*cell)) {
	key := p.batch.key
	if p.ledger.update(m, maphash.Bytes(p.ledger.seed, key), key, p.now, n, change) {
		p.firstFold = true
	}
}
