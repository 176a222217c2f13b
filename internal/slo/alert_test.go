package slo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// watch is a definition with one policy: factor 10 over 1h and 5m at 99 %.
func watch(tb testing.TB, change func(d *Definition, p *Policy)) *stage {
	tb.Helper()
	d := rolling(tb, "99%")
	p := Policy{Name: "page", Severity: SeverityPage, Factor: 10, Long: time.Hour, Short: 5 * time.Minute}
	change(&d, &p)
	d.Objectives[0].Policies = []Policy{p}
	return open(tb, d)
}

func (s *stage) alert() Alert { return s.report.Objectives[0].Alerts[0] }

func TestBurnRatioIsTheLesserOfBothWindows(t *testing.T) {
	s := watch(t, func(*Definition, *Policy) {})
	s.play(2*time.Hour, 10*time.Second, 100, 0, nil)
	s.play(6*time.Minute, 10*time.Second, 100, 0.5, nil)
	long, _ := s.window(t, time.Hour).BurnRate(targetOf(t, "99%"))
	assert.InDelta(t, float64(long)/10, s.alert().BurnRatio, 1e-12)
	assert.InDelta(t, 0.5, s.alert().BurnRatio, 0.02)
	s.play(10*time.Minute, 10*time.Second, 100, 0, nil)
	assert.Zero(t, s.alert().BurnRatio)
}

// At the factor itself an alert is silent: a burn rate of 1 spends the budget just in time.
func TestAlertsAreStrict(t *testing.T) {
	s := watch(t, func(_ *Definition, p *Policy) { p.Factor = 7 })
	s.play(2*time.Hour, time.Minute, 100, 0.07, nil)
	assert.InDelta(t, 1, s.alert().BurnRatio, 1e-12)
	assert.LessOrEqual(t, s.alert().BurnRatio, 1.0)
	assert.False(t, s.alert().Active)
}

func TestAlertEndsAfterTwoQuietTicks(t *testing.T) {
	s := watch(t, func(*Definition, *Policy) {})
	s.play(time.Hour, time.Minute, 100, 0.5, nil)
	require.True(t, s.alert().Active)
	quiet := 0
	s.play(20*time.Minute, time.Minute, 100, 0, func() {
		if s.alert().BurnRatio <= 1 && s.alert().Active {
			quiet++
		}
	})
	assert.Equal(t, 1, quiet, "ticks between the first quiet one and the end")
	assert.False(t, s.alert().Active)
	assert.EqualValues(t, 1, s.alert().Violations)
}

// A short dip does not end an alert, and so does not count another violation.
func TestAlertSurvivesADip(t *testing.T) {
	s := watch(t, func(*Definition, *Policy) {})
	s.play(time.Hour, time.Minute, 100, 0.5, nil)
	for range 5 {
		s.play(5*time.Minute, time.Minute, 100, 0, func() {
			if s.alert().BurnRatio <= 1 {
				s.play(time.Minute, time.Minute, 1000, 0.9, nil)
			}
		})
	}
	assert.True(t, s.alert().Active)
	assert.EqualValues(t, 1, s.alert().Violations)
}

func TestAlertWaitsFor(t *testing.T) {
	s := watch(t, func(_ *Definition, p *Policy) { p.For = 3 * time.Minute })
	s.play(3*time.Minute, time.Minute, 100, 1, nil)
	assert.Greater(t, s.alert().BurnRatio, 1.0)
	assert.False(t, s.alert().Active)
	s.play(time.Minute, time.Minute, 100, 1, nil)
	assert.True(t, s.alert().Active)
}

// The condition must hold all along.
func TestAlertWaitsAnew(t *testing.T) {
	s := watch(t, func(d *Definition, p *Policy) { p.For = 10 * time.Minute; d.MinBadEvents = 0 })
	for range 6 {
		s.play(6*time.Minute, time.Minute, 100, 0.3, nil)
		s.play(9*time.Minute, time.Minute, 100, 0, nil)
	}
	assert.Zero(t, s.alert().Violations)
}

func TestFewBadEventsDoNotAlert(t *testing.T) {
	s := watch(t, func(d *Definition, _ *Policy) { d.MinBadEvents = 3 })
	s.play(2*time.Minute, time.Minute, 1, 1, nil)
	assert.Zero(t, s.alert().BurnRatio)
	assert.False(t, s.alert().Active)
	s.play(time.Minute, time.Minute, 1, 1, nil)
	assert.InDelta(t, 10, s.alert().BurnRatio, 1e-9)
	assert.True(t, s.alert().Active)
}

// Silence is no failure: without events in the short window an alert ends, if the engine ran.
func TestAlertEndsInSilence(t *testing.T) {
	s := watch(t, func(*Definition, *Policy) {})
	s.play(time.Hour, time.Minute, 100, 0.5, nil)
	require.True(t, s.alert().Active)
	s.idle(8*time.Minute, time.Minute)
	assert.False(t, s.alert().Active)
	assert.Zero(t, s.alert().BurnRatio)
}
