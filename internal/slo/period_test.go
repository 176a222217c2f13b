package slo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// monthly is a definition of 99 % over the months of Berlin.
func monthly(tb testing.TB) Definition {
	tb.Helper()
	d := rolling(tb, "99%")
	d.Window = Window{Calendar: calendarOf(tb, "month", "Europe/Berlin")}
	d.LateTolerance = 2 * time.Minute
	return d
}

// beforeApril opens an account an hour before April begins in Berlin, which is 22:00 UTC in summer.
func beforeApril(tb testing.TB, d Definition) (s *stage, april time.Time) {
	tb.Helper()
	april = time.Date(2026, 3, 31, 22, 0, 0, 0, time.UTC)
	now := april.Add(-time.Hour)
	return &stage{account: planOf(tb, d).Open(now), now: now}, april
}

func TestCalendarPeriodBeginsAnew(t *testing.T) {
	s, april := beforeApril(t, monthly(t))
	s.play(59*time.Minute, time.Minute, 100, 0.02, nil)
	assert.InDelta(t, -1, s.report.Objectives[0].Remaining, 1e-9)
	assert.Equal(t, 743*time.Hour, s.report.Period.Length())
	assert.True(t, s.report.Period.End.Equal(april))
	assert.EqualValues(t, 1, s.report.Objectives[0].Violations)

	s.play(time.Minute, time.Minute, 100, 0, nil) // exactly at the boundary: the new period
	assert.True(t, s.report.Period.Start.Equal(april))
	assert.InDelta(t, 100, s.report.Period.Total, 0)
	assert.InDelta(t, 1, s.report.Objectives[0].Remaining, 0)
	assert.InDelta(t, 6000, s.window(t, time.Hour).Total, 0, "windows know no calendar")
	assert.InDelta(t, 6000, s.report.Good+s.report.Bad, 0, "counters know no calendar")
}

func TestPreviousPeriodIsSettledOnce(t *testing.T) {
	s, april := beforeApril(t, monthly(t))
	s.play(59*time.Minute, time.Minute, 100, 0.02, nil)
	s.now = april.Add(30 * time.Second)
	assert.Equal(t, Counted, s.account.Observe(april.Add(-time.Second), s.now, Counts{0, 7}), "late, and still in March")
	s.account.Tick(s.now, &s.report)
	assert.Nil(t, s.report.Settled)
	assert.Zero(t, s.report.Period.Total)

	s.now = april.Add(2 * time.Minute)
	s.account.Tick(s.now, &s.report)
	require.NotNil(t, s.report.Settled)
	assert.InDelta(t, 5907, s.report.Settled.Total, 0)
	assert.InDelta(t, 125, s.report.Settled.Bad(), 1e-9)
	assert.True(t, s.report.Settled.End.Equal(april))
	assert.InDelta(t, 1.0/743, s.report.Settled.Coverage, 1e-4)

	assert.Equal(t, CountedLate, s.account.Observe(april.Add(-time.Second), s.now, Counts{0, 7}))
	s.account.Tick(s.now, &s.report)
	assert.Nil(t, s.report.Settled)
	assert.InDelta(t, 132, s.window(t, 6*time.Hour).Bad(), 1e-9)
}

// A month reaches further back than the windows of its policies, and an event in neither is dropped.
func TestLateEventsOfACalendar(t *testing.T) {
	s, april := beforeApril(t, monthly(t))
	assert.Equal(t, Counted, s.account.Observe(april.Add(-25*day), s.now, Counts{0, 1}))
	assert.Equal(t, DroppedLate, s.account.Observe(april.Add(-35*day), s.now, Counts{0, 1}))
	s.account.Tick(s.now, &s.report)
	assert.Equal(t, Counts{0, 1}, s.report.Period.Counts)
	assert.Zero(t, s.window(t, 3*day).Total)
	assert.InDelta(t, 1, s.report.Bad, 0)
}

// Nothing was running while a month began and another ended: both ends are where they belong.
func TestDowntimeOverWholePeriods(t *testing.T) {
	s, april := beforeApril(t, monthly(t))
	s.play(59*time.Minute, time.Minute, 100, 0.02, nil)
	s.now = april.AddDate(0, 2, 3)
	s.play(time.Minute, time.Minute, 100, 0, nil)
	assert.InDelta(t, 100, s.report.Period.Total, 0)
	assert.Equal(t, time.June, s.report.Period.Start.In(zoneOf(t, "Europe/Berlin")).Month())
	require.NotNil(t, s.report.Settled)
	assert.True(t, s.report.Settled.End.Equal(april))
	assert.InDelta(t, 5900, s.report.Settled.Total, 0)
}

// One bad event of the first ten of a month: the budget is a share of what was observed, or of what is expected.
func TestBasisOfTheBudget(t *testing.T) {
	play := func(change func(d *Definition)) Standing {
		d := monthly(t)
		change(&d)
		s, april := beforeApril(t, d)
		s.play(59*time.Minute, time.Minute, 1000, 0, nil)
		s.now = april
		s.play(time.Minute, time.Minute, 10, 0.1, nil)
		return s.report.Objectives[0]
	}
	observed := play(func(*Definition) {})
	assert.InDelta(t, -9, observed.Remaining, 1e-9)
	fixed := play(func(d *Definition) { d.ExpectedEvents = 1000 })
	assert.InDelta(t, 0.9, fixed.Remaining, 1e-9)
	assert.InDelta(t, 9, fixed.RemainingEvents, 1e-9)
	previous := play(func(d *Definition) { d.ExpectPrevious = true })
	assert.InDelta(t, 1-1.0/590, previous.Remaining, 1e-9)
	exceeded := play(func(d *Definition) { d.ExpectedEvents = 2 })
	assert.InDelta(t, -9, exceeded.Remaining, 1e-9)
}
