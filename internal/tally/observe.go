package tally

import "github.com/tta-dev/otelcol-workflow/internal/flow"

// Observation is one span as it is counted.
type Observation struct {
	Stream  Stream  // whose span it is, by Batch.Stream
	Step    string  // name of the step that what the span cost belongs to, "" if none
	Seconds float64 // from start to end; 0 where that is not known
	Weight  uint64  // how many spans this one stands for; 1 without sampling
	Reading *flow.Reading
	Verdict flow.Verdict
	Origin  Origin // for exemplars; may be zero
}

// parts say which metrics a span counts in.
type parts uint8

const (
	partRun parts = 1 << iota
	partStep
	partCall
	partUsage
	partSavings
	partRunCost
)

func (o *Observation) parts() (p parts) {
	switch {
	case o.Verdict.Role == flow.RoleRun && o.Verdict.Run == flow.RunCounts:
		p |= partRun
	case o.Verdict.Role == flow.RoleStep:
		p |= partStep
	}
	if o.Verdict.CountsCall {
		p |= partCall
	}
	if o.Verdict.CountsUsage {
		p |= partUsage
	}
	if o.Reading.Call.Savings.OK {
		p |= partSavings
	}
	return p
}

// Observe adds a span to its row, whose number it returns. Spans that count nowhere are
// ignored.
func (b *Batch) Observe(o *Observation) Row {
	p := o.parts()
	if p == 0 {
		return NoRow
	}
	r, number := b.row(o, p)
	if number == NoRow {
		b.fill(r, o.Reading, o.Seconds, o.Weight, &o.Origin)
	} else {
		b.Repeat(number, o.Reading, o.Seconds, o.Weight, &o.Origin)
	}
	return number
}

// Repeat adds a span to the row that Observe returned for one alike, at the same Age: one of
// the same stream, step, shape and verdict, which states a cost and savings if that one did.
// The origin is copied, and may be nil where there are no exemplars.
func (b *Batch) Repeat(number Row, reading *flow.Reading, seconds float64, weight uint64, origin *Origin) {
	r := &b.kept.rows[number]
	if r.count == 0 {
		b.used = append(b.used, number)
	}
	b.fill(r, reading, seconds, weight, origin)
}

func (b *Batch) fill(r *row, reading *flow.Reading, seconds float64, weight uint64, origin *Origin) {
	r.count += weight
	if r.parts&(partRun|partStep|partCall) != 0 {
		r.last = b.value(seconds, weight, r.last, origin)
	}
	if r.parts&(partUsage|partSavings) != 0 {
		b.spend(r, &reading.Call, weight)
	}
}

// value keeps a value and returns its number.
func (b *Batch) value(v float64, n uint64, next int32, o *Origin) int32 {
	b.values = append(b.values, value{v: v, n: n, next: next})
	if b.exemplars {
		b.origins = append(b.origins, *o)
	}
	return int32(len(b.values) - 1)
}

// spend adds what the span used, spent and saved. Savings belong to the span that states
// them, whichever span the usage belongs to.
func (b *Batch) spend(r *row, c *flow.CallReading, weight uint64) {
	if r.sums < 0 {
		b.sums = append(b.sums, sums{})
		r.sums = int32(len(b.sums) - 1)
	}
	s := &b.sums[r.sums]
	if r.parts&partUsage != 0 {
		s.use(&c.Usage, weight)
		if c.Cost.OK {
			s.usd += c.Cost.USD * float64(weight)
			s.hasCost = true
		}
	}
	if r.parts&partSavings != 0 {
		for m, usd := range c.Savings.By {
			s.saved[m] += max(usd, 0) * float64(weight)
			s.extra[m] += max(-usd, 0) * float64(weight)
		}
	}
}

// tokenKinds is the number of values of gen_ai.token.type.
const tokenKinds = 5

// tokenKind names the values of gen_ai.token.type, in the order of sums.tokens.
//
//nolint:gochecknoglobals // a table, never written to.
var tokenKind = [tokenKinds]string{"input", "output", "cache_read", "cache_write", "reasoning"}

func (s *sums) use(u *flow.Usage, weight uint64) {
	for i, n := range [tokenKinds]int64{u.Input, u.Output, u.CacheRead, u.CacheWrite, u.Reasoning} {
		s.tokens[i] += uint64(n) * weight
	}
}
