package cost

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// rates are prices made ready to charge: what is inside of something else comes before it, so that its count
// is known when it has to be taken off. Nothing changes them: concurrent reads are safe.
type rates struct {
	list       []rate
	covered    unitSet // units that have a price, or are part of what has one
	output     *rate   // what reasoning is charged as if it has no price of its own; nil if it has, or nothing has
	minSeconds float64
}

type rate struct {
	price
	per   float64
	part  part
	inner uint32 // which of list are priced parts of this one, as bits
}

// newRates orders the prices. A count that is cached and of sound, say, and has no price as both, is charged
// as cached.
func newRates(p prices, minSeconds float64) *rates {
	p = p.withJoins()
	slices.SortStableFunc(p, func(a, b price) int {
		return cmp.Or(
			cmp.Compare(bits.OnesCount32(uint32(unitRows[b.unit].within)), bits.OnesCount32(uint32(unitRows[a.unit].within))),
			cmp.Compare(a.unit, b.unit))
	})
	r := &rates{minSeconds: minSeconds}
	for i, x := range p {
		row := &unitRows[x.unit]
		next := rate{price: x, per: row.per, part: row.part}
		for j := range i {
			if unitRows[p[j].unit].within.has(x.unit) {
				next.inner |= 1 << j
			}
		}
		r.list = append(r.list, next)
	}
	if i := slices.IndexFunc(p, func(x price) bool { return x.unit == Output }); i >= 0 && !p.has(OutputReasoning) {
		r.output = &r.list[i]
	}
	for u := range UnitCount {
		if slices.ContainsFunc(p, func(x price) bool { return x.unit == u || unitRows[u].within.has(x.unit) }) {
			r.covered |= setOf(u)
		}
	}
	return r
}

// withJoins gives units that lie in two priced ones the price of the cache.
func (p prices) withJoins() prices {
	out := append(prices(nil), p...)
	for _, join := range [...]struct{ both, cache, kind Unit }{
		{CacheReadAudio, CacheRead, InputAudio},
		{CacheReadImage, CacheRead, InputImage},
	} {
		if cached := p.of(join.cache); cached != nil && p.has(join.kind) && !p.has(join.both) {
			out = append(out, price{join.both, cached.base, cached.steps})
		}
	}
	return out
}

// bill is what a usage comes to.
type bill struct {
	parts     [partCount]float64
	reasoning float64
	cut       bool // parts of the usage exceeded the whole
}

func (b *bill) total() float64 {
	sum := 0.0
	for _, x := range b.parts {
		sum += x
	}
	return sum
}

// leaves fills, for each rate, how much it charges for: its count less that of its priced parts. It says
// whether parts exceeded the whole.
func (r *rates) leaves(u *Usage, leaf *[UnitCount]float64) (cut bool) {
	for i := range r.list {
		x := &r.list[i]
		n := r.count(u, x.unit)
		for inner := x.inner; inner != 0; inner &= inner - 1 {
			n -= leaf[bits.TrailingZeros32(inner)]
		}
		if n < 0 {
			cut = cut || n < -roundingSlack
			n = 0
		}
		leaf[i] = n
	}
	return cut
}

// roundingSlack is how far the differences of fractional counts may be off.
const roundingSlack = 1e-6

// count is how much of a unit is charged for: one call is one request, and short sounds have a minimum.
func (r *rates) count(u *Usage, unit Unit) float64 {
	n := u[unit]
	switch unit {
	case Requests:
		if n == 0 {
			return 1
		}
	case AudioSeconds, InputAudioSeconds, OutputAudioSeconds:
		if n > 0 {
			return max(n, r.minSeconds)
		}
	default:
	}
	return n
}

// charge adds a usage to a bill.
func (r *rates) charge(u *Usage, b *bill) {
	var leaf [UnitCount]float64
	b.cut = r.leaves(u, &leaf)
	for i := range r.list {
		if leaf[i] == 0 {
			continue
		}
		x := &r.list[i]
		amount := leaf[i] * x.at(u[Input]) / x.per
		b.parts[x.part] += amount
		if x.unit == OutputReasoning {
			b.reasoning = amount
		}
	}
	if x := r.output; x != nil && u[OutputReasoning] > 0 {
		b.reasoning = u[OutputReasoning] * x.at(u[Input]) / x.per
	}
}

// uncovered says which part of what was counted has no price: none, some or all of it. Requests go without
// saying: nobody misses a price for them.
func (r *rates) uncovered(counted unitSet) (some, all bool) {
	counted &^= setOf(Requests)
	return counted&^r.covered != 0, counted&r.covered == 0 && !r.covered.has(Requests)
}

// counted is the set of units that are not 0, and whether all counts are sound.
func (u *Usage) counted() (set unitSet, ok bool) {
	ok = true
	for i, n := range u {
		if math.Float64bits(n)<<1 != 0 { // as n != 0, but quicker: NaN is no case of its own
			set |= 1 << i
			ok = ok && sound(n)
		}
	}
	return set, ok
}
