package slo

import "math"

// Counts says how many events there were and how many of them were good. Where good and total come from two
// metrics an increment may have more good than total, or a negative Good for a bad event whose total comes
// apart; sums that are read are in range again. A Counts is a value, safe for concurrent use.
type Counts struct {
	Good  float64
	Total float64
}

// Plus returns the sum of both.
func (c Counts) Plus(o Counts) Counts { return Counts{c.Good + o.Good, c.Total + o.Total} }

// Bad returns the number of events that were not good.
func (c Counts) Bad() float64 { return c.Total - c.Good }

// SLI returns the share of events that were good, in [0, 1]. It is not ok when there were no events.
func (c Counts) SLI() (ratio float64, ok bool) {
	if c.Total <= 0 {
		return 0, false
	}
	return c.Good / c.Total, true
}

// BurnRate returns how many times faster than evenly over the period the budget of t is spent. It is not ok
// when there were no events.
func (c Counts) BurnRate(t Target) (rate BurnRate, ok bool) {
	if c.Total <= 0 {
		return 0, false
	}
	return BurnRate(c.Bad() / c.Total / t.Budget()), true
}

// clamped returns counts with Good in [0, Total], and whether c was not so.
func (c Counts) clamped() (sound Counts, changed bool) {
	sound.Total = max(c.Total, 0)
	sound.Good = min(max(c.Good, 0), sound.Total)
	return sound, sound != c
}

// countable reports whether an increment can be added to sums that must stay finite.
func (c Counts) countable() bool {
	return c.Total >= 0 && math.Abs(c.Good) <= maxIncrement && c.Total <= maxIncrement
}

// maxIncrement is the largest increment that is believed: 2^53, up to which float64 counts one by one.
const maxIncrement = 1 << 53
