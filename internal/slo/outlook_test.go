package slo

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// From a full budget and steady traffic it lasts period / burn rate: the Workbook's 30 d, 15 d, 3 d and 43 m, and the
// 12 h of Sloth at 60, and 20.5 h at 35,
// which table 5-5 never finds. An hour at the rate has passed when it is read,
// and one cell of the hour before counts as well.
func TestExhaustionAtASteadyRate(t *testing.T) {
	for burn, lasts := range map[float64]time.Duration{
		2: 15 * day, 10: 3 * day, 35: 20*time.Hour + 34*time.Minute, 60: 12 * time.Hour,
	} {
		s := open(t, rolling(t, "99.9%"))
		s.fill(30*day, 2*time.Minute, 1000, 0)
		s.play(time.Hour, time.Minute, 500, burn*0.001, nil)
		got := s.report.Objectives[0]
		require.True(t, got.Exhausts, "burn %v", burn)
		assert.InDelta(t, (lasts - time.Hour).Hours(), got.Exhaustion.Hours(), 0.03*lasts.Hours(), "burn %v", burn)
	}
}

func TestTotalOutageExhaustsIn43Minutes(t *testing.T) {
	s := open(t, rolling(t, "99.9%"))
	s.fill(30*day, 2*time.Minute, 1000, 0)
	start, spent := s.now, time.Duration(0)
	s.play(time.Hour, 10*time.Second, 1000.0/12, 1, func() {
		if spent == 0 && s.report.Objectives[0].Exhausts && s.report.Objectives[0].Exhaustion == 0 {
			spent = s.now.Sub(start)
		}
	})
	assert.InDelta(t, (43*time.Minute + 12*time.Second).Seconds(), spent.Seconds(), 30)
}

func TestBudgetThatLasts(t *testing.T) {
	s := open(t, rolling(t, "99.9%"))
	s.account.Tick(s.now, &s.report)
	assert.False(t, s.report.Objectives[0].Exhausts, "nothing is known")
	s.play(3*time.Hour, time.Minute, 1000, 0, nil)
	assert.False(t, s.report.Objectives[0].Exhausts, "nothing is bad")
	s.fill(40*day, 2*time.Minute, 1000, 0.0005)
	assert.False(t, s.report.Objectives[0].Exhausts, "half of the budget")
}

// A calendar period ends before the budget does.
func TestBudgetThatLastsUntilTheEndOfTheMonth(t *testing.T) {
	d := monthly(t)
	d.ExpectedEvents = 100_000
	s, april := beforeApril(t, d)
	s.now = april.Add(-3 * day)
	s.account = planOf(t, d).Open(s.now)
	s.play(2*time.Hour, time.Minute, 10, 0.02, nil) // 12 an hour of 1,000: in 81 hours
	assert.False(t, s.report.Objectives[0].Exhausts)
	s.play(time.Hour, time.Minute, 10, 0.04, nil) // 24 an hour: in 39
	assert.True(t, s.report.Objectives[0].Exhausts)
	assert.InDelta(t, (1000-48.0)/24, s.report.Objectives[0].Exhaustion.Hours(), 0.6)
}

// What leaves the window takes its share along, so that the budget may be spent sooner than the rate says, or never.
func TestOutlookAgainstSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.IntRange(0, 100), 13, 13).Draw(t, "totals")
		bad := rapid.SliceOfN(rapid.IntRange(0, 20), 13, 13).Draw(t, "bad")
		tier := &tier{width: int64(2 * time.Hour), unit: int64(time.Hour), cells: make([]Counts, 13), alive: make([]uint8, 13), head: 12}
		var all Counts
		for i := range cells {
			c := Counts{float64(cells[i] - min(bad[i], cells[i])), float64(cells[i])}
			tier.cells[i] = c
			all = all.Plus(c)
		}
		o := outlook{
			counts: all, budget: rapid.Float64Range(0.01, 0.5).Draw(t, "budget"),
			rate:     Counts{rapid.Float64Range(0, 0.01).Draw(t, "good"), 0},
			expected: rapid.SampledFrom([]float64{0, 100, 2000}).Draw(t, "expected"),
		}
		o.rate.Total = o.rate.Good + rapid.Float64Range(1e-5, 0.01).Draw(t, "rate of bad")
		if o.left() <= 0 {
			return
		}
		want, spent := stepped(o, tier)
		period := stretch{int64(30 * time.Minute), tier.width*12 + int64(30*time.Minute)}
		got, ok := o.rolling(tier, period, nil)
		if math.Abs(o.left()) < 1e-6 {
			return // spent or not is a matter of rounding
		}
		require.Equal(t, spent, ok)
		if spent {
			require.InDelta(t, want.Seconds(), got.Seconds(), 11)
		}
	})
}

// stepped walks as rolling does, ten seconds at a time.
func stepped(o outlook, t *tier) (time.Duration, bool) {
	const step = 10 * time.Second
	start := 30 * time.Minute
	next := 0
	for passed := step; passed <= time.Duration(13*t.width)-start; passed += step {
		o.counts.Good += o.rate.Good * step.Seconds()
		o.counts.Total += o.rate.Total * step.Seconds()
		if o.left() <= 0 {
			return passed, true
		}
		if start+passed >= time.Duration(int64(next+1)*t.width) {
			o.counts.Good -= t.cells[next].Good
			o.counts.Total -= t.cells[next].Total
			next++
			if o.left() <= 0 {
				return passed, true
			}
		}
	}
	return 0, false
}
