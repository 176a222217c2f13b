package costprocessor

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/wire"
)

// recordOf is what is kept of one ledger.
func recordOf(l *ledger, now time.Time) []byte {
	return l.appendStatement(wire.AppendUint(nil, recordVersion), now)
}

// TestAResumedLedgerIsTheSame: at any time after a restart accounts stand as they would without
// it, and what they tell next is the same.
func TestAResumedLedgerIsTheSame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		window := rapid.SampledFrom([]string{"calendar_day", "calendar_week", "10h", "7h13m"}).Draw(r, "window")
		l, now := newLedger(t, window), day(1)
		spend := func(label string, ledgers ...*ledger) {
			now = now.Add(time.Duration(rapid.IntRange(0, 300).Draw(r, label+" minutes")) * time.Minute)
			key := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, label+" key")
			at := now.Add(-time.Duration(rapid.IntRange(-60, 900).Draw(r, label+" age")) * time.Minute)
			usd := rapid.Float64Range(0.001, 9).Draw(r, label+" usd")
			told := ledgers[0].spend(key, usd, at, now)
			for _, other := range ledgers[1:] {
				assert.Equal(r, told, other.spend(key, usd, at, now))
			}
		}
		for range rapid.IntRange(0, 20).Draw(r, "before") {
			spend("before", l)
		}
		data := recordOf(l, now)
		now = now.Add(time.Duration(rapid.IntRange(0, 2000).Draw(r, "down")) * time.Minute)
		statements, err := readRecord(data)
		require.NoError(r, err)
		require.Len(r, statements, 1)
		again := newLedger(t, window)
		assert.Equal(r, again.identity(), statements[0].identity)
		assert.Zero(r, again.resume(&statements[0], now))
		assert.Equal(r, recordOf(l, now), recordOf(again, now))
		for range rapid.IntRange(0, 20).Draw(r, "after") {
			spend("after", l, again)
			for _, key := range []string{"a", "b", "c"} {
				assert.InDelta(r, l.spent(key, now), again.spent(key, now), 0)
			}
		}
	})
}

// TestAStatementIsBounded by the accounts and their parts of a window.
func TestAStatementIsBounded(t *testing.T) {
	l := newLedger(t, "10h")
	for i := range 20 {
		l.spend("support", 0.1, day(1).Add(time.Duration(i)*time.Hour), day(1).Add(time.Duration(i)*time.Hour))
	}
	statements, err := readRecord(recordOf(l, day(1).Add(20*time.Hour)))
	require.NoError(t, err)
	require.Len(t, statements[0].balances, 1)
	assert.Len(t, statements[0].balances[0].entries, 10, "of the hours before; the current one has none")
}

func TestOtherRecordsAreRefusedAsAWhole(t *testing.T) {
	l := newLedger(t, "calendar_day")
	l.spend("a", 1, day(1), day(1))
	good := recordOf(l, day(1))
	entries := func(data []byte) []byte {
		accounts := wire.AppendText(wire.AppendText(nil, "a"), data)
		return wire.AppendText(wire.AppendText(wire.AppendText(wire.AppendUint(nil, recordVersion), "id"), "terms"), accounts)
	}
	for name, tc := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":                {nil, "the data end too early"},
		"of another version":     {append([]byte{2}, good[1:]...), "version 2 is not known, 1 is"},
		"without an end":         {good[:len(good)-1], "the data end too early"},
		"with more":              {append(good[:len(good):len(good)], 9), "the data end too early"},
		"half an entry":          {entries(wire.AppendInt(nil, 5)), "the data end too early"},
		"not a number":           {entries(wire.AppendFloat(wire.AppendInt(nil, 5), math.NaN())), "what was spent is not a number"},
		"more than there can be": {entries(wire.AppendFloat(wire.AppendInt(nil, 5), math.Inf(1))), "what was spent is not a number"},
		"an account without a sum": {
			wire.AppendText(wire.AppendText(wire.AppendText(wire.AppendUint(nil, recordVersion), ""), ""), []byte{1, 'a'}),
			"the data end too early",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readRecord(tc.data)
			require.EqualError(t, err, tc.want)
			assert.Empty(t, got)
		})
	}
}

// FuzzReadRecord reads anything at all, and resumes from it.
func FuzzReadRecord(f *testing.F) {
	for _, window := range []string{"calendar_month", "10h"} {
		l := newLedger(f, window)
		l.spend("a", 1, day(1), day(1))
		l.spend("b", 0.1, day(2), day(2))
		f.Add(recordOf(l, day(2)))
	}
	f.Add([]byte{recordVersion, 0, 0, 2, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		statements, err := readRecord(data)
		if err != nil && statements != nil {
			t.Error("some of it was read all the same")
		}
		l := newLedger(t, "10h")
		l.most = 3
		for i := range statements {
			l.resume(&statements[i], day(2))
		}
		if len(l.accounts) > 3 {
			t.Errorf("%d accounts", len(l.accounts))
		}
	})
}
