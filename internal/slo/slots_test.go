package slo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sliced is a definition over time slices without policies.
func sliced(tb testing.TB, window time.Duration, target string, b Budgeting) Definition {
	tb.Helper()
	if b.Method == Timeslices && b.Target == (Target{}) {
		b.Target = targetOf(tb, "95%")
	}
	return Definition{
		Window: Window{Rolling: window}, Budgeting: b,
		Objectives: []Objective{{Target: targetOf(tb, target)}},
	}
}

// aligned opens an account at a full hour.
func aligned(tb testing.TB, d Definition) *stage {
	tb.Helper()
	now := opening.Truncate(time.Hour)
	return &stage{account: planOf(tb, d).Open(now), now: now}
}

// Datadog: 715 of 720 slices are 99.305 %, 710 are 98.611 %.
func TestSlicesOfDatadog(t *testing.T) {
	for bad, want := range map[int]float64{5: 0.99305, 10: 0.98611} {
		s := aligned(t, sliced(t, 30*day, "99%", Budgeting{Method: Timeslices, Slice: time.Hour}))
		for i := range 720 {
			errors := 0.0
			if i%72 == 3 && i/72 < bad {
				errors = 0.2
			}
			s.fill(time.Hour, time.Minute, 10, errors)
		}
		assert.InDelta(t, 720, s.report.Period.Total, 0)
		sli, _ := s.report.Period.SLI()
		assert.InDelta(t, want, sli, 1e-5)
		assert.InDelta(t, 7.2-float64(bad), s.report.Objectives[0].RemainingEvents, 1e-9)
	}
}

// The example of OpenSLO: two weeks, 95 %, 24,000 requests a day of which 99 % are good, then 1 %.
func TestBudgetingOfOpenSLO(t *testing.T) {
	for _, tc := range []struct {
		name   string
		method Method
		want   time.Duration
	}{
		{"occurrences: 0.04 / 0.98 of the window", Occurrences, 13*time.Hour + 42*time.Minute + 51*time.Second},
		{"timeslices: 1,008 of 20,160 slices", Timeslices, 16*time.Hour + 48*time.Minute},
		{"ratio timeslices: 0.04 / 0.98 of the window", RatioTimeslices, 13*time.Hour + 42*time.Minute + 51*time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := Budgeting{}
			if tc.method != Occurrences {
				b = Budgeting{Method: tc.method, Slice: time.Minute}
			}
			s := aligned(t, sliced(t, 14*day, "95%", b))
			s.fill(14*day, time.Minute, 24000.0/1440, 0.01)
			start, lasts := s.now, time.Duration(0)
			s.play(18*time.Hour, time.Minute, 24000.0/1440, 0.99, func() {
				if lasts == 0 && s.report.Objectives[0].Remaining <= rounding {
					lasts = s.now.Sub(start)
				}
			})
			// The window is up to two hours longer than two weeks, which is 0.6 % of it.
			assert.InDelta(t, tc.want.Minutes(), lasts.Minutes(), 0.006*tc.want.Minutes()+1)
		})
	}
}

// A week at 99.95 % allows 5 minutes and 2.4 seconds.
func TestLowTrafficFileOfOpenSLO(t *testing.T) {
	s := aligned(t, sliced(t, 7*day, "99.95%", Budgeting{Method: Timeslices, Slice: time.Minute}))
	s.play(time.Hour, time.Minute, 1, 0, nil)
	allowed := s.report.Objectives[0].RemainingEvents * float64(time.Minute)
	assert.InDelta(t, 302.4, time.Duration(allowed).Seconds(), 1e-6)
}

func TestSlicesAreJudgedOnceTheyAreSettled(t *testing.T) {
	d := sliced(t, 30*day, "99%", Budgeting{Method: Timeslices, Slice: 5 * time.Minute})
	d.LateTolerance = 2 * time.Minute
	s := aligned(t, d)
	start := s.now
	at := start.Add
	tick := func(after time.Duration) {
		s.now = at(after)
		s.account.Tick(s.now, &s.report)
	}
	assert.Equal(t, Counted, s.account.Observe(at(time.Minute), at(time.Minute), Counts{90, 100}))
	tick(6 * time.Minute)
	assert.Zero(t, s.report.Period.Total)
	assert.Equal(t, Counted, s.account.Observe(at(4*time.Minute), at(6*time.Minute), Counts{100, 100}), "now 95 % of it")
	tick(7 * time.Minute)
	assert.Equal(t, Counts{1, 1}, s.report.Period.Counts)
	assert.True(t, s.report.At.Equal(at(5*time.Minute)), "windows end with the last slice that is settled")
	assert.Equal(t, DroppedLate, s.account.Observe(at(4*time.Minute), at(8*time.Minute), Counts{0, 1000}))

	s.account.Observe(at(9*time.Minute), at(9*time.Minute), Counts{94.9, 100})
	tick(12 * time.Minute)
	assert.Equal(t, Counts{1, 2}, s.report.Period.Counts)
	assert.Equal(t, Counts{1, 2}, s.window(t, time.Hour).Counts)
}

