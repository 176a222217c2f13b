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
	require.Less(t, len(attrs), meaningMax)
}

func TestLexiconExtras(t *testing.T) {
	l := NewLexicon("tenant", "workflow.name", "tenant", "region")
	var f Facts
	f.Reset()
	f.Text(l.Lookup("tenant"), "acme")
	f.Text(l.Lookup("workflow.name"), "checkout")
	f.Int(l.Lookup("region"), 7)

	var r Reading
	f.Read(&Span{}, &r)
	assert.Equal(t, "checkout", r.Workflow, "an extra name keeps its own meaning")
	for i, want := range []Value{0: {Text: "acme"}, 1: {Text: "checkout"}, 3: {Type: TypeInt, Int: 7}} {
		got, ok := f.Extra(i)
		assert.Equal(t, i != 2, ok, "extra %d", i)
		assert.Equal(t, want, got, "extra %d", i)
	}
	assert.GreaterOrEqual(t, l.Lookup("tenant"), l.FirstExtra())
	assert.Less(t, l.Lookup("gen_ai.system"), l.FirstExtra())
	assert.Zero(t, l.Lookup("http.method"))

	f.Reset()
	f.Bool(l.Lookup("tenant"), true)
	f.Double(l.Lookup("region"), 0.5)
	got, _ := f.Extra(0)
	assert.Equal(t, Value{Type: TypeBool, Int: 1}, got)
	got, _ = f.Extra(3)
	assert.Equal(t, Value{Type: TypeDouble, Double: 0.5}, got)
	for _, i := range []int{-1, 1, MaxExtras} {
		_, ok := f.Extra(i)
		assert.False(t, ok, "extra %d after Reset", i)
	}
}

func TestLexiconTakesOnlySoManyExtras(t *testing.T) {
	names := make([]string, MaxExtras+1)
	for i := range names {
		names[i] = string(rune('a'+i)) + "-extra"
	}
	l := NewLexicon(names...)
	assert.NotZero(t, l.Lookup(names[MaxExtras-1]))
	assert.Zero(t, l.Lookup(names[MaxExtras]))
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
