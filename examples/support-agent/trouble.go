package main

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// kind says what goes wrong.
type kind string

const (
	// kindNone is no trouble but the odd fault.
	kindNone kind = "none"
	// kindErrors has every run fail, each in one of the places where runs do.
	kindErrors kind = "errors"
	// kindLatency has models of text answer slowly.
	kindLatency kind = "latency"
	// kindCost has models use many tokens.
	kindCost kind = "cost"
	// kindStop has nobody ask anything.
	kindStop kind = "stop"
)

// kinds are all of them, for people to choose from.
var kinds = []kind{kindNone, kindErrors, kindLatency, kindCost, kindStop}

const (
	slower = 30  // times as long as usual: 8 s for an answer, 20 s for one in twenty
	dearer = 200 // times as many tokens as usual: more than a dollar for a run
)

// trouble is what happens to some tickets in a row. They are numbered in the order
// in which they are due, so that a time is a range of numbers and the report says
// exactly what was sent, before, during and after:
//
//	2 runs a second, after 60 s, for 90 s → tickets 120 to 299
//
// It is a plain value; the zero value meets no ticket.
type trouble struct {
	kind       kind
	first, end int
}

// newTrouble returns one that begins after some time and lasts for some, or until the
// end if that is 0.
func newTrouble(k kind, rate float64, after, lasts time.Duration) trouble {
	due := func(at time.Duration) int { return int(min(math.Ceil(at.Seconds()*rate), math.MaxInt32)) }
	t := trouble{kind: k, first: due(after), end: math.MaxInt}
	if lasts > 0 {
		t.end = due(after + lasts)
	}
	return t
}

func (t trouble) meets(k kind, ticket int) bool {
	return t.kind == k && t.first <= ticket && ticket < t.end
}

// parseKind takes one of the kinds.
func parseKind(text string) (kind, error) {
	var names []string
	for _, k := range kinds {
		if text == string(k) {
			return k, nil
		}
		names = append(names, string(k))
	}
	return "", fmt.Errorf("-fault %s: use %s", text, strings.Join(names, ", "))
}
