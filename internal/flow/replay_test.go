package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReplayIsRead(t *testing.T) {
	for _, c := range []struct {
		value any
		want  bool
	}{{true, true}, {"true", true}, {1, true}, {false, false}, {"no", false}} {
		r := read(&Span{}, "workflow.name", "w", "workflow.replay", c.value)
		assert.Equal(t, c.want, r.Replay, "%v", c.value)
	}
}

// TestOneSpanMakesAReplay has one span that says so among those of other instrumentation,
// which do not: before, beside and after it in other batches. Nothing of the trace counts.
func TestOneSpanMakesAReplay(t *testing.T) {
	spans, readings, _ := plant(`
		definite
		 chat+use
		  agent`)
	for said := range spans {
		readings[said].Replay = true
		for split := range len(spans) + 1 {
			m := mapMemory{}
			var tree Tree
			known := false
			for _, batch := range [][2]int{{0, split}, {split, len(spans)}} {
				tree.Reset()
				add(&tree, spans[batch[0]:batch[1]], readings[batch[0]:batch[1]])
				tree.Resolve(m)
				known = known || batch[0] <= said && said < batch[1]
				for i := range tree.Len() {
					v := tree.Verdict(i)
					assert.Equal(t, known, v.Replay, "span %d of %d said it, cut at %d", said, len(spans), split)
					if known {
						assert.Equal(t, Verdict{Workflow: -1, Replay: true}, v)
					}
				}
			}
		}
		readings[said].Replay = false
	}
}

// TestReplaysAreApart has a replay beside a run: only its own trace is left out.
func TestReplaysAreApart(t *testing.T) {
	spans, readings, _ := plant("\n\t\tdefinite")
	run := spans[0]
	run.Trace[0]++
	var tree Tree
	tree.Add(&run, &readings[0])
	readings[0].Replay = true
	tree.Add(&spans[0], &readings[0])
	tree.Resolve(nil)
	assert.Equal(t, RunCounts, tree.Verdict(0).Run)
	assert.True(t, tree.Verdict(1).Replay)
}
