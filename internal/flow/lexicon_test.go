package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestLexiconKnowsEveryAttributeOnce(t *testing.T) {
	l := NewLexicon()
	seen := map[string]bool{}
	for i, a := range attrs {
		assert.False(t, seen[a.name], "%s stands in two rows", a.name)
		seen[a.name] = true
		assert.Equal(t, Key(i+1), l.Lookup(a.name), a.name)
	}
	assert.Zero(t, l.Lookup("http.method"))
}

// Further names of a cost outrank those of the dialects, and change no meaning that is known.
func TestLexiconOfCosts(t *testing.T) {
	l := NewLexicon("acme.cost", "gen_ai.usage.input_tokens", "billing.usd")
	assert.Equal(t, NewLexicon().Lookup("gen_ai.usage.input_tokens"), l.Lookup("gen_ai.usage.input_tokens"))
	for _, name := range []string{"acme.cost", "billing.usd"} {
		assert.Equal(t, UseAmount, l.Lookup(name).Use(), name)
		var f Facts
		f.Double(l.Lookup("llm.cost.total"), 3)
		f.Text(l.Lookup(name), "0.25")
		var r Reading
		f.ReadAmounts(&Span{}, &r)
		assert.Equal(t, Cost{0.25, true}, r.Call.Cost, name)
		f.Reset()
		f.Text(l.Lookup(name), "0.25")
		f.ReadWords(&Span{Name: "x"}, &r)
		assert.Equal(t, None, r.Dialect, "it says nothing about who speaks")
	}
	assert.Zero(t, l.Lookup("acme.other"))
}

func TestSubjectOfCost(t *testing.T) {
	assert.Contains(t, Names(SubjectCost), "llm.cost.total")
	assert.NotContains(t, Names(SubjectCost), "gen_ai.usage.input_tokens")
	assert.Subset(t, Names(SubjectAmount), Names(SubjectCost))
}

func TestForeignCost(t *testing.T) {
	l := NewLexicon()
	for _, tc := range []struct {
		name   string
		attrs  []any
		amount float64
		code   string
		ok     bool
	}{
		{"euros", []any{"gen_ai.usage.cost.amount", 3.0, "gen_ai.usage.cost.currency", "EUR"}, 3, "EUR", true},
		{"in parts", []any{"llm.cost.prompt", 1.0, "llm.cost.completion", 2.0, "gen_ai.usage.cost.currency", "eur"}, 3, "eur", true},
		{"dollars", []any{"gen_ai.usage.cost.amount", 3.0, "gen_ai.usage.cost.currency", "usd"}, 0, "", false},
		{"no currency", []any{"gen_ai.usage.cost.amount", 3.0}, 0, "", false},
		{"no cost", []any{"gen_ai.usage.cost.currency", "EUR"}, 0, "", false},
		{"below 0", []any{"gen_ai.usage.cost.amount", -3.0, "gen_ai.usage.cost.currency", "EUR"}, 0, "EUR", false},
	} {
		var f Facts
		for i := 0; i < len(tc.attrs); i += 2 {
			key := l.Lookup(tc.attrs[i].(string))
			switch v := tc.attrs[i+1].(type) {
			case float64:
				f.Double(key, v)
			case string:
				f.Text(key, v)
			}
		}
		amount, code, ok := f.Foreign(&Reading{})
		assert.Equal(t, tc.ok, ok, tc.name)
		assert.InDelta(t, tc.amount, amount, 0, tc.name)
		assert.Equal(t, tc.code, code, tc.name)
		_, _, ok = f.Foreign(&Reading{wrapper: true})
		assert.False(t, ok, "%s: the sum of others", tc.name)
	}
}

func TestWordsFindWhatAMapFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[ab.]{0,20}`)
		names := rapid.SliceOfN(word, 0, 50).Draw(t, "names")
		oracle := map[string]int{}
		for i, n := range names {
			if _, ok := oracle[n]; !ok {
				oracle[n] = i
			}
		}
		w := newWords(names)
		for _, s := range append(names, rapid.SliceOf(word).Draw(t, "others")...) {
			want, ok := oracle[s]
			if !ok {
				want = -1
			}
			require.Equal(t, want, w.find(s), "%q among %q", s, names)
		}
	})
}

func TestEveryKindHasADialect(t *testing.T) {
	for d := None + 1; d < DialectCount; d++ {
		assert.NotEmpty(t, d.String())
		for _, k := range kindsOf[d] {
			assert.Equal(t, k, *kindOf(d, k.value), "%s %s stands in two rows", d, k.value)
			assert.Equal(t, k.role == RoleCall, k.operation != "", "%s %s", d, k.value)
			assert.Equal(t, k.role == RoleRun, k.rank != RankNone, "%s %s", d, k.value)
		}
	}
}

func TestNamesOfEnums(t *testing.T) {
	assert.Equal(t, "compensated", OutcomeCompensated.String())
	assert.Equal(t, "response_cache", MechanismResponseCache.String())
	assert.Equal(t, "compute", CostCompute.String())
	assert.Equal(t, "marker", RoleMarker.String())
	assert.Equal(t, "go_workflow", GoWorkflow.String())
	assert.Empty(t, MechanismCount.String(), "an unknown value has no name")
}
