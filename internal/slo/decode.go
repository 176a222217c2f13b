package slo

import (
	"encoding/binary"
	"math"
)

// decoder takes a snapshot apart. After the first error it returns zeros, so that only loops need to look.
type decoder struct {
	data []byte
	at   int
	err  error
}

func (d *decoder) fail(reason string) {
	if d.err == nil {
		d.err = &SnapshotError{d.at, reason}
	}
}

func (d *decoder) uint() uint64 {
	if d.err != nil {
		return 0
	}
	v, n := binary.Uvarint(d.data[d.at:])
	if n <= 0 {
		d.fail("no number")
		return 0
	}
	d.at += n
	return v
}

// atMost reads a number that must not exceed a limit.
func (d *decoder) atMost(limit uint64) uint64 {
	v := d.uint()
	if v > limit {
		d.fail("a number out of range")
		return 0
	}
	return v
}

// int reads a time or a length of time. Half the range is left for arithmetic.
func (d *decoder) int() int64 { return int64(d.atMost(math.MaxInt64 / 2)) }

func (d *decoder) bool() bool { return d.atMost(1) == 1 }

func (d *decoder) bytes(n uint64) []byte {
	if d.err != nil || n > uint64(len(d.data)-d.at) {
		d.fail("the end")
		return nil
	}
	b := d.data[d.at : d.at+int(n)]
	d.at += int(n)
	return b
}

func (d *decoder) text() []byte { return d.bytes(d.uint()) }

func (d *decoder) bits() float64 {
	b := d.bytes(8)
	if b == nil {
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(b))
	if !(math.Abs(v) <= maxNumber) {
		d.fail("a number out of range")
		return 0
	}
	return v
}

func (d *decoder) number() float64 { return d.tagged(d.uint()) }

// tagged is the number that starts with a tag.
func (d *decoder) tagged(tag uint64) float64 {
	switch {
	case tag&1 == 0 && tag < 1<<54:
		return float64(tag >> 1)
	case tag == rawNumber:
		return d.bits()
	}
	d.fail("no such kind of number")
	return 0
}

func (d *decoder) counts() Counts {
	good := d.number()
	return Counts{good, d.number()}
}

func (d *decoder) cell() Counts {
	total := d.number()
	tag := d.uint()
	if tag == rawGood {
		return Counts{d.bits(), total}
	}
	return Counts{total - d.tagged(tag), total}
}

func (d *decoder) period() (p period) {
	p.from, p.to = d.int(), d.int()
	p.counts = d.counts()
	p.alive = d.int()
	p.pending = d.bool()
	return p
}

// budgeting reports whether the snapshot counts what the plan counts.
func (d *decoder) budgeting(b *Budgeting) {
	method, slice, target := d.uint(), d.int(), d.int()
	if method != uint64(b.Method) || slice != int64(b.Slice) || target != b.Target.units {
		d.fail("another kind of budgeting")
	}
}

func (d *decoder) slots(s *slots) {
	s.settled = d.int()
	for n := d.atMost(maxSlots); n > 0 && d.err == nil; n-- {
		ran := d.bool()
		s.open = append(s.open, slot{d.counts(), ran})
	}
}

func (d *decoder) standings(a *Account) {
	for n := d.uint(); n > 0 && d.err == nil; n-- {
		objective := d.text()
		s := a.standing(objective)
		s.overspent, s.violations = d.bool(), d.uint()
		for m := d.uint(); m > 0 && d.err == nil; m-- {
			to := a.alert(objective, d.text())
			to.Active, to.Violations, to.BurnRatio = d.bool(), d.uint(), d.number()
			to.since, to.within = d.int(), uint8(d.atMost(quiet))
		}
	}
}

func (d *decoder) ring(r *ring) {
	for n := d.atMost(uint64(len(r))); n > 0 && d.err == nil; n-- {
		width := d.int()
		cells := d.atMost(maxCells)
		head := d.int()
		if cells == 0 || width == 0 || head > math.MaxInt64/2/width {
			d.fail("a tier of an impossible shape")
			return
		}
		d.tier(r.tierOf(width), int(cells), head)
	}
}

// tier reads a tier, of which t keeps the cells it has; t is nil when there is no such tier any more.
func (d *decoder) tier(t *tier, cells int, head int64) {
	if t != nil {
		t.advance(head)
	}
	for i := 0; i < cells && d.err == nil; {
		tag := d.uint()
		end := i + d.run(tag>>1, cells-i)
		for ; i < end; i++ {
			var c Counts
			if tag&1 == 0 {
				c = d.cell()
			}
			if n := head - int64(cells-1-i); t != nil && t.holds(n) {
				t.cells[t.place(n)] = c
			}
		}
	}
	for i := 0; i < cells && d.err == nil; {
		end := i + d.run(d.uint(), cells-i)
		units := uint8(d.atMost(math.MaxUint8))
		for ; i < end; i++ {
			if n := head - int64(cells-1-i); t != nil && t.holds(n) {
				t.alive[t.place(n)] = units
			}
		}
	}
}

// run checks the length of a run of which at most limit can be.
func (d *decoder) run(length uint64, limit int) int {
	if length == 0 || length > uint64(limit) {
		d.fail("a run of an impossible length")
		return 0
	}
	return int(length)
}

const (
	// maxCells is more than any layout has, and bounds what a damaged snapshot can make us do.
	maxCells = 1 << 14
	// maxSlots is more slices than can be open at a time.
	maxSlots = 1 << 8
	// maxNumber leaves room for sums that are finite.
	maxNumber = 0x1p200
)
