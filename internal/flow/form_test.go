package flow

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// shaped gives readings numbers as a reader does: the same to those of the same words, of spans
// of the same kind.
func shaped(spans []Span, readings []Reading) {
	type saying struct {
		words Reading
		kind  Kind
	}
	var known []saying
	for i := range readings {
		words := saying{readings[i], spans[i].Kind}
		words.words.Call.Usage = Usage{}
		at := slices.Index(known, words)
		if at < 0 {
			known = append(known, words)
			at = len(known) - 1
		}
		readings[i].Shape = uint32(at + 1)
	}
}

// decision is all that is to be known of a span of a batch.
type decision struct {
	verdict Verdict
	step    int
}

// decide resolves a batch, with the help of forms or without.
func decide(t *Tree, m mapMemory, spans []Span, readings []Reading, forms bool) (all []decision, formed int) {
	t.Reset()
	for i := range spans {
		t.Add(&spans[i], &readings[i])
	}
	if forms {
		t.Recognise()
		t.Formed(func(trace int, form uint32, of []int32) bool {
			if r := m[t.traces[trace].id]; form == 0 || len(r.waiting)+len(r.passed) > 0 {
				return false
			}
			formed += len(of)
			return true
		})
	}
	t.Resolve(m)
	for i := range spans {
		all = append(all, decision{t.Verdict(i), t.StepAt(i)})
	}
	return all, formed
}

// again returns the spans as another run of the same code sends them: with other ids.
func again(spans []Span, round int) []Span {
	spans = slices.Clone(spans)
	for i := range spans {
		s := &spans[i]
		s.Trace[15] = byte(round)
		s.ID += SpanID(10_000 * round)
		if s.Parent != 0 {
			s.Parent += SpanID(10_000 * round)
		}
	}
	return spans
}

// disturb changes something.
func disturb(t *rapid.T, spans []Span, readings []Reading) ([]Span, []Reading) {
	readings = slices.Clone(readings)
	i, k := rapid.IntRange(0, len(spans)-1).Draw(t, "i"), rapid.IntRange(0, len(spans)-1).Draw(t, "k")
	switch rapid.SampledFrom([]string{"swap", "lose", "double", "id", "parent", "root", "nothing", "usage", "free"}).Draw(t, "change") {
	case "swap":
		spans[i], spans[k], readings[i], readings[k] = spans[k], spans[i], readings[k], readings[i]
	case "lose":
		spans, readings = slices.Delete(spans, i, i+1), slices.Delete(readings, i, i+1)
	case "double":
		spans, readings = append(spans, spans[i]), append(readings, readings[k])
	case "id":
		spans[i].ID = spans[k].ID
	case "parent":
		spans[i].Parent, spans[i].Trace = spans[k].ID, spans[k].Trace
	case "root":
		spans[i].Parent = 0
	case "nothing":
		spans[i].ID = 0
	case "usage":
		readings[i].Call.Usage = Usage{Output: 1, Known: UsageOutput}
	case "free":
		readings[i].Shape = 0
	}
	return spans, readings
}

// What is decided does not depend on the batches before, nor what is remembered of them.
func TestFormsDecideNothingElse(t *testing.T) {
	formed := 0
	rapid.Check(t, func(t *rapid.T) {
		roots := rapid.SampledFrom([]Roots{RootsOfWorkflows, RootsAny, RootsNone}).Draw(t, "roots")
		plain, readings := forest(t)
		shaped(plain, readings)
		warm, m, cold := Tree{Roots: roots}, mapMemory{}, mapMemory{}
		for round := range rapid.IntRange(3, 8).Draw(t, "rounds") {
			spans, readings := again(plain, round), readings
			if round > 1 && rapid.IntRange(0, 4).Draw(t, "same") == 0 {
				spans = again(plain, round-1)
			}
			if round > 1 && rapid.Bool().Draw(t, "disturbed") {
				spans, readings = disturb(t, spans, readings)
			}
			got, n := decide(&warm, m, spans, readings, true)
			want, _ := decide(&Tree{Roots: roots}, cold, spans, readings, false)
			require.Equal(t, want, got)
			require.Equal(t, cold, m)
			formed += n
		}
	})
	assert.Positive(t, formed, "no form was ever used")
}

