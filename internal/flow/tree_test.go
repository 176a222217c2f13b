package flow

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shapes are the spans of the drawings below, by their first word.
var shapes = map[string]Reading{
	"plain":    {Rank: RankRoot},
	"server":   {Rank: RankRoot},
	"definite": {Role: RoleRun, Rank: RankDefinite, Workflow: "w"},
	"flow":     {Role: RoleRun, Rank: RankWorkflow},
	"agent":    {Role: RoleRun, Rank: RankAgent},
	"step":     {Role: RoleStep},
	"chat":     {Role: RoleCall, Call: CallReading{Kind: CostLLM}},
	"lone":     {Role: RoleCall, Rank: RankCall, Call: CallReading{Kind: CostLLM}},
	"echo":     {Echo: true},
	"embed":    {Role: RoleCall, Call: CallReading{Kind: CostEmbedding}},
	"rerank":   {Role: RoleCall, Call: CallReading{Kind: CostOther}},
	"toolA":    {Role: RoleCall, Call: CallReading{Kind: CostTool, Tool: "A"}},
	"toolB":    {Role: RoleCall, Call: CallReading{Kind: CostTool, Tool: "B"}},
}

// shape reads "agent+use": the word before the plus is the shape, "use" states usage, which is
// of a model unless the span is another call; "pay" and "rent" state the cost of the span's
// own kind and of a machine.
func shape(word string) Reading {
	base, use, _ := strings.Cut(word, "+")
	r := shapes[base]
	switch use {
	case "use":
		r.Call.Usage = Usage{Input: 10, Known: UsageInput}
		if r.Role != RoleCall {
			r.Call.Kind = CostLLM
		}
	case "pay":
		r.Call.Cost = Cost{USD: 1, OK: true}
	case "rent":
		r.Call.Cost, r.Call.Kind = Cost{USD: 1, OK: true}, CostCompute
	}
	return r
}

// plant turns an indented drawing into spans. "orphan" before a shape gives it a parent
// which is missing. After "→" stands the verdict.
func plant(drawing string) (spans []Span, readings []Reading, want []string) {
	var path []SpanID
	for line := range strings.Lines(drawing) {
		text := strings.TrimLeft(line, "\t ")
		if strings.TrimSpace(text) == "" {
			continue
		}
		depth := len(line) - len(text) - 2
		words, verdict, _ := strings.Cut(strings.TrimSpace(text), "→")
		word, orphan := strings.CutPrefix(strings.TrimSpace(words), "orphan ")
		s := Span{Trace: TraceID{1}, ID: SpanID(len(spans) + 1), Kind: kindFor(word)}
		path = append(path[:depth], s.ID)
		switch {
		case depth > 0:
			s.Parent = path[depth-1]
		case orphan:
			s.Parent = 99
		}
		spans, readings, want = append(spans, s), append(readings, shape(word)), append(want, strings.TrimSpace(verdict))
	}
	return spans, readings, want
}

// kindFor gives servers their span kind.
func kindFor(word string) Kind {
	if word == "server" {
		return KindServer
	}
	return KindInternal
}

// tell writes a verdict as the drawings do.
func tell(v Verdict) string {
	var words []string
	switch v.Run {
	case RunCounts:
		words = append(words, "run")
	case RunPending:
		words = append(words, "pending")
	case NotRun:
	}
	if v.CountsCall {
		words = append(words, "call")
	}
	if v.CountsUsage {
		words = append(words, "usage")
	}
	return strings.Join(words, " ")
}

