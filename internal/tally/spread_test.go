package tally

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// The oracle asks each bound in turn.
func TestBinsHoldWhatTheirBoundsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bounds := []float64{0.1, 1, 10}
		b := newBins(bounds)
		want := make([]uint64, len(bounds)+1)
		sum := 0.0
		for _, v := range rapid.SliceOf(rapid.SampledFrom([]float64{-1, 0, 0.1, 0.5, 1, math.Nextafter(1, 2), 10, 1e9})).Draw(t, "values") {
			n := rapid.Uint64Range(1, 3).Draw(t, "n")
			b.addN(v, n)
			sum += v * float64(n)
			bin := 0
			for bin < len(bounds) && v > bounds[bin] {
				bin++
			}
			want[bin] += n
		}
		assert.Equal(t, want, b.Counts())
		assert.InDelta(t, sum, b.Sum(), 1e-3)
		b.reset()
		assert.Equal(t, make([]uint64, len(want)), b.Counts())
		assert.Zero(t, b.Count())
	})
}

// Each of ten values has the same chance of being among the three that are kept. The bounds
// are six standard deviations wide.
func TestReservoirIsUniform(t *testing.T) {
	const rounds, values, size = 20_000, 10, 3
	var kept [values]float64
	var r reservoir
	for range rounds {
		for v := range values {
			r.offer(float64(v), Origin{Span: 1}, size)
		}
		assert.Len(t, r.kept, size)
		for _, e := range r.kept {
			kept[int(e.Value)]++
		}
		r.empty()
	}
	p := float64(size) / values
	for v, n := range kept {
		assert.InDelta(t, rounds*p, n, 6*math.Sqrt(rounds*p*(1-p)), "value %d", v)
	}
}
