package costprocessor

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
	"github.com/tta-dev/otelcol-workflow/internal/window"
)

// minWindow keeps a mistaken unit from making a budget of a moment.
const minWindow = time.Minute

// stretch is the time over which a budget is spent: a calendar period in UTC, or the latest
// stretch of some length. It is immutable: concurrent use is safe.
type stretch struct {
	calendar *slo.Calendar // nil for a length
	length   time.Duration
	name     string // the same for all that are equal
}

// parseStretch reads the window of a budget: a duration, or calendar_day, _week or _month.
func parseStretch(text string) (stretch, error) {
	if name, ok := strings.CutPrefix(text, "calendar_"); ok && (name == "day" || name == "week" || name == "month") {
		calendar, err := slo.NamedCalendar(name, time.UTC)
		return stretch{calendar: calendar, name: text}, err
	}
	length, err := time.ParseDuration(text)
	if err != nil || length < minWindow {
		return stretch{}, fmt.Errorf(
			"must be calendar_day, calendar_week, calendar_month or a duration of at least 1m such as 24h, got %q", text)
	}
	return stretch{length: length, name: length.String()}, nil
}

// account is what one workflow or tenant has spent of a budget. Not safe for concurrent use.
type account struct {
	period slo.Span                // of a calendar
	usd    float64                 // in that period
	slide  *window.Window[float64] // of a length, else nil
	level  int                     // thresholds that are reached
	over   bool                    // the limit is exceeded
}

func (s *stretch) open(now time.Time) *account {
	if s.calendar != nil {
		return &account{period: s.calendar.Period(now)}
	}
	return &account{slide: window.New[float64](s.length, now.UnixNano())}
}

// turn forgets what was spent before the stretch that now is in.
func (s *stretch) turn(a *account, now time.Time) {
	if a.slide != nil {
		a.slide.Slide(now.UnixNano(), func(usd *float64) { *usd = 0 })
		return
	}
	if !a.period.Contains(now) {
		*a = account{period: s.calendar.Period(now)}
	}
}

// add adds what was spent at a time, unless that is over. What is ahead of the clock counts as
// spent now.
func (a *account) add(usd float64, at time.Time) {
	if a.slide != nil {
		if sub := a.slide.At(at.UnixNano()); sub != nil {
			*sub += usd
		}
		return
	}
	if !at.Before(a.period.Start) {
		a.usd += usd
	}
}

// entries are amounts that come to what is spent, each with a time at which it may be added to
// an account that is new:
//
//	calendar_month     12.50 on 1 November 00:00
//	24h                 8.00 on 2 November 09:36      3.00 on 2 November 12:00
func (a *account) entries() iter.Seq2[time.Time, float64] {
	return func(yield func(time.Time, float64) bool) {
		if a.slide == nil {
			yield(a.period.Start, a.usd)
			return
		}
		for start, usd := range a.slide.Since() {
			if *usd != 0 && !yield(time.Unix(0, start), *usd) {
				return
			}
		}
	}
}

// spent is the sum. What was taken back may leave less than nothing of the last digits.
func (a *account) spent() float64 {
	sum := a.usd
	if a.slide != nil {
		for usd := range a.slide.All() {
			sum += *usd
		}
	}
	return max(sum, 0)
}
