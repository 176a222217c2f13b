package flight_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// candidate returns a candidate that waits for the span top.
func candidate(name string, from, to int, top flow.SpanID, rank flow.Rank) *flight.Candidate {
	return &flight.Candidate{Run: *run(name, from, to), Top: top, Rank: rank, Step: name, StepKind: "task"}
}

// told writes what became of candidates, as in "run outer, step inner".
func told(resolved []flight.Resolved) []string {
	var out []string
	for i := range resolved {
		word := "step"
		if resolved[i].Counts {
			word = "run"
		}
		out = append(out, word+" "+resolved[i].Workflow)
	}
	return out
}

func TestWhoNeverMeetsAnAncestorIsDecidedBySilence(t *testing.T) {
	const agent, wf, call = flow.RankAgent, flow.RankWorkflow, flow.RankCall
	for name, c := range map[string]struct {
		held []*flight.Candidate
		want []string
	}{
		"inner then outer":      {[]*flight.Candidate{candidate("inner", 2, 3, 7, agent), candidate("outer", 1, 9, 8, agent)}, []string{"step inner", "run outer"}},
		"outer then inner":      {[]*flight.Candidate{candidate("outer", 1, 9, 8, agent), candidate("inner", 2, 3, 7, agent)}, []string{"run outer", "step inner"}},
		"side by side":          {[]*flight.Candidate{candidate("a", 1, 2, 7, agent), candidate("b", 3, 4, 7, agent)}, []string{"run a", "run b"}},
		"as long":               {[]*flight.Candidate{candidate("inner", 1, 2, 7, agent), candidate("outer", 1, 2, 8, agent)}, []string{"step inner", "run outer"}},
		"stronger inside":       {[]*flight.Candidate{candidate("flow", 2, 3, 7, wf), candidate("agent", 1, 9, 8, agent)}, []string{"run flow", "run agent"}},
		"two entries":           {[]*flight.Candidate{candidate("GET /b", 2, 3, 7, flow.RankRoot), candidate("GET /a", 1, 9, 8, flow.RankRoot)}, []string{"run GET /a"}},
		"an entry and an agent": {[]*flight.Candidate{candidate("GET /b", 2, 3, 7, flow.RankRoot), candidate("agent", 5, 9, 8, agent)}, []string{"run agent"}},
		"an entry and a call":   {[]*flight.Candidate{candidate("chat", 2, 3, 7, call), candidate("GET /a", 4, 5, 8, flow.RankRoot)}, []string{"run GET /a"}},
		"a call alone":          {[]*flight.Candidate{candidate("chat", 1, 2, 7, call)}, []string{"run chat"}},
		"two calls":             {[]*flight.Candidate{candidate("chat", 1, 2, 7, call), candidate("chat", 3, 4, 7, call)}, nil},
		"a call and an agent":   {[]*flight.Candidate{candidate("chat", 1, 2, 7, call), candidate("agent", 1, 9, 8, agent)}, []string{"run agent"}},
	} {
		t.Run(name, func(t *testing.T) {
			tab := table()
			for _, held := range c.held {
				assert.True(t, tab.Hold(id(1), at(9), held))
			}
			assert.Empty(t, settle(tab, at(9+89)))
			got := settle(tab, at(9+90))
			require.Len(t, got, 1)
			assert.Equal(t, c.want, told(got[0].Resolved))
		})
	}
}

func TestACallWithoutParentWaitsOnlyForTheWait(t *testing.T) {
	tab := table()
	tab.Hold(id(1), at(0), candidate("chat", 0, 0, 0, flow.RankCall))
	got := settle(tab, at(10))
	require.Len(t, got, 1)
	assert.Equal(t, []string{"run chat"}, told(got[0].Resolved))
}

func TestWhatWaitedInATraceWhoseRunHasEndedLayInIt(t *testing.T) {
	tab := table()
	tab.Hold(id(1), at(3), candidate("agent", 1, 3, 7, flow.RankAgent))
	tab.Hold(id(1), at(3), candidate("chat", 1, 3, 7, flow.RankCall))
	tab.End(id(1), at(9), run("workflow", 0, 9))
	got := settle(tab, at(19))
	require.Len(t, got, 1)
	assert.Equal(t, []string{"step agent"}, told(got[0].Resolved))
}

