package budgets

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/slo"
	"github.com/tta-dev/otelcol-workflow/internal/wire"
)

var begin = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func planOf(tb testing.TB, w slo.Window) *slo.Plan {
	tb.Helper()
	target, err := slo.ParseTarget("90%")
	require.NoError(tb, err)
	plan, err := slo.NewPlan(slo.Definition{Window: w, Objectives: []slo.Objective{{Target: target}}})
	require.NoError(tb, err)
	return plan
}

func rolling(tb testing.TB) *slo.Plan {
	tb.Helper()
	return planOf(tb, slo.Window{Rolling: time.Hour})
}

// books are two objectives: one with groups, of which there is room for two, and one without.
func books(tb testing.TB) *Book {
	tb.Helper()
	return NewBook([]SLO{{ID{1}, rolling(tb), true}, {ID{2}, rolling(tb), false}}, 2)
}

// shown is what a tick showed: good and bad events by objective and group.
type shown map[string][2]float64

func apply(tb testing.TB, b *Book, record []byte, kept bool) (shown, Tally) {
	tb.Helper()
	out := shown{}
	tally, err := b.Apply(record, kept, func(i int, g *Group, r *slo.Report) {
		key := string(rune('0'+i)) + g.Key
		if g.Overflow {
			key += "+"
		}
		out[key] = [2]float64{r.Good, r.Bad}
	})
	require.NoError(tb, err)
	return out, tally
}

// at returns a time some seconds after the begin.
func at(seconds int) time.Time { return begin.Add(time.Duration(seconds) * time.Second) }

func counts(good, bad float64) slo.Counts { return slo.Counts{Good: good, Total: good + bad} }

func TestARecordIsBookedAndShown(t *testing.T) {
	b, batch := books(t), NewBatch(2, 10)
	b.Begin(begin)
	b.Begin(begin)
	batch.Add(0, []byte("a"), at(1), counts(1, 0))
	batch.Add(0, []byte("a"), at(1), counts(1, 1))
	batch.Add(0, []byte("b"), at(2), counts(0, 0))
	batch.Add(1, nil, at(2), counts(5, 5))
	got, tally := apply(t, b, batch.AppendRecord(nil, b, at(10)), true)
	assert.Equal(t, shown{"0a": {0, 0}, "0b": {0, 0}, "1": {0, 0}}, got, "a new group shows 0 first")
	assert.EqualValues(t, 3, tally.Outcomes[slo.Counted], "two within a second are one")
	got, tally = apply(t, b, batch.AppendRecord(nil, b, at(20)), true)
	assert.Equal(t, shown{"0a": {2, 1}, "0b": {0, 0}, "1": {5, 5}}, got)
	assert.Zero(t, tally.Outcomes, "the batch is empty after a record")
	assert.Equal(t, 3, b.Groups())
}

func TestWhatThereIsNoRoomForIsOneGroup(t *testing.T) {
	b, batch := books(t), NewBatch(2, 10)
	for i, key := range []string{"a", "b", "c", "d", "a"} {
		batch.Add(0, []byte(key), at(i), counts(1, 0))
	}
	_, tally := apply(t, b, batch.AppendRecord(nil, b, at(10)), true)
	assert.Equal(t, []int64{2, 0}, tally.Folded)
	got, _ := apply(t, b, batch.AppendRecord(nil, b, at(20)), true)
	assert.Equal(t, shown{"0a": {2, 0}, "0b": {1, 0}, "0+": {2, 0}}, got)
	assert.Equal(t, 2, b.Groups())
}

func TestABatchIsBounded(t *testing.T) {
	b, batch := books(t), NewBatch(2, 2)
	add := func(key string, second int) { batch.Add(0, []byte(key), at(second), counts(1, 0)) }
	for i, key := range []string{"a", "b", "c", "d", "a", "c"} {
		add(key, i)
	}
	_, tally := apply(t, b, batch.AppendRecord(nil, b, at(10)), true)
	assert.True(t, tally.Changed)
	assert.Equal(t, []int64{3, 0}, tally.Folded)
	batch.Expect(b)
	for i, key := range []string{"e", "f", "g", "a", "b"} {
		add(key, 10+i)
	}
	got, tally := apply(t, b, batch.AppendRecord(nil, b, at(20)), true)
	assert.Equal(t, shown{"0a": {3, 0}, "0b": {2, 0}, "0+": {6, 0}}, got, "those that are known are not folded")
	assert.False(t, tally.Changed)

	for i := range 100 {
		add("a", i%20)
		add("b", i%5)
	}
	_, tally = apply(t, b, batch.AppendRecord(nil, b, at(100)), true)
	assert.EqualValues(t, 105, tally.Outcomes[slo.Counted], "five seconds may alternate, twenty may not")
}

