package slo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const day = 24 * time.Hour

// opening is on no boundary of a cell, slice or day, so that nothing is right by chance.
var opening = time.Date(2026, 3, 3, 9, 17, 43, 0, time.UTC)

// stage plays a stream of events to an account, with a clock of its own.
type stage struct {
	account *Account
	now     time.Time
	report  Report
}

// play sends total events a step, the fraction bad of which is not good, for a while, with a Tick after each step.
func (s *stage) play(d, step time.Duration, total, bad float64, after func()) {
	for end := s.now.Add(d); s.now.Before(end); {
		s.now = s.now.Add(step)
		s.account.Observe(s.now, s.now, Counts{total - total*bad, total})
		s.account.Tick(s.now, &s.report)
		if after != nil {
			after()
		}
	}
}

// fill is play without the Ticks, for a long history whose coverage does not matter.
func (s *stage) fill(d, step time.Duration, total, bad float64) {
	for end := s.now.Add(d); s.now.Before(end); {
		s.now = s.now.Add(step)
		s.account.Observe(s.now, s.now, Counts{total - total*bad, total})
	}
	s.account.Tick(s.now, &s.report)
}

// idle lets time pass without events.
func (s *stage) idle(d, step time.Duration) {
	for end := s.now.Add(d); s.now.Before(end); {
		s.now = s.now.Add(step)
		s.account.Tick(s.now, &s.report)
	}
}

func (s *stage) window(tb testing.TB, w time.Duration) WindowSum {
	tb.Helper()
	for _, got := range s.report.Windows {
		if got.Window == w {
			return got
		}
	}
	require.Failf(tb, "no such window", "%s", w)
	return WindowSum{}
}

func open(tb testing.TB, d Definition) *stage {
	tb.Helper()
	p := planOf(tb, d)
	return &stage{account: p.Open(opening), now: opening}
}

func planOf(tb testing.TB, d Definition) *Plan {
	tb.Helper()
	p, err := NewPlan(d)
	require.NoError(tb, err)
	return p
}

func targetOf(tb testing.TB, text string) Target {
	tb.Helper()
	target, err := ParseTarget(text)
	require.NoError(tb, err)
	return target
}

// rolling is a plain definition over 30 days with the policies of Google.
func rolling(tb testing.TB, target string) Definition {
	tb.Helper()
	t := targetOf(tb, target)
	policies, _ := DefaultPolicies(t, DefaultRolling)
	return Definition{
		Window:     Window{Rolling: DefaultRolling},
		Objectives: []Objective{{Target: t, Policies: policies}},
	}
}
