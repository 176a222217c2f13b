package slo

import "time"

// layout says how many cells each tier has; 0 is no such tier.
type layout [len(shapes)]int

// newLayout returns the smallest ring that serves windows up to the longest, if events are added up to lag after
// the end of the windows. Slices are added long after they began, where the finest tier would be of no use:
//
//	longest 30d                    31  361  289   361
//	longest 90d                    31  361  289  1081
//	calendar, policies up to 3d    31  361  289     0
//	30d in slices, lag 12m          0  373  290   362
func newLayout(longest, lag time.Duration) (l layout) {
	for i, s := range shapes {
		span := s.span
		if i == len(shapes)-1 {
			span = longest
		}
		switch {
		case i == 0 && lag > 0, i == len(shapes)-1 && longest <= shapes[i-1].span:
			continue
		}
		l[i] = int((span+lag+s.width-1)/s.width) + 1
	}
	return l
}

// tierOf returns the finest tier that serves a window.
func (l layout) tierOf(window time.Duration) int {
	for i, s := range shapes {
		if l[i] > 0 && (window <= s.span || i == len(shapes)-1) {
			return i
		}
	}
	return len(shapes) - 1
}

// ring is the tiers of a layout.
type ring [len(shapes)]tier

func newRing(l layout, now int64) (r ring) {
	for i, n := range l {
		if n == 0 {
			continue
		}
		width := int64(shapes[i].width)
		r[i] = tier{
			width: width, unit: int64(shapes[i].unit),
			cells: make([]Counts, n), alive: make([]uint8, n), head: now / width,
		}
	}
	return r
}

// each calls f for the tiers that there are.
func (r *ring) each(f func(t *tier)) {
	for i := range r {
		if len(r[i].cells) > 0 {
			f(&r[i])
		}
	}
}

// add adds c to every tier that still covers at, and reports whether any does.
func (r *ring) add(at int64, c Counts) (covered bool) {
	r.each(func(t *tier) { covered = t.add(at, c) || covered })
	return covered
}

// rewind undoes that the clock was ahead of now, if it was.
func (r *ring) rewind(now int64) {
	r.each(func(t *tier) {
		if t.head*t.width > now+int64(MaxSkew) {
			t.rewind(t.number(now))
		}
	})
}

func (r *ring) credit(from, to int64) {
	r.each(func(t *tier) { t.credit(from, to) })
}

func (r *ring) merge(o *ring) {
	for i := range r {
		if len(r[i].cells) > 0 && len(o[i].cells) > 0 {
			r[i].merge(&o[i])
		}
	}
}

// advance lets cells older than the tiers reach back from now go.
func (r *ring) advance(now int64) {
	r.each(func(t *tier) { t.advance(t.number(now)) })
}

// tierOf returns the tier of a cell width, nil if there is none.
func (r *ring) tierOf(width int64) (found *tier) {
	r.each(func(t *tier) {
		if t.width == width {
			found = t
		}
	})
	return found
}
