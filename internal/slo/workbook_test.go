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
			s.play(72*time.Hour, time.Minute, 6000, 0, nil)
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
