package window

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const minute = 60 * second

func TestClock(t *testing.T) {
	var c Clock
	assert.Equal(t, 5*minute, c.Now(5*minute), "nothing heard yet")
	for _, tc := range []struct {
		name        string
		point, wall int64
		at, now     int64
		ahead       bool
	}{
		{"the first sets it", 10 * minute, 12 * minute, 10 * minute, 10 * minute, false},
		{"a later one advances it", 12 * minute, 13 * minute, 12 * minute, 12 * minute, false},
		{"an earlier one does not", 11 * minute, 14 * minute, 11 * minute, 13 * minute, false},
		{"ahead within tolerance", 16 * minute, 15 * minute, 16 * minute, 16 * minute, false},
		{"too far ahead", 99 * minute, 17 * minute, 17 * minute, 18 * minute, true},
	} {
		at, ahead := c.Hear(tc.point, tc.wall)
		assert.Equal(t, tc.at, at, tc.name)
		assert.Equal(t, tc.ahead, ahead, tc.name)
		assert.Equal(t, tc.now, c.Now(tc.wall), tc.name)
	}
	assert.Equal(t, 118*minute, c.Now(117*minute), "the wall goes on while nothing comes")
}

func TestTheFirstPointMayBeAhead(t *testing.T) {
	var c Clock
	at, ahead := c.Hear(99*minute, minute)
	assert.True(t, ahead)
	assert.Equal(t, minute, at)
	assert.Equal(t, 2*minute, c.Now(2*minute))
}

func TestRecordedDataBringsItsTime(t *testing.T) {
	var c Clock
	wall := 1000 * minute
	for point := int64(0); point < 10*minute; point += minute {
		at, _ := c.Hear(point, wall)
		assert.Equal(t, point, at)
		assert.Equal(t, point, c.Now(wall))
	}
}

func TestTheWallIsSetBack(t *testing.T) {
	var c Clock
	c.Hear(100*minute, 100*minute)
	assert.Equal(t, 100*minute, c.Now(100*minute-second), "a little: it stands still")
	assert.Equal(t, 40*minute, c.Now(40*minute), "an hour: it follows")
	at, ahead := c.Hear(41*minute, 41*minute)
	assert.False(t, ahead)
	assert.Equal(t, 41*minute, at)
	assert.Equal(t, 42*minute, c.Now(42*minute))
}
