package slo

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The table of the reference for 99.9 % over 30 days: how long an outage of a constant error rate burns until each
// pair of windows alerts, after healthy traffic. 0 is never.
var detection = []struct {
	errors           float64 // share of events
	page1h, page6h   time.Duration
	ticket1d, ticket time.Duration
}{
	{1, 52 * time.Second, 2*time.Minute + 10*time.Second, 4*time.Minute + 19*time.Second, 4*time.Minute + 19*time.Second},
	{0.5, 104 * time.Second, 4*time.Minute + 19*time.Second, 8*time.Minute + 38*time.Second, 8*time.Minute + 38*time.Second},
	{0.2, 4*time.Minute + 19*time.Second, 10*time.Minute + 48*time.Second, 21*time.Minute + 36*time.Second, 21*time.Minute + 36*time.Second},
	{0.1, 8*time.Minute + 38*time.Second, 21*time.Minute + 36*time.Second, 43*time.Minute + 12*time.Second, 43*time.Minute + 12*time.Second},
	{0.05, 17*time.Minute + 17*time.Second, 43*time.Minute + 12*time.Second, 86*time.Minute + 24*time.Second, 86*time.Minute + 24*time.Second},
	{0.02, 43*time.Minute + 12*time.Second, 108 * time.Minute, 216 * time.Minute, 216 * time.Minute},
	{0.015, 57*time.Minute + 36*time.Second, 144 * time.Minute, 288 * time.Minute, 288 * time.Minute},
	{0.01, 0, 216 * time.Minute, 432 * time.Minute, 432 * time.Minute},
	{0.005, 0, 0, 14*time.Hour + 24*time.Minute, 14*time.Hour + 24*time.Minute},
	{0.002, 0, 0, 0, 36 * time.Hour},
	{0.001, 0, 0, 0, 0}, // burns at exactly 1, which is not above 1
}

const (
	flush  = 10 * time.Second // of the table
	errorT = "99.9%"
)

// The table holds for the real engine up to one cell, by which a window may be too long, and one flush. The alert
// clears as late as its short window says, short × (1 - factor × budget / errors), and two flushes.
func TestDetectionAndResetOfTheWorkbook(t *testing.T) {
	t.Parallel()
	for _, row := range detection {
		t.Run(fmt.Sprintf("%v%%", row.errors*100), func(t *testing.T) {
			t.Parallel()
			want := [4]time.Duration{row.page1h, row.page6h, row.ticket1d, row.ticket}
			s := open(t, rolling(t, errorT))
			s.play(72*time.Hour, MaxTickGap, 12000, 0, nil)
			detected := s.outage(max(want[0], want[1], want[2], want[3])+6*time.Hour+time.Hour, row.errors)
			reset := s.recovery(6*time.Hour + time.Hour)
			for i, p := range Google() {
				long, short := cellOf(p.Long), cellOf(p.Short)
				if want[i] == 0 {
					assert.Zero(t, detected[i], "%s must not alert", p.Name)
					continue
				}
				assert.InDelta(t, want[i].Seconds(), detected[i].Seconds(), (long + flush).Seconds(), "%s detects", p.Name)
				clears := float64(p.Short) * (1 - float64(p.Factor)*0.001/row.errors)
				assert.InDelta(t, time.Duration(clears).Seconds(), reset[i].Seconds(), (short + 2*flush).Seconds(), "%s clears", p.Name)
			}
		})
	}
}

// outage has errors for a while and returns after how long each alert became active.
func (s *stage) outage(d time.Duration, errors float64) (after [4]time.Duration) {
	start := s.now
	s.play(d, flush, 1000, errors, func() {
		for i, a := range s.report.Objectives[0].Alerts {
			if a.Active && after[i] == 0 {
				after[i] = s.now.Sub(start)
			}
		}
	})
	return after
}

// recovery has none for a while and returns after how long each alert was no longer active.
func (s *stage) recovery(d time.Duration) (after [4]time.Duration) {
	start := s.now
	s.play(d, flush, 1000, 0, func() {
		for i, a := range s.report.Objectives[0].Alerts {
			if a.Active {
				after[i] = s.now.Sub(start) + flush
			}
		}
	})
	return after
}

// cellOf is the cell of the tier that serves a window.
func cellOf(window time.Duration) time.Duration {
	return shapes[newLayout(DefaultRolling, 0).tierOf(window)].width
}

