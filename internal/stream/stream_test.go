package stream

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const since = 5

type point struct {
	start, end int64
	total      float64
	want       Verdict
	from       int64
	increment  float64
}

func TestCumulative(t *testing.T) {
	for name, points := range map[string][]point{
		"steady": {
			{6, 10, 4, Began, 6, 4}, {6, 20, 9, Counted, 10, 5}, {6, 30, 9, Counted, 20, 0},
		},
		"began before us": {
			{1, 10, 40, Baseline, 0, 40}, {1, 20, 45, Counted, 10, 5},
		},
		"start not known": {
			{0, 10, 40, Baseline, 0, 40}, {0, 20, 45, Counted, 10, 5}, {0, 30, 3, Began, 20, 3}, {0, 40, 4, Counted, 30, 1},
		},
		"restart": {
			{6, 10, 40, Began, 6, 40}, {11, 20, 3, Began, 11, 3}, {11, 30, 5, Counted, 20, 2},
		},
		"two producers": {
			{6, 10, 40, Began, 6, 40}, {7, 10, 1, Began, 7, 1}, {6, 20, 41, Counted, 10, 1}, {7, 20, 3, Counted, 10, 2},
		},
		"gap": {
			{6, 10, 1, Began, 6, 1}, {6, 1000, 8, Counted, 10, 7},
		},
		"twice": {
			{6, 10, 4, Began, 6, 4}, {6, 10, 4, Duplicate, 0, 4}, {6, 20, 5, Counted, 10, 1},
		},
		"out of order": {
			{6, 20, 9, Began, 6, 9}, {6, 10, 4, Disordered, 0, 4}, {6, 30, 10, Counted, 20, 1},
		},
		"a late point of the process before": {
			{6, 20, 9, Began, 6, 9}, {21, 40, 2, Began, 21, 2}, {6, 21, 10, Counted, 20, 1}, {21, 50, 3, Counted, 40, 1},
		},
		"falls without a restart": {
			{6, 10, 9, Began, 6, 9}, {6, 20, 4, Conflict, 0, 4}, {6, 30, 6, Counted, 20, 2},
		},
		"starts after it ends": {
			{90, 10, 40, Baseline, 0, 40}, {95, 20, 41, Counted, 10, 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := NewCumulative(NewNumber)
			for _, p := range points {
				v := p.total
				step := c.Observe(Times{p.start, p.end}, since, &v)
				assert.Equal(t, Step{p.want, p.from}, step, "%+v", p)
				assert.InDelta(t, p.increment, v, 0, "%+v", p)
			}
		})
	}
}

func TestProducersAreBounded(t *testing.T) {
	c := NewCumulative(NewNumber)
	for i := range int64(MaxProducers + 3) {
		v := 1.0
		c.Observe(Times{10 + i, 100 + i}, since, &v)
	}
	var starts []int64
	for times := range c.Producers() {
		starts = append(starts, times.Start)
	}
	assert.Equal(t, []int64{13, 14, 15, 16, 17, 18, 19, 20}, starts, "the latest")
	v := 2.0
	assert.Equal(t, Began, c.Observe(Times{10, 200}, since, &v).Verdict, "forgotten")
}

func TestSilentProducersAreForgotten(t *testing.T) {
	c := NewCumulative(NewNumber)
	v := 1.0
	c.Observe(Times{6, 7}, since, &v)
	c.Observe(Times{8, 8 + int64(Silence)}, since, &v)
	for times := range c.Producers() {
		assert.Equal(t, int64(8), times.Start)
	}
}

func TestProducersSurvive(t *testing.T) {
	before := NewCumulative(NewNumber)
	v := 40.0
	before.Observe(Times{1, 10}, since, &v)
	after := NewCumulative(NewNumber)
	for times, total := range before.Producers() {
		after.Restore(times, total)
		break
	}
	v = 42
	assert.Equal(t, Step{Counted, 10}, after.Observe(Times{1, 20}, 15, &v))
	assert.InDelta(t, 2, v, 0)
}

func TestDelta(t *testing.T) {
	var d Delta
	for _, p := range []point{
		{start: 10, end: 20, want: Counted, from: 10},
		{start: 10, end: 20, want: Duplicate},
		{start: 30, end: 40, want: Counted, from: 30},
		{start: 20, end: 30, want: Counted, from: 20}, // late
		{start: 25, end: 35, want: Counted, from: 25}, // another producer's
		{start: 0, end: 35, want: Counted, from: 0},
		{start: 90, end: 35, want: Counted, from: 0},
	} {
		assert.Equal(t, Step{p.want, p.from}, d.Observe(Times{p.start, p.end}), "%+v", p)
	}
	for i := range int64(MaxRecent) {
		d.Observe(Times{100 + i, 200})
	}
	assert.Equal(t, Counted, d.Observe(Times{10, 20}).Verdict, "forgotten")
}

// Whatever is lost, repeated, swapped or restarted: no event counts twice, and the
// last totals of all producers that began in our sight count whole.
func TestIncrementsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := NewCumulative(NewNumber)
		starts := rapid.SliceOfNDistinct(rapid.Int64Range(1, 20), 1, MaxProducers, rapid.ID).Draw(t, "starts")
		told, base := map[int64]map[int64]float64{}, map[int64]float64{}
		var sum float64
		for range rapid.IntRange(1, 60).Draw(t, "points") {
			start := rapid.SampledFrom(starts).Draw(t, "start")
			end := 20 + rapid.Int64Range(1, 40).Draw(t, "end")
			v := float64(end * start) // rises with time
			step := c.Observe(Times{start, end}, since, &v)
			require.GreaterOrEqual(t, v, 0.0)
			if told[start] == nil {
				told[start] = map[int64]float64{}
				if step.Verdict == Baseline {
					base[start] = v
				}
			}
			told[start][end] = float64(end * start)
			if step.Verdict.Counts() {
				require.Less(t, step.From, end)
				sum += v
			}
		}
		var want float64
		for start, totals := range told {
			highest := 0.0
			for _, v := range totals {
				highest = math.Max(highest, v)
			}
			want += highest - base[start]
		}
		require.InDelta(t, want, sum, 0)
	})
}

func TestVerdictNames(t *testing.T) {
	seen := map[string]bool{}
	for v := range VerdictCount {
		seen[v.String()] = true
	}
	assert.Len(t, seen, int(VerdictCount))
	assert.NotContains(t, seen, "unknown")
	assert.Equal(t, "unknown", Verdict(200).String())
}
