package percentile

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
	"github.com/tta-dev/otelcol-workflow/internal/stream"
	"github.com/tta-dev/otelcol-workflow/internal/window"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// rule tells quantiles over a minute.
func rule(quantiles ...float64) Rule {
	r := Rule{Metric: "*", MinCount: 1, Windows: []Span{{Length: time.Minute}}}
	for _, q := range quantiles {
		r.Quantiles = append(r.Quantiles, Quantile{Q: q, Label: strconv.FormatFloat(q, 'g', -1, 64)})
	}
	return r
}

func boardOf(maxSeries int, rules ...Rule) *Board {
	return NewBoard(Options{Rules: rules, MaxSeries: maxSeries, Idle: time.Hour}, epoch)
}

// tell is a delta of values at a time for a group.
func (b *Board) tell(s *Scratch, key string, at time.Time, values ...float64) Result {
	s.Exponential().Reset()
	for _, v := range values {
		s.Exponential().Add(v)
	}
	i := Increment{To: at.UnixNano()}
	return b.Add(Key{Rule: &b.options.Rules[0], Own: []byte(key), Folded: []byte("folded")}, i, at, s)
}

// estimates collects, by key, window and quantile.
func (b *Board) estimates(now time.Time) map[string]Value {
	out := map[string]Value{}
	b.Collect(now, NewScratch(), func(e *Estimate) {
		for _, v := range e.Values {
			out[string(e.Key)+e.Window+"@"+v.Quantile] = v
		}
	})
	return out
}

// Whatever comes in whatever order: the quantiles are those of the raw data in the
// window, within the bound that goes with them.
func TestEstimatesAgainstRawData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		qs := []float64{0, 0.25, 0.5, 0.9, 1}
		b, s := boardOf(100, rule(qs...)), NewScratch()
		now := epoch
		type event struct {
			at time.Time
			v  float64
		}
		var events []event
		for range rapid.IntRange(1, 40).Draw(t, "increments") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "step")) * time.Second)
			values := rapid.SliceOfN(rapid.Float64Range(-5, 1000), 0, 5).Draw(t, "values")
			b.tell(s, "g", now, values...)
			for _, v := range values {
				events = append(events, event{now, v})
			}
		}
		width := time.Minute / window.Subs
		oldest := now.Truncate(width).Add(-window.Subs * width)
		var in []float64
		for _, e := range events {
			if !e.at.Before(oldest) {
				in = append(in, e.v)
			}
		}
		got := b.estimates(now)
		if len(in) == 0 {
			require.Empty(t, got)
			return
		}
		slices.Sort(in)
		for _, q := range qs {
			exact := in[max(int(math.Ceil(q*float64(len(in)))), 1)-1]
			v := got["g@"+strconv.FormatFloat(q, 'g', -1, 64)]
			require.InDelta(t, exact, v.Value, v.Error+1e-9*math.Abs(exact), "q %v of %v", q, in)
		}
	})
}

// Several streams in one group are as one stream of all.
func TestMergedStreamsAreTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts, s := boardOf(100, rule(0.5, 0.99)), NewScratch()
		whole := boardOf(100, rule(0.5, 0.99))
		now := epoch
		for range rapid.IntRange(1, 20).Draw(t, "rounds") {
			now = now.Add(3 * time.Second)
			var all []float64
			for range 3 {
				values := rapid.SliceOfN(rapid.Float64Range(0.001, 100), 0, 5).Draw(t, "values")
				parts.tell(s, "g", now, values...)
				all = append(all, values...)
			}
			whole.tell(s, "g", now, all...)
		}
		require.Equal(t, whole.estimates(now), parts.estimates(now))
	})
}

// The order in which increments of the same time come does not matter.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, two, s := boardOf(100, rule(0.5, 0.99)), boardOf(100, rule(0.5, 0.99)), NewScratch()
		n := rapid.IntRange(1, 10).Draw(t, "increments")
		values := rapid.SliceOfN(rapid.Float64Range(-9, 100), n, n).Draw(t, "values")
		for i, at := range rapid.Permutation(values).Draw(t, "permutation") {
			one.tell(s, "g", epoch, values[i])
			two.tell(s, "g", epoch, at)
		}
		require.Equal(t, one.estimates(epoch), two.estimates(epoch))
	})
}

