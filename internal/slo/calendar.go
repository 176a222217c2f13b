package slo

import (
	"fmt"
	"time"
	_ "time/tzdata" // images without a zone database are common
)

// Unit is what the length of a calendar period is counted in.
type Unit uint8

// The units. Quarters and years are 3 and 12 months, a fortnight is 2 weeks.
const (
	UnitDay Unit = iota + 1
	UnitWeek
	UnitMonth
)

// maxStep keeps periods below some ten years, and the arithmetic of dates far from its ends.
const maxStep = 3660

// Calendar cuts time into periods that begin at the same wall clock time in a time zone, counted from an anchor.
// Daylight saving makes some of them an hour longer or shorter.
//
//	every month from 2026-01-31 00:00 Europe/Berlin     each from the anchor, never from the one before
//	2026-01-31 ──► 2026-02-28 ──► 2026-03-31 ──► 2026-04-30
//
// Where the clock skips the wall clock time a period begins with the first instant after the gap; where it shows
// it twice, at the first. A Calendar is immutable and safe for concurrent use.
type Calendar struct {
	unit   Unit
	step   int
	anchor time.Time // wall clock, in UTC
	zone   *time.Location
}

// Span is a stretch of time: the start belongs to it, the end does not.
type Span struct{ Start, End time.Time }

// Length returns the time from start to end.
func (s Span) Length() time.Duration { return s.End.Sub(s.Start) }

// Contains reports whether t is in the span.
func (s Span) Contains(t time.Time) bool { return !t.Before(s.Start) && t.Before(s.End) }

// NewCalendar returns the calendar whose periods are step units long, one of which begins at the anchor, to the
// second and in its time zone.
func NewCalendar(unit Unit, step int, anchor time.Time) (*Calendar, error) {
	if unit < UnitDay || unit > UnitMonth {
		return nil, &PlanError{"calendar", "has no unit"}
	}
	if step < 1 || step > maxStep {
		return nil, &PlanError{"calendar", fmt.Sprintf("step %d is outside [1, %d]", step, maxStep)}
	}
	y, m, d := anchor.Date()
	wall := time.Date(y, m, d, anchor.Hour(), anchor.Minute(), anchor.Second(), 0, time.UTC)
	return &Calendar{unit, step, wall, anchor.Location()}, nil
}

// NamedCalendar returns one of the common calendars in a time zone: day, week (from Monday), fortnight, month,
// quarter or year.
func NamedCalendar(name string, zone *time.Location) (*Calendar, error) {
	// 2024-01-01 is a Monday.
	anchor := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	c := &Calendar{step: 1, anchor: anchor, zone: zone}
	switch name {
	case "day":
		c.unit = UnitDay
	case "week":
		c.unit = UnitWeek
	case "fortnight":
		c.unit, c.step = UnitWeek, 2
	case "month":
		c.unit = UnitMonth
	case "quarter":
		c.unit, c.step = UnitMonth, 3
	case "year":
		c.unit, c.step = UnitMonth, 12
	default:
		return nil, &PlanError{"calendar", fmt.Sprintf("%q is not day, week, fortnight, month, quarter or year", name)}
	}
	return c, nil
}

// Period returns the period that at is in.
func (c *Calendar) Period(at time.Time) Span {
	k := c.estimate(at)
	for c.boundary(k).After(at) {
		k--
	}
	for !c.boundary(k + 1).After(at) {
		k++
	}
	return Span{c.boundary(k), c.boundary(k + 1)}
}

// length is the usual length of a period.
func (c *Calendar) length() time.Duration {
	days := map[Unit]int{UnitDay: 1, UnitWeek: 7, UnitMonth: 30}[c.unit]
	return time.Duration(c.step*days) * 24 * time.Hour
}

// estimate returns the number of the period that at is in, give or take one.
func (c *Calendar) estimate(at time.Time) int {
	local := at.In(c.zone)
	if c.unit == UnitMonth {
		months := (local.Year()-c.anchor.Year())*12 + int(local.Month()) - int(c.anchor.Month())
		return months / c.step
	}
	return int(local.Sub(c.anchor) / c.length())
}

// boundary returns the start of period k, counted from the anchor.
func (c *Calendar) boundary(k int) time.Time {
	n := k * c.step
	wall := c.anchor
	switch c.unit {
	case UnitDay:
		wall = wall.AddDate(0, 0, n)
	case UnitWeek:
		wall = wall.AddDate(0, 0, 7*n)
	default:
		wall = addMonths(wall, n)
	}
	return firstInstant(wall, c.zone)
}

// addMonths adds n months to a wall clock time; a day that the month does not have becomes its last:
//
//	2026-01-31 + 1 month   AddDate: 2026-03-03   here: 2026-02-28
func addMonths(wall time.Time, n int) time.Time {
	y, m, d := wall.Date()
	first := time.Date(y, m+time.Month(n), 1, wall.Hour(), wall.Minute(), wall.Second(), 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1)
}

// firstInstant returns the first instant at which clocks in a zone show a wall clock time, given in UTC, or, when
// they skip it, the instant at which they do. The offsets that can be in force are those of the day before and
// of the day after. Azores, 2026-03-29, where midnight is skipped:
//
//	UTC      00:00          01:00          02:00
//	local    23:00 -01:00 │ 01:00 +00:00   02:00
//	                      └ first instant of the 29th; time.Date says 23:00 of the 28th
func firstInstant(wall time.Time, zone *time.Location) time.Time {
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(zone).Zone()
	// The greater offset gives the earlier instant.
	for _, offset := range []int{max(before, after), min(before, after)} {
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if _, shown := t.Zone(); shown == offset {
			return t
		}
	}
	start, _ := wall.Add(-time.Duration(before) * time.Second).In(zone).ZoneBounds()
	return start
}