// A trace has a form from the third of its kind on, wherever its spans stand in the batch.
func TestTheThirdTraceOfAKindHasAForm(t *testing.T) {
	spans, readings, _ := plant(`
		flow
			step
				chat+use
	`)
	shaped(spans, readings)
	var tree Tree
	for round := range 4 {
		_, formed := decide(&tree, mapMemory{}, again(spans, round), readings, true)
		assert.Equal(t, round >= 2, formed == len(spans), "round %d", round)
	}
	two := append(again(spans, 8), again(spans, 9)...)
	both := append(slices.Clone(readings), readings...)
	order := []int{3, 0, 1, 4, 5, 2}
	var mixed []Span
	var said []Reading
	for _, i := range order {
		mixed, said = append(mixed, two[i]), append(said, both[i])
	}
	_, formed := decide(&tree, mapMemory{}, mixed, said, true)
	assert.Equal(t, len(mixed), formed)
	assert.Empty(t, tree.Open())
}

// Forms that never come again make room for others, and no memory is taken for good.
func TestFormsAreForgotten(t *testing.T) {
	var tree Tree
	met := func(shape uint32) (formed int) {
		spans := []Span{{Trace: TraceID{1}, ID: 1, Parent: 2}, {Trace: TraceID{1}, ID: 2}}
		readings := []Reading{{Role: RoleStep, Shape: shape}, {Role: RoleStep, Shape: shape}}
		_, formed = decide(&tree, mapMemory{}, spans, readings, true)
		return formed
	}
	shape := uint32(1)
	for ; tree.forms.missed < patience*formSets*formWays-1; shape++ {
		met(shape)
		met(shape)
	}
	for range 5 {
		met(shape)
	}
	assert.Equal(t, 2, met(shape), "what comes after is learnt")
	assert.Greater(t, tree.forms.learned, uint32(formSets*formWays/2))
}

// A trace that looks like a known one is decided by itself where what it looks like does not
// say all. Both are met often enough to be learnt.
func TestWhatOnlyLooksAlike(t *testing.T) {
	for name, change := range map[string]func(s []Span, r []Reading, m mapMemory){
		"a span twice": func(s []Span, _ []Reading, _ mapMemory) { s[2].ID = s[1].ID },
		"a span without an id": func(s []Span, _ []Reading, _ mapMemory) {
			s[0].ID = 0
			for i := range s {
				s[i].Parent = 0
			}
		},
		"another parent":   func(s []Span, _ []Reading, _ mapMemory) { s[3].Parent = s[2].ID },
		"a missing parent": func(s []Span, _ []Reading, _ mapMemory) { s[3].Parent = 77 },
		"a circle":         func(s []Span, _ []Reading, _ mapMemory) { s[0].Parent = s[3].ID },
		"words not told":   func(_ []Span, r []Reading, _ mapMemory) { r[3].Role = RoleStep },
		"usage":            func(_ []Span, r []Reading, _ mapMemory) { r[1].Call.Cost.OK = true },
		"something remembered": func(s []Span, _ []Reading, m mapMemory) {
			m[s[0].Trace] = remembered{passed: []Passage{{ID: 77, Stood: StoodUsage}}}
		},
	} {
		for _, plainFirst := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				var tree Tree
				for round := range 8 {
					spans, readings, _ := plant("\t\tagent\n\t\t\tchat+use\n\t\t\tchat\n\t\t\tchat+use\n")
					spans, m, cold := again(spans, round), mapMemory{}, mapMemory{}
					if (round < 4) != plainFirst {
						change(spans, readings, m)
						change(spans, readings, cold)
					}
					shaped(spans, readings)
					if name == "words not told" {
						readings[3].Shape = 0
					}
					got, _ := decide(&tree, m, spans, readings, true)
					want, _ := decide(new(Tree), cold, spans, readings, false)
					require.Equal(t, want, got, "round %d", round)
				}
			})
		}
	}
}

// A trace of too many spans to be worth it has no form.
func TestLongTracesHaveNoForm(t *testing.T) {
	for _, n := range []int{maxForm, maxForm + 1} {
		var tree Tree
		formed := 0
		for round := range 3 {
			spans, readings := make([]Span, n), make([]Reading, n)
			for i := range spans {
				spans[i], readings[i] = Span{ID: SpanID(i + 1), Parent: SpanID(i)}, Reading{Role: RoleStep, Shape: 1}
			}
			_, formed = decide(&tree, mapMemory{}, again(spans, round), readings, true)
		}
		assert.Equal(t, n <= maxForm, formed == n, "%d spans", n)
	}
}
