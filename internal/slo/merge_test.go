package slo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A stream that is split over replicas sums to the same, window by window, whether their sums are added up by whoever
// reads them or the accounts are merged.
func TestReplicasSumToTheWhole(t *testing.T) {
	for name, d := range map[string]Definition{"rolling": rolling(t, "99%"), "calendar": monthly(t)} {
		t.Run(name, func(t *testing.T) {
			plan := planOf(t, d)
			rapid.Check(t, func(t *rapid.T) {
				single := plan.Open(opening)
				replicas := make([]*Account, rapid.IntRange(1, 5).Draw(t, "replicas"))
				for i := range replicas {
					replicas[i] = plan.Open(opening)
				}
				now := opening
				for _, e := range streams(opening).Draw(t, "events") {
					at := e.at.Add(20 * day) // some before the accounts, some long after
					now = maxTime(now, at)
					want := single.Observe(at, now, e.counts)
					got := rapid.SampledFrom(replicas).Draw(t, "replica").Observe(at, now, e.counts)
					require.Equal(t, want, got)
				}
				whole, parts := reportOf(single, now), make([]Report, len(replicas))
				for i, a := range replicas {
					parts[i] = reportOf(a, now)
				}
				merged := replicas[0]
				for _, o := range replicas[1:] {
					merged.Merge(o)
				}
				together := reportOf(merged, now)
				for i, w := range whole.Windows {
					var sum Counts
					for _, p := range parts {
						sum = sum.Plus(p.Windows[i].Counts)
					}
					require.Equal(t, w.Counts, sum, "sum of %s", w.Window)
					require.Equal(t, w.Counts, together.Windows[i].Counts, "merged %s", w.Window)
				}
				require.Equal(t, whole.Period.Counts, together.Period.Counts)
				require.InDelta(t, whole.Good, together.Good, 0)
				require.InDelta(t, whole.Bad, together.Bad, 0)
				require.Equal(t, whole.LastEvent, together.LastEvent)
			})
		})
	}
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func reportOf(a *Account, now time.Time) (r Report) {
	a.Tick(now, &r)
	return r
}

// Good from one metric went to one replica and total from another to the other: only their sum makes sense.
func TestMergeOfHalves(t *testing.T) {
	plan := planOf(t, rolling(t, "99%"))
	a, b := plan.Open(opening), plan.Open(opening)
	a.Observe(opening, opening, Counts{90, 0})
	b.Observe(opening, opening, Counts{0, 100})
	a.Merge(b)
	r := reportOf(a, opening)
	assert.Equal(t, Counts{90, 100}, r.Period.Counts)
	assert.InDelta(t, 10, r.Bad, 0)
}

func TestMergeOfOpenSlices(t *testing.T) {
	d := sliced(t, 30*day, "99%", Budgeting{Method: RatioTimeslices, Slice: time.Hour})
	a, b := aligned(t, d), aligned(t, d)
	a.account.Observe(a.now.Add(time.Minute), a.now.Add(time.Minute), Counts{1, 1})
	b.account.Observe(b.now.Add(time.Minute), b.now.Add(time.Minute), Counts{0, 3})
	a.account.Merge(b.account)
	r := reportOf(a.account, a.now.Add(time.Hour))
	assert.Equal(t, Counts{0.25, 1}, r.Period.Counts)
}

// One replica ran while a slice had no data, which the other did not; one was opened before the other.
func TestMergeOfWhatRan(t *testing.T) {
	d := sliced(t, 30*day, "99%", Budgeting{Method: Timeslices, Slice: time.Hour, NoData: NoDataBad})
	a, b := aligned(t, d), aligned(t, d)
	b.idle(30*time.Minute, time.Minute)
	late := planOf(t, d).Open(b.now)
	late.Merge(b.account)
	r := reportOf(late, a.now.Add(time.Hour))
	assert.Equal(t, Counts{0, 1}, r.Period.Counts)
	assert.True(t, r.Start.Equal(a.now), "%s", r.Start)
}

// One replica has seen the new month already.
func TestMergeAcrossAPeriod(t *testing.T) {
	a, april := beforeApril(t, monthly(t))
	b, _ := beforeApril(t, monthly(t))
	a.play(59*time.Minute, time.Minute, 1, 0, nil)
	b.play(61*time.Minute, time.Minute, 1, 0, nil)
	a.account.Merge(b.account)
	r := reportOf(a.account, april.Add(time.Minute))
	assert.InDelta(t, 2, r.Period.Total, 0)
	r = reportOf(a.account, april.Add(2*time.Minute))
	require.NotNil(t, r.Settled)
	assert.InDelta(t, 118, r.Settled.Total, 0)
	assert.InDelta(t, 1.0/743, r.Settled.Coverage, 1e-6, "all of the hour, as the other replica saw it")
}
