package sloprocessor

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
)

// Duration is a positive length of time, which may be in days (d) and weeks (w).
type Duration time.Duration

// Validate refuses durations that are not positive.
func (d Duration) Validate() error {
	if d <= 0 {
		return fmt.Errorf("must be a positive duration such as 15s (got %s)", d)
	}
	return nil
}

// UnmarshalText reads a duration such as 1m30s, 30d or 4w.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := parseDuration(string(text))
	if err != nil {
		return fmt.Errorf("must be a duration with its unit such as 15s (got %q)", text)
	}
	*d = Duration(v)
	return nil
}

// String returns the duration in its largest unit, as it is written in a configuration.
func (d Duration) String() string { return slo.FormatWindow(time.Duration(d)) }

// parseDuration reads days and weeks, which come first, and then what Go reads.
//
//	1w2d12h  →  7 × 24h + 2 × 24h + 12h
func parseDuration(text string) (time.Duration, error) {
	var days time.Duration
	rest := text
	for _, unit := range []struct {
		name string
		time.Duration
	}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}} {
		digits, after, found := strings.Cut(rest, unit.name)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 16)
		if err != nil {
			return 0, fmt.Errorf("%q is no duration", text)
		}
		days, rest = days+time.Duration(n)*unit.Duration, after
	}
	if rest == "" && text != "" {
		return days, nil
	}
	d, err := time.ParseDuration(rest)
	return days + d, err
}

// Count is a whole number of at least 1.
type Count int

// Validate refuses numbers below 1.
func (c Count) Validate() error {
	if c < 1 {
		return fmt.Errorf("must be at least 1 (got %d)", int(c))
	}
	return nil
}

// UnmarshalText reads a whole number.
func (c *Count) UnmarshalText(text []byte) error {
	n, err := strconv.Atoi(string(text))
	if err != nil {
		return fmt.Errorf("must be a whole number such as 500 (got %q)", text)
	}
	*c = Count(n)
	return nil
}

// Switch is true or false.
type Switch bool

// UnmarshalText reads true or false.
func (s *Switch) UnmarshalText(text []byte) error {
	v, err := strconv.ParseBool(string(text))
	if err != nil {
		return fmt.Errorf("must be true or false (got %q)", text)
	}
	*s = Switch(v)
	return nil
}

// Set is a set of metrics that is sent on.
type Set string

// The sets of metrics.
const (
	SetCounters Set = "counters" // slo.events
	SetDerived  Set = "derived"  // SLI, burn rates, budget and alerts
	SetWindows  Set = "windows"  // events in each window, which may be added over replicas
	SetSloth    Set = "sloth"    // the names that Sloth records
	SetPyrra    Set = "pyrra"    // the generic names that Pyrra records
)

// Validate refuses other words.
func (s Set) Validate() error {
	switch s {
	case SetCounters, SetDerived, SetWindows, SetSloth, SetPyrra:
		return nil
	}
	return fmt.Errorf("must be counters, derived, windows, sloth or pyrra (got %q)", string(s))
}
