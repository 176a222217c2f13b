package flow

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReadCutsAndMendsWhatBecomesALabel(t *testing.T) {
	long := strings.Repeat("x", MaxName+1)
	for _, c := range []struct {
		attribute, value, got string
		fault                 Faults
		from                  func(Reading) string
	}{
		{"workflow.name", "\xff", "\uFFFD", FaultInvalidName, func(r Reading) string { return r.Workflow }},
		{"workflow.name", long, long[:MaxName], FaultLongName, func(r Reading) string { return r.Workflow }},
		{"workflow.step.name", "\xff", "\uFFFD", FaultInvalidName, func(r Reading) string { return r.Step }},
		{"workflow.step.kind", "\xff", "\uFFFD", FaultInvalidName, func(r Reading) string { return r.StepKind }},
	} {
		r := read(named("x"), "gen_ai.operation.name", "run_step", c.attribute, c.value)
		assert.Equal(t, c.got, c.from(r), c.attribute)
		assert.Equal(t, c.fault, r.Faults, c.attribute)
	}
	assert.Zero(t, read(named(long)).Faults, "the name of a span that means nothing may be long")
}

func TestReadTakesANumberForAName(t *testing.T) {
	var f Facts
	f.Int(NewLexicon().Lookup("workflow.name"), 42)
	var r Reading
	f.Read(named("x"), &r)
	assert.Equal(t, "42", r.Workflow)
	assert.Zero(t, r.Faults)
}

func TestReadFlagsAListForAName(t *testing.T) {
	var f Facts
	f.Unreadable(NewLexicon().Lookup("workflow.name"))
	var r Reading
	f.Read(named("x"), &r)
	assert.Equal(t, FaultWrongType, r.Faults)
}

func TestSecondsAreThoseThatCanBeBelieved(t *testing.T) {
	for _, c := range []struct {
		what       string
		start, end int64
		want       float64
		fault      Faults
	}{
		{"a second and a half", 1e9, 2.5e9, 1.5, 0},
		{"no time at all", 5, 5, 0, 0},
		{"no start", 0, 5e18, 0, FaultZeroTime},
		{"no end", 5, 0, 0, FaultZeroTime},
		{"end beyond 63 bits", 5, -1, 0, FaultZeroTime},
		{"backwards", 7, 6, 0, FaultNegativeDuration},
		{"a leap year", 1, 1 + MaxDuration, 31_622_400, 0},
		{"longer", 1, 2 + MaxDuration, 0, FaultAbsurdDuration},
	} {
		assert.InDelta(t, c.want, Seconds(c.start, c.end), 0, c.what)
		s := named("x")
		s.Start, s.End = c.start, c.end
		assert.Equal(t, c.fault, read(s).Faults, c.what)
	}
}

// TestTreeFaults has spans as pairs of id and parent.
func TestTreeFaults(t *testing.T) {
	const none = Faults(0)
	for _, c := range []struct {
		what  string
		spans [][2]SpanID
		want  []Faults
	}{
		{"a chain", [][2]SpanID{{1, 0}, {2, 1}, {3, 2}}, []Faults{none, none, none}},
		{"its own parent", [][2]SpanID{{1, 1}, {2, 1}}, []Faults{FaultCycle, none}},
		{"a circle and what hangs on it", [][2]SpanID{{1, 2}, {2, 1}, {3, 1}}, []Faults{FaultCycle, none, none}},
		{"the smallest id gives way", [][2]SpanID{{3, 2}, {2, 1}, {1, 3}}, []Faults{none, none, FaultCycle}},
		{"two circles", [][2]SpanID{{1, 2}, {4, 3}, {2, 1}, {3, 4}}, []Faults{FaultCycle, none, none, FaultCycle}},
		{"the same id twice", [][2]SpanID{{1, 0}, {1, 0}}, []Faults{none, FaultDuplicateID}},
		{"no ids", [][2]SpanID{{0, 0}, {0, 0}}, []Faults{none, none}},
	} {
		var tree Tree
		for _, s := range c.spans {
			r := shape("definite")
			tree.Add(&Span{Trace: TraceID{1}, ID: s[0], Parent: s[1]}, &r)
		}
		tree.Resolve(nil)
		for i, want := range c.want {
			v := tree.Verdict(i)
			assert.Equal(t, want, v.Faults, "%s: span %d", c.what, i)
			assert.Equal(t, want&FaultDuplicateID == 0, v.Run == RunCounts, "%s: span %d counts as a run", c.what, i)
		}
	}
}
