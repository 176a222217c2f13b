package exphist

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser/posrange"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestQuantileSpecialCases(t *testing.T) {
	some := of(160, -8, 0, 8)
	for _, tc := range []struct {
		name string
		h    *Histogram
		q    float64
		want float64
	}{
		{"empty", New(160), 0.5, math.NaN()},
		{"below 0", some, -0.1, math.NaN()},
		{"above 1", some, 1.1, math.NaN()},
		{"NaN", some, math.NaN(), math.NaN()},
		{"0 is the minimum", some, 0, -8},
		{"1 is the maximum", some, 1, 8},
		{"among the zeros", some, 0.5, 0},
		{"one value", of(160, 7), 0.3, 7},
		{"never infinite", of(2, math.SmallestNonzeroFloat64, math.MaxFloat64), 0.99, math.MaxFloat64},
		{"negative never infinite", of(2, -math.SmallestNonzeroFloat64, -math.MaxFloat64), 0.01, -math.MaxFloat64},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := tc.h.Quantile(tc.q)
			if math.IsNaN(tc.want) {
				assert.True(t, math.IsNaN(got), "got %v", got)
				return
			}
			assert.InDelta(t, tc.want, got, 0)
		})
	}
}

func TestQuantileInterpolatesOnALogarithmicScale(t *testing.T) {
	h := of(160, 1.1, 1.5, 1.9, 4, -1.1, -1.5, -1.9, -4)
	h.Downscale(0)
	assert.InEpsilon(t, math.Exp2(2.0/3), h.Quantile(6.0/8), 1e-12)
	assert.InEpsilon(t, -math.Exp2(2.0/3), h.Quantile(2.0/8), 1e-12)
}

// The value at position ⌈q × n⌉ of the sorted data must be in the same bucket.
func TestQuantileAgainstSortedData(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	generators := map[string]func() float64{
		"uniform":   func() float64 { return rng.Float64() * 100 },
		"lognormal": func() float64 { return math.Exp(rng.NormFloat64() * 2) },
		"normal":    rng.NormFloat64,
		"constant":  func() float64 { return 0.25 },
		"two modes": func() float64 { return float64(rng.IntN(2)*1000) + rng.Float64() },
	}
	for name, generate := range generators {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{1, 2, 3, 10, 101, 5000} {
				values := make([]float64, n)
				for i := range values {
					values[i] = generate()
				}
				h := of(DefaultMaxSize, values...)
				slices.Sort(values)
				base := math.Exp2(math.Exp2(-float64(h.Scale())))
				for _, q := range []float64{0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999} {
					exact := values[int(math.Ceil(q*float64(n)))-1]
					tolerance := math.Abs(exact) * (base - 1 + 1e-12)
					assert.InDelta(t, exact, h.Quantile(q), tolerance, "q %v of %d", q, n)
				}
			}
		})
	}
}

func TestQuantileRisesWithQ(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := of(sizes().Draw(t, "size"), rapid.SliceOfN(finite(), 1, 60).Draw(t, "values")...)
		qs := rapid.SliceOfN(rapid.Float64Range(0, 1), 2, 20).Draw(t, "qs")
		slices.Sort(qs)
		before := h.Min()
		for _, q := range qs {
			now := h.Quantile(q)
			// Neighbouring buckets meet to within the precision of math.Exp2.
			require.GreaterOrEqual(t, now, before-math.Abs(before)*1e-12, "q %v", q)
			require.LessOrEqual(t, now, h.Max())
			before = now
		}
	})
}

// Prometheus knows neither minimum nor maximum, so its result is clamped as ours.
func TestQuantileAgreesWithPrometheus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := of(DefaultMaxSize, rapid.SliceOfN(rapid.OneOf(
			rapid.Float64Range(0.001, 1000), rapid.Float64Range(-50, 50), rapid.Just(0.0),
		), 1, 80).Draw(t, "values")...)
		h.Downscale(8) // the finest schema there
		native := toPrometheus(h)
		require.NoError(t, native.Validate())
		q := rapid.Float64Range(0.001, 0.999).Draw(t, "q")
		if rank := q * float64(h.Count()); math.Abs(rank-math.Round(rank)) < 1e-9 {
			return // from 0.5 up Prometheus counts from the top: either bucket is right
		}
		theirs, _ := promql.HistogramQuantile(q, native, "", posrange.PositionRange{})
		theirs = min(max(theirs, h.Min()), h.Max())
		require.InDelta(t, theirs, h.Quantile(q), math.Abs(theirs)*1e-9)
	})
}

// Their index of a bucket is that of its upper bound, one above ours.
func TestBoundsAgreeWithPrometheus(t *testing.T) {
	for scale := int32(-4); scale <= 8; scale++ {
		h := of(160, 0.7, 3)
		h.Downscale(scale)
		it := toPrometheus(h).PositiveBucketIterator()
		for it.Next() {
			b := it.At()
			assert.InEpsilon(t, lowerBound(b.Index-1, h.Scale()), b.Lower, 1e-15, "scale %d", scale)
			assert.InEpsilon(t, lowerBound(b.Index, h.Scale()), b.Upper, 1e-15, "scale %d", scale)
		}
	}
}

func TestMergeAgreesWithPrometheus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-100, 100), 0, 60)
		a, b := of(20, values.Draw(t, "a")...), of(20, values.Draw(t, "b")...)
		a.Downscale(8)
		b.Downscale(8)
		theirs, _, _, err := toPrometheus(a).Add(toPrometheus(b))
		require.NoError(t, err)
		a.Merge(b)
		if a.Scale() < -4 {
			return // below their coarsest schema
		}
		theirs = theirs.CopyToSchema(min(theirs.Schema, a.Scale()))
		require.True(t, toPrometheus(a).Compact(0).Equals(withoutSum(theirs.Compact(0), a.Sum())), "%v\n%v", toPrometheus(a), theirs)
	})
}

// withoutSum replaces the sum, which depends on the order of addition.
func withoutSum(h *histogram.FloatHistogram, sum float64) *histogram.FloatHistogram {
	h.Sum = sum
	return h
}

func toPrometheus(h *Histogram) *histogram.FloatHistogram {
	f := &histogram.FloatHistogram{
		Schema: h.Scale(), Count: float64(h.Count()), ZeroCount: float64(h.ZeroCount()), Sum: h.Sum(),
	}
	f.PositiveSpans, f.PositiveBuckets = toSpan(h.Positive())
	f.NegativeSpans, f.NegativeBuckets = toSpan(h.Negative())
	return f
}

func toSpan(b Buckets) ([]histogram.Span, []float64) {
	if b.Len() == 0 {
		return nil, nil
	}
	counts := make([]float64, b.Len())
	for i := range counts {
		counts[i] = float64(b.At(i))
	}
	return []histogram.Span{{Offset: b.Offset() + 1, Length: uint32(b.Len())}}, counts
}
