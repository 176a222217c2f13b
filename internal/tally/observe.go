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

// Observe adds a span to its row. Spans that count nowhere are ignored.
func (b *Batch) Observe(o *Observation) {
	p := o.parts()
	if p == 0 {
		return
	}
	r := b.row(o, p)
	r.count += o.Weight
	if p&(partRun|partStep|partCall) != 0 {
		r.last = b.value(o.Seconds, o.Weight, r.last, o.Origin)
	}
	if p&(partUsage|partSavings) != 0 {
		b.spend(r, o, p)
	}
}

// value keeps a value and returns its number.
func (b *Batch) value(v float64, n uint64, next int32, o Origin) int32 {
	b.values = append(b.values, value{v: v, n: n, next: next})
	if b.exemplars {
		b.origins = append(b.origins, o)
	}
	return int32(len(b.values) - 1)
}

// spend adds what the span used, spent and saved. Savings belong to the span that states
// them, whichever span the usage belongs to.
func (b *Batch) spend(r *row, o *Observation, p parts) {
	if r.sums < 0 {
		b.sums = append(b.sums, sums{})
		r.sums = int32(len(b.sums) - 1)
	}
	s, c, weight := &b.sums[r.sums], &o.Reading.Call, float64(o.Weight)
	if p&partUsage != 0 {
		s.use(&c.Usage, o.Weight)
		if c.Cost.OK {
			s.usd += c.Cost.USD * weight
			s.hasCost = true
		}
	}
	if p&partSavings != 0 {
		for m, usd := range c.Savings.By {
			s.saved[m] += max(usd, 0) * weight
			s.extra[m] += max(-usd, 0) * weight
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
