package meter

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/stream"
)

const since = 100

// told is a point of one stream: what kind, when, and the number of its values 1, 2 and 3.
type told struct {
	delta      bool
	start, end int64
	values     [3]uint64
}

// observe takes the point in as each of the three kinds and returns what is new by each.
func observe(t *testing.T, table *Table, k byte, p told) (verdicts []string, increments [][3]uint64) {
	t.Helper()
	at := Point{Times: stream.Times{Start: p.start, End: p.end}, Delta: p.delta}
	note := func(v stream.Verdict, ok bool, n [3]uint64) {
		require.True(t, ok)
		verdicts, increments = append(verdicts, v.String()), append(increments, n)
	}
	number := float64(p.values[0])
	v, ok := table.Number(Key{k}, at, &number, p.end)
	note(v, ok, [3]uint64{uint64(number), p.values[1], p.values[2]})

	b := explicit([]float64{1, 2}, p.values[:]...)
	v, ok = table.Explicit(Key{k}, at, b, p.end)
	note(v, ok, [3]uint64(b.Counts()))

	h := histogram(p.values)
	v, ok = table.Exponential(Key{k}, at, h, p.end)
	note(v, ok, valuesOf(h))
	return verdicts, increments
}

func explicit(bounds []float64, counts ...uint64) *binhist.Histogram {
	h := new(binhist.Histogram)
	if err := h.Load(binhist.Parts{Bounds: bounds, Counts: counts}); err != nil {
		panic(err)
	}
	return h
}

func histogram(values [3]uint64) *exphist.Histogram {
	h := exphist.New(exphist.MaxSize)
	for i, n := range values {
		h.AddN(float64(i+1), n)
	}
	h.Downscale(3)
	return h
}

// valuesOf counts the values 1, 2 and 3.
func valuesOf(h *exphist.Histogram) (out [3]uint64) {
	total := uint64(0)
	b := h.Positive()
	for i := range b.Len() {
		total += b.At(i)
		switch int(b.Offset()) + i {
		case -1:
			out[0] = b.At(i)
		case 7:
			out[1] = b.At(i)
		case 12:
			out[2] = b.At(i)
		}
	}
	if total != h.Count() {
		panic("a bucket was missed")
	}
	return out
}

func TestStreamsOfAllKinds(t *testing.T) {
	for _, tc := range []struct {
		name       string
		points     []told
		verdicts   []string
		increments [][3]uint64 // where they count
	}{
		{
			"totals that began before us",
			[]told{{false, 1, 110, [3]uint64{5, 6, 7}}, {false, 1, 120, [3]uint64{6, 8, 7}}},
			[]string{"baseline", "counted"},
			[][3]uint64{{}, {1, 2, 0}},
		},
		{
			"totals that began after us",
			[]told{{false, 105, 110, [3]uint64{5, 6, 7}}, {false, 105, 110, [3]uint64{5, 6, 7}}},
			[]string{"began", "duplicate"},
			[][3]uint64{{5, 6, 7}, {}},
		},
		{
			"a total that falls",
			[]told{{false, 105, 110, [3]uint64{5, 6, 7}}, {false, 105, 120, [3]uint64{4, 6, 6}}, {false, 105, 130, [3]uint64{5, 7, 7}}},
			[]string{"began", "conflict", "counted"},
			[][3]uint64{{5, 6, 7}, {}, {1, 1, 1}},
		},
		{
			"a restart",
			[]told{{false, 105, 110, [3]uint64{5, 6, 7}}, {false, 111, 120, [3]uint64{1, 0, 2}}},
			[]string{"began", "began"},
			[][3]uint64{{5, 6, 7}, {1, 0, 2}},
		},
		{
			"increments",
			[]told{{true, 1, 110, [3]uint64{5, 6, 7}}, {true, 110, 120, [3]uint64{1, 0, 0}}, {true, 1, 110, [3]uint64{5, 6, 7}}},
			[]string{"counted", "counted", "duplicate"},
			[][3]uint64{{5, 6, 7}, {1, 0, 0}, {}},
		},
		{
			"increments that turn into totals",
			[]told{{true, 105, 110, [3]uint64{5, 6, 7}}, {false, 111, 120, [3]uint64{1, 2, 3}}},
			[]string{"counted", "began"},
			[][3]uint64{{5, 6, 7}, {1, 2, 3}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			table := NewTable(10, since)
			for i, p := range tc.points {
				verdicts, increments := observe(t, table, 1, p)
				for kind, v := range verdicts {
					assert.Equal(t, tc.verdicts[i], v, "point %d, kind %d", i, kind)
					if v != "counted" && v != "began" {
						continue
					}
					assert.Equal(t, tc.increments[i][0], increments[kind][0], "point %d, kind %d", i, kind)
					if kind > 0 {
						assert.Equal(t, tc.increments[i], increments[kind], "point %d, kind %d", i, kind)
					}
				}
			}
			assert.Equal(t, 3, table.Len(), "one stream of each kind")
		})
	}
}

func TestTheTableIsBoundedAndExpires(t *testing.T) {
	table := NewTable(2, since)
	one := 1.0
	number := func(k byte, end int64) bool {
		_, ok := table.Number(Key{k}, Point{Times: stream.Times{Start: 101, End: end}}, &one, end)
		return ok
	}
	assert.True(t, number(1, 110))
	assert.True(t, number(2, 120))
	assert.False(t, number(3, 130), "no room")
	_, ok := table.Explicit(Key{1}, Point{}, explicit(nil), 130)
	assert.False(t, ok)
	_, ok = table.Exponential(Key{1}, Point{}, histogram([3]uint64{}), 130)
	assert.False(t, ok)
	assert.True(t, number(1, 140), "known")
	assert.Equal(t, 1, table.Expire(130))
	assert.True(t, number(3, 150))
	assert.Equal(t, 2, table.Len())
}

