package slo

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestLayout(t *testing.T) {
	for _, tc := range []struct {
		longest, lag time.Duration
		want         layout
	}{
		{30 * day, 0, layout{31, 361, 289, 361}},
		{90 * day, 0, layout{31, 361, 289, 1081}},
		{7 * day, 0, layout{31, 361, 289, 85}},
		{3 * day, 0, layout{31, 361, 289, 0}},
		{time.Hour, 0, layout{31, 361, 289, 0}},
		{30 * day, 12 * time.Minute, layout{0, 373, 290, 362}},
	} {
		assert.Equal(t, tc.want, newLayout(tc.longest, tc.lag), "%s %s", tc.longest, tc.lag)
	}
}

func TestTierOfAWindow(t *testing.T) {
	l := newLayout(90*day, 0)
	for tier, windows := range [][]time.Duration{
		{time.Minute, 5 * time.Minute},
		{6 * time.Minute, 30 * time.Minute, time.Hour, 6 * time.Hour},
		{7 * time.Hour, day, 3 * day},
		{4 * day, 30 * day, 90 * day},
	} {
		for _, w := range windows {
			assert.Equal(t, tier, l.tierOf(w), "%s", w)
		}
	}
}

// drawn is a tier of 5 cells of 10 ns as text, from the oldest cell: number:total.
func drawn(r *tier) string {
	var s strings.Builder
	for i := range r.cells {
		fmt.Fprintf(&s, " %d:%v", r.head-int64(len(r.cells)-1-i), r.cells[r.nth(i)].Total)
	}
	return s.String()[1:]
}

func TestTierTurns(t *testing.T) {
	r := &tier{width: 10, unit: 1, cells: make([]Counts, 5), alive: make([]uint8, 5), head: 7}
	for _, tc := range []struct {
		at, n int64
		fits  bool
		want  string
	}{
		{70, 1, true, "3:0 4:0 5:0 6:0 7:1"},
		{79, 1, true, "3:0 4:0 5:0 6:0 7:2"},
		{30, 5, true, "3:5 4:0 5:0 6:0 7:2"},
		{29, 9, false, "3:5 4:0 5:0 6:0 7:2"},
		{91, 3, true, "5:0 6:0 7:2 8:0 9:3"},
		{45, 9, false, "5:0 6:0 7:2 8:0 9:3"},
		{999, 1, true, "95:0 96:0 97:0 98:0 99:1"},
	} {
		assert.Equal(t, tc.fits, r.add(tc.at, Counts{0, float64(tc.n)}), "add at %d", tc.at)
		assert.Equal(t, tc.want, drawn(r))
	}
}

// When the clock is set back the cells of the future are folded into the present, so that nothing is lost and the
// next events are not too late.
func TestTierRewinds(t *testing.T) {
	fill := func() *tier {
		r := &tier{width: 10, unit: 1, cells: make([]Counts, 5), alive: make([]uint8, 5), head: 3}
		for i := int64(3); i <= 7; i++ {
			r.add(i*10, Counts{0, float64(i)})
		}
		return r
	}
	a := fill()
	a.rewind(5)
	assert.Equal(t, "1:0 2:0 3:3 4:4 5:18", drawn(a))
	b := fill()
	b.rewind(1)
	assert.Equal(t, "-3:0 -2:0 -1:0 0:0 1:25", drawn(b))
}

// event is one of a random stream: some arrive late.
type event struct {
	at     time.Time
	counts Counts
}

func streams(now time.Time) *rapid.Generator[[]event] {
	ages := rapid.OneOf(
		rapid.Int64Range(0, int64(6*time.Minute)), rapid.Int64Range(0, int64(7*time.Hour)),
		rapid.Int64Range(0, int64(100*time.Hour)), rapid.Int64Range(0, int64(35*day)),
	)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) event {
		total := rapid.IntRange(0, 1000).Draw(t, "total")
		good := rapid.IntRange(0, total).Draw(t, "good")
		age := time.Duration(ages.Draw(t, "age"))
		return event{now.Add(-age), Counts{float64(good), float64(total)}}
	}), 0, 200)
}

// within adds up the events of the stream that happened from one time to another, both included.
func within(events []event, from, to time.Time) (c Counts) {
	for _, e := range events {
		if !e.at.Before(from) && !e.at.After(to) {
			c = c.Plus(e.counts)
		}
	}
	return c
}

// In whatever order events arrive, a window holds all of its events, and none older than the window and one cell.
func TestWindowsHoldTheirEventsAndAtMostACellMore(t *testing.T) {
	d := rolling(t, "99.9%")
	d.Windows = []time.Duration{7 * day, 28 * day, 45 * time.Minute, 100 * time.Second}
	plan := planOf(t, d)
	rapid.Check(t, func(t *rapid.T) {
		now := opening.Add(time.Duration(rapid.Int64Range(0, int64(3*time.Hour)).Draw(t, "phase")))
		events := streams(now).Draw(t, "events")
		a := plan.Open(now)
		for _, e := range events {
			a.Observe(e.at, now, e.counts)
		}
		var r Report
		a.Tick(now, &r)
		for i, w := range r.Windows {
			cell := shapes[plan.tiers[i]].width
			least := within(events, now.Add(-w.Window+time.Nanosecond), now)
			most := within(events, now.Add(-w.Window-cell+time.Nanosecond), now)
			for what, sums := range map[string][3]float64{
				"total": {least.Total, w.Total, most.Total}, "good": {least.Good, w.Good, most.Good},
				"bad": {least.Bad(), w.Bad(), most.Bad()},
			} {
				require.LessOrEqual(t, sums[0], sums[1], "%s of %s", what, w.Window)
				require.LessOrEqual(t, sums[1], sums[2], "%s of %s", what, w.Window)
			}
		}
	})
}

// The same, while time goes on: cells are reused when their time has passed, and only then.
func TestWindowsSlide(t *testing.T) {
	plan := planOf(t, rolling(t, "99.9%"))
	rapid.Check(t, func(t *rapid.T) {
		a, now := plan.Open(opening), opening
		var events []event
		var r Report
		steps := rapid.SliceOfN(rapid.OneOf(
			rapid.Int64Range(1, int64(20*time.Second)), rapid.Int64Range(1, int64(40*time.Minute)),
			rapid.Int64Range(1, int64(5*day)),
		), 1, 60).Draw(t, "steps")
		for i, step := range steps {
			now = now.Add(time.Duration(step))
			e := event{now, Counts{float64(i), float64(2 * i)}}
			events = append(events, e)
			a.Observe(e.at, now, e.counts)
			a.Tick(now, &r)
			for k, w := range r.Windows {
				cell := shapes[plan.tiers[k]].width
				require.GreaterOrEqual(t, w.Total, within(events, now.Add(-w.Window+time.Nanosecond), now).Total)
				require.LessOrEqual(t, w.Total, within(events, now.Add(-w.Window-cell+time.Nanosecond), now).Total)
			}
		}
	})
}
