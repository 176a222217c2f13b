package slo

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func snapshotOf(tb require.TestingT, a *Account) []byte {
	data, err := a.AppendBinary(nil)
	require.NoError(tb, err)
	return data
}

// definitions are of every kind of state that an account may have.
func definitions(tb testing.TB) map[string]Definition {
	tb.Helper()
	gated := rolling(tb, "99%")
	gated.MinBadEvents, gated.Stale = 3, 5*time.Minute
	slices := rolling(tb, "99%")
	slices.Budgeting = Budgeting{Method: RatioTimeslices, Slice: 5 * time.Minute, NoData: NoDataBad}
	slices.LateTolerance = 2 * time.Minute
	return map[string]Definition{"rolling": gated, "calendar": monthly(tb), "slices": slices}
}

// call is one of a random sequence to an account.
type call struct {
	after  time.Duration // the one before
	age    time.Duration
	counts Counts
	tick   bool
}

func calls() *rapid.Generator[[]call] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) call {
		total := rapid.Float64Range(0, 100).Draw(t, "total")
		if rapid.Bool().Draw(t, "whole") {
			total = float64(int(total))
		}
		return call{
			after: time.Duration(rapid.OneOf(rapid.Int64Range(0, int64(time.Minute)), rapid.Int64Range(0, int64(2*day))).Draw(t, "after")),
			age:   time.Duration(rapid.OneOf(rapid.Int64Range(0, int64(time.Minute)), rapid.Int64Range(0, int64(40*day))).Draw(t, "age")),
			// Also negative and above the total, as good and total from different metrics are.
			counts: Counts{rapid.Float64Range(-10, 110).Draw(t, "good"), total},
			tick:   rapid.Bool().Draw(t, "tick"),
		}
	}), 0, 60)
}

// follow makes the calls on an account and returns what it said.
func follow(a *Account, now time.Time, sequence []call) (end time.Time, outcomes []Outcome, last Report) {
	for _, c := range sequence {
		now = now.Add(c.after)
		outcomes = append(outcomes, a.Observe(now.Add(-c.age), now, c.counts))
		if c.tick {
			a.Tick(now, &last)
		}
	}
	return now, outcomes, last
}

// An account that was restored is the one that was saved: the same bytes, and the same answers from there on, so that
// a journal of calls that is replayed over a snapshot leads to the same state.
func TestRestoredAccountsGoOnAsBefore(t *testing.T) {
	for name, d := range definitions(t) {
		t.Run(name, func(t *testing.T) {
			plan := planOf(t, d)
			rapid.Check(t, func(t *rapid.T) {
				a := plan.Open(opening)
				now, _, _ := follow(a, opening, calls().Draw(t, "before"))
				saved := snapshotOf(t, a)
				b, err := plan.Restore(saved, now)
				require.NoError(t, err)
				require.True(t, bytes.Equal(saved, snapshotOf(t, b)), "the bytes differ")

				more := append(calls().Draw(t, "after"), call{after: time.Second, tick: true})
				_, wantOutcomes, want := follow(a, now, more)
				_, gotOutcomes, got := follow(b, now, more)
				require.Equal(t, wantOutcomes, gotOutcomes)
				require.Equal(t, want, got)
				require.True(t, bytes.Equal(snapshotOf(t, a), snapshotOf(t, b)), "the bytes differ later")
				requireFinite(t, &got)
			})
		})
	}
}

// Target, policies and windows change; the history stays.
func TestRestoreIntoAnotherPlan(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	s.play(3*day, time.Minute, 10, 0.05, nil)
	saved := snapshotOf(t, s.account)
	want := s.report

	d := rolling(t, "99.9%")
	d.Window.Rolling = 90 * day
	d.Windows = []time.Duration{28 * day}
	d.Objectives[0].Policies = d.Objectives[0].Policies[1:]
	d.Objectives[0].Policies[0].Name = "new"
	d.Objectives = append(d.Objectives, Objective{Name: "another", Target: targetOf(t, "50%")})
	plan := planOf(t, d)
	a, err := plan.Restore(saved, s.now)
	require.NoError(t, err)
	var r Report
	a.Tick(s.now, &r)
	assert.InDelta(t, want.Period.Total, r.Period.Total, 0)
	assert.InDelta(t, want.Bad, r.Bad, 0)
	assert.Equal(t, want.Start, r.Start)
	assert.InDelta(t, 1-0.05/0.001, r.Objectives[0].Remaining, 1e-6)
	assert.Equal(t, want.Objectives[0].Alerts[2].Violations, r.Objectives[0].Alerts[1].Violations, "ticket-fast goes on")

	back, err := planOf(t, rolling(t, "99%")).Restore(snapshotOf(t, a), s.now)
	require.NoError(t, err)
	back.Tick(s.now, &r)
	assert.InDelta(t, want.Period.Total, r.Period.Total, 0)
}

