package slo

import (
	"fmt"
	"time"
)

const (
	// MinWindow is the shortest window of a policy: six of the finest cells.
	MinWindow = time.Minute
	// MinRolling is the shortest rolling period of an objective.
	MinRolling = time.Hour
	// MaxRolling is the longest: an account then takes 32 KB.
	MaxRolling = 90 * 24 * time.Hour
	// DefaultRolling is the period of an objective unless the user says otherwise.
	DefaultRolling = 30 * 24 * time.Hour
)

// Window is the period that an objective is about: exactly one of the two. A Window is a value, safe for
// concurrent use.
type Window struct {
	// Rolling is the length of a period that always ends now, in [MinRolling, MaxRolling].
	Rolling time.Duration
	// Calendar has periods that follow one another, and a full budget at the start of each.
	Calendar *Calendar
}

// Length returns the length of the period: of a calendar the usual one, a month counted as 30 days.
func (w Window) Length() time.Duration {
	if w.Calendar != nil {
		return w.Calendar.length()
	}
	return w.Rolling
}

func (w Window) check() error {
	switch {
	case w.Calendar != nil && w.Rolling != 0:
		return &PlanError{"window", "has both rolling and calendar"}
	case w.Calendar != nil:
		return nil
	case w.Rolling < MinRolling:
		return &PlanError{"window", fmt.Sprintf("%s is too short; smallest window is %s",
			FormatWindow(w.Rolling), FormatWindow(MinRolling))}
	case w.Rolling > MaxRolling:
		return &PlanError{"window", fmt.Sprintf("%s exceeds the maximum of %s",
			FormatWindow(w.Rolling), FormatWindow(MaxRolling))}
	}
	return nil
}

// FormatWindow writes a duration in its largest unit that divides it, as in the attribute slo.window: 5m, 6h,
// 30d; and 90m for an hour and a half. What is not a multiple of a second is written as by time.Duration.
func FormatWindow(d time.Duration) string {
	for _, u := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if d != 0 && d%u.length == 0 {
			return fmt.Sprintf("%d%s", d/u.length, u.name)
		}
	}
	return d.String()
}
