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
	before [1 << cellBits]uint16    // the bucket in which the cell begins
	bounds [1<<cellScale + 1]uint64 // the lower bounds of the buckets, as fractions of the octave
}

func newCells() *cellTable {
	t := &cellTable{}
	for k := range t.bounds[:1<<cellScale] {
		t.bounds[k] = math.Float64bits(octaveBound(int32(k), cellScale)) & mantissaMask
	}
	t.bounds[1<<cellScale] = 1 << mantissaBits
	bucket := 0
	for c := range t.before {
		edge := uint64(c) << (mantissaBits - cellBits)
		for t.bounds[bucket+1] <= edge {
			bucket++
		}
		t.before[c] = uint16(bucket)
	}
	return t
}

// cellIndex returns the bucket of v, finite and above 0, at cellScale. Bounds are exclusive
// below and inclusive above. For the float64 just below v it is the other way round, so that
// the exponent and the fraction of that one, which are its bits, tell the bucket also where v
// is a bound: 4 = 2^2 × 1 belongs to octave 1, as does 3.9999999999999996 = 2^1 × 1.9999999999999998.
func cellIndex(v float64) int32 {
	below, octave := math.Float64bits(v)-1, int32(-exponentBias)
	if below < mantissaMask { // v is subnormal
		below, octave = math.Float64bits(v*(1<<mantissaBits))-1, octave-mantissaBits
	}
	octave += int32(below >> mantissaBits)
	fraction := below & mantissaMask
	bucket := int32(cells.before[fraction>>(mantissaBits-cellBits)])
	if fraction >= cells.bounds[bucket+1] {
		bucket++
	}
	return octave<<cellScale + bucket
}
