package slo

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOutcomes(t *testing.T) {
	d := rolling(t, "99%")
	d.Exclusions = []Exclusion{{Span: Span{opening.Add(-3 * time.Hour), opening.Add(-2 * time.Hour)}}}
	one := Counts{1, 1}
	for _, tc := range []struct {
		name   string
		at     time.Time
		counts Counts
		want   Outcome
		total  float64 // of all windows
	}{
		{"now", opening, one, Counted, 1},
		{"late", opening.Add(-29 * day), one, Counted, 1},
		{"just ahead", opening.Add(MaxSkew), one, Counted, 1},
		{"ahead", opening.Add(MaxSkew + 1), one, CountedNow, 1},
		{"far ahead", opening.Add(1000 * day), one, CountedNow, 1},
		{"nothing", opening, Counts{}, Counted, 0},
		{"older than all windows", opening.Add(-31 * day), one, DroppedLate, 0},
		{"before 1970", time.Time{}, one, DroppedLate, 0},
		{"excluded", opening.Add(-3 * time.Hour), one, DroppedExcluded, 0},
		{"as the exclusion ends", opening.Add(-2 * time.Hour), one, Counted, 1},
		{"NaN", opening, Counts{math.NaN(), 1}, DroppedInvalid, 0},
		{"NaN total", opening, Counts{1, math.NaN()}, DroppedInvalid, 0},
		{"infinite", opening, Counts{1, math.Inf(1)}, DroppedInvalid, 0},
		{"negative", opening, Counts{0, -1}, DroppedInvalid, 0},
		{"absurd", opening, Counts{1e300, 1e300}, DroppedInvalid, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := open(t, d)
			assert.Equal(t, tc.want, s.account.Observe(tc.at, s.now, tc.counts))
			s.account.Tick(s.now, &s.report)
			assert.InDelta(t, tc.total, s.window(t, 30*day).Total, 0)
			assert.InDelta(t, tc.total, s.report.Good+s.report.Bad, 0)
		})
	}
}

// A late event is in the windows that reach back to it and in no other.
func TestLateEventsCountWhereTheyBelong(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	s.account.Observe(opening.Add(-2*time.Hour), opening, Counts{0, 7})
	s.account.Tick(opening, &s.report)
	for w, want := range map[time.Duration]float64{5 * time.Minute: 0, time.Hour: 0, 2 * time.Hour: 7, 6 * time.Hour: 7, 30 * day: 7} {
		assert.InDelta(t, want, s.window(t, w).Total, 0, "%s", w)
	}
}

func TestLastEvent(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	s.account.Tick(s.now, &s.report)
	assert.True(t, s.report.LastEvent.IsZero())
	s.play(time.Hour, time.Minute, 1, 0, nil)
	last := s.now
	s.account.Observe(last.Add(time.Minute), last.Add(time.Minute), Counts{}) // alive, and no event
	s.account.Observe(last.Add(-time.Hour), last, Counts{1, 1})
	s.account.Tick(last.Add(time.Minute), &s.report)
	assert.True(t, s.report.LastEvent.Equal(last), "%s", s.report.LastEvent)
}

// Seed system: a budget that is 1 until the target is missed and 0 from then on. It is a line that goes on below 0.
func TestRemainingIsALine(t *testing.T) {
	for bad, want := range map[float64]float64{0: 1, 0.01: 0.8, 0.04: 0.2, 0.05: 0, 0.06: -0.2, 0.1: -1, 0.5: -9, 1: -19} {
		s := open(t, rolling(t, "95%"))
		s.play(time.Minute, time.Minute, 1000, bad, nil)
		got := s.report.Objectives[0]
		assert.InDelta(t, want, got.Remaining, 1e-9, "%v bad", bad)
		assert.InDelta(t, want*50, got.RemainingEvents, 1e-9, "%v bad", bad)
		sli, ok := s.report.Period.SLI()
		assert.True(t, ok)
		assert.InDelta(t, 1-bad, sli, 1e-12)
	}
}

// Nobl9: target 90, reliability 95, half of the budget is left.
func TestRemainingOfNobl9(t *testing.T) {
	s := open(t, rolling(t, "90%"))
	s.play(time.Minute, time.Minute, 1000, 0.05, nil)
	assert.InDelta(t, 0.5, s.report.Objectives[0].Remaining, 1e-12)
}

