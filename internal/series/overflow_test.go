package series_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tta-dev/otelcol-workflow/internal/series"
)

func TestOverflowIsFirstOnce(t *testing.T) {
	var o series.Overflow
	assert.False(t, o.Add(0), "nothing folded is not the first fold")
	assert.True(t, o.Add(3))
	assert.False(t, o.Add(0))
	assert.False(t, o.Add(2))
	assert.Equal(t, uint64(5), o.Count())
}

func TestOverflowConcurrent(t *testing.T) {
	var o series.Overflow
	var firsts atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				if o.Add(2) {
					firsts.Add(1)
				}
			}
		})
	}
	wg.Wait()
	assert.Equal(t, uint64(16000), o.Count())
	assert.Equal(t, int64(1), firsts.Load())
}

// A full table folds into a smaller one that keeps the workflow and nothing else.
func Example() {
	fine := series.New[int](series.Options[int]{Max: 2})
	coarse := series.New[int](series.Options[int]{Max: 10})
	var overflow series.Overflow

	for now, step := range []string{"plan", "act", "plan", "check", "report"} {
		key := series.AppendString(nil, "support")
		if e, state := get(fine, string(series.AppendString(key, step)), int64(now)); state != series.Fold {
			e.Value++
			continue
		}
		e, _ := get(coarse, string(key), int64(now))
		e.Value++
		if overflow.Add(1) {
			fmt.Println("the table is full: folding")
		}
	}

	total := 0
	fine.Range(func(e *series.Entry[int]) { total += e.Value })
	coarse.Range(func(e *series.Entry[int]) {
		for workflow := range series.Strings(e.Key()) {
			fmt.Println(workflow, "folded", e.Value)
		}
		total += e.Value
	})
	fmt.Println("total", total, "folded", overflow.Count())
	// Output:
	// the table is full: folding
	// support folded 2
	// total 5 folded 2
}
