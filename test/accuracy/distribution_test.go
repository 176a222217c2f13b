package accuracy_test

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// distribution draws durations.
type distribution struct {
	name string
	draw func(*rand.Rand) time.Duration
}

// distributions are those of the table, in its order.
func distributions(tb testing.TB) []distribution {
	tb.Helper()
	return []distribution{
		{"constant, 250 ms", seconds(func(*rand.Rand) float64 { return 0.25 })},
		{"uniform, 1 ms to 1 s", seconds(func(r *rand.Rand) float64 { return 0.001 + 0.999*r.Float64() })},
		{"normal, 1 s ± 0.1 s", seconds(func(r *rand.Rand) float64 { return 1 + 0.1*r.NormFloat64() })},
		{"lognormal, σ 0.5", lognormal(0.5)},
		{"lognormal, σ 1", lognormal(1)},
		{"lognormal, σ 1.5", lognormal(1.5)},
		{"lognormal, σ 2", lognormal(2)},
		{"exponential, 1 s", seconds(func(r *rand.Rand) float64 { return r.ExpFloat64() })},
		{"Pareto, α 1.5 from 10 ms", seconds(func(r *rand.Rand) float64 { return 0.01 * math.Pow(1-r.Float64(), -1/1.5) })},
		{"Pareto, α 1 from 1 ms", seconds(func(r *rand.Rand) float64 { return 0.001 / (1 - r.Float64()) })},
		{"two modes, 20 ms and 2 s", seconds(twoModes)},
		{"two values, 20 ms and 2 s", seconds(twoValues)},
		{"near zero, 1 in 5 just 0", seconds(nearZero)},
		{"6 decades, 1 ms to 1000 s", seconds(func(r *rand.Rand) float64 { return math.Pow(10, 6*r.Float64()-3) })},
		{"measured: HTTP and MySQL", measured(tb, "testdata/mysql-wrk2.csv")},
	}
}

func seconds(draw func(*rand.Rand) float64) func(*rand.Rand) time.Duration {
	return func(r *rand.Rand) time.Duration { return time.Duration(draw(r) * 1e9) }
}

// lognormal has its middle at 1 s.
func lognormal(sigma float64) func(*rand.Rand) time.Duration {
	return seconds(func(r *rand.Rand) float64 { return math.Exp(sigma * r.NormFloat64()) })
}

func twoModes(r *rand.Rand) float64 {
	if r.IntN(10) < 7 {
		return 0.02 * (1 + 0.1*r.NormFloat64())
	}
	return 2 * (1 + 0.1*r.NormFloat64())
}

func twoValues(r *rand.Rand) float64 {
	if r.IntN(100) < 85 {
		return 0.02
	}
	return 2
}

func nearZero(r *rand.Rand) float64 {
	if r.IntN(5) == 0 {
		return 0
	}
	return 5e-6 * r.ExpFloat64()
}

// measured draws from latencies that were measured: between those of the file evenly.
func measured(tb testing.TB, path string) func(*rand.Rand) time.Duration {
	tb.Helper()
	file, err := os.Open(path)
	require.NoError(tb, err)
	defer func() { require.NoError(tb, file.Close()) }()
	reader := csv.NewReader(file)
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	require.NoError(tb, err)
	var latencies, totals []float64
	for _, row := range rows {
		for i, into := range []*[]float64{&latencies, &totals} {
			v, err := strconv.ParseFloat(row[i], 64)
			require.NoError(tb, err)
			*into = append(*into, v)
		}
	}
	return func(r *rand.Rand) time.Duration {
		rank := r.Float64() * totals[len(totals)-1]
		low, below := 1.0, 0.0
		for i, total := range totals {
			if rank <= total {
				ms := low + (latencies[i]-low)*(rank-below)/(total-below)
				return time.Duration(ms * 1e6)
			}
			low, below = latencies[i], total
		}
		return time.Duration(latencies[len(latencies)-1] * 1e6)
	}
}