// TestReviewFollowsTheParents is the drawing of Review.
func TestReviewFollowsTheParents(t *testing.T) {
	const s, p = flow.SpanID(5), flow.SpanID(6)
	tab := table()
	tab.Hold(id(1), at(0), candidate("A", 0, 1, s, flow.RankAgent))
	tab.Hold(id(1), at(0), candidate("B", 0, 1, 99, flow.RankAgent))
	tab.Hold(id(1), at(0), candidate("chat", 0, 1, s, flow.RankCall))
	arrived := func(now, next flow.SpanID, verdict flow.RunVerdict) flight.Fate {
		return func(_ flow.TraceID, top flow.SpanID, rank flow.Rank) (flow.RunVerdict, flow.SpanID) {
			switch {
			case top != now:
				return flow.RunPending, top
			case rank == flow.RankCall:
				return flow.NotRun, 0
			}
			return verdict, next
		}
	}
	assert.Empty(t, tab.Review(id(1), arrived(s, p, flow.RunPending), nil), "the call has gone, the agent waits for P")
	assert.Equal(t, []string{"step A"}, told(tab.Review(id(1), arrived(p, 0, flow.NotRun), nil)))
	assert.Empty(t, tab.Review(id(2), arrived(p, 0, flow.NotRun), nil), "nobody knows that trace")
	assert.Equal(t, []string{"run B"}, told(tab.Review(id(1), arrived(99, 0, flow.RunCounts), nil)))
	assert.Empty(t, tab.Review(id(1), arrived(99, 0, flow.RunCounts), nil), "nothing waits any longer")

	got := settle(tab, at(10))
	require.Len(t, got, 1)
	assert.True(t, got[0].HasEnded, "B was the run")
	assert.Equal(t, "B", got[0].Ended.Workflow)
	assert.Empty(t, got[0].Resolved)
}

func TestTooManyCandidatesAreRefused(t *testing.T) {
	tab := table()
	for i := range 16 {
		require.True(t, tab.Hold(id(1), at(0), candidate(strconv.Itoa(i), i, i, 7, flow.RankAgent)))
	}
	assert.False(t, tab.Hold(id(1), at(0), candidate("one more", 20, 20, 7, flow.RankAgent)))
	assert.True(t, tab.Hold(id(1), at(0), candidate("chat", 20, 20, 7, flow.RankCall)), "a call is counted as one whatever becomes of it")
}

// TestACallWhoseWrapperIsInAnotherTraceIsNoRun is the drawing of wrappers.
func TestACallWhoseWrapperIsInAnotherTraceIsNoRun(t *testing.T) {
	wrapper := run("describe", 10, 14)
	wrapper.Detached = true
	call := func(name string, from, to int) *flight.Candidate {
		c := candidate(name, from, to, 0, flow.RankCall)
		c.Detached = true
		return c
	}
	attached := call("describe", 11, 13)
	attached.Detached = false
	for name, c := range map[string]struct {
		call *flight.Candidate
		runs int
	}{
		"inside":               {call("describe", 11, 13), 0},
		"after":                {call("describe", 15, 16), 1},
		"of another workflow":  {call("classify", 11, 13), 1},
		"of another framework": {attached, 1},
	} {
		t.Run(name, func(t *testing.T) {
			tab := flight.NewTable(flight.Options{Wait: 10 * time.Second, Idle: 90 * time.Second, MaxOpen: 10_000})
			tab.Hold(id(1), at(13), c.call)
			tab.End(id(2), at(14), wrapper)
			for i := range uint64(300) { // the oldest are forgotten, this one again
				tab.End(id(3+i), at(14), wrapper)
			}
			for _, s := range settle(tab, at(200)) {
				if !s.HasEnded {
					assert.Len(t, s.Resolved, c.runs)
				}
			}
		})
	}
}
