package main

import (
	"fmt"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

// plan is a workflow as data: what is built from it, and what a test works out
// by itself, are the same.
type plan struct {
	kind string // a kind of step; task is a leaf
	name string
	kids []plan
	n    int // of a map its limit, of a retry its attempts, of others the side they take
}

// composite are the kinds that have kids, and how many.
//
//nolint:gochecknoglobals // a table, never written to.
var composite = []struct {
	kind string
	kids int
}{
	{semconv.StepKindSequential, 3},
	{semconv.StepKindParallel, 3},
	{kindBoth, 2},
	{semconv.StepKindMap, 1},
	{semconv.StepKindConditional, 2},
	{kindWhen, 1},
	{semconv.StepKindSwitch, 2},
	{semconv.StepKindRouter, 2},
	{semconv.StepKindRetry, 1},
	{semconv.StepKindFallback, 2},
	{semconv.StepKindTimeout, 1},
	{semconv.StepKindCache, 1},
	{semconv.StepKindSaga, 3},
}

// Kinds of plans that are not kinds of steps: their steps are parallel, conditional
// and tasks.
const (
	kindBoth    = "both"
	kindWhen    = "when"
	kindGuarded = "guarded"
)

// chance decides how plans grow. [rand.Rand] is one.
type chance interface {
	// IntN returns a number from 0 up to n.
	IntN(n int) int
}

// garden grows the plans of one workflow.
type garden struct {
	chance chance
	grown  int
}

// grow returns a plan that is at most so deep. Names are told apart by a number,
// the same ones in each workflow: metrics have room for few.
func (g *garden) grow(depth int) plan {
	g.grown++
	number := g.grown
	if depth == 0 || g.chance.IntN(5) == 0 {
		return plan{kind: semconv.StepKindTask, name: fmt.Sprintf("task-%d", number)}
	}
	c := composite[g.chance.IntN(len(composite))]
	p := plan{kind: c.kind, n: 1 + g.chance.IntN(3), name: fmt.Sprintf("%s-%d", c.kind, number)}
	for range c.kids {
		p.kids = append(p.kids, g.grow(depth-1))
	}
	switch p.kind {
	case semconv.StepKindRetry, semconv.StepKindFallback, semconv.StepKindTimeout, semconv.StepKindCache:
		p.name = p.kids[0].name // a policy is called as its step
	}
	return p
}