// Good from one metric and total from another, which comes later: sums make sense at any time, and the counters do
// not fall.
func TestGoodAheadOfTotal(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	s.account.Observe(s.now, s.now, Counts{10, 0})
	s.account.Tick(s.now, &s.report)
	assert.True(t, s.report.Inconsistent)
	assert.Zero(t, s.report.Period.Total)
	assert.InDelta(t, 1, s.report.Objectives[0].Remaining, 0)

	s.account.Observe(s.now, s.now, Counts{0, 15})
	s.account.Tick(s.now, &s.report)
	assert.False(t, s.report.Inconsistent)
	assert.InDelta(t, 5, s.report.Period.Bad(), 0)

	s.account.Observe(s.now, s.now, Counts{3, 0})
	s.account.Tick(s.now, &s.report)
	assert.InDelta(t, 2, s.report.Period.Bad(), 0)
	assert.InDelta(t, 5, s.report.Bad, 0, "a counter does not fall")
	assert.InDelta(t, 13, s.report.Good, 0)
}

// Bad from one metric and total from another.
func TestBadBesideTotal(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	s.account.Observe(s.now, s.now, Counts{-3, 0})
	s.account.Observe(s.now, s.now, Counts{200, 200})
	s.account.Tick(s.now, &s.report)
	assert.InDelta(t, 197, s.report.Period.Good, 0)
	assert.InDelta(t, -0.5, s.report.Objectives[0].Remaining, 1e-12)
}

// Several objectives are judged over one ring.
func TestObjectivesShareTheRing(t *testing.T) {
	d := rolling(t, "95%")
	strict := targetOf(t, "99.9%")
	policies, _ := DefaultPolicies(strict, DefaultRolling)
	d.Objectives = append(d.Objectives, Objective{Name: "strict", Target: strict, Policies: policies})
	s := open(t, d)
	single := open(t, rolling(t, "95%"))
	s.play(2*time.Hour, time.Minute, 1000, 0.02, nil)
	assert.InDelta(t, 0.6, s.report.Objectives[0].Remaining, 1e-9)
	assert.InDelta(t, -19, s.report.Objectives[1].Remaining, 1e-9)
	assert.False(t, s.report.Objectives[0].Alerts[0].Active)
	assert.True(t, s.report.Objectives[1].Alerts[0].Active)
	assert.Less(t, s.account.SizeBytes()-single.account.SizeBytes(), 500, "bytes for one more objective")
}

// The budget is exhausted once, however long it stays so, and again after it has recovered.
func TestViolationsOfTheBudget(t *testing.T) {
	d := rolling(t, "99%")
	d.Window.Rolling = time.Hour
	d.Objectives[0].Policies = nil
	s := open(t, d)
	s.play(time.Hour, time.Minute, 100, 0, nil)
	assert.Zero(t, s.report.Objectives[0].Violations)
	s.play(10*time.Minute, time.Minute, 100, 1, nil)
	assert.EqualValues(t, 1, s.report.Objectives[0].Violations)
	s.play(2*time.Hour, time.Minute, 100, 0, nil)
	assert.Positive(t, s.report.Objectives[0].Remaining)
	s.play(10*time.Minute, time.Minute, 100, 1, nil)
	assert.EqualValues(t, 2, s.report.Objectives[0].Violations)
}

func TestExclusionsAreNotCounted(t *testing.T) {
	d := rolling(t, "99%")
	from := opening.Truncate(2 * time.Hour).Add(4 * time.Hour)
	d.Exclusions = []Exclusion{
		{Span: Span{from.Add(time.Hour), from.Add(2 * time.Hour)}, Reason: "second half"},
		{Span: Span{from, from.Add(90 * time.Minute)}, Reason: "overlaps"},
		{Span: Span{from.Add(time.Minute), from.Add(2 * time.Minute)}, Reason: "within the others"},
	}
	known, later := open(t, d), open(t, rolling(t, "99%"))
	for _, s := range []*stage{known, later} {
		s.play(from.Sub(s.now), time.Minute, 10, 0, nil)
		s.play(2*time.Hour-time.Minute, time.Minute, 10, 1, nil)
		s.play(4*time.Hour, time.Minute, 10, 0, nil)
	}
	assert.Zero(t, known.report.Bad)
	assert.InDelta(t, 1, known.report.Objectives[0].Remaining, 0)
	assert.Positive(t, later.report.Bad)

	// Given afterwards, it takes whole cells out of the windows.
	snapshot, err := later.account.AppendBinary(nil)
	require.NoError(t, err)
	restored, err := planOf(t, d).Restore(snapshot, later.now)
	require.NoError(t, err)
	restored.Tick(later.now, &later.report)
	good := float64(later.now.Sub(opening)/time.Minute-120) * 10
	assert.Equal(t, Counts{good, good}, later.window(t, 30*day).Counts, "all but two hours")
	assert.Zero(t, later.window(t, 30*day).Bad())
	assert.Zero(t, later.window(t, 6*time.Hour).Bad())
}