func TestTreeVerdicts(t *testing.T) {
	for name, drawing := range map[string]string{
		"sums on wrappers": `
		agent+use → run
		 chat+use
		  chat+use → call usage
		 chat+use → call usage`,
		"wrapper states what the leaf does not": `
		chat+use → usage
		 chat → call`,
		"usage lives only on the agent": `
		agent+use → run call usage
		 toolA → call`,
		"a tool's price is not in the usage of its agent": `
		agent+use → run call usage
		 toolA+pay → call usage`,
		"a machine's price is no call and hides none": `
		agent+use → run call usage
		 plain+rent → usage
		  step+rent → usage`,
		"a rerank's price hides no chat": `
		chat+use → call usage
		 rerank+pay → call usage`,
		"what a tool sums of the models in it": `
		agent → run
		 toolA+use → call
		  chat+use → call usage`,
		"a priced tool instrumented twice": `
		agent → run
		 toolA+pay
		  toolA+pay → call usage`,
		"first call says nothing, second does (recording 43)": `
		agent+use → run
		 chat → call
		 chat+use → call usage`,
		"one tool instrumented twice (recording 61)": `
		agent → run
		 toolA
		  plain
		   toolB → call
		    toolA → call`,
		"a tool may run an agent that runs it": `
		agent → run
		 toolA → call
		  agent
		   toolA → call`,
		"what a tool runs is another call": `
		chat+use → call usage
		 toolA → call
		  chat+use → call usage`,
		"an agent's sum covers what its tools ran": `
		agent+use → run
		 toolA → call
		  agent+use
		   chat+use → call usage`,
		"embeddings do not hide chats": `
		chat → call
		 embed → call
		 rerank → call
		  embed → call`,
		"embedding in embedding": `
		embed
		 embed → call`,
		"outermost agent": `
		plain
		 agent → run
		  agent
		   agent
		    chat → call`,
		"workflow beats the agent around it": `
		agent
		 flow → run
		  flow
		  agent`,
		"definite runs count wherever they are": `
		agent
		 flow
		  definite → run
		   agent
		   definite → run`,
		"siblings are two runs": `
		plain
		 agent → run
		 agent → run`,
		"bare root": `
		plain → run
		 plain
		  chat → call`,
		"nothing of ours": `
		plain
		 plain`,
		"a lone call that says too little is no run (recording 67)": `
		chat → call`,
		"a lone call that says enough may be the run (recording 40)": `
		lone → pending call`,
		"a call in a tool of a call": `
		lone+use → pending call usage
		 toolA → call
		  lone+use → call usage`,
		"an agent in a tool of a call": `
		lone → call
		 toolA → call
		  agent → run`,
		"a call beside nothing, its parent missing (recording 59)": `
		orphan lone → pending call`,
		"a call under a root": `
		plain → run
		 lone → call`,
		"an echo states the usage, not the call (recording 28)": `
		agent → run
		 chat → call
		 echo+use → usage`,
		"parent missing": `
		orphan agent → pending
		 agent
		 chat → call`,
		"definite with parent missing": `
		orphan definite → run
		 agent`,
		"the trace enters here": `
		orphan server → pending
		 server
		  chat → call`,
		"nothing of ours enters": `
		orphan server
		 plain`,
		"an agent behind the entry": `
		orphan server
		 agent → pending`,
		"plain with parent missing": `
		orphan plain
		 chat → call`,
	} {
		t.Run(name, func(t *testing.T) {
			spans, readings, want := plant(strings.ReplaceAll(drawing, "\t\t", "  "))
			var tree Tree
			for i := range spans {
				tree.Add(&spans[i], &readings[i])
			}
			tree.Resolve(nil)
			for i := range spans {
				assert.Equal(t, want[i], tell(tree.Verdict(i)), "span %d", i)
			}
		})
	}
}

func TestTreeRolesAndWorkflows(t *testing.T) {
	spans, readings, _ := plant(strings.ReplaceAll(`
		agent
		 agent
		  chat
		definite
		 step
		  agent
		orphan chat`, "\t\t", "  "))
	var tree Tree
	for i := range spans {
		tree.Add(&spans[i], &readings[i])
	}
	tree.Resolve(nil)
	require.Equal(t, 7, tree.Len())
	for i, want := range []Verdict{
		{Role: RoleRun, Workflow: 0},
		{Role: RoleStep, Workflow: 0},
		{Role: RoleCall, Workflow: 0},
		{Role: RoleRun, Workflow: 3},
		{Role: RoleStep, Workflow: 3},
		{Role: RoleStep, Workflow: 3},
		{Role: RoleCall, Workflow: -1, Top: 99},
	} {
		got := tree.Verdict(i)
		assert.Equal(t, want.Role, got.Role, "span %d", i)
		assert.Equal(t, want.Workflow, got.Workflow, "span %d", i)
		assert.Equal(t, want.Top, got.Top, "span %d", i)
		assert.Equal(t, want.Workflow, tree.Owner(spans[i].Trace, spans[i].ID), "span %d", i)
	}
	assert.Equal(t, int32(-1), tree.Owner(TraceID{1}, 77), "it did not arrive")
}

func TestTreeRoots(t *testing.T) {
	for _, c := range []struct {
		roots            Roots
		alone, withAChat string
	}{
		{RootsOfWorkflows, "", "run"},
		{RootsAny, "run", "run"},
		{RootsNone, "", ""},
	} {
		tree := Tree{Roots: c.roots}
		plain, chat := shape("plain"), shape("chat")
		tree.Add(&Span{Trace: TraceID{1}, ID: 1}, &plain)
		tree.Add(&Span{Trace: TraceID{2}, ID: 1}, &plain)
		tree.Add(&Span{Trace: TraceID{2}, ID: 2, Parent: 1}, &chat)
		tree.Resolve(nil)
		assert.Equal(t, c.alone, tell(tree.Verdict(0)), "roots %d", c.roots)
		assert.Equal(t, c.withAChat, tell(tree.Verdict(1)), "roots %d", c.roots)
	}
}