// Windows of the same length, cut differently by time, add up to what came.
func TestTheWindowIsTheSumOfItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, s := boardOf(100, rule(0.5)), NewScratch()
		total := exphist.New(exphist.MaxSize)
		for i := range rapid.IntRange(1, 9).Draw(t, "sub-windows") {
			values := rapid.SliceOfN(rapid.Float64Range(0.001, 100), 1, 5).Draw(t, "values")
			b.tell(s, "g", epoch.Add(time.Duration(i)*6*time.Second), values...)
			for _, v := range values {
				total.Add(v)
			}
		}
		require.InDelta(t, total.Quantile(0.5), b.estimates(epoch.Add(54 * time.Second))["g@0.5"].Value, 1e-12)
	})
}

func TestGroupsPastTheBoundAreFolded(t *testing.T) {
	b, s := boardOf(2, rule(1)), NewScratch()
	for i := range 4 {
		r := b.tell(s, fmt.Sprintf("g%d", i), epoch, float64(i+1))
		assert.Equal(t, Result{First: i == 2}, r)
	}
	got := b.estimates(epoch)
	assert.Len(t, got, 3)
	assert.InDelta(t, 4, got["folded@1"].Value, 0)
	assert.Equal(t, uint64(2), b.Folded())
	assert.Equal(t, 2, b.Groups())
}

func TestGroupsWithHugeKeysAreFolded(t *testing.T) {
	b, s := boardOf(10, rule(1)), NewScratch()
	b.tell(s, strings.Repeat("a", MaxKey), epoch, 1)
	assert.Equal(t, uint64(0), b.Folded())
	b.tell(s, strings.Repeat("a", MaxKey+1), epoch, 2)
	assert.Equal(t, uint64(1), b.Folded())
	assert.Equal(t, 1, b.Groups())
}

func TestOverflowGroupsAreBoundedToo(t *testing.T) {
	b, s := boardOf(1, rule(1)), NewScratch()
	s.Exponential().Add(1)
	for i := range MaxFolded + 2 {
		key := Key{Rule: &b.options.Rules[0], Own: fmt.Appendf(nil, "g%d", i), Folded: fmt.Appendf(nil, "f%d", i)}
		want := counted
		if i > MaxFolded {
			want = Overflow
		}
		assert.Equal(t, want, b.Add(key, Increment{To: epoch.UnixNano()}, epoch, s).Outcome, i)
	}
}

// The table of streams is full: a running total tells nothing then, an increment does.
func TestStreamsPastTheBound(t *testing.T) {
	b, s := boardOf(1, rule(1)), NewScratch()
	p := Point{Stream: []byte("a"), Times: stream.Times{Start: 1, End: 2}}
	_, o := b.Decode(&p, epoch, s)
	assert.Equal(t, Outcome(stream.Baseline), o)
	p.Stream = []byte("b")
	_, o = b.Decode(&p, epoch, s)
	assert.Equal(t, Overflow, o)
	p.Delta = true
	i, o := b.Decode(&p, epoch, s)
	assert.Equal(t, counted, o)
	assert.Equal(t, Increment{From: 1, To: 2}, i)
	assert.Equal(t, 1, b.Streams())
}

func TestExpire(t *testing.T) {
	b, s := boardOf(10, rule(1)), NewScratch()
	b.tell(s, "g", epoch, 1)
	b.Decode(&Point{Stream: []byte("a"), Times: stream.Times{Start: 1, End: 2}}, epoch, s)
	streams, groups := b.Expire(epoch.Add(2 * time.Minute))
	assert.Equal(t, [2]int{0, 0}, [2]int{streams, groups})
	streams, groups = b.Expire(epoch.Add(2*time.Minute + 1))
	assert.Equal(t, [2]int{0, 1}, [2]int{streams, groups})
	streams, _ = b.Expire(epoch.Add(time.Hour + 1))
	assert.Equal(t, 1, streams)
}

