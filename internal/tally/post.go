package tally

// posting brings the rows of a batch to the series of a ledger.
type posting struct {
	ledger    *Ledger
	batch     *Batch
	now       int64
	firstFold bool
}

// Apply adds the rows of a batch, one made for this ledger, to the series at the given time, in
// unix nanoseconds, and reports whether series were folded for the first time ever.
func (l *Ledger) Apply(b *Batch, now int64) (firstFold bool) {
	p := posting{ledger: l, batch: b, now: now}
	for _, i := range b.used {
		p.row(&b.kept, &b.kept.rows[i])
	}
	for i := range b.strays.rows {
		p.row(&b.strays, &b.strays.rows[i])
	}
	return p.firstFold
}

func (p *posting) row(s *shelf, r *row) {
	for i := r.from; i < r.to; i++ {
		if at := &s.posts[i]; p.batch.brings(r, at) {
			p.deliver(at, s.keys[at.key.from:at.key.to], r)
		}
	}
}

// brings says whether there is anything for the series: one that counts nothing is not begun.
func (b *Batch) brings(r *row, at *post) bool {
	switch at.source {
	case ofTokens:
		return b.sums[r.sums].tokens[at.index] > 0
	case ofCost:
		return b.sums[r.sums].hasCost
	case ofSavings:
		return b.sums[r.sums].saved[at.index] != 0
	case ofExtra:
		return b.sums[r.sums].extra[at.index] != 0
	case ofSpans, ofValues:
	}
	return true
}

// deliver changes the series, or the overflow series it folds into.
func (p *posting) deliver(at *post, key []byte, r *row) {
	shard := p.ledger.books[at.metric].Lock(at.key.hash)
	if at.entry == nil || !shard.Touch(at.entry, p.now) {
		at.entry, _ = shard.Get(at.key.hash, key, p.now)
	}
	if at.entry != nil {
		p.pay(at.entry.Value, at, r)
		shard.Unlock()
		return
	}
	shard.Unlock()
	p.ledger.fold(at.metric, key, p.now, func(c *cell) { p.pay(c, at, r) })
	if p.ledger.overflow.Add(r.count) {
		p.firstFold = true
	}
}

// pay adds what the row has for a series.
func (p *posting) pay(c *cell, at *post, r *row) {
	switch at.source {
	case ofSpans:
		c.count += r.count
	case ofValues:
		c.count += r.count
		p.batch.pour(r, c.spread, p.ledger.opts.Exemplars)
	case ofTokens:
		c.count += p.batch.sums[r.sums].tokens[at.index]
	case ofCost:
		c.amount += p.batch.sums[r.sums].usd
	case ofSavings:
		c.amount += p.batch.sums[r.sums].saved[at.index]
	case ofExtra:
		c.amount += p.batch.sums[r.sums].extra[at.index]
	}
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