func TestTreeSurvivesBrokenIDs(t *testing.T) {
	call, agent := shape("chat+use"), shape("agent")
	var tree Tree
	add := func(trace byte, id, parent SpanID, r *Reading) {
		tree.Add(&Span{Trace: TraceID{trace}, ID: id, Parent: parent}, r)
	}
	add(1, 1, 2, &agent)
	add(1, 2, 1, &agent) // a cycle
	add(1, 3, 3, &call)  // its own parent
	add(1, 4, 1, &call)
	add(1, 4, 1, &call) // sent twice
	add(2, 4, 0, &call) // the same id in another trace
	tree.Resolve(mapMemory{})

	assert.Equal(t, "call usage", tell(tree.Verdict(2)))
	assert.Equal(t, "call usage", tell(tree.Verdict(3)))
	assert.Empty(t, tell(tree.Verdict(4)))
	assert.Equal(t, RoleOther, tree.Verdict(4).Role)
	assert.Equal(t, "call usage", tell(tree.Verdict(5)))
}

func TestTreeDoesNotAllocate(t *testing.T) {
	spans := makeBatch(64)
	r := shape("chat+use")
	var tree Tree
	work := func() {
		tree.Reset()
		for i := range spans {
			tree.Add(&spans[i], &r)
		}
		tree.Resolve(nil)
	}
	work()
	assert.Zero(t, testing.AllocsPerRun(50, work))
}

// TestFrontiers is the drawing of the contract: a call, its wrapper and its agent arrive in
// three batches, children first.
func TestFrontiers(t *testing.T) {
	m := mapMemory{}
	trace := TraceID{1}
	var tree Tree
	one := func(id, parent SpanID, word string) string {
		r := shape(word)
		tree.Reset()
		tree.Add(&Span{Trace: trace, ID: id, Parent: parent}, &r)
		tree.Resolve(m)
		return tell(tree.Verdict(0))
	}
	assert.Equal(t, "call usage", one(3, 2, "chat+use"))
	const all = FrontierCall | FrontierUsage | FrontierNearLLM | FrontierNearUsage | FrontierOurs
	assert.Equal(t, []Frontier{{ID: 2, Flags: all}}, m[trace].waiting)
	assert.Empty(t, one(2, 1, "chat+use"))
	assert.Equal(t, []Frontier{{ID: 1, Flags: all}}, m[trace].waiting)
	assert.Equal(t, "run", one(1, 0, "agent+use"))
	assert.Empty(t, m[trace].waiting)
}

// TestMachinesLeaveNothing: what a machine or a tool costs stands for nothing that comes later.
func TestMachinesLeaveNothing(t *testing.T) {
	for _, word := range []string{"plain+rent", "step+rent", "toolA+pay"} {
		m := mapMemory{}
		var tree Tree
		r := shape(word)
		tree.Add(&Span{Trace: TraceID{1}, ID: 1}, &r)
		tree.Resolve(m)
		assert.True(t, tree.Verdict(0).CountsUsage, word)
		assert.Empty(t, m[TraceID{1}].passed, word)
	}
}

// TestChildrenAfterTheirParents sends one span a batch, parents first: what has counted for
// its children counts instead of them.
func TestChildrenAfterTheirParents(t *testing.T) {
	for name, spans := range map[string][]struct {
		id, parent SpanID
		word, want string
	}{
		"the drawing of Passage": {{2, 1, "chat+use", "call usage"}, {3, 2, "chat+use", ""}, {1, 0, "agent+use", "run"}},
		"a tool lies between": {
			{2, 1, "chat+use", "call usage"}, {3, 2, "toolA", "call"}, {4, 3, "chat+use", "call usage"}, {1, 0, "agent+use", "run"},
		},
		"the tool goes first": {
			{3, 2, "toolA", "call"}, {4, 3, "chat+use", "call usage"}, {2, 1, "chat+use", "call usage"}, {1, 0, "agent+use", "run"},
		},
		"the tool goes before its call": {
			{3, 2, "toolA", "call"}, {2, 1, "chat+use", "call usage"}, {4, 3, "chat+use", "call usage"}, {1, 0, "agent+use", "run"},
		},
		"one tool twice":                {{2, 1, "toolA", "call"}, {3, 2, "toolA", ""}, {4, 3, "toolB", "call"}},
		"an agent has counted for all":  {{1, 0, "agent+use", "run call usage"}, {2, 1, "chat+use", ""}},
		"an agent in the middle":        {{2, 1, "agent+use", "pending call usage"}, {3, 2, "chat+use", ""}, {1, 0, "agent+use", "run"}},
		"an agent in a late agent":      {{2, 1, "agent", "pending"}, {3, 2, "agent", ""}, {4, 3, "agent", ""}, {1, 0, "agent", "run"}, {5, 1, "agent", ""}},
		"a stronger one in a late one":  {{2, 1, "agent", "pending"}, {3, 2, "flow", "pending"}},
		"a call with a parent gone":     {{2, 1, "step", ""}, {3, 2, "lone", "call"}},
		"an embedding beside the chats": {{2, 1, "chat+use", "call usage"}, {3, 2, "embed+use", "call"}},
		"a grandparent in the batch":    {{3, 2, "chat+use", "call usage"}, {4, 3, "step", ""}, {5, 4, "chat+use", ""}, {2, 0, "agent+use", "run"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := mapMemory{}
			var tree Tree
			for _, s := range spans {
				r := shape(s.word)
				tree.Reset()
				tree.Add(&Span{Trace: TraceID{1}, ID: s.id, Parent: s.parent}, &r)
				tree.Resolve(m)
				assert.Equal(t, s.want, tell(tree.Verdict(0)), "span %d %s", s.id, s.word)
			}
		})
	}
}