func TestRestoreIntoACalendar(t *testing.T) {
	s := open(t, rolling(t, "99%"))
	s.play(time.Hour, time.Minute, 10, 0.5, nil)
	a, err := planOf(t, monthly(t)).Restore(snapshotOf(t, s.account), s.now)
	require.NoError(t, err)
	a.Tick(s.now, &s.report)
	assert.InDelta(t, 600, s.window(t, time.Hour).Total, 0)
	assert.Zero(t, s.report.Period.Total, "a period that begins with the calendar")
	assert.Equal(t, time.March, s.report.Period.Start.In(zoneOf(t, "Europe/Berlin")).Month())
	assert.Nil(t, s.report.Settled)
}

// A crash between the end of a month and its last late event must not lose the final sum.
func TestRestoreBeforeAPeriodIsSettled(t *testing.T) {
	d := monthly(t)
	s, april := beforeApril(t, d)
	s.play(time.Hour, time.Minute, 10, 0.5, nil)
	restored, err := planOf(t, d).Restore(snapshotOf(t, s.account), s.now)
	require.NoError(t, err)
	assert.Equal(t, Counted, restored.Observe(april.Add(-time.Second), april.Add(time.Minute), Counts{0, 1}))
	restored.Tick(april.Add(2*time.Minute), &s.report)
	require.NotNil(t, s.report.Settled)
	assert.InDelta(t, 591, s.report.Settled.Total, 0)
}

func TestRestoreErrors(t *testing.T) {
	slices := planOf(t, definitions(t)["slices"])
	plan := planOf(t, definitions(t)["rolling"])
	saved := snapshotOf(t, plan.Open(opening))
	for name, tc := range map[string]struct {
		plan *Plan
		data []byte
		want string
	}{
		"nothing":   {plan, nil, "snapshot of an account: at byte 0 is no number"},
		"newer":     {plan, append([]byte{2}, saved[1:]...), "snapshot of an account: at byte 1 is an unknown version"},
		"longer":    {plan, append(bytes.Clone(saved), 0), "is more than an account"},
		"shorter":   {plan, saved[:len(saved)-1], "is no number"},
		"slices":    {slices, saved, "is another kind of budgeting"},
		"old slice": {slices, oldSlice(slices), "is a slice that is too old"},
	} {
		_, err := tc.plan.Restore(tc.data, opening)
		var fault *SnapshotError
		require.ErrorAs(t, err, &fault, name)
		assert.ErrorContains(t, err, tc.want, name)
	}
}

// oldSlice is a snapshot whose slices were never settled, which would make a slot of each since 1970.
func oldSlice(p *Plan) []byte {
	a := p.Open(opening)
	a.slots.settled = 0
	data, _ := a.AppendBinary(nil)
	return data
}

// requireHarmless restores a snapshot that may be damaged: Restore refuses it, or gives an account that works.
func requireHarmless(t *testing.T, plan *Plan, data []byte) {
	t.Helper()
	a, err := plan.Restore(data, opening)
	if err != nil {
		return
	}
	saved := snapshotOf(t, a)
	b, err := plan.Restore(saved, opening)
	require.NoError(t, err)
	require.Equal(t, saved, snapshotOf(t, b))
	var r Report
	for i := range 3 {
		now := opening.Add(time.Duration(i) * time.Minute)
		a.Observe(now, now, Counts{1, 1})
		a.Tick(now, &r)
		requireFinite(t, &r)
	}
	require.Less(t, a.SizeBytes(), plan.Open(opening).SizeBytes()+4*maxSlots*24)
}

// Each byte of a snapshot is damaged in turn, and the snapshot cut there.
func TestDamagedSnapshots(t *testing.T) {
	for _, d := range definitions(t) {
		plan := planOf(t, d)
		s := &stage{account: plan.Open(opening), now: opening}
		s.play(20*time.Minute, time.Minute, 10.5, 0.1, nil)
		saved := snapshotOf(t, s.account)
		for i, was := range saved {
			for _, b := range []byte{0, 1, 3, was + 1, was ^ 0x80, 0xff} {
				saved[i] = b
				requireHarmless(t, plan, saved)
			}
			saved[i] = was
			_, err := plan.Restore(saved[:i], opening)
			require.Error(t, err, "cut at %d", i)
		}
	}
}

func FuzzRestore(f *testing.F) {
	plans := map[byte]*Plan{}
	for i, name := range []string{"rolling", "calendar", "slices"} {
		p := planOf(f, definitions(f)[name])
		plans[byte(i)] = p
		s := &stage{account: p.Open(opening), now: opening}
		f.Add(byte(i), snapshotOf(f, s.account))
		s.play(20*time.Minute, time.Minute, 10.5, 0.1, nil)
		f.Add(byte(i), snapshotOf(f, s.account))
	}
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		requireHarmless(t, plans[which%3], data)
	})
}
