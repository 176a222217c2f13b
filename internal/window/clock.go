package window

import "time"

// Tolerance is by how much clocks may differ: a point further in the future is taken
// for one of now, and a wall clock set back by more takes the time of the data along.
const Tolerance = time.Minute

// Clock tells the time of data. It is that of the latest point, and goes on with the
// wall clock from when that came:
//
//	wall   12:00  12:01         12:02  12:07
//	point  11:58  11:59:30      18:00
//	now    11:58  11:59:30      12:02  12:07        18:00 is not believed
//
// All times are unix nanoseconds. The zero Clock has heard nothing. Not safe for
// concurrent use.
type Clock struct {
	data  int64 // the latest time of a point
	wall  int64 // when that came
	heard bool
}

// Now returns the time of the data, given that of the wall; before the first point they
// are the same.
func (c *Clock) Now(wall int64) int64 {
	if !c.heard {
		return wall
	}
	if wall < c.wall-int64(Tolerance) { // it was set back
		c.data -= c.wall - wall
		c.wall = wall
	}
	return c.data + max(wall-c.wall, 0)
}

// Hear takes in that a point of a time came and returns the time to count it at, which
// is another if the point is too far ahead of the wall.
func (c *Clock) Hear(point, wall int64) (at int64, ahead bool) {
	if point > wall+int64(Tolerance) {
		point, ahead = wall, true
	}
	if !c.heard || point > c.Now(wall) {
		*c = Clock{data: point, wall: wall, heard: true}
	}
	return point, ahead
}
