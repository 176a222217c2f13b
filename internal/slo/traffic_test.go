package slo

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// poisson draws how many events happen while a mean of them is expected.
func poisson(rng *rand.Rand, mean float64) (n float64) {
	for at := rng.ExpFloat64(); at < mean; at += rng.ExpFloat64() {
		n++
	}
	return n
}

// quietService plays a month of a healthy service with few events, half of whose budget is spent, and returns how often
// it paged.
func quietService(tb testing.TB, target string, perHour, minBad float64, seed uint64) (pages int) {
	tb.Helper()
	s, rng := pager(tb, target, minBad), rand.New(rand.NewPCG(seed, 1))
	before := false
	s.minutes(30*24*60, rng, perHour, 0.5*targetOf(tb, target).Budget(), func() {
		if s.paging() && !before {
			pages++
		}
		before = s.paging()
	})
	return pages
}

// outageOf plays a total outage after healthy hours and returns how many minutes it took until a page.
func outageOf(tb testing.TB, target string, perHour, minBad float64, seed uint64) (after int) {
	tb.Helper()
	s, rng := pager(tb, target, minBad), rand.New(rand.NewPCG(seed, 2))
	s.minutes(8*60, rng, perHour, 0, nil)
	minute := 0
	s.minutes(6*60, rng, perHour, 1, func() {
		minute++
		if after == 0 && s.paging() {
			after = minute
		}
	})
	return after
}

// pager has only the two policies that page, and a short period, for the sake of speed.
func pager(tb testing.TB, target string, minBad float64) *stage {
	tb.Helper()
	d := rolling(tb, target)
	d.Window.Rolling = 6 * time.Hour
	d.MinBadEvents = minBad
	d.Objectives[0].Policies = d.Objectives[0].Policies[:2]
	return open(tb, d)
}

func (s *stage) minutes(n int, rng *rand.Rand, perHour, errors float64, after func()) {
	for range n {
		s.now = s.now.Add(time.Minute)
		bad := poisson(rng, perHour/60*errors)
		good := poisson(rng, perHour/60*(1-errors))
		s.account.Observe(s.now, s.now, Counts{good, good + bad})
		s.account.Tick(s.now, &s.report)
		if after != nil {
			after()
		}
	}
}

func (s *stage) paging() bool {
	return slices.ContainsFunc(s.report.Objectives[0].Alerts, func(a Alert) bool { return a.Active })
}

// The simulation of the reference: false pages in 30 days, and the minutes until an outage is found. Without a gate
// each failure of a service with little traffic pages; three bad events make it silent for minutes of delay.
func TestLowTrafficGate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		target          string
		perHour, minBad float64
		atLeast, atMost float64 // pages
		found           int     // minutes at most, in the median
	}{
		{"99.9%", 10, 0, 1, 6, 8},
		{"99.9%", 10, 3, 0, 0, 25},
		{"99.9%", 60, 0, 13, 27, 2},
		{"99.9%", 60, 3, 0, 1, 5},
		{"99%", 2, 0, 4, 11, 40},
		{"99%", 2, 3, 0, 0, 110},
		{"95%", 10, 3, 0, 0.5, 55},
	} {
		const months, outages = 2, 9
		pages := 0
		for seed := range uint64(months) {
			pages += quietService(t, tc.target, tc.perHour, tc.minBad, seed)
		}
		mean := float64(pages) / months
		assert.GreaterOrEqual(t, mean, tc.atLeast, "false pages: %+v", tc)
		assert.LessOrEqual(t, mean, tc.atMost, "false pages: %+v", tc)

		found := make([]int, outages)
		for seed := range found {
			found[seed] = outageOf(t, tc.target, tc.perHour, tc.minBad, uint64(seed))
		}
		slices.Sort(found)
		assert.Positive(t, found[outages/2], "an outage is found: %+v", tc)
		assert.LessOrEqual(t, found[outages/2], tc.found, "%+v", tc)
		t.Logf("%s %v/h min %v: %.2f pages, found after %d minutes", tc.target, tc.perHour, tc.minBad, mean, found[outages/2])
	}
}