func TestCountersStandStillWhileNothingIsKept(t *testing.T) {
	b, batch := books(t), NewBatch(2, 10)
	b.Begin(begin)
	bad := func(n float64, kept bool) float64 {
		batch.Add(1, nil, at(1), counts(0, n))
		got, _ := apply(t, b, batch.AppendRecord(nil, b, at(10)), kept)
		return got["1"][1]
	}
	var got []float64
	for i, n := range []float64{3, 1, 2, 1, 2} {
		got = append(got, bad(n, i != 2 && i != 3))
	}
	assert.Equal(t, []float64{0, 4, 4, 4, 9}, got, "the first is shown at 0")
}

func TestCountersBeginAnew(t *testing.T) {
	b, batch := books(t), NewBatch(2, 10)
	b.Begin(begin)
	batch.Add(1, nil, at(1), counts(3, 4))
	for range 2 {
		apply(t, b, batch.AppendRecord(nil, b, at(10)), true)
	}
	b.Restart(at(20))
	batch.Add(1, nil, at(21), counts(1, 2))
	got, _ := apply(t, b, batch.AppendRecord(nil, b, at(30)), true)
	assert.Equal(t, [2]float64{0, 0}, got["1"])
	var start time.Time
	_, err := again(t, b).Apply(batch.AppendRecord(nil, b, at(40)), true, func(_ int, _ *Group, r *slo.Report) {
		start = r.Start
		assert.Equal(t, [2]float64{1, 2}, [2]float64{r.Good, r.Bad})
	})
	require.NoError(t, err)
	assert.Equal(t, at(20), start, "after a restart too")
}

// again returns a book as a new process makes it from a snapshot.
func again(tb testing.TB, b *Book) *Book {
	tb.Helper()
	out := books(tb)
	for _, part := range b.Parts() {
		n, err := out.Restore(part, begin)
		require.NoError(tb, err)
		require.Zero(tb, n.Strange)
	}
	return out
}

func TestAGroupWithoutEventsForLongIsNoMore(t *testing.T) {
	b, batch := books(t), NewBatch(2, 10)
	b.Begin(begin)
	for _, key := range []string{"a", "b", "c"} {
		batch.Add(0, []byte(key), at(1), counts(1, 0))
	}
	apply(t, b, batch.AppendRecord(nil, b, at(10)), true)
	batch.Add(0, []byte("b"), at(3600), counts(1, 0))
	apply(t, b, batch.AppendRecord(nil, b, at(3600)), true)
	apply(t, b, batch.AppendRecord(nil, b, at(7300)), true)
	got, _ := apply(t, b, batch.AppendRecord(nil, b, at(7310)), true)
	assert.Equal(t, shown{"0b": {2, 0}, "0+": {1, 0}, "1": {0, 0}}, got)
	batch.Add(0, []byte("c"), at(7311), counts(1, 0))
	got, _ = apply(t, b, batch.AppendRecord(nil, b, at(7320)), true)
	assert.Contains(t, got, "0c", "there is room again")
}

func TestASettledPeriodIsShownEvenIfThereWasACrash(t *testing.T) {
	calendar, err := slo.NamedCalendar("day", time.UTC)
	require.NoError(t, err)
	book := func() *Book {
		return NewBook([]SLO{{ID{1}, planOf(t, slo.Window{Calendar: calendar}), false}}, 1)
	}
	b, batch := book(), NewBatch(1, 10)
	b.Begin(begin)
	batch.Add(0, nil, at(1), counts(3, 1))
	apply(t, b, batch.AppendRecord(nil, b, at(10)), true)
	snapshot := b.Parts()
	last := batch.AppendRecord(nil, b, at(13*3600))

	fresh := book()
	for _, part := range snapshot {
		_, err := fresh.Restore(part, begin)
		require.NoError(t, err)
	}
	require.NoError(t, fresh.Replay(last))
	var settled []float64
	for i := range 2 {
		_, err = fresh.Apply(batch.AppendRecord(nil, fresh, at(13*3600+10*(i+1))), true, func(_ int, _ *Group, r *slo.Report) {
			if r.Settled != nil {
				settled = append(settled, r.Settled.Total)
			}
		})
		require.NoError(t, err)
	}
	assert.Equal(t, []float64{4}, settled, "once")
}

func TestStateOfOtherObjectivesIsLeftOut(t *testing.T) {
	b, batch := books(t), NewBatch(2, 10)
	b.Begin(begin)
	batch.Add(0, []byte("a"), at(1), counts(1, 0))
	record := batch.AppendRecord(nil, b, at(10))
	other := NewBook([]SLO{{ID{2}, rolling(t), false}}, 2)
	require.NoError(t, other.Replay(record))
	assert.Zero(t, other.Groups())
	apply(t, b, record, true)
	for _, part := range b.Parts() {
		n, err := other.Restore(part, begin)
		require.NoError(t, err)
		assert.Equal(t, Restored{Groups: 1, Strange: 1}, n)
	}
}

