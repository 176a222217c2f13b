package flow

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	shapeNames = slices.Sorted(maps.Keys(shapes))
	usages     = []string{"", "+use"}
)

// forest draws spans of up to three traces; a parent has a smaller index than its children.
func forest(t *rapid.T) (spans []Span, readings []Reading) {
	for i := range rapid.IntRange(1, 24).Draw(t, "spans") {
		s := Span{Trace: TraceID{byte(rapid.IntRange(1, 3).Draw(t, "trace"))}, ID: SpanID(i + 1)}
		p := rapid.IntRange(-1, i-1).Draw(t, "parent")
		switch {
		case p >= 0:
			s.Parent, s.Trace = spans[p].ID, spans[p].Trace
		case rapid.Bool().Draw(t, "orphan"):
			s.Parent = SpanID(1000 + i)
		}
		word := rapid.SampledFrom(shapeNames).Draw(t, "shape") + rapid.SampledFrom(usages).Draw(t, "usage")
		s.Kind = kindFor(word)
		spans, readings = append(spans, s), append(readings, shape(word))
	}
	return spans, readings
}

// resolve returns the verdicts by span id. Workflow is told by id too, as indices differ.
func resolve(spans []Span, readings []Reading, order []int) map[SpanID]string {
	var tree Tree
	for _, i := range order {
		tree.Add(&spans[i], &readings[i])
	}
	tree.Resolve(nil)
	got := map[SpanID]string{}
	for k, i := range order {
		v := tree.Verdict(k)
		owner := SpanID(0)
		if v.Workflow >= 0 {
			owner = spans[order[v.Workflow]].ID
		}
		got[spans[i].ID] = fmt.Sprint(tell(v), v.Role, owner, v.Top)
	}
	return got
}

func indices(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

func TestOrderOfAddDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans, readings := forest(t)
		order := indices(len(spans))
		shuffled := rapid.Permutation(order).Draw(t, "order")
		require.Equal(t, resolve(spans, readings, order), resolve(spans, readings, shuffled))
	})
}

// TestSplitChildrenFirst cuts a batch into several, children first, and asks for the same
// calls, usages and runs as from the whole batch.
func TestSplitChildrenFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans, readings := forest(t)
		var whole Tree
		for i := range spans {
			whole.Add(&spans[i], &readings[i])
		}
		whole.Resolve(nil)

		order := indices(len(spans))
		slices.Reverse(order)
		parts := newSplit()
		for len(order) > 0 {
			n := rapid.IntRange(1, len(order)).Draw(t, "batch")
			parts.batch(spans, readings, order[:n])
			order = order[n:]
		}
		for i := range spans {
			require.Equal(t, tell(whole.Verdict(i)), tell(parts.got[i]), "span %d", i+1)
		}
	})
}

// TestParentsFirstCountNothingTwice cuts traces whose roots have not come into several
// batches, parents first: of the spans from top to leaf only one states the usage of a model,
// unless a tool lies between.
func TestParentsFirstCountNothingTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans, readings := forest(t)
		spans, readings = spans[:min(len(spans), MaxPassages)], readings[:min(len(spans), MaxPassages)]
		for i := range spans {
			if spans[i].Parent == 0 {
				spans[i].Parent = 999
			}
		}
		order, parts := indices(len(spans)), newSplit()
		for len(order) > 0 {
			n := rapid.IntRange(1, len(order)).Draw(t, "batch")
			parts.batch(spans, readings, order[:n])
			order = order[n:]
		}
		for i := range spans {
			if kind := readings[i].Call.Kind; parts.got[i].CountsUsage && (kind == CostLLM || kind == CostEmbedding) {
				requireOnly(t, spans, readings, parts.got, i)
			}
		}
	})
}

// requireOnly goes up from a span whose usage counts.
func requireOnly(t *rapid.T, spans []Span, readings []Reading, got map[int]Verdict, i int) {
	behindTool := false
	for p := int(spans[i].Parent) - 1; p >= 0 && p < len(spans); p = int(spans[p].Parent) - 1 {
		tool := readings[p].Role == RoleCall && readings[p].Call.Kind == CostTool
		behindTool = behindTool || tool
		ofModel := readings[p].Call.Kind == CostLLM || readings[p].Call.Kind == CostEmbedding
		twice := got[p].CountsUsage && ofModel && (!behindTool || readings[p].Role != RoleCall)
		require.False(t, twice, "spans %d and %d", p+1, i+1)
	}
}

// split resolves batches one after the other and follows the pending runs.
type split struct {
	tree   Tree
	memory mapMemory
	got    map[int]Verdict
}

func newSplit() *split { return &split{memory: mapMemory{}, got: map[int]Verdict{}} }

func (p *split) batch(spans []Span, readings []Reading, order []int) {
	p.tree.Reset()
	for _, i := range order {
		p.tree.Add(&spans[i], &readings[i])
	}
	p.tree.Resolve(p.memory)
	for i, v := range p.got {
		if v.Run == RunPending {
			v.Run, v.Top = p.tree.Fate(spans[i].Trace, v.Top, readings[i].Rank)
			p.got[i] = v
		}
	}
	for k, i := range order {
		p.got[i] = p.tree.Verdict(k)
	}
}
