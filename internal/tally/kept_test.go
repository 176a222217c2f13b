package tally_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// A batch that is used again and again comes to what a new one each time does, also where
// series expire, are folded, or are more than are kept.
func TestABatchThatIsKeptIsAsGoodAsANewOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		readings := shapes(rapid.SampledFrom([]int{1, 5, 400}).Draw(t, "shapes"))
		most := rapid.SampledFrom([]int{3, 5000}).Draw(t, "max_series")
		got, want := ledger(most), ledger(most)
		kept, at := tally.NewBatch(got), now()
		for range rapid.IntRange(1, 6).Draw(t, "batches") {
			at = at.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "pause")) * time.Second)
			fresh := tally.NewBatch(want)
			kept.Reset()
			for i := range rapid.SampledFrom([]int{0, 1, 3, 900}).Draw(t, "spans") {
				o := &observed{workflow: fmt.Sprint("w", i%2), service: "svc", Observation: tally.Observation{
					Weight: 1 + uint64(i%2), Seconds: 1, Step: fmt.Sprint("step", i%3), Reading: readings[(i*i)%len(readings)],
					Verdict: flow.Verdict{Role: flow.RoleCall, CountsUsage: true, CountsCall: i%2 == 0},
				}}
				o.observe(kept)
				o.observe(fresh)
			}
			assert.Equal(t, want.Apply(fresh, at.UnixNano()), got.Apply(kept, at.UnixNano()))
			before := at.Add(-2 * time.Second)
			assert.Equal(t, want.Expire(before), got.Expire(before))
		}
		assert.Equal(t, want.Folded(), got.Folded())
		for i := range tally.Metrics {
			assert.Equal(t, points(want, tally.ID(i), tally.Cumulative), points(got, tally.ID(i), tally.Cumulative))
			assert.Equal(t, points(want, tally.ID(i), tally.Cumulative), points(got, tally.ID(i), tally.Cumulative))
		}
	})
}

// Rows that are more than are kept are forgotten with their numbers.
func TestRowsAreForgotten(t *testing.T) {
	l := ledger(10)
	b := tally.NewBatch(l)
	observe := func(r *flow.Reading) tally.Row {
		return b.Observe(&tally.Observation{
			Stream: b.Stream("w", "svc", nil), Weight: 1, Reading: r, Verdict: flow.Verdict{Role: flow.RoleCall, CountsCall: true},
		})
	}
	readings, age := shapes(1025), b.Age()
	for _, r := range readings[1:] {
		observe(r)
	}
	b.Reset()
	assert.Equal(t, age, b.Age())
	assert.Equal(t, tally.Row(1024), observe(readings[0]))
	b.Reset()
	assert.NotEqual(t, age, b.Age())
	assert.Equal(t, tally.Row(0), observe(readings[7]))
	assert.Equal(t, tally.NoRow, observe(&flow.Reading{}), "a reading without a shape is not kept")
	b.Reset()
	for i := range 1025 {
		b.Stream(strconv.Itoa(i), "", nil)
	}
	b.Reset()
	assert.Equal(t, age+2, b.Age(), "streams are forgotten, too")
	observe(readings[0])
	l.Apply(b, now().UnixNano())
	b.Reset()
	assert.Equal(t, age+2, b.Age())
	assert.Positive(t, l.Expire(now().Add(1)))
	b.Reset()
	assert.Equal(t, age+3, b.Age(), "an expired series is let go")
}

func TestRepeatIsObserve(t *testing.T) {
	l := ledger(10)
	b := tally.NewBatch(l)
	o := step("w", "s", 0.5)
	o.Reading.Shape = 1
	o.Stream = b.Stream("w", "svc", nil)
	row := b.Observe(&o.Observation)
	b.Reset()
	for range 3 {
		b.Repeat(row, o.Reading, 0.5, 2, nil)
	}
	l.Apply(b, now().UnixNano())
	points(l, tally.Steps, tally.Cumulative)
	want := map[string]float64{"name=w,name=svc,name=s,kind=task,outcome=success": 6}
	assert.Equal(t, want, points(l, tally.Steps, tally.Cumulative))
}