func TestALateChildFindsItsGrandparentInTheBatch(t *testing.T) {
	m := mapMemory{}
	var tree Tree
	step, chat, agent := shape("step"), shape("chat+use"), shape("agent+use")
	tree.Add(&Span{Trace: TraceID{1}, ID: 3, Parent: 2}, &chat)
	tree.Add(&Span{Trace: TraceID{1}, ID: 4, Parent: 2}, &step)
	tree.Resolve(m)
	tree.Reset()
	tree.Add(&Span{Trace: TraceID{1}, ID: 5, Parent: 4}, &chat)
	tree.Add(&Span{Trace: TraceID{1}, ID: 2, Parent: 0}, &agent)
	tree.Resolve(m)
	assert.Equal(t, "call usage", tell(tree.Verdict(0)))
	assert.Equal(t, "run", tell(tree.Verdict(1)))
}

func TestPassagesAreTheLatest(t *testing.T) {
	const batches, size = MaxPassages, 5
	spans, readings := grow(batches*size, "chat", func(i int, s *Span) { s.ID, s.Parent = SpanID(i+1), 999 })
	m := mapMemory{}
	var tree Tree
	for from := 0; from < len(spans); from += size {
		tree.Reset()
		add(&tree, spans[from:from+size], readings)
		tree.Resolve(m)
	}
	passed := m[TraceID{1}].passed
	require.Len(t, passed, MaxPassages)
	for k, p := range passed {
		assert.Equal(t, SpanID(len(spans)-MaxPassages+k+1), p.ID, "the oldest go first")
	}
}

// mapMemory is a Memory without bounds of its own.
type mapMemory map[TraceID]remembered

type remembered struct {
	waiting []Frontier
	passed  []Passage
}

func (m mapMemory) Recall(id TraceID, f []Frontier, p []Passage) ([]Frontier, []Passage) {
	return append(f, m[id].waiting...), append(p, m[id].passed...)
}

func (m mapMemory) Remember(id TraceID, f []Frontier, p []Passage) {
	m[id] = remembered{append([]Frontier(nil), f...), append([]Passage(nil), p...)}
}

// The nearest step is one of the span's own run.
func TestStepAt(t *testing.T) {
	reading := func(role Role, rank Rank) *Reading {
		r := &Reading{Role: role, Rank: rank}
		if role == RoleCall {
			r.Call.Kind = CostLLM
		}
		return r
	}
	var tree Tree
	id := TraceID{1}
	// run 1 ─ step 2 ─ other 3 ─ chat 4; step 2 ─ run 5 ─ chat 6; chat 7 alone
	for _, n := range []struct {
		id, parent SpanID
		r          *Reading
	}{
		{1, 0, reading(RoleRun, RankDefinite)},
		{2, 1, reading(RoleStep, RankNone)},
		{3, 2, reading(RoleOther, RankNone)},
		{4, 3, reading(RoleCall, RankNone)},
		{5, 2, reading(RoleRun, RankDefinite)},
		{6, 5, reading(RoleCall, RankNone)},
		{7, 99, reading(RoleCall, RankNone)},
	} {
		tree.Add(&Span{Trace: id, ID: n.id, Parent: n.parent}, n.r)
	}
	tree.Resolve(nil)
	for i, want := range []int{-1, 1, 1, 1, -1, -1, -1} {
		assert.Equal(t, want, tree.StepAt(i), "span %d", i+1)
		assert.Equal(t, SpanID(i+1), tree.Span(i))
		assert.Equal(t, id, tree.Trace(i))
	}
}
