package slo

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCoverageOfANewAccount(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	s.play(30*time.Minute, 15*time.Second, 1, 0, nil)
	assert.InDelta(t, 1, s.window(t, 5*time.Minute).Coverage, 0)
	assert.InDelta(t, 0.5, s.window(t, time.Hour).Coverage, 0.01)
	assert.InDelta(t, 0.5/720, s.window(t, 30*day).Coverage, 1e-4)
	assert.InDelta(t, s.window(t, 30*day).Coverage, s.report.Period.Coverage, 0)
}

// The clock was set back, so that some time passed twice.
func TestTimeThatPassesTwiceIsCoveredOnce(t *testing.T) {
	s := shapes[2]
	r := &tier{width: int64(s.width), unit: int64(s.unit), cells: make([]Counts, 3), alive: make([]uint8, 3)}
	for range 3 {
		r.credit(0, int64(12*time.Minute))
	}
	assert.InDelta(t, 1, r.coverage(0, int64(12*time.Minute)), 0)
	assert.InDelta(t, 0.5, r.coverage(0, int64(30*time.Minute)), 0.001)
}

// The source goes silent: it counts as alive for Stale, and then the windows lose coverage one after the other.
func TestCoverageOfASilentSource(t *testing.T) {
	d := rolling(t, "99%")
	d.Stale = 5 * time.Minute
	s := open(t, d)
	s.play(7*time.Hour, 15*time.Second, 1, 0, nil)
	s.idle(35*time.Minute, 15*time.Second)
	assert.Zero(t, s.window(t, 5*time.Minute).Coverage)
	assert.InDelta(t, 0.5, s.window(t, time.Hour).Coverage, 0.02)
	assert.InDelta(t, 5.5/6, s.window(t, 6*time.Hour).Coverage, 0.01)

	s.play(5*time.Minute+10*time.Second, 10*time.Second, 0, 0, nil) // empty increments: alive
	assert.InDelta(t, 1, s.window(t, 5*time.Minute).Coverage, 0)
}

// The engine is down: nothing is known of that time.
func TestCoverageOfADowntime(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	s.play(2*time.Hour, 15*time.Second, 1, 0, nil)
	s.now = s.now.Add(15 * time.Minute)
	s.play(15*time.Minute, 15*time.Second, 1, 0, nil)
	assert.InDelta(t, 0.75, s.window(t, time.Hour).Coverage, 0.01)
}

// A tick may be as rare as one in 60 s without a loss of coverage at any width of cell.
func TestCoverageDoesNotDependOnTheTick(t *testing.T) {
	for _, step := range []time.Duration{time.Second, 7 * time.Second, 10 * time.Second, 59 * time.Second, time.Minute} {
		s := open(t, rolling(t, "99%"))
		s.play(7*time.Hour, step, 1, 0, nil)
		for _, w := range []time.Duration{5 * time.Minute, 30 * time.Minute, time.Hour, 6 * time.Hour} {
			assert.InDelta(t, 1, s.window(t, w).Coverage, 0, "%s, every %s", w, step)
		}
	}
}

// Too little is known: the alert neither ends nor begins, and shows what it showed.
func TestAlertsFreeze(t *testing.T) {
	d := rolling(t, "99%")
	d.Stale = 2 * time.Minute
	s := open(t, d)
	s.play(3*time.Hour, 15*time.Second, 100, 0, nil)
	s.play(30*time.Minute, 15*time.Second, 100, 0.5, nil)
	before := s.report.Objectives[0].Alerts[0]
	require.True(t, before.Active)

	s.idle(10*time.Minute, 15*time.Second)
	frozen := s.report.Objectives[0].Alerts[0]
	assert.True(t, frozen.Frozen)
	assert.True(t, frozen.Active)
	s.idle(2*time.Hour, 15*time.Second)
	assert.Equal(t, frozen, s.report.Objectives[0].Alerts[0])

	s.play(2*time.Hour, 15*time.Second, 100, 0, nil)
	assert.Equal(t, Alert{Violations: 1}, s.report.Objectives[0].Alerts[0])
}