func TestMoreGroupsThanThereIsRoomForAreRestoredAsOne(t *testing.T) {
	b, batch := NewBook([]SLO{{ID{1}, rolling(t), true}}, 5), NewBatch(1, 10)
	for i, key := range []string{"a", "b", "c", "d", "e", "f"} {
		batch.Add(0, []byte(key), at(i), counts(1, 0))
	}
	apply(t, b, batch.AppendRecord(nil, b, at(10)), true)
	small := again(t, b)
	assert.Equal(t, 2, small.Groups())
	var total float64
	_, err := small.Apply(batch.AppendRecord(nil, small, at(20)), true, func(_ int, _ *Group, r *slo.Report) {
		total += r.Period.Total
	})
	require.NoError(t, err)
	assert.InDelta(t, 6, total, 0, "none is lost")
}

// TestReplayLeadsToTheSameState has a process be killed and start again at any time, beside
// one that is not: they show the same.
func TestReplayLeadsToTheSameState(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steady, shaken := books(t), books(t)
		steady.Begin(begin)
		shaken.Begin(begin)
		batch := NewBatch(2, 10)
		var snapshot, records [][]byte
		snapshot = shaken.Parts()
		now := begin
		for range rapid.IntRange(1, 40).Draw(rt, "flushes") {
			now = now.Add(time.Duration(rapid.IntRange(1, 600).Draw(rt, "seconds")) * time.Second)
			for range rapid.IntRange(0, 4).Draw(rt, "increments") {
				i := rapid.IntRange(0, 1).Draw(rt, "objective")
				key := ""
				if i == 0 {
					key = rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "group")
				}
				c := counts(float64(rapid.IntRange(0, 9).Draw(rt, "good")), rapid.SampledFrom([]float64{0, 1, 0.5}).Draw(rt, "bad"))
				batch.Add(i, []byte(key), now.Add(-time.Duration(rapid.IntRange(0, 90).Draw(rt, "age"))*time.Second), c)
			}
			record := batch.AppendRecord(nil, steady, now)
			records = append(records, record)
			want, _ := apply(t, steady, record, true)
			got, _ := apply(t, shaken, record, true)
			require.Equal(rt, want, got)
			switch rapid.SampledFrom([]string{"go on", "go on", "snapshot", "crash"}).Draw(rt, "then") {
			case "snapshot":
				snapshot, records = shaken.Parts(), nil
			case "crash":
				shaken = books(t)
				for _, part := range snapshot {
					_, err := shaken.Restore(part, now)
					require.NoError(rt, err)
				}
				for _, r := range records {
					require.NoError(rt, shaken.Replay(r))
				}
				if len(records) > 0 { // the last one has been shown
					for _, l := range shaken.ledgers {
						for _, g := range l.groups {
							g.begun = true
						}
					}
				}
			}
		}
	})
}

func TestDamageIsRefused(t *testing.T) {
	b, batch := books(t), NewBatch(2, 10)
	b.Begin(begin)
	batch.Add(0, []byte("a"), at(1), counts(1, 0))
	record := batch.AppendRecord(nil, b, at(10))
	apply(t, b, record, true)
	part := b.Parts()[0]
	for n := range len(record) - 1 {
		if n != 9 { // without increments it is a record too
			_, err := books(t).Apply(record[:n], true, func(int, *Group, *slo.Report) {})
			require.Error(t, err, "%d bytes", n)
		}
	}
	for n := range part {
		got, err := books(t).Restore(part[:n], begin)
		if err == nil {
			assert.Less(t, got.Groups, 2, "%d bytes", n)
		}
	}
	_, err := books(t).Restore([]byte{7}, begin)
	require.EqualError(t, err, "version 7 of accounts is not known, 1 is")
	require.ErrorIs(t, books(t).Replay([]byte{1}), errNoTime)
	empty := append(append(wire.AppendInt(nil, begin.UnixNano()), make([]byte, IDSize)...), 1, 0, 0, 0, 0, 0)
	require.ErrorIs(t, books(t).Replay(empty), errNoIncrements)
}

func FuzzReplay(f *testing.F) {
	b, batch := books(f), NewBatch(2, 10)
	batch.Add(0, []byte("a"), at(1), counts(1, 0))
	batch.Add(1, nil, at(1), counts(1, 0.5))
	f.Add(batch.AppendRecord(nil, b, at(10)))
	f.Fuzz(func(t *testing.T, record []byte) {
		b := books(t)
		_ = b.Replay(record)
		if b.Groups() > 3 {
			t.Errorf("%d groups", b.Groups())
		}
		apply(t, b, NewBatch(2, 10).AppendRecord(nil, b, begin), true)
	})
}

func FuzzRestore(f *testing.F) {
	b, batch := books(f), NewBatch(2, 10)
	batch.Add(0, []byte("a"), at(1), counts(1, 0))
	batch.Add(1, nil, at(1), counts(1, 0.5))
	apply(f, b, batch.AppendRecord(nil, b, at(10)), true)
	f.Add(b.Parts()[0])
	f.Fuzz(func(t *testing.T, part []byte) {
		b := books(t)
		_, _ = b.Restore(part, begin)
		if b.Groups() > 3 {
			t.Errorf("%d groups", b.Groups())
		}
		apply(t, b, NewBatch(2, 10).AppendRecord(nil, b, begin), true)
	})
}