// Other figures of the chapter, and of the reference about other targets.
func TestFiguresOfTheWorkbook(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name           string
		target         string
		errors         float64
		lasts          time.Duration // of the errors
		policy         int
		detect, reset  time.Duration // 0 is never
		within, resets time.Duration // tolerance
	}{
		{
			"figure 5-6: 15 % of errors for 10 minutes", "99.9%", 0.15, 10 * time.Minute, 0,
			5*time.Minute + 46*time.Second, 4*time.Minute + 31*time.Second, time.Minute + flush, flush + 2*flush,
		},
		{
			"a total outage at 95 % pages after 43 minutes", "95%", 1, 80 * time.Minute, 0,
			43*time.Minute + 12*time.Second, 84 * time.Second, time.Minute + flush, flush + 2*flush,
		},
		{
			"at 90 % the slow pair pages after 3 h 36 m", "90%", 1, 5 * time.Hour, 1,
			216 * time.Minute, 12 * time.Minute, time.Minute + flush, time.Minute + 2*flush,
		},
		{
			"at 90 % the fast pair pages by its clamped factor, 8", "90%", 1, 2 * time.Hour, 0,
			48 * time.Minute, time.Minute, time.Minute + flush, flush + 2*flush,
		},
		{"at 90 % half of the events bad never reach it", "90%", 0.5, 5 * time.Hour, 0, 0, 0, 0, 0},
	} {
		s := open(t, rolling(t, tc.target))
		s.play(8*time.Hour, time.Minute, 6000, 0, nil)
		detected := s.outage(tc.lasts, tc.errors)[tc.policy]
		reset := s.recovery(time.Hour)[tc.policy]
		assert.InDelta(t, tc.detect.Seconds(), detected.Seconds(), tc.within.Seconds(), tc.name)
		assert.InDelta(t, tc.reset.Seconds(), reset.Seconds(), tc.resets.Seconds(), tc.name)
	}
}

// Spikes of five minutes every ten, a ninth of the budget each (5 of 43.2 minutes), do not escape as they do from an
// alert that waits for an hour.
func TestSpikesOfTheWorkbook(t *testing.T) {
	s := open(t, rolling(t, errorT))
	s.fill(30*day, MaxTickGap, 12000, 0)
	s.play(2*time.Hour, MaxTickGap, 12000, 0, nil)
	s.play(5*time.Minute, flush, 1000, 1, nil)
	assert.InDelta(t, 1-5/43.2, s.report.Objectives[0].Remaining, 0.001)
	assert.True(t, s.report.Objectives[0].Alerts[0].Active)
	s.play(5*time.Minute, flush, 1000, 0, nil)
	s.play(5*time.Minute, flush, 1000, 1, nil)
	assert.InDelta(t, 1-10/43.2, s.report.Objectives[0].Remaining, 0.001)
}

func TestLowTrafficOfTheWorkbook(t *testing.T) {
	s := open(t, rolling(t, errorT))
	s.fill(30*day, 6*time.Minute, 1, 0)
	s.account.Observe(s.now, s.now, Counts{-1, 0}) // one of them failed
	s.account.Tick(s.now, &s.report)
	rate, _ := s.window(t, time.Hour).BurnRate(targetOf(t, errorT))
	assert.InDelta(t, 100, float64(rate), 10, "10 %% of an hour, one cell longer; the text says 1,000")
	assert.InDelta(t, 1-0.139, s.report.Objectives[0].Remaining, 0.001)
}

// How much of the budget a total outage takes: 1.39 % an hour at 90 %, all of it in 26 s at 99.999 %.
func TestExtremeTargetsOfTheWorkbook(t *testing.T) {
	assert.InDelta(t, 0.0139, Policy{Factor: targetOf(t, "90%").MaxBurn(), Long: time.Hour}.BudgetShare(30*day), 1e-4)
	highest := targetOf(t, "99.999%").MaxBurn()
	assert.InDelta(t, 25.92, (30*day).Seconds()/float64(highest), 1e-6)
}

// Days of 1,000 a minute with 0.1 % of errors and nights of 10 a minute with 5 %: 0.196 %, where a mean of ratios says
// 3.37 %.
func TestSumsNotMeansOfRatios(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	for range 30 {
		s.fill(8*time.Hour, 2*time.Minute, 2000, 0.001)
		s.fill(16*time.Hour, 2*time.Minute, 20, 0.05)
	}
	sli, _ := s.report.Period.SLI()
	assert.InDelta(t, 0.00196, 1-sli, 0.00001)
}
