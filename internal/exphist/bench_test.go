package exphist

import (
	"math"
	"math/rand/v2"
	"testing"
)

// durations returns lognormal values as run times have them, 1 s in the middle.
func durations(n int) []float64 {
	rng := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, n)
	for i := range values {
		values[i] = math.Exp(rng.NormFloat64())
	}
	return values
}

func BenchmarkAdd(b *testing.B) {
	values := durations(1 << 12)
	h := of(DefaultMaxSize, values...)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		h.Add(values[i&(1<<12-1)])
		i++
	}
	b.ReportMetric(float64(h.SizeBytes()), "B/histogram")
}

func BenchmarkAddN(b *testing.B) {
	values := durations(1 << 12)
	h := of(DefaultMaxSize, values...)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		h.AddN(values[i&(1<<12-1)], 10)
		i++
	}
}

func BenchmarkMerge(b *testing.B) {
	h, o := of(DefaultMaxSize, durations(1<<12)...), of(DefaultMaxSize, durations(1<<10)...)
	b.ReportAllocs()
	for b.Loop() {
		h.Merge(o)
	}
}

func BenchmarkQuantile(b *testing.B) {
	h := of(DefaultMaxSize, durations(1<<12)...)
	b.ReportAllocs()
	for b.Loop() {
		h.Quantile(0.99)
	}
}
