package slo

import (
	"encoding/binary"
	"math"
)

// snapshotVersion is the first byte of a snapshot. It changes with the format, which is a sequence of
//
//	u    unsigned varint         s   signed varint
//	n    a number: u of twice its value when that is a whole number below 2^53, else the byte 1 and 8 bytes
//	str  u length, bytes
//
//	version · budgeting: u method, u slice (ns), u target
//	u opened · u last point · u last event · u last tick · n good, n total · n counters good, bad
//	2 periods, current and previous: u from, u to, n good, n total, u alive (ns), u pending
//	slices: u settled, u how many, of each u ran, n good, n total
//	u how many objectives, of each: str name, u overspent, u violations,
//	    u how many policies, of each: str name, u active, u violations, n burn ratio, u since, u within
//	u how many tiers, of each: u width (ns), u cells, u head, cells, coverage
//
// The cells of a tier are runs from the oldest to the newest: u 2k+1 for k empty cells, u 2k for k others, which
// follow as n total and n bad; where total - bad is not good to the last bit, as n total, the byte 3 and 8 bytes
// of good. The coverage is runs too: u how many cells, u units.
const snapshotVersion = 1

const (
	rawNumber = 1
	rawGood   = 3
)

// encoder appends the parts of a snapshot.
type encoder []byte

func (e *encoder) uint(v uint64)  { *e = binary.AppendUvarint(*e, v) }
func (e *encoder) int(v int64)    { e.uint(uint64(max(v, 0))) }
func (e *encoder) bits(v float64) { *e = binary.LittleEndian.AppendUint64(*e, math.Float64bits(v)) }

func (e *encoder) bool(v bool) {
	if v {
		e.uint(1)
		return
	}
	e.uint(0)
}

func (e *encoder) text(s string) {
	e.uint(uint64(len(s)))
	*e = append(*e, s...)
}

func (e *encoder) number(v float64) {
	if isWhole(v) {
		e.uint(uint64(v) << 1)
		return
	}
	e.uint(rawNumber)
	e.bits(v)
}

func isWhole(v float64) bool { return v >= 0 && v < 1<<53 && v == math.Trunc(v) }

func (e *encoder) counts(c Counts) {
	e.number(c.Good)
	e.number(c.Total)
}

func (e *encoder) cell(c Counts) {
	e.number(c.Total)
	if bad := c.Bad(); isWhole(bad) && c.Total-bad == c.Good {
		e.number(bad)
		return
	}
	e.uint(rawGood)
	e.bits(c.Good)
}

func (e *encoder) account(a *Account) {
	b := &a.plan.definition.Budgeting
	e.uint(snapshotVersion)
	e.uint(uint64(b.Method))
	e.int(int64(b.Slice))
	e.int(b.Target.units)
	for _, at := range []int64{a.opened, a.lastPoint, a.lastEvent, a.lastTick} {
		e.int(at)
	}
	e.counts(a.counted)
	e.number(a.good)
	e.number(a.bad)
	e.period(&a.current)
	e.period(&a.previous)
	e.slots(&a.slots)
	e.standings(a)
	e.ring(&a.ring)
}

func (e *encoder) period(p *period) {
	e.int(p.from)
	e.int(p.to)
	e.counts(p.counts)
	e.int(p.alive)
	e.bool(p.pending)
}

func (e *encoder) slots(s *slots) {
	e.int(s.settled)
	e.uint(uint64(len(s.open)))
	for _, o := range s.open {
		e.bool(o.ran)
		e.counts(o.counts)
	}
}

func (e *encoder) standings(a *Account) {
	e.uint(uint64(len(a.standings)))
	for i, s := range a.standings {
		objective := &a.plan.definition.Objectives[i]
		e.text(objective.Name)
		e.bool(s.overspent)
		e.uint(s.violations)
		e.uint(uint64(len(s.alerts)))
		for j, al := range s.alerts {
			e.text(objective.Policies[j].Name)
			e.bool(al.Active)
			e.uint(al.Violations)
			e.number(al.BurnRatio)
			e.int(al.since)
			e.uint(uint64(al.within))
		}
	}
}

func (e *encoder) ring(r *ring) {
	var n uint64
	r.each(func(*tier) { n++ })
	e.uint(n)
	r.each(e.tier)
}

func (e *encoder) tier(t *tier) {
	e.int(t.width)
	e.uint(uint64(len(t.cells)))
	e.int(t.head)
	n := len(t.cells)
	for i := 0; i < n; {
		first := t.nth(i)
		empty := t.cells[first] == Counts{}
		end := i + 1
		for end < n && (t.cells[t.nth(end)] == Counts{}) == empty {
			end++
		}
		e.run(t, i, end, empty)
		i = end
	}
	for i := 0; i < n; {
		units := t.alive[t.nth(i)]
		end := i + 1
		for end < n && t.alive[t.nth(end)] == units {
			end++
		}
		e.uint(uint64(end - i))
		e.uint(uint64(units))
		i = end
	}
}

// run appends the cells from i up to end, all of them empty or none.
func (e *encoder) run(t *tier, i, end int, empty bool) {
	if empty {
		e.uint(uint64(end-i)<<1 | 1)
		return
	}
	e.uint(uint64(end-i) << 1)
	for ; i < end; i++ {
		e.cell(t.cells[t.nth(i)])
	}
}
