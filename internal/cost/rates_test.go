package cost

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// flat are prices without steps.
func flat(byUnit map[Unit]float64) prices {
	var p prices
	for u := range UnitCount {
		if amount, ok := byUnit[u]; ok {
			p = append(p, price{unit: u, base: amount})
		}
	}
	return p
}

// What each unit is charged for, in whole USD: prices are a million for a million tokens, so one a token.
func TestLeafDecomposition(t *testing.T) {
	const each = million
	for _, tc := range []struct {
		name   string
		prices map[Unit]float64
		usage  Usage
		parts  [partCount]float64 // input, read, written, output, other
		cut    bool
	}{
		{
			"the cache is taken off the input",
			map[Unit]float64{Input: each, CacheRead: each, CacheWrite: each, CacheWrite1h: each, Output: each},
			Usage{Input: 12, CacheRead: 5, CacheWrite: 6, CacheWrite1h: 2, Output: 1},
			[partCount]float64{1, 5, 6, 1, 0},
			false,
		},
		{
			"a cache without a price is input",
			map[Unit]float64{Input: each, Output: each},
			Usage{Input: 12, CacheRead: 5, CacheWrite: 6, Output: 1},
			[partCount]float64{12, 0, 0, 1, 0},
			false,
		},
		{
			"an hour without a price is a write",
			map[Unit]float64{Input: each, CacheWrite: 2 * each},
			Usage{Input: 12, CacheWrite: 6, CacheWrite1h: 2},
			[partCount]float64{6, 0, 12, 0, 0},
			false,
		},
		{
			"cached sound lies in both and is taken off once",
			map[Unit]float64{Input: each, InputAudio: 10 * each, CacheRead: 2 * each, CacheReadAudio: 3 * each},
			Usage{Input: 100, InputAudio: 60, CacheRead: 50, CacheReadAudio: 20},
			[partCount]float64{10 + 40*10, 30*2 + 20*3, 0, 0, 0},
			false,
		},
		{
			"cached sound without a price is cached",
			map[Unit]float64{Input: each, InputAudio: 10 * each, CacheRead: 2 * each},
			Usage{Input: 100, InputAudio: 60, CacheRead: 50, CacheReadAudio: 20},
			[partCount]float64{10 + 40*10, 50 * 2, 0, 0, 0},
			false,
		},
		{
			"images of the answer",
			map[Unit]float64{Output: 2 * each, OutputImage: 5 * each},
			Usage{Output: 1720, OutputImage: 1120},
			[partCount]float64{0, 0, 0, 600*2 + 1120*5, 0},
			false,
		},
		{
			"parts beyond the whole are charged, the rest is nothing",
			map[Unit]float64{Input: each, CacheRead: each},
			Usage{Input: 5, CacheRead: 8},
			[partCount]float64{0, 8, 0, 0, 0},
			true,
		},
		{
			"one call is one request, also without tokens",
			map[Unit]float64{Requests: 1000},
			Usage{},
			[partCount]float64{0, 0, 0, 0, 1},
			false,
		},
		{
			"more requests were counted",
			map[Unit]float64{Requests: 1000},
			Usage{Requests: 3},
			[partCount]float64{0, 0, 0, 0, 3},
			false,
		},
		{
			"annotated pages are pages",
			map[Unit]float64{DocumentPages: 1000, AnnotatedPages: 3000},
			Usage{DocumentPages: 10, AnnotatedPages: 4},
			[partCount]float64{6 + 12, 0, 0, 0, 0},
			false,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := billOf(newRates(flat(tc.prices), 0), &tc.usage)
			assert.Equal(t, tc.parts, b.parts)
			assert.Equal(t, tc.cut, b.cut)
		})
	}
}

// The share of reasoning is told, whether it has a price of its own or that of the output.
func TestReasoningIsPartOfOutput(t *testing.T) {
	u := Usage{Output: 80, OutputReasoning: 30}
	for _, tc := range []struct {
		prices            map[Unit]float64
		output, reasoning float64
	}{
		{map[Unit]float64{Output: million}, 80, 30},
		{map[Unit]float64{Output: million, OutputReasoning: million / 2}, 50 + 15, 15},
		{map[Unit]float64{Output: million, OutputReasoning: 0}, 50, 0},
		{map[Unit]float64{Input: million}, 0, 0},
	} {
		b := billOf(newRates(flat(tc.prices), 0), &u)
		assert.InDelta(t, tc.output, b.parts[partOutput], tolerance)
		assert.InDelta(t, tc.reasoning, b.reasoning, tolerance)
	}
}

func TestShortestSound(t *testing.T) {
	r := newRates(flat(map[Unit]float64{AudioSeconds: 3600}), 10)
	for _, tc := range []struct{ said, charged float64 }{{0, 0}, {0.25, 10}, {10, 10}, {11.5, 11.5}} {
		b := billOf(r, &Usage{AudioSeconds: tc.said})
		assert.InDelta(t, tc.charged, b.total(), tolerance)
	}
}

