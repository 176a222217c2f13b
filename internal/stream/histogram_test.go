package stream

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/binhist"
	"github.com/tta-dev/otelcol-workflow/internal/exphist"
)

func TestCumulativeExponential(t *testing.T) {
	c := NewCumulative(NewExponential)
	total, scratch := exphist.New(160), exphist.New(160)
	for i, want := range []Verdict{Baseline, Counted, Counted} {
		for range i + 1 {
			total.Add(0.25)
		}
		scratch.Reset()
		scratch.Merge(total)
		assert.Equal(t, want, c.Observe(Times{Start: 1, End: int64(10 + i)}, since, scratch).Verdict)
		assert.Equal(t, uint64(i+1), scratch.Count())
	}
	restarted := exphist.New(160)
	restarted.Add(9)
	assert.Equal(t, Step{Began, 13}, c.Observe(Times{Start: 13, End: 14}, since, restarted))
	assert.InDelta(t, 9, restarted.Quantile(0.5), 0, "whole")
}

func TestCumulativeExplicit(t *testing.T) {
	c := NewCumulative(NewExplicit)
	var h binhist.Histogram
	for i, want := range [][]uint64{{1, 2}, {0, 3}, {4, 0}} {
		require.NoError(t, h.Load(binhist.Parts{Bounds: []float64{1}, Counts: [][]uint64{{1, 2}, {1, 5}, {5, 5}}[i]}))
		step := c.Observe(Times{Start: 6, End: int64(10 + i)}, since, &h)
		assert.True(t, step.Verdict.Counts())
		assert.Equal(t, want, h.Counts())
	}
}
