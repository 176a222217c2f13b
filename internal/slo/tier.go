package slo

import "time"

// tier is a ring of cells of one width. Times are in nanoseconds since 1970 and cells are numbered from there, so
// that every replica and every restart has the same cells:
//
//	width 10 s, 5 cells, head 1207      number  1203 1204 1205 1206 1207
//	                                    place      3    4    0    1    2
//
// Adding to 1209 clears the places of 1208 and 1209 first; adding to 1202 is too late.
type tier struct {
	width int64 // of a cell
	unit  int64 // of alive: divides width into at most 255 parts
	cells []Counts
	alive []uint8 // units of the cell in which the source was known to live
	head  int64   // number of the newest cell
}

func (t *tier) number(at int64) int64 { return at / t.width }

func (t *tier) place(number int64) int { return int(number % int64(len(t.cells))) }

// oldest is the number of the oldest cell, not before 1970.
func (t *tier) oldest() int64 { return max(t.head-int64(len(t.cells))+1, 0) }

// nth is the place of the i-th cell from the oldest.
func (t *tier) nth(i int) int { return t.place(t.head + 1 + int64(i)) }

// holds reports whether the ring has a cell of that number.
func (t *tier) holds(number int64) bool { return number >= t.oldest() && number <= t.head }

// add adds c to the cell of at and reports whether there still is one.
func (t *tier) add(at int64, c Counts) bool {
	i := t.number(at)
	t.advance(i)
	if i < t.oldest() {
		return false
	}
	cell := &t.cells[t.place(i)]
	*cell = cell.Plus(c)
	return true
}

// advance makes the cell of a number the newest, if it is newer than that.
func (t *tier) advance(number int64) {
	if number <= t.head {
		return
	}
	first := max(t.head+1, number-int64(len(t.cells))+1)
	for i := first; i <= number; i++ {
		t.cells[t.place(i)], t.alive[t.place(i)] = Counts{}, 0
	}
	t.head = number
}

// rewind makes the cell of a number the newest although there are newer ones, whose counts it takes over: the clock
// was set back.
func (t *tier) rewind(number int64) {
	var rest Counts
	for i := max(number+1, t.oldest()); i <= t.head; i++ {
		rest = rest.Plus(t.cells[t.place(i)])
	}
	oldest := t.oldest()
	for i := max(number+1, oldest); i <= t.head; i++ {
		t.cells[t.place(i)], t.alive[t.place(i)] = Counts{}, 0
	}
	if number < oldest {
		clear(t.cells)
		clear(t.alive)
	}
	t.head = number
	t.cells[t.place(number)] = t.cells[t.place(number)].Plus(rest)
}

// sum adds up the cells from the one that the time from is in to the one that to is in.
func (t *tier) sum(from, to int64, exclusions []stretch) Counts {
	lo, hi := t.number(from), t.number(to)
	var c Counts
	for _, e := range exclusions {
		first, end := e.whole(t.width)
		if first >= end || end <= lo || first > hi {
			continue
		}
		c = c.Plus(t.total(lo, first-1))
		lo = end
	}
	return c.Plus(t.total(lo, hi))
}

// total adds up the cells numbered lo to hi, as far as there are any.
func (t *tier) total(lo, hi int64) (c Counts) {
	older, newer := t.pieces(lo, hi)
	for _, cells := range [][]Counts{t.cells[older.from:older.to], t.cells[newer.from:newer.to]} {
		for i := range cells {
			c.Good += cells[i].Good
			c.Total += cells[i].Total
		}
	}
	return c
}

// piece is the places from one up to another.
type piece struct{ from, to int }

// pieces returns where the cells numbered lo to hi are, as far as there are any: at most two pieces, of which the
// second may be empty.
//
//	place    0    1    2    3    4
//	number 1205 1206 1207 1203 1204      lo 1204, hi 1206: places 4 to 4 and 0 to 1
func (t *tier) pieces(lo, hi int64) (older, newer piece) {
	lo, hi = max(lo, t.oldest()), min(hi, t.head)
	if lo > hi {
		return piece{}, piece{}
	}
	from, to := t.place(lo), t.place(hi)
	if from <= to {
		return piece{from, to + 1}, piece{}
	}
	return piece{from, len(t.cells)}, piece{0, to + 1}
}

// credit notes that the source was alive from one time up to another.
func (t *tier) credit(from, to int64) {
	t.advance(t.number(to))
	for i := max(t.number(from), t.oldest()); i <= t.number(to); i++ {
		start := i * t.width
		units := min(to, start+t.width)/t.unit - max(from, start)/t.unit
		cell := &t.alive[t.place(i)]
		*cell = uint8(min(int64(*cell)+units, t.width/t.unit))
	}
}

// coverage returns the share of the time from one time up to another in which the source was alive, to the unit,
// and 1 for less than a unit. Nothing may have been credited to the cell of from before it.
func (t *tier) coverage(from, to int64) float64 {
	expected := to/t.unit - from/t.unit
	if expected <= 0 {
		return 1
	}
	last := t.number(to)
	older, newer := t.pieces(t.number(from), last-1)
	units := sum(t.alive[older.from:older.to]) + sum(t.alive[newer.from:newer.to])
	if t.holds(last) {
		units += min(int64(t.alive[t.place(last)]), to/t.unit-last*t.width/t.unit)
	}
	return min(float64(units)/float64(expected), 1)
}

func sum(units []uint8) (n int64) {
	for _, u := range units {
		n += int64(u)
	}
	return n
}

// merge adds the cells of o, of the same width.
func (t *tier) merge(o *tier) {
	t.advance(o.head)
	for i := max(t.oldest(), o.oldest()); i <= o.head; i++ {
		from, to := o.place(i), t.place(i)
		t.cells[to] = t.cells[to].Plus(o.cells[from])
		t.alive[to] = max(t.alive[to], o.alive[from])
	}
}

// shape is what a tier looks like before it has a place in time.
type shape struct {
	width time.Duration
	unit  time.Duration
	span  time.Duration // the longest window it serves
}

// shapes are the tiers, finest first. The last serves every window above those of the others.
var shapes = [...]shape{
	{10 * time.Second, time.Second, 5 * time.Minute},
	{time.Minute, time.Second, 6 * time.Hour},
	{15 * time.Minute, 4 * time.Second, 72 * time.Hour},
	{2 * time.Hour, 30 * time.Second, 0},
}