// The bounds of tiers, on both sides, strict and not.
func TestTierBounds(t *testing.T) {
	p := price{unit: Input, base: 1, steps: []step{{100, false, 2}, {500, true, 3}}}
	for _, tc := range []struct{ input, want float64 }{
		{0, 1},
		{99.9, 1},
		{100, 1},
		{100.5, 2},
		{101, 2},
		{499, 2},
		{500, 3},
		{501, 3},
		{1e9, 3},
	} {
		assert.InDelta(t, tc.want, p.at(tc.input), 0, "%v", tc.input)
	}
}

// anyPrices draws prices where the cache has them only with the input, as catalogs do.
func anyPrices(t *rapid.T) prices {
	var p prices
	for u := range UnitCount {
		if (u == Input || u == Output) || rapid.IntRange(0, 2).Draw(t, "has "+u.PriceKey()) == 0 {
			one := price{unit: u, base: rapid.Float64Range(0, 100).Draw(t, u.PriceKey())}
			for at := 1000.0; rapid.Bool().Draw(t, "step"); at *= 10 {
				one.steps = append(one.steps, step{at, rapid.Bool().Draw(t, "from"), rapid.Float64Range(0, 100).Draw(t, "price")})
			}
			p = append(p, one)
		}
	}
	return p
}

// No amount is negative or lost, whatever is counted.
func TestChargesAreAmounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := anySaid(t)
		b := billOf(newRates(anyPrices(t), 0), &said.Usage)
		for _, x := range append(b.parts[:], b.reasoning) {
			assert.GreaterOrEqual(t, x, 0.0)
			assert.False(t, math.IsNaN(x) || math.IsInf(x, 0))
		}
	})
}

// The same units at the same price cost what the whole costs: nothing is charged twice, nothing left out. With
// flat prices of one a token, the bill is the count of the wholes.
func TestEverythingIsChargedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anything := anySaid(t)
		u := anything.Normalise().Usage
		u[InputAudio], u[InputImage], u[InputVideo], u[CacheReadAudio], u[CacheReadImage] = 0, 0, 0, 0, 0
		u[OutputAudio], u[OutputImage], u[OutputVideo], u[OutputCitation] = 0, 0, 0, 0
		p := prices{{unit: Input, base: million}, {unit: Output, base: million}}
		for _, part := range []Unit{CacheRead, CacheWrite, OutputReasoning} {
			if rapid.Bool().Draw(t, part.String()) {
				p = append(p, price{unit: part, base: million})
			}
		}
		b := billOf(newRates(p, 0), &u)
		assert.InDelta(t, u[Input]+u[Output], b.total(), 1e-6)
		assert.False(t, b.cut)
	})
}

// Within a tier, more tokens never cost less.
func TestMonotoneWithinTier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPrices(t)
		for i := range p {
			p[i].steps = nil
		}
		r := newRates(p, 0)
		anything := anySaid(t)
		u := anything.Normalise().Usage
		before := billOf(r, &u)
		more := u
		unit := rapid.SampledFrom([]Unit{Input, Output, Requests, WebSearches}).Draw(t, "unit")
		if unit == Requests && u[Requests] == 0 {
			more[Requests] = 1
		}
		more[unit] += drawCount(t, "more")
		after := billOf(r, &more)
		assert.GreaterOrEqual(t, after.total(), before.total()-1e-9)
	})
}

func TestUncovered(t *testing.T) {
	for _, tc := range []struct {
		name      string
		prices    map[Unit]float64
		usage     Usage
		some, all bool
	}{
		{"all is priced", map[Unit]float64{Input: 1, Output: 1}, Usage{Input: 1, Output: 1}, false, false},
		{"a part is priced as its whole", map[Unit]float64{Input: 1}, Usage{Input: 3, CacheRead: 2}, false, false},
		{"an embedding has no output", map[Unit]float64{Input: 1}, Usage{Input: 3}, false, false},
		{"searches have no price", map[Unit]float64{Input: 1}, Usage{Input: 3, WebSearches: 1}, true, false},
		{"nothing has a price", map[Unit]float64{AudioSeconds: 1}, Usage{Input: 3}, true, true},
		{"nothing was counted", map[Unit]float64{Input: 1}, Usage{}, false, true},
		{"nobody misses a price of requests", map[Unit]float64{Input: 1}, Usage{Input: 3, Requests: 1}, false, false},
		{"a request is a count", map[Unit]float64{Requests: 1}, Usage{}, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			counted, ok := tc.usage.counted()
			assert.True(t, ok)
			some, all := newRates(flat(tc.prices), 0).uncovered(counted)
			assert.Equal(t, tc.some, some, "some")
			assert.Equal(t, tc.all, all, "all")
		})
	}
}

func billOf(r *rates, u *Usage) (b bill) {
	r.charge(u, &b)
	return b
}
