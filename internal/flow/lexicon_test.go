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
