package costprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"pgregory.net/rapid"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// TestKeySetIsASet compares with a map, whatever is added and removed. Few different keys with
// the same low bits make long ways.
func TestKeySetIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s keySet
		model := map[uint64]bool{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			key := uint64(rapid.IntRange(1, 40).Draw(t, "high"))<<32 | uint64(rapid.IntRange(0, 2).Draw(t, "low"))
			if rapid.Bool().Draw(t, "remove") {
				s.remove(key)
				delete(model, key)
			} else {
				assert.Equal(t, !model[key], s.add(key))
				model[key] = true
			}
			assert.Equal(t, len(model), s.len)
		}
		for high := uint64(1); high <= 40; high++ {
			for low := range uint64(3) {
				assert.Equal(t, model[high<<32|low], s.has(high<<32|low))
			}
		}
	})
}

func TestKeySetGrows(t *testing.T) {
	var s keySet
	assert.False(t, s.has(1))
	for key := range uint64(10 * minSlots) {
		assert.True(t, s.add(key+1))
	}
	for key := range uint64(10 * minSlots) {
		assert.False(t, s.add(key+1))
	}
	s.clear()
	assert.False(t, s.has(1))
}

// wins says which of the bids for those keys are won.
func wins(m *memory, keys ...uint64) (won []bool) {
	bids := make([]bid, len(keys))
	for i, k := range keys {
		bids[i].key = k
	}
	m.claim(bids)
	for i := range bids {
		won = append(won, bids[i].won)
	}
	return won
}

// TestTheFirstBidWins: once for each span, also within a batch.
func TestTheFirstBidWins(t *testing.T) {
	m := newMemory(time.Hour)
	a, b := m.key(flow.TraceID{1}, 1), m.key(flow.TraceID{1}, 2)
	assert.Empty(t, wins(m))
	assert.Equal(t, []bool{true, false}, wins(m, a, a))
	assert.Equal(t, []bool{false, true, false}, wins(m, a, b, b))
	m.disclaim([]uint64{b})
	assert.Equal(t, []bool{false, true}, wins(m, a, b))
}

// TestMemoryForgets is the drawing of generations.
func TestMemoryForgets(t *testing.T) {
	m := newMemory(10 * time.Minute)
	at := func(minute int) time.Time { return time.Unix(0, 0).Add(time.Duration(minute) * time.Minute) }
	a := m.key(flow.TraceID{1}, 1)
	leave := func(trace byte) { m.Remember(flow.TraceID{trace}, []flow.Frontier{{ID: 7}}, nil) }
	left := func(trace byte) int {
		waiting, passed := m.Recall(flow.TraceID{trace}, nil, nil)
		return len(waiting) + len(passed)
	}
	assert.Zero(t, m.turn(at(0)))
	assert.Equal(t, []bool{true}, wins(m, a))
	leave(1)
	assert.Zero(t, m.turn(at(10)))
	assert.Equal(t, []bool{false}, wins(m, a), "one window is kept at least")
	assert.Equal(t, 1, left(1))
	leave(2)
	assert.Zero(t, m.turn(at(20)))
	assert.Equal(t, []bool{true}, wins(m, a))
	assert.Zero(t, left(1))
	assert.Equal(t, 1, left(2))
	assert.Zero(t, m.turn(at(50)), "a long pause makes all of it old")
	assert.Zero(t, left(2))
	assert.Equal(t, []bool{true}, wins(m, a))
}

// TestMemoryIsBounded: past the bound the oldest are forgotten, and that is told.
func TestMemoryIsBounded(t *testing.T) {
	m := newMemory(time.Hour)
	now := time.Unix(0, 0)
	m.turn(now)
	early := 0
	for i := range 5 * maxNests {
		m.Remember(flow.TraceID{byte(i), byte(i >> 8), byte(i >> 16)}, []flow.Frontier{{ID: 1}}, nil)
		early += m.turn(now)
	}
	assert.LessOrEqual(t, len(m.nests.young)+len(m.nests.old), 2*maxNests)
	assert.Equal(t, 5*maxNests, early+len(m.nests.young)+len(m.nests.old))
}

func TestNothingIsRememberedOfATraceThatIsWhole(t *testing.T) {
	m := newMemory(time.Hour)
	m.Remember(flow.TraceID{1}, []flow.Frontier{{ID: 1}}, nil)
	m.Remember(flow.TraceID{1}, nil, nil)
	assert.Empty(t, m.nests.young)
}

func TestMarkersFindEveryName(t *testing.T) {
	m := createDefaultConfig().(*Config).markers()
	for _, name := range flow.Names(flow.SubjectModel | flow.SubjectAmount) {
		want := markPriceable
		if ours(name) {
			want = 0 // only this processor writes it
		}
		assert.Equal(t, want, m.name(name), name)
	}
	assert.Equal(t, markTool, m.name("gen_ai.tool.name"))
	for _, name := range []string{"", "x", "gen_ai.operation.name", "workflow.correlation_id", "workflow.correlation_notes"} {
		assert.Zero(t, m.name(name), name)
	}
}

// TestOurNames: the quick look lets no name of ours through.
func TestOurNames(t *testing.T) {
	for _, name := range []string{
		attrTotal, attrReason, attrSavingsTotal, attrSavingsRouter, attrRollupPartial, attrBudgetName, attrBudgetState,
		"workflow.cost.x", "workflow.savings.x", "workflow.budget.x",
	} {
		assert.True(t, ours(name), name)
		assert.True(t, mayBeOurs(name), name)
	}
	for _, name := range []string{"", "workflow.", "workflow.cost", "workflow.cost.", "workflow.savings.", "workflow.budget.", "workflow.run.id", "workflow.step.name"} {
		assert.False(t, mayBeOurs(name) && len(name) > len(prefixCost) && ours(name) && name != prefixSavings && name != prefixBudget, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{prefixCost, prefixSavings, prefixBudget}).Draw(t, "prefix") + rapid.StringN(1, 20, -1).Draw(t, "rest")
		assert.True(t, mayBeOurs(name))
	})
}

func TestBloomHoldsAllThatWasAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bloom
		ids := rapid.SliceOf(rapid.Uint64Min(1)).Draw(t, "ids")
		b.reset(len(ids))
		for _, id := range ids {
			b.add(wide(id))
		}
		for _, id := range ids {
			assert.True(t, b.has(wide(id)))
		}
		b.reset(len(ids))
		for _, id := range ids {
			assert.False(t, b.has(wide(id)))
		}
	})
}

func wide(n uint64) (id pcommon.SpanID) {
	for i := range id {
		id[i] = byte(n >> (8 * i))
	}
	return id
}