func TestMethodNames(t *testing.T) {
	assert.Equal(t, "occurrences", Occurrences.String())
	assert.Equal(t, "timeslices", Timeslices.String())
	assert.Equal(t, "ratio_timeslices", RatioTimeslices.String())
}

// A window as short as a slice always holds just the last that is settled, so that an alert does not flap.
func TestWindowsOfSlicesAreExact(t *testing.T) {
	d := sliced(t, 30*day, "99%", Budgeting{Method: Timeslices, Slice: 5 * time.Minute})
	d.LateTolerance = 2 * time.Minute
	d.Windows = []time.Duration{5 * time.Minute, 30 * time.Minute, 6 * time.Hour}
	s := aligned(t, d)
	s.play(7*time.Hour, 10*time.Second, 1, 0, nil)
	s.play(time.Hour, 10*time.Second, 1, 0, func() {
		require.InDelta(t, 1, s.window(t, 5*time.Minute).Total, 0, "%s", s.now)
		require.InDelta(t, 6, s.window(t, 30*time.Minute).Total, 0, "%s", s.now)
		require.InDelta(t, 12, s.window(t, time.Hour).Total, 0, "%s", s.now)
		require.InDelta(t, 72, s.window(t, 6*time.Hour).Total, 0, "%s", s.now)
		require.InDelta(t, 1, s.window(t, 6*time.Hour).Coverage, 0, "%s", s.now)
	})
}

// A window that is shorter than a slice holds the last one too: there is nothing newer to judge by.
func TestWindowShorterThanASlice(t *testing.T) {
	d := sliced(t, 30*day, "99%", Budgeting{Method: Timeslices, Slice: time.Hour})
	d.Windows = []time.Duration{5 * time.Minute}
	s := aligned(t, d)
	s.play(3*time.Hour, time.Minute, 1, 0, nil)
	s.play(time.Hour, time.Minute, 1, 0, func() {
		require.InDelta(t, 1, s.window(t, 5*time.Minute).Total, 0, "%s", s.now)
	})
}

func TestSlicesWithoutData(t *testing.T) {
	for verdict, want := range map[NoData]Counts{NoDataIgnore: {}, NoDataGood: {8, 8}, NoDataBad: {0, 8}} {
		d := sliced(t, 30*day, "99%", Budgeting{Method: Timeslices, Slice: 15 * time.Minute, NoData: verdict})
		start := opening.Truncate(time.Hour)
		d.Exclusions = []Exclusion{{Span: Span{start.Add(50 * time.Minute), start.Add(55 * time.Minute)}}}
		s := aligned(t, d)
		s.idle(90*time.Minute, time.Minute)
		s.now = s.now.Add(3 * time.Hour) // nobody knows what these slices were
		s.idle(46*time.Minute, time.Minute)
		assert.Equal(t, want, s.report.Period.Counts, "%v", verdict)
	}
}

func TestRatioSlices(t *testing.T) {
	s := aligned(t, sliced(t, 30*day, "99%", Budgeting{Method: RatioTimeslices, Slice: time.Minute}))
	for _, errors := range []float64{0, 0.25, 1} {
		s.play(time.Minute, 10*time.Second, 4, errors, nil)
	}
	s.play(time.Minute, time.Minute, 0, 0, nil)
	// The event at a boundary belongs to the slice that begins there.
	assert.InDelta(t, 4, s.report.Period.Total, 0)
	assert.InDelta(t, 5.0/5+(5*0.75+1)/6+0.75/6, s.report.Period.Good, 1e-12)
}

// A month of hours with daylight saving has 743 slices of an hour, whose budget is known from the start.
func TestSlicesOfACalendar(t *testing.T) {
	d := sliced(t, 0, "99%", Budgeting{Method: Timeslices, Slice: time.Hour})
	d.Window = Window{Calendar: calendarOf(t, "month", "Europe/Berlin")}
	d.LateTolerance = 2 * time.Minute
	s, april := beforeApril(t, d)
	s.now = april.Add(-2 * time.Hour)
	s.account = planOf(t, d).Open(s.now)
	s.play(time.Hour, time.Minute, 1, 1, nil)
	s.play(30*time.Minute, time.Minute, 10, 0, nil)
	assert.InDelta(t, 7.43-1, s.report.Objectives[0].RemainingEvents, 1e-9)

	s.now = april.Add(-time.Minute)
	s.play(4*time.Minute, time.Minute, 1, 0, nil)
	assert.InDelta(t, 7.2, s.report.Objectives[0].RemainingEvents, 1e-9)
	settled := func() *PeriodSum {
		for s.report.Settled == nil {
			s.play(time.Minute, time.Minute, 1, 0, nil)
		}
		return s.report.Settled
	}()
	assert.Equal(t, Counts{1, 2}, settled.Counts, "the last slice of March is in March")
}
