package slo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func zoneOf(tb testing.TB, name string) *time.Location {
	tb.Helper()
	zone, err := time.LoadLocation(name)
	require.NoError(tb, err)
	return zone
}

func calendarOf(tb testing.TB, name, zone string) *Calendar {
	tb.Helper()
	c, err := NamedCalendar(name, zoneOf(tb, zone))
	require.NoError(tb, err)
	return c
}

func TestMonthsWithDaylightSaving(t *testing.T) {
	for _, tc := range []struct {
		zone, month string
		hours       float64
	}{
		{"America/New_York", "2026-03", 743},
		{"America/New_York", "2026-11", 721},
		{"Europe/Berlin", "2026-03", 743},
		{"Europe/Berlin", "2026-10", 745},
		{"Australia/Lord_Howe", "2026-04", 720.5},
		{"Australia/Lord_Howe", "2026-10", 743.5},
		{"Asia/Kolkata", "2026-03", 744},
		{"UTC", "2028-02", 696},
	} {
		first, err := time.ParseInLocation("2006-01", tc.month, zoneOf(t, tc.zone))
		require.NoError(t, err)
		c := calendarOf(t, "month", tc.zone)
		span := c.Period(first.Add(15 * day))
		assert.InDelta(t, tc.hours, span.Length().Hours(), 0, "%s %s", tc.zone, tc.month)
		assert.True(t, span.Start.Equal(first), "%s begins %s", tc.month, span.Start)
	}
}

// Where midnight is skipped the day begins with the first instant after the gap, and the time before is still of the
// day before, whatever time.Date says.
func TestDaysWithoutMidnight(t *testing.T) {
	for _, tc := range []struct{ zone, date, begins string }{
		{"Atlantic/Azores", "2026-03-29", "2026-03-29T01:00:00Z"},
		{"America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"America/Asuncion", "2023-10-01", "2023-10-01T01:00:00-03:00"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		{"Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00"},
	} {
		want, err := time.Parse(time.RFC3339, tc.begins)
		require.NoError(t, err)
		c := calendarOf(t, "day", tc.zone)
		span := c.Period(want)
		assert.True(t, span.Start.Equal(want), "%s: %s begins %s", tc.zone, tc.date, span.Start)
		assert.Equal(t, 23*time.Hour, span.Length(), tc.zone)
		before := c.Period(want.Add(-time.Nanosecond))
		assert.True(t, before.End.Equal(want), "%s: the day before ends %s", tc.zone, before.End)
		assert.Equal(t, tc.date, span.Start.Format(time.DateOnly), tc.zone)
	}
}

// Where midnight comes twice the day begins with the first of them.
func TestDaysWithTwoMidnights(t *testing.T) {
	c := calendarOf(t, "day", "America/Havana")
	span := c.Period(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	assert.Equal(t, "2026-11-01T04:00:00Z", span.Start.UTC().Format(time.RFC3339))
	assert.Equal(t, 25*time.Hour, span.Length())
}

// Samoa had no 30 December 2011 at all.
func TestDayThatDoesNotExist(t *testing.T) {
	c := calendarOf(t, "day", "Pacific/Apia")
	jump := time.Date(2011, 12, 30, 10, 0, 0, 0, time.UTC)
	assert.Equal(t, "2011-12-29", c.Period(jump.Add(-time.Second)).Start.Format(time.DateOnly))
	assert.True(t, c.Period(jump.Add(-time.Second)).End.Equal(jump))
	assert.True(t, c.Period(jump).Start.Equal(jump))
	assert.Equal(t, 24*time.Hour, c.Period(jump).Length())
}

// Each month is counted from the anchor: from the one before, the 31st would become the 28th for good.
func TestMonthEndAnchor(t *testing.T) {
	berlin := zoneOf(t, "Europe/Berlin")
	c, err := NewCalendar(UnitMonth, 1, time.Date(2026, 1, 31, 6, 30, 0, 0, berlin))
	require.NoError(t, err)
	at := time.Date(2026, 2, 1, 0, 0, 0, 0, berlin)
	for _, want := range []string{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"} {
		span := c.Period(at)
		assert.Equal(t, want+" 06:30", span.Start.Format("2006-01-02 15:04"))
		at = span.End
	}
	leap := c.Period(time.Date(2028, 3, 1, 0, 0, 0, 0, berlin))
	assert.Equal(t, "2028-02-29", leap.Start.Format(time.DateOnly))
}

func TestNamedCalendars(t *testing.T) {
	at := time.Date(2026, 5, 14, 15, 0, 0, 0, time.UTC) // a Thursday
	for name, want := range map[string][2]string{
		"day":       {"2026-05-14", "2026-05-15"},
		"week":      {"2026-05-11", "2026-05-18"},
		"fortnight": {"2026-05-04", "2026-05-18"},
		"month":     {"2026-05-01", "2026-06-01"},
		"quarter":   {"2026-04-01", "2026-07-01"},
		"year":      {"2026-01-01", "2027-01-01"},
	} {
		span := calendarOf(t, name, "UTC").Period(at)
		assert.Equal(t, want, [2]string{span.Start.Format(time.DateOnly), span.End.Format(time.DateOnly)}, name)
	}
}

func TestCalendarErrors(t *testing.T) {
	_, err := NamedCalendar("decade", time.UTC)
	require.EqualError(t, err, `calendar "decade" is not day, week, fortnight, month, quarter or year`)
	_, err = NewCalendar(UnitDay, 0, opening)
	require.EqualError(t, err, "calendar step 0 is outside [1, 3660]")
	_, err = NewCalendar(0, 1, opening)
	require.EqualError(t, err, "calendar has no unit")
}

// Periods have no gaps and no overlaps in any zone: every instant is in the period that is returned for it, and the
// instants at and before its ends are in the neighbours.
func TestPeriodsAreAPartition(t *testing.T) {
	zones := []string{
		"UTC", "Europe/Berlin", "America/Havana", "Atlantic/Azores", "Australia/Lord_Howe", "Africa/Casablanca",
		"America/Sao_Paulo", "Asia/Kolkata", "Pacific/Apia", "America/St_Johns", "Antarctica/Troll",
	}
	rapid.Check(t, func(rt *rapid.T) {
		zone := zoneOf(t, rapid.SampledFrom(zones).Draw(rt, "zone"))
		unit := Unit(rapid.IntRange(int(UnitDay), int(UnitMonth)).Draw(rt, "unit"))
		seconds := func(label string) time.Time {
			return time.Unix(rapid.Int64Range(0, 2_500_000_000).Draw(rt, label), 0).In(zone)
		}
		c, err := NewCalendar(unit, rapid.IntRange(1, 14).Draw(rt, "step"), seconds("anchor"))
		require.NoError(rt, err)
		at := seconds("at")
		span := c.Period(at)
		require.True(rt, span.Contains(at), "%s is not in %v", at, span)
		require.Equal(rt, span.Start, c.Period(span.Start).Start)
		require.True(rt, c.Period(span.End).Start.Equal(span.End))
		require.True(rt, c.Period(span.End.Add(-time.Nanosecond)).Start.Equal(span.Start))
		require.True(rt, c.Period(span.Start.Add(-time.Nanosecond)).End.Equal(span.Start))
	})
}