// A source that comes back with an outage must not wait until its silence has left the long window.
func TestOutageAfterASilence(t *testing.T) {
	for errors, active := range map[float64]bool{1: true, 0.18: true, 0.155: false} {
		s := watch(t, func(_ *Definition, p *Policy) { p.Factor = 14.4 })
		s.play(2*time.Hour, 15*time.Second, 100, errors, nil)
		s = &stage{account: s.account, now: s.now.Add(10 * time.Minute)}
		s.account.standings[0].alerts[0] = alert{}
		s.play(time.Minute, 15*time.Second, 100, errors, nil)
		assert.Equal(t, errors < 1, s.alert().Frozen, "little is known of the short window")
		s.play(4*time.Minute, 15*time.Second, 100, errors, nil)
		assert.Less(t, s.window(t, time.Hour).Coverage, MinCoverage)
		assert.Equal(t, active, s.alert().Active, "%v errors", errors)
		assert.Equal(t, !active, s.alert().Frozen, "%v errors", errors)
	}
}

// A new account is judged by what there is: an outage at the first deployment must not wait for an hour of history.
func TestNewAccountsAreNotFrozen(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	s.play(time.Minute, 15*time.Second, 100, 1, nil)
	for _, a := range s.report.Objectives[0].Alerts {
		assert.False(t, a.Frozen)
		assert.True(t, a.Active)
	}
}

// Month without traffic, in real durations of a fake clock: the windows drain, the budget is whole again, and no
// number is NaN or infinite at any time.
func TestThirtyDaysOfSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := planOf(t, rolling(t, "99.9%")).Open(time.Now())
		var r Report
		tick := func(d, every time.Duration, c Counts) {
			for end := time.Now().Add(d); time.Now().Before(end); {
				time.Sleep(every)
				a.Observe(time.Now(), time.Now(), c)
				a.Tick(time.Now(), &r)
				requireFinite(t, &r)
			}
		}
		tick(3*time.Hour, time.Minute, Counts{90, 100})
		require.Less(t, r.Objectives[0].Remaining, -90.0)
		tick(30*day-time.Hour, time.Minute, Counts{})
		require.Positive(t, r.Period.Total, "still in the window")
		tick(5*time.Hour, time.Minute, Counts{})
		assert.Zero(t, r.Period.Total)
		assert.InDelta(t, 1, r.Objectives[0].Remaining, 0)
		assert.Zero(t, r.Objectives[0].RemainingEvents)
		assert.False(t, r.Objectives[0].Exhausts)
		assert.InDelta(t, 1, r.Period.Coverage, 0)
		for _, alert := range r.Objectives[0].Alerts {
			assert.False(t, alert.Active)
		}
		assert.InDelta(t, 180*100, r.Good+r.Bad, 0)
	})
}

// requireFinite checks all numbers that can be shown.
func requireFinite(t require.TestingT, r *Report) {
	numbers := []float64{r.Good, r.Bad, r.Period.Good, r.Period.Total, r.Period.Basis, r.Period.Coverage}
	for _, w := range r.Windows {
		numbers = append(numbers, w.Good, w.Total, w.Coverage)
		require.True(t, w.Good >= 0 && w.Good <= w.Total && w.Coverage >= 0 && w.Coverage <= 1, "%+v", w)
	}
	for _, o := range r.Objectives {
		numbers = append(numbers, o.Remaining, o.RemainingEvents)
		require.GreaterOrEqual(t, o.Exhaustion, time.Duration(0))
		for _, a := range o.Alerts {
			numbers = append(numbers, a.BurnRatio)
		}
	}
	for _, n := range numbers {
		require.False(t, math.IsNaN(n) || math.IsInf(n, 0), "%+v", *r)
	}
}
