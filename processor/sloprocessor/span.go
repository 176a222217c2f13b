package sloprocessor

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
)

// compile reads the window, 30d rolling if nothing is given.
func (c *WindowConfig) compile() (slo.Window, error) {
	switch {
	case c.Rolling != "" && c.Calendar != "":
		return slo.Window{}, errors.New("window has both rolling and calendar")
	case c.Calendar != "":
		return c.calendar()
	case c.Timezone != "" || c.Start != "":
		return slo.Window{}, errors.New("window has a timezone or start, which only a calendar has; add calendar: month")
	case c.Rolling == "":
		return slo.Window{Rolling: slo.DefaultRolling}, nil
	}
	d, err := parseDuration(c.Rolling)
	switch {
	case strings.ContainsAny(c.Rolling, "MQY"):
		return slo.Window{}, fmt.Errorf("window %s is not a fixed length; use 30d, or calendar: month", c.Rolling)
	case err != nil:
		return slo.Window{}, fmt.Errorf("window must be a duration such as 30d, or a section with calendar (got %q)", c.Rolling)
	case d == time.Minute:
		return slo.Window{}, fmt.Errorf("window %s is one minute (m = minute, M = month); smallest window is 1h", c.Rolling)
	case d < slo.MinRolling:
		return slo.Window{}, fmt.Errorf("window %s is too short; smallest window is 1h", c.Rolling)
	case d > slo.MaxRolling:
		return slo.Window{}, fmt.Errorf("window %s exceeds the maximum of 90d", c.Rolling)
	}
	return slo.Window{Rolling: d}, nil
}

func (c *WindowConfig) calendar() (slo.Window, error) {
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil || c.Timezone == "Local" {
		return slo.Window{}, fmt.Errorf("timezone %q is not an IANA zone%s", c.Timezone, didYouMean(c.Timezone))
	}
	unit, step, err := stepOf(c.Calendar)
	if err != nil {
		return slo.Window{}, err
	}
	// A Monday, and the first of a month and of a year.
	start := time.Date(2024, time.January, 1, 0, 0, 0, 0, zone)
	if c.Start != "" {
		if start, err = startOf(c.Start, zone); err != nil {
			return slo.Window{}, err
		}
	}
	calendar, err := slo.NewCalendar(unit, step, start)
	if err != nil {
		return slo.Window{}, fmt.Errorf("window: %w", err)
	}
	return slo.Window{Calendar: calendar}, nil
}

// steps are the lengths of calendar periods, under the names that they have.
//
//nolint:gochecknoglobals // a table, never written to.
var steps = []struct {
	name, short string
	unit        slo.Unit
	n           int
}{
	{"day", "d", slo.UnitDay, 1},
	{"week", "w", slo.UnitWeek, 1},
	{"fortnight", "", slo.UnitWeek, 2},
	{"month", "M", slo.UnitMonth, 1},
	{"quarter", "Q", slo.UnitMonth, 3},
	{"year", "Y", slo.UnitMonth, 12},
}

// stepOf reads the length of calendar periods: a name, or a number of units.
func stepOf(text string) (slo.Unit, int, error) {
	for _, s := range steps {
		if text == s.name {
			return s.unit, s.n, nil
		}
		digits, ends := strings.CutSuffix(text, s.short)
		n, err := strconv.ParseUint(digits, 10, 16)
		if s.short != "" && ends && err == nil {
			return s.unit, s.n * int(n), nil
		}
	}
	if text == "1m" {
		return 0, 0, fmt.Errorf("window %s is one minute (m = minute, M = month); smallest calendar is a day", text)
	}
	return 0, 0, fmt.Errorf("window: calendar %q is not day, week, fortnight, month, quarter or year, nor a number of them such as 2w or 1M", text)
}

// startOf reads a day, perhaps with the time of day.
func startOf(text string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, time.DateTime} {
		if t, err := time.ParseInLocation(layout, strings.TrimSuffix(text, "T00:00:00Z"), zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("window: start must be a day such as 2026-01-31 (got %q)", text)
}

// compile reads the budgeting, occurrences if nothing is given.
func (c *BudgetingConfig) compile() (b slo.Budgeting, err error) {
	slice := c.Timeslices
	switch {
	case c.Timeslices != "" && c.RatioTimeslices != "", c.Method != "" && c.Timeslices+c.RatioTimeslices != "":
		return b, errors.New("budgeting needs exactly one of occurrences, timeslices, ratio_timeslices")
	case c.Method != "" && c.Method != "occurrences":
		return b, fmt.Errorf("budgeting must be occurrences, or a section with timeslices or ratio_timeslices (got %q)", c.Method)
	case c.Timeslices != "":
		b.Method = slo.Timeslices
	case c.RatioTimeslices != "":
		b.Method, slice = slo.RatioTimeslices, c.RatioTimeslices
	case c.Target != "" || c.NoData != "":
		return b, errors.New("budgeting has a target or no_data, which only slices have; add timeslices: 5m")
	default:
		return b, nil
	}
	if b.Slice, err = parseDuration(slice); err != nil {
		return b, fmt.Errorf("budgeting: timeslices must be a duration such as 5m (got %q)", slice)
	}
	if b.NoData, err = noDataOf(c.NoData); err != nil {
		return b, err
	}
	switch {
	case b.Method == slo.Timeslices && c.Target == "":
		return b, errors.New("budgeting: timeslices need a target: the share of good events that makes a slice good, such as 95%")
	case b.Method == slo.RatioTimeslices && c.Target != "":
		return b, errors.New("budgeting: ratio_timeslices have no target; remove it")
	case c.Target != "":
		if b.Target, err = slo.ParseSliceTarget(c.Target); err != nil {
			return b, fmt.Errorf("budgeting: %w", err)
		}
	}
	return b, nil
}

func noDataOf(word string) (slo.NoData, error) {
	switch word {
	case "", "ignore":
		return slo.NoDataIgnore, nil
	case "good":
		return slo.NoDataGood, nil
	case "bad":
		return slo.NoDataBad, nil
	}
	return slo.NoDataIgnore, fmt.Errorf("budgeting: no_data must be ignore, good or bad (got %q)", word)
}

func exclusions(configs []ExclusionConfig) ([]slo.Exclusion, error) {
	var out []slo.Exclusion
	for i, c := range configs {
		e := slo.Exclusion{Reason: c.Reason}
		for _, end := range []struct {
			key, text string
			to        *time.Time
		}{{"from", c.From, &e.Start}, {"to", c.To, &e.End}} {
			t, err := time.Parse(time.RFC3339, end.text)
			if err != nil {
				return nil, fmt.Errorf("exclusions[%d]: %s must be a time such as 2026-12-24T00:00:00Z (got %q)", i, end.key, end.text)
			}
			*end.to = t
		}
		if !e.End.After(e.Start) {
			return nil, fmt.Errorf("exclusions[%d]: to %s must be after from %s", i, c.To, c.From)
		}
		out = append(out, e)
	}
	return out, nil
}

// didYouMean offers the zone whose name is one letter away, found by trying.
func didYouMean(zone string) string {
	for i := range len(zone) + 1 {
		head, tail := zone[:i], zone[i:]
		for _, letter := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/_" {
			tries := []string{head + string(letter) + tail}
			if tail != "" {
				tries = append(tries, head+string(letter)+tail[1:], head+tail[1:])
			}
			for _, try := range tries {
				if _, err := time.LoadLocation(try); err == nil && try != "" {
					return " (did you mean " + try + "?)"
				}
			}
		}
	}
	return ""
}