func TestAStreamThatWasForgottenDoesNotCountTwice(t *testing.T) {
	table := NewTable(10, since)
	total := func(k byte, start, end int64, v float64) (string, float64) {
		verdict, ok := table.Number(Key{k}, Point{Times: stream.Times{Start: start, End: end}}, &v, end)
		require.True(t, ok)
		return verdict.String(), v
	}
	verdict, _ := total(1, 105, 110, 5)
	assert.Equal(t, "began", verdict)
	verdict, _ = total(2, 106, 120, 5)
	assert.Equal(t, "began", verdict, "before us is nobody")
	assert.Equal(t, 1, table.Expire(115))
	verdict, _ = total(1, 105, 130, 7)
	assert.Equal(t, "baseline", verdict, "5 of the 7 have been counted")
	verdict, v := total(1, 105, 140, 8)
	assert.Equal(t, "counted", verdict)
	assert.InDelta(t, 1, v, 0)
	verdict, _ = total(3, 111, 140, 7)
	assert.Equal(t, "began", verdict, "after the last that was forgotten")
}

// TestARestartChangesNothing has two tables take in the same points, one of which is thrown
// away again and again and made anew from what it wrote.
func TestARestartChangesNothing(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	steady, shaken := NewTable(100, since), NewTable(100, since)
	totals := [4][3]uint64{}
	var log []byte
	for end := int64(110); end < 400; end++ {
		k := byte(dice.IntN(len(totals)))
		for i := range totals[k] {
			totals[k][i] += dice.Uint64N(3)
		}
		p := told{false, 90 + 10*int64(k), end, totals[k]}
		verdicts, increments := observe(t, steady, k, p)
		gotVerdicts, gotIncrements := observe(t, shaken, k, p)
		require.Equal(t, verdicts, gotVerdicts)
		require.Equal(t, increments, gotIncrements)
		if dice.IntN(3) == 0 {
			log = shaken.AppendChanged(log)
		}
		if dice.IntN(7) == 0 {
			log = shaken.AppendAll(nil)
		}
		if dice.IntN(4) == 0 {
			log = shaken.AppendChanged(log)
			shaken = NewTable(100, 0)
			shaken.Since(since)
			require.NoError(t, shaken.Restore(log))
			require.Equal(t, steady.Len(), shaken.Len())
		}
	}
}

func TestOnlyWhatChangedIsAppended(t *testing.T) {
	table := NewTable(10, since)
	observe(t, table, 1, told{false, 105, 110, [3]uint64{1, 2, 3}})
	observe(t, table, 2, told{true, 105, 110, [3]uint64{1, 2, 3}})
	assert.NotEmpty(t, table.AppendChanged(nil))
	assert.Empty(t, table.AppendChanged(nil))
	assert.NotEmpty(t, table.AppendAll(nil))
	observe(t, table, 1, told{false, 105, 120, [3]uint64{1, 2, 3}})
	table.Expire(130)
	assert.Empty(t, table.AppendChanged(nil), "forgotten")
}

func TestRestoreRefusesDamage(t *testing.T) {
	table := NewTable(10, since)
	observe(t, table, 1, told{false, 105, 110, [3]uint64{1, 2, 300}})
	whole := table.AppendAll(nil)
	for n := 1; n < len(whole); n++ {
		fresh := NewTable(10, since)
		if err := fresh.Restore(whole[:n]); err == nil {
			assert.Less(t, fresh.Len(), 3, "cut after %d bytes", n)
		}
	}
	require.ErrorContains(t, NewTable(1, 0).Restore(append(make([]byte, KeySize), 9, 0, 0)), "kind 9 is not known")
	many := append(make([]byte, KeySize), 0, 0, 9)
	require.ErrorContains(t, NewTable(1, 0).Restore(append(many, make([]byte, 30)...)), "9 producers of a stream are more than 8")
	odd := append(make([]byte, KeySize), 2, 0, 1, 0, 0)
	odd = append(odd, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x7f) // a scale beyond int32
	require.ErrorContains(t, NewTable(1, 0).Restore(append(odd, make([]byte, 30)...)), "out of range")
	odd = append(make([]byte, KeySize), 2, 0, 1, 0, 0, 100) // scale 50
	assert.ErrorContains(t, NewTable(1, 0).Restore(append(odd, make([]byte, 30)...)), "Scale")
}

// FuzzRestore restores anything at all.
func FuzzRestore(f *testing.F) {
	table := NewTable(10, since)
	observe(&testing.T{}, table, 1, told{false, 105, 110, [3]uint64{1, 2, 300}})
	f.Add(table.AppendAll(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		fresh := NewTable(3, 0)
		if fresh.Restore(data) != nil || fresh.Len() == 0 {
			return
		}
		if fresh.Len() > 3 {
			t.Errorf("%d streams", fresh.Len())
		}
		again := NewTable(3, 0)
		if err := again.Restore(fresh.AppendAll(nil)); err != nil || again.Len() != fresh.Len() {
			t.Errorf("what was restored cannot be: %v", err)
		}
	})
}
