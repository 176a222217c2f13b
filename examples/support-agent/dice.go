package main

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// place is where in the workflow chance has a say.
type place uint64

const (
	placeNone place = iota
	placeValidate
	placeSearch
	placeHistory
	placePolicy
	placeAnswer
	placeEmbed
	placeFate
)

// faultPlaces are where a ticket may meet its fate.
var faultPlaces = []place{placeValidate, placeSearch, placeHistory, placePolicy, placeAnswer}

// dice decide by seed, ticket and place alone, so that neither the order of
// goroutines nor the rate changes what happens to a ticket:
//
//	(seed 1, ticket 7, search) → 61 ms, always
//
// They are a plain value.
type dice struct {
	seed      uint64
	faultRate float64 // share of the tickets that meet a fault, in [0, 1]
	trouble   trouble
}

func (d dice) at(ticket int, p place) *rand.Rand {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[0:], d.seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(ticket))
	binary.LittleEndian.PutUint64(key[16:], uint64(p))
	return rand.New(rand.NewChaCha8(key))
}

// fate is the place where the ticket fails, or placeNone.
func (d dice) fate(ticket int) place {
	r := d.at(ticket, placeFate)
	if r.Float64() >= d.faultRate && !d.trouble.meets(kindErrors, ticket) {
		return placeNone
	}
	return faultPlaces[r.IntN(len(faultPlaces))]
}

// latency draws from a log-normal distribution with a long tail: p99 is 3.6
// times the median. Without trouble it is never more than 20 times that.
func (d dice) latency(ticket int, p place, median time.Duration) time.Duration {
	factor := min(logNormal(d.at(ticket, p), 0.55), 20)
	if (p == placePolicy || p == placeAnswer) && d.trouble.meets(kindLatency, ticket) {
		factor *= slower
	}
	return time.Duration(float64(median) * factor)
}

// usage draws the tokens of a call of the model.
func (d dice) usage(ticket int, p place, m model) workflow.Usage {
	r := d.at(ticket, p)
	r.NormFloat64() // the latency
	u := workflow.Usage{Input: m.cached + spread(r, m.input-m.cached), Output: spread(r, m.output)}
	if m.cached > 0 && r.Float64() < 0.7 {
		u.CacheRead = m.cached
	}
	if d.trouble.meets(kindCost, ticket) {
		u.Input *= dearer
		u.Output *= dearer
	}
	return u
}

func spread(r *rand.Rand, median int64) int64 {
	if median == 0 {
		return 0
	}
	return 1 + int64(float64(median)*logNormal(r, 0.4))
}

func logNormal(r *rand.Rand, sigma float64) float64 { return math.Exp(sigma * r.NormFloat64()) }
