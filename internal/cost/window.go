package cost

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// window is when a price holds. The zero value is always.
//
//	from 2026-08-17            ──────────────[══════════════
//	hours 16:30 to 00:30 UTC   ═╗  ╔═══╗  ╔═══╗  ╔═══╗  ╔═══    passes midnight
type window struct {
	from, to   int64 // Unix seconds; 0 is open
	start, end int32 // seconds of the day, UTC; equal is all day
}

const day = 24 * 60 * 60

func (w *window) always() bool { return *w == window{} }

// active says whether the price holds at an instant, in Unix seconds.
func (w *window) active(at int64) bool {
	if w.from != 0 && at < w.from || w.to != 0 && at >= w.to {
		return false
	}
	if w.start == w.end {
		return true
	}
	now := int32((at%day + day) % day)
	if w.start < w.end {
		return w.start <= now && now < w.end
	}
	return now >= w.start || now < w.end
}

// overlaps says whether there is an instant in both, by date alone.
func (w *window) overlaps(o *window) bool {
	return (w.to == 0 || o.from < w.to) && (o.to == 0 || w.from < o.to)
}

func newWindow(from, to time.Time, hours string) (window, error) {
	var w window
	if !from.IsZero() {
		w.from = from.Unix()
	}
	if !to.IsZero() {
		w.to = to.Unix()
	}
	if hours == "" {
		return w, nil
	}
	start, end, ok := strings.Cut(hours, "-")
	if !ok {
		return w, fmt.Errorf("%q is not two times of day in UTC such as 16:30-00:30", hours)
	}
	var err1, err2 error
	w.start, err1 = clock("15:04", start)
	w.end, err2 = clock("15:04", end)
	if err := errors.Join(err1, err2); err != nil || w.start == w.end {
		return w, fmt.Errorf("%q is not two times of day in UTC such as 16:30-00:30", hours)
	}
	return w, nil
}

// clock reads a time of day in a layout of package time, as seconds of the day in UTC.
func clock(layout, text string) (int32, error) {
	t, err := time.Parse(layout, text)
	if err != nil {
		return 0, err
	}
	t = t.UTC()
	return int32(t.Hour()*3600 + t.Minute()*60 + t.Second()), nil
}

// date writes an instant for messages: a day without its midnight.
func date(t time.Time) string {
	if t = t.UTC(); t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}
