package exphist

import "math"

const (
	// cellScale is the finest scale at which the table is used. Histograms of
	// durations with 160 buckets are at scale 3 to 6.
	cellScale = 8
	cellBits  = 10
)

// cells cuts an octave into 2^cellBits equal cells. A bucket at cellScale is at
// least 2.7 cells wide, so that a cell holds one bucket bound at most:
//
//	cells    │ 1.0000 │ 1.0010 │ 1.0020 │ 1.0029 │ 1.0039 │ …
//	bounds   1                  1.00271                      1.00543
//	before        0        0        0        1        1
//
// A mantissa of 1.0028 lies in the cell of 1.0020, which begins in bucket 0; it
// is above the bound 1.00271, so that its bucket is 1.
var cells = newCells()

type cellTable struct {
	before [1 << cellBits]uint16     // the bucket in which the cell begins
	bounds [1<<cellScale + 1]float64 // the exclusive lower bounds of the buckets
}

func newCells() *cellTable {
	t := &cellTable{}
	for k := range t.bounds {
		t.bounds[k] = octaveBound(int32(k), cellScale)
	}
	bucket := 0
	for c := range t.before {
		edge := 1 + float64(c)/(1<<cellBits)
		for t.bounds[bucket+1] < edge {
			bucket++
		}
		t.before[c] = uint16(bucket)
	}
	return t
}

// cellIndex returns the bucket of a mantissa in (1, 2) at cellScale.
func cellIndex(mantissa float64) int32 {
	bits := math.Float64bits(mantissa)
	bucket := cells.before[bits>>(mantissaBits-cellBits)&(1<<cellBits-1)]
	if mantissa > cells.bounds[bucket+1] {
		bucket++
	}
	return int32(bucket)
}