// A window takes what happened within its length, and no other.
func TestLateAndTooLong(t *testing.T) {
	two := rule(1)
	two.Windows = []Span{{time.Minute, "1m"}, {time.Hour, "1h"}}
	for name, tc := range map[string]struct {
		from, to time.Duration // before now
		want     Outcome
		windows  []string
	}{
		"now":                 {time.Second, 0, counted, []string{"1h", "1m"}},
		"unknown beginning":   {-1, 0, counted, []string{"1h", "1m"}},
		"of ten minutes":      {10 * time.Minute, 0, counted, []string{"1h"}},
		"of two hours":        {2 * time.Hour, 0, Gap, nil},
		"ten minutes ago":     {10*time.Minute + time.Second, 10 * time.Minute, counted, []string{"1h"}},
		"two hours ago":       {2*time.Hour + time.Second, 2 * time.Hour, Late, nil},
		"long, and long past": {9 * time.Hour, 3 * time.Hour, Gap, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b, s := boardOf(10, two), NewScratch()
			b.tell(s, "g", epoch, 1) // sets the clock
			s.Exponential().Reset()
			s.Exponential().Add(5)
			i := Increment{From: epoch.Add(-tc.from).UnixNano(), To: epoch.Add(-tc.to).UnixNano()}
			if tc.from < 0 {
				i.From = 0
			}
			r := b.Add(Key{Rule: &b.options.Rules[0], Own: []byte("g")}, i, epoch, s)
			assert.Equal(t, Result{Outcome: tc.want}, r)
			var in []string
			for _, w := range []string{"1h", "1m"} {
				if b.estimates(epoch)["g"+w+"@1"].Value > 1 {
					in = append(in, w)
				}
			}
			assert.Equal(t, tc.windows, in)
		})
	}
}

func TestExplicitHistogramsOfDifferentBoundsMeet(t *testing.T) {
	b, s := boardOf(10, rule(0.5)), NewScratch()
	for _, p := range []binhist.Parts{
		{Bounds: []float64{1, 2, 4}, Counts: []uint64{0, 3, 0, 0}, Min: math.NaN(), Max: math.NaN()},
		{Bounds: []float64{1, 4, 8}, Counts: []uint64{0, 3, 0, 0}, Min: math.NaN(), Max: math.NaN()},
	} {
		require.NoError(t, s.Explicit().Load(p))
		r := b.Add(Key{Rule: &b.options.Rules[0], Own: []byte("g")}, Increment{Kind: Explicit, To: epoch.UnixNano()}, epoch, s)
		assert.Equal(t, Result{}, r)
	}
	assert.Equal(t, map[string]Value{"g@0.5": {Quantile: "0.5", Value: 2.5, Error: 1.5}}, b.estimates(epoch))
	b.Add(Key{Rule: &b.options.Rules[0], Own: []byte("g")}, Increment{Kind: Explicit, To: epoch.Add(time.Hour).UnixNano()}, epoch.Add(time.Hour), s)
	assert.Len(t, b.estimates(epoch.Add(time.Hour)), 1, "only what came last is left")
}

// What nobody can know is not told.
func TestUnknownQuantilesAreLeftOut(t *testing.T) {
	b, s := boardOf(10, rule(0.5)), NewScratch()
	require.NoError(t, s.Explicit().Load(binhist.Parts{Count: 7, Min: math.NaN(), Max: math.NaN()}))
	b.Add(Key{Rule: &b.options.Rules[0], Own: []byte("g")}, Increment{Kind: Explicit, To: epoch.UnixNano()}, epoch, s)
	assert.Empty(t, b.estimates(epoch))
}

func TestMinCount(t *testing.T) {
	few := rule(0.5)
	few.MinCount = 3
	b, s := boardOf(10, few), NewScratch()
	b.tell(s, "g", epoch, 1, 2)
	assert.Empty(t, b.estimates(epoch))
	b.tell(s, "g", epoch, 3)
	assert.Len(t, b.estimates(epoch), 1)
}

func TestRule(t *testing.T) {
	r := Rule{Attributes: []string{"a"}}
	assert.False(t, r.TellsApart("a"))
	assert.True(t, r.TellsApart("b"))
	r.Keep = true
	assert.True(t, r.TellsApart("a"))
	assert.False(t, r.TellsApart("b"))
	assert.Equal(t, "m.quantile", r.Output("m"))
	r.Name = "p"
	assert.Equal(t, "p", r.Output("m"))
}

func TestOutcomeNames(t *testing.T) {
	seen := map[string]bool{}
	for o := range OutcomeCount {
		seen[o.String()] = true
	}
	assert.Len(t, seen, int(OutcomeCount))
	assert.NotContains(t, seen, "unknown")
	assert.Equal(t, "unknown", Outcome(200).String())
	assert.True(t, Outcome(stream.Began).Counts())
	assert.False(t, Outcome(stream.Baseline).Counts())
	assert.False(t, Late.Counts())
}
