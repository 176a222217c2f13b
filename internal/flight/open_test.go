package flight_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRunsOfOneTraceAreToldApartByTheirKeys(t *testing.T) {
	tab := table()
	end := func(key uint64, name string, second int) {
		r := run(name, 0, second)
		r.Key = key
		tab.End(id(1), at(second), r)
	}
	tab.Touch(id(1), at(0), 1, "outer", "svc")
	tab.Touch(id(1), at(1), 2, "", "")
	assert.Equal(t, map[string]int64{"outer": 1}, active(tab, at(1)), "the second has no name yet")
	tab.Touch(id(1), at(1), 2, "inner", "svc")
	tab.Touch(id(1), at(1), 3, "inner", "svc")
	assert.Equal(t, map[string]int64{"outer": 1, "inner": 2}, active(tab, at(1)))

	end(2, "inner", 2)
	tab.Touch(id(1), at(2), 2, "inner", "svc")
	assert.Equal(t, map[string]int64{"outer": 1, "inner": 1}, active(tab, at(2)), "a late span opens no run again")
	end(3, "inner", 3)
	end(1, "outer", 4)
	assert.Equal(t, map[string]int64{"outer": 0, "inner": 0}, active(tab, at(4)))
}

func TestARunWithoutKeyEndsAllOfItsTrace(t *testing.T) {
	tab := table()
	tab.Touch(id(1), at(0), 1, "inner", "svc")
	tab.End(id(1), at(1), run("outer", 0, 1))
	assert.Equal(t, map[string]int64{"inner": 0}, active(tab, at(1)))
}

func TestRunsPastTheBoundAreNotToldApart(t *testing.T) {
	tab := table()
	for key := range uint64(20) {
		tab.Touch(id(1), at(0), key+1, "w", "svc")
	}
	assert.Equal(t, map[string]int64{"w": 8}, active(tab, at(0)))
}
