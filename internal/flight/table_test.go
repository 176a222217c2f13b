package flight_test

import (
	"encoding/binary"
	"math/bits"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// id returns a trace id.
func id(n uint64) flow.TraceID {
	var t flow.TraceID
	binary.LittleEndian.PutUint64(t[8:], n)
	return t
}

// at returns a time so many seconds into the test.
func at(seconds int) time.Time { return time.Unix(1_000_000+int64(seconds), 0) }

// run returns a run that lasted from one second of the test to another.
func run(name string, from, to int) *flight.Run {
	return &flight.Run{Workflow: name, Service: "svc", Start: at(from).UnixNano(), End: at(to).UnixNano(), Weight: 1}
}

func table() *flight.Table {
	return flight.NewTable(flight.Options{Wait: 10 * time.Second, Idle: 90 * time.Second, MaxOpen: 160, MaxStreams: 10})
}

func settle(t *flight.Table, now time.Time) []flight.Settled {
	var out []flight.Settled
	t.Settle(now, func(s flight.Settled) { out = append(out, s) })
	return out
}

func active(t *flight.Table, now time.Time) map[string]int64 {
	out := make(map[string]int64)
	t.Active(now, func(workflow, _ string, n int64) { out[workflow] += n })
	return out
}

func TestActiveFollowsARunFromItsFirstSpanToItsRoot(t *testing.T) {
	tab := table()
	tab.Touch(id(1), at(0), 0, "", "")
	assert.Empty(t, active(tab, at(1)), "nameless traces are in nobody's flight")

	tab.Touch(id(1), at(2), 0, "support", "svc")
	tab.Touch(id(2), at(2), 0, "support", "svc")
	assert.Equal(t, map[string]int64{"support": 2}, active(tab, at(3)))

	tab.End(id(1), at(9), run("support", 0, 9))
	assert.Equal(t, map[string]int64{"support": 1}, active(tab, at(9)))

	assert.Equal(t, map[string]int64{"support": 0}, active(tab, at(93)), "trace 2 is silent for 91 s")
	assert.Equal(t, map[string]int64{"support": 0}, active(tab, at(3600)))
	assert.Empty(t, active(tab, at(93+3601)), "forgotten after an hour")
}

func TestLateSpansOfAnEndedRunDoNotOpenItAgain(t *testing.T) {
	tab := table()
	tab.Touch(id(1), at(0), 0, "support", "svc")
	tab.End(id(1), at(1), run("support", 0, 1))
	require.Len(t, settle(tab, at(11)), 1)

	tab.Touch(id(1), at(12), 0, "support", "svc")
	assert.Equal(t, map[string]int64{"support": 0}, active(tab, at(12)))
	assert.Empty(t, settle(tab, at(200)), "a trace is settled once")
	assert.Zero(t, tab.Len())
}

func TestCostIsSettledAfterTheWait(t *testing.T) {
	tab := table()
	tab.Spend(id(1), at(0), 0.25)
	tab.End(id(1), at(5), run("support", 0, 5))
	tab.Spend(id(1), at(8), 0.5)
	assert.Empty(t, settle(tab, at(17)), "the late span put the end of the wait off to 18 s")

	got := settle(tab, at(18))
	require.Len(t, got, 1)
	assert.True(t, got[0].HasCost && got[0].HasEnded)
	assert.InDelta(t, 0.75, got[0].Cost, 1e-12)
	assert.Equal(t, "support", got[0].Ended.Workflow)
}

func TestTheTraceSilentLongestMakesRoom(t *testing.T) {
	tab := table()
	for i := range 161 {
		tab.Touch(id(uint64(i)), at(i), 0, "support", "svc")
	}
	assert.Equal(t, 160, tab.Len())
	assert.Empty(t, tab.Workflow(id(0)))
	assert.Equal(t, "support", tab.Workflow(id(1)))

	var got []flight.Settled
	tab.Evicted(func(s flight.Settled) { got = append(got, s) })
	require.Len(t, got, 1)
	assert.True(t, got[0].Evicted)
	tab.Evicted(func(flight.Settled) { t.Error("handed out twice") })
}

// Ids that count up, as some generators make them, spread over a large table like random ones.
func TestALargeTableFillsUp(t *testing.T) {
	for _, shift := range []int{0, 8, 56} {
		tab := flight.NewTable(flight.Options{Wait: time.Second, Idle: time.Hour, MaxOpen: 16_000})
		for i := range uint64(32_000) {
			tab.Touch(id(bits.RotateLeft64(i, shift)), at(0), 0, "support", "svc")
		}
		assert.LessOrEqual(t, tab.Len(), 16_000, "shift %d", shift)
		assert.GreaterOrEqual(t, tab.Len(), 15_900, "shift %d", shift)
	}
}

// What comes after the books of a trace were closed opens them again.
func TestATraceMayGoOnAfterItWasSettled(t *testing.T) {
	tab := table()
	for n := range 3 {
		begin := 40 * n
		tab.Spend(id(1), at(begin+1), 0.5)
		tab.End(id(1), at(begin+2), run("session", begin, begin+2))
		got := settle(tab, at(begin+12))
		require.Len(t, got, 1, "run %d", n)
		assert.True(t, got[0].HasEnded && got[0].HasCost)
		assert.InDelta(t, 0.5, got[0].Cost, 1e-12)
		assert.Equal(t, at(begin).UnixNano(), got[0].Ended.Start)
	}
	tab.Hold(id(1), at(100), candidate("late agent", 90, 91, 7, flow.RankAgent))
	got := settle(tab, at(191))
	require.Len(t, got, 1)
	require.Len(t, got[0].Resolved, 1)
	assert.False(t, got[0].Resolved[0].Counts, "its trace had a run: it is a step")
}

func TestAnEvictedCallIsNotGuessedToBeARun(t *testing.T) {
	tab := flight.NewTable(flight.Options{Wait: time.Second, Idle: time.Hour, MaxOpen: 1})
	tab.Hold(id(1), at(0), candidate("chat", 0, 1, 0, flow.RankCall))
	tab.Hold(id(2), at(0), candidate("bob", 0, 1, 7, flow.RankAgent))
	tab.Touch(id(3), at(0), 0, "", "")
	var got []bool
	tab.Evicted(func(s flight.Settled) {
		for _, c := range s.Resolved {
			got = append(got, c.Counts)
		}
	})
	assert.Equal(t, []bool{true}, got, "the agent is a run, the call may have been a part of one")
}

func TestANameMayComeAfterTheID(t *testing.T) {
	tab := table()
	tab.Touch(id(1), at(0), 5, "", "svc")
	tab.Touch(id(1), at(1), 5, "support", "svc")
	assert.Equal(t, map[string]int64{"support": 1}, active(tab, at(1)))
}

func TestTheRunThatEndsNamesTheTrace(t *testing.T) {
	tab := table()
	tab.Touch(id(1), at(0), 0, "inner", "svc")
	tab.End(id(1), at(1), run("outer", 0, 1))
	assert.Equal(t, "outer", tab.Workflow(id(1)))
}

func TestWorkflowsPastTheBoundAreReportedAsOne(t *testing.T) {
	tab := flight.NewTable(flight.Options{Wait: time.Second, Idle: time.Minute, MaxOpen: 100, MaxStreams: 2})
	for i, name := range []string{"a", "b"} {
		tab.Touch(id(uint64(i)), at(0), 0, name, "svc")
	}
	assert.Equal(t, map[string]int64{"a": 1, "b": 1}, active(tab, at(0)))
	for i, name := range []string{"c", "d", "a"} {
		tab.Touch(id(uint64(10+i)), at(1), 0, name, "svc")
	}
	assert.Equal(t, map[string]int64{"a": 2, "b": 1, "": 2}, active(tab, at(1)))
}

func TestWhatIsRememberedIsKeptUpToTheBound(t *testing.T) {
	tab := table()
	fs := make([]flow.Frontier, flow.MaxFrontiers+2)
	for i := range fs {
		fs[i].ID = flow.SpanID(i + 1)
	}
	ps := make([]flow.Passage, flow.MaxPassages+2)
	for i := range ps {
		ps[i].ID = flow.SpanID(i + 100)
	}
	recall := func() ([]flow.Frontier, []flow.Passage) { return tab.Recall(id(1), nil, nil) }
	tab.Remember(id(1), fs, ps)
	gotF, gotP := recall()
	assert.Empty(t, gotF, "nothing is kept of a trace that is not open")
	assert.Empty(t, gotP)

	tab.Touch(id(1), at(0), 0, "", "")
	tab.Remember(id(1), fs, ps)
	gotF, gotP = recall()
	assert.Equal(t, fs[:flow.MaxFrontiers], gotF)
	assert.Equal(t, ps[:flow.MaxPassages], gotP)

	tab.Remember(id(1), nil, nil)
	gotF, gotP = recall()
	assert.Empty(t, gotF)
	assert.Empty(t, gotP)
}

func TestRememberingATraceCostsNoAllocation(t *testing.T) {
	tab := table()
	chat := flow.Reading{Role: flow.RoleCall, Call: flow.CallReading{Kind: flow.CostLLM, Usage: flow.Usage{Input: 1, Known: flow.UsageInput}}}
	var tree flow.Tree
	n := flow.SpanID(0)
	assert.Zero(t, testing.AllocsPerRun(500, func() {
		n += 2
		tab.Touch(id(1), at(0), 0, "support", "svc")
		tree.Reset()
		tree.Add(&flow.Span{Trace: id(1), ID: n, Parent: n + 1}, &chat)
		tree.Resolve(tab)
	}))
}

func TestDrainHandsOutWhatIsLeft(t *testing.T) {
	tab := table()
	tab.Touch(id(1), at(0), 0, "support", "svc")
	tab.Hold(id(2), at(0), candidate("agent", 0, 0, 9, flow.RankAgent))
	n := 0
	tab.Drain(func(flight.Settled) { n++ })
	assert.Equal(t, 2, n)
	assert.Zero(t, tab.Len())
}

func TestKnownTracesCostNoAllocation(t *testing.T) {
	tab := table()
	r := run("support", 0, 1)
	for i := range uint64(500) { // fills the shards, so that evicted traces are used again
		tab.Touch(id(i), at(0), 0, "support", "svc")
	}
	settle(tab, at(1))
	n := uint64(0)
	allocs := testing.AllocsPerRun(1000, func() {
		n = (n + 1) % 160
		tab.Touch(id(500-160+n), at(2), 0, "support", "svc")
		tab.End(id(500-160+n), at(2), r)
		tab.Spend(id(500-160+n), at(2), 0.1)
	})
	assert.Zero(t, allocs)
}
