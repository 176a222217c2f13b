package main

import (
	"context"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// fate is what happens in a leaf.
type fate int

const (
	succeeds fate = iota
	chats         // succeeds, with a call of a model
	recovers      // fails at first attempts
	fails
	hangs // until it is told to stop
	panics
)

// fault is an error with a class of its own.
type fault string

func (f fault) Error() string     { return "simulated " + string(f) }
func (f fault) ErrorType() string { return string(f) }

// draw is a number that depends on a name and an input alone, so that whatever
// runs first, the same happens:
//
//	("task-4", 17) → 2880951317, always
func draw(name string, in int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name + " " + strconv.Itoa(in)))
	return int(h.Sum32())
}

func fateOf(name string, in int) fate {
	switch d := draw(name, in) % 100; {
	case d < 60:
		return succeeds
	case d < 85:
		return chats
	case d < 92:
		return recovers
	case d < 97:
		return fails
	case d < 99:
		return hangs
	default:
		return panics
	}
}

// needed is the attempt at which a leaf that recovers succeeds: 2 or 3.
func needed(name string, in int) int { return 2 + draw(name+"'s attempts", in)%2 }

// answer is what a leaf makes of its input.
func answer(name string, in int) int { return draw(name+"'s answer", in) % 1000 }

// leaf is the work at the ends of a plan.
type leaf struct {
	name  string
	books *books
	pause time.Duration // the longest that it works
}

func (l leaf) run(ctx context.Context, in int) (int, error) {
	switch fateOf(l.name, in) {
	case succeeds:
	case chats:
		l.chat(ctx, in)
	case recovers:
		if info, _ := workflow.FromContext(ctx); info.Attempt < needed(l.name, in) {
			return 0, fault("busy")
		}
	case fails:
		return 0, fault("refused")
	case hangs:
		if _, bounded := ctx.Deadline(); bounded {
			<-ctx.Done()
			return 0, ctx.Err()
		}
		return 0, fault("endless")
	case panics:
		panic("simulated panic")
	}
	time.Sleep(l.pause * time.Duration(draw(l.name+"'s time", in)%100) / 100)
	return answer(l.name, in), nil
}
