package flight_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// What is said in one visit is what is said in several calls.
func TestAVisitSaysAllAtOnce(t *testing.T) {
	once, bit := table(), table()
	v := once.Visit(id(1), at(5))
	v.Touch(7, "w", "svc")
	v.Spend(0.5)
	r := run("w", 1, 4)
	v.End(r)
	v.Leave()
	bit.Touch(id(1), at(5), 7, "w", "svc")
	bit.Spend(id(1), at(5), 0.5)
	bit.End(id(1), at(5), r)
	assert.Equal(t, active(bit, at(6)), active(once, at(6)))
	assert.Equal(t, settle(bit, at(30)), settle(once, at(30)))
}

func TestAVisitKnowsWhetherAnythingIsRemembered(t *testing.T) {
	tab := table()
	remembers := func() bool {
		v := tab.Visit(id(1), at(0))
		defer v.Leave()
		return v.Remembers()
	}
	assert.False(t, tab.Remembers(id(1)), "a trace that is not known")
	assert.False(t, remembers())
	for _, what := range []struct {
		frontiers []flow.Frontier
		passages  []flow.Passage
		want      bool
	}{
		{[]flow.Frontier{{ID: 1}}, nil, true},
		{nil, []flow.Passage{{ID: 1}}, true},
		{nil, nil, false},
	} {
		tab.Remember(id(1), what.frontiers, what.passages)
		assert.Equal(t, what.want, remembers())
		assert.Equal(t, what.want, tab.Remembers(id(1)))
	}
}