// An exclusion that is given afterwards takes out no event that is not excluded: cells of which it is only a part stay.
func TestExclusionsLeavePartsOfCells(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	minute := opening.Truncate(time.Minute)
	s.account.Observe(minute.Add(5*time.Second), opening, Counts{0, 1})
	s.account.Observe(minute.Add(35*time.Second), opening, Counts{0, 2})
	for _, tc := range []struct {
		from, to time.Duration
		left     float64 // in the last hour, of cells of a minute
	}{
		{0, time.Minute, 0},
		{time.Second, time.Minute, 3},
		{0, 59 * time.Second, 3},
		{-time.Minute, 2 * time.Minute, 0},
	} {
		d := rolling(t, "99%")
		d.Exclusions = []Exclusion{{Span: Span{minute.Add(tc.from), minute.Add(tc.to)}}}
		a, err := planOf(t, d).Restore(snapshotOf(t, s.account), s.now)
		require.NoError(t, err)
		a.Tick(s.now, &s.report)
		assert.InDelta(t, tc.left, s.window(t, time.Hour).Bad(), 0, "%s to %s", tc.from, tc.to)
	}
}

// An event from the future must not turn the ring, which would lose the cells of the past.
func TestFutureEventsLeaveThePast(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	for _, age := range []time.Duration{4 * time.Minute, 5 * time.Hour, 2 * day, 20 * day} {
		s.account.Observe(s.now.Add(-age), s.now, Counts{1, 1})
	}
	s.account.Observe(s.now.Add(20*day), s.now, Counts{1, 1})
	s.account.Tick(s.now, &s.report)
	for w, want := range map[time.Duration]float64{5 * time.Minute: 2, 6 * time.Hour: 3, 3 * day: 4, 30 * day: 5} {
		assert.InDelta(t, want, s.window(t, w).Total, 0, "%s", w)
	}
}

func TestClockSetBack(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	s.play(time.Hour, time.Minute, 10, 0, nil)
	s.now = s.now.Add(-30 * time.Minute)
	s.play(5*time.Minute, time.Minute, 10, 0, nil)
	assert.InDelta(t, 650, s.window(t, time.Hour).Total, 0, "nothing is lost")
	assert.GreaterOrEqual(t, s.window(t, 5*time.Minute).Total, 40.0, "what comes now is counted now")
	assert.InDelta(t, 650, s.report.Good, 0)
}

func TestPlanErrors(t *testing.T) {
	month := calendarOf(t, "month", "UTC")
	for _, tc := range []struct {
		change func(d *Definition)
		want   string
	}{
		{func(d *Definition) { d.Window.Calendar = month }, "window has both rolling and calendar"},
		{func(d *Definition) { d.Window.Rolling = time.Minute }, "window 1m is too short; smallest window is 1h"},
		{func(d *Definition) { d.Window.Rolling = 180 * day }, "window 180d exceeds the maximum of 90d"},
		{func(d *Definition) { d.Objectives = nil }, "objectives are missing; at least one is needed"},
		{func(d *Definition) { d.Objectives = append(d.Objectives, d.Objectives[0]) }, `objectives[1] name "" is already used`},
		{func(d *Definition) { d.Objectives[0].Target = Target{} }, "objectives[0] needs a target above 0% and below 100%"},
		{
			func(d *Definition) { d.Objectives[0].Policies[1].Factor = 0.5 },
			"objectives[0].policies[1] factor 0.5 fires while the budget is not being overspent; use 1 or more",
		},
		{
			func(d *Definition) { d.Objectives[0].Policies[1].Name = "page-fast" },
			`objectives[0].policies[1] name "page-fast" is already used`,
		},
		{
			func(d *Definition) { d.Budgeting = Budgeting{Method: RatioTimeslices, Slice: 7 * time.Minute} },
			"timeslices 7m does not divide 1h; use 1m, 5m, 10m, 15m, 30m or 1h",
		},
		{
			func(d *Definition) { d.Budgeting = Budgeting{Method: Timeslices, Slice: time.Minute} },
			"timeslices need a target such as 95%",
		},
		{func(d *Definition) { d.LateTolerance = 2 * time.Hour }, "late_tolerance 2h is outside [0s, 1h]"},
		{func(d *Definition) { d.Stale = -1 }, "stale -1ns must not be negative"},
		{func(d *Definition) { d.MinBadEvents = math.NaN() }, "min_bad_events NaN must not be negative"},
		{func(d *Definition) { d.ExpectedEvents = -1 }, "expected events -1 must not be negative"},
		{func(d *Definition) { d.Windows = []time.Duration{91 * day} }, "windows 91d is outside [1m, 90d]"},
		{
			func(d *Definition) { d.Exclusions = []Exclusion{{Span: Span{opening, opening}}} },
			"exclusions[0] ends before it begins",
		},
	} {
		d := rolling(t, "99%")
		tc.change(&d)
		_, err := NewPlan(d)
		require.EqualError(t, err, tc.want)
	}
}
