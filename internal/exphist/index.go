package exphist

import "math"

const (
	mantissaBits = 52
	mantissaMask = 1<<mantissaBits - 1
	exponentBias = 1023
	minExponent  = -1022 // of a normal float64
	maxExponent  = 1023

	// logError bounds the error of the binary logarithm in subindex. It is some
	// ten times what one unit in the last place of math.Log and the rounding of
	// the product amount to, and still sends only one value in 10^8 the slow
	// way at MaxScale.
	logError = 1.0 / (1 << 48)
)

// index returns the bucket of v, which must be finite and above 0: the i with
// base^i < v ≤ base^(i+1). It is exact for every float64 at every scale.
//
// The exponent of v gives the octave, its mantissa the place within. At scale 2,
// four buckets an octave, for v = 5 = 2^2 × 1.25:
//
//	octave 2 starts at index 2<<2 = 8      log2(1.25) × 4 = 1.29
//
//	index     8       9      10      11
//	bound  4    4.757   5.657   6.727    8
//	              └ 5: 8 + 1 = 9
func index(v float64, scale int32) int32 {
	if scale <= cellScale {
		return cellIndex(v) >> (cellScale - scale)
	}
	exponent, mantissa := split(v)
	if mantissa == 1 { // the upper bound of the bucket below
		return exponent<<scale - 1
	}
	return exponent<<scale + subindex(mantissa, scale)
}

// split returns v, finite and above 0, as 2^exponent × mantissa with the mantissa
// in [1, 2). Subnormals have exponents down to -1074.
func split(v float64) (exponent int32, mantissa float64) {
	bits := math.Float64bits(v)
	if bits <= mantissaMask {
		bits = math.Float64bits(v * (1 << mantissaBits))
		exponent = -mantissaBits
	}
	exponent += int32(bits>>mantissaBits) - exponentBias
	return exponent, math.Float64frombits(bits&mantissaMask | exponentBias<<mantissaBits)
}

// subindex returns the place of a mantissa in (1, 2) among the 2^scale buckets of
// an octave, for a scale above cellScale.
func subindex(mantissa float64, scale int32) int32 {
	buckets := float64(int32(1) << scale)
	place := math.Log(mantissa) * (1 / math.Ln2) * buckets
	nearest := int32(place + 0.5)
	if math.Abs(place-float64(nearest)) > logError*buckets {
		return int32(place)
	}
	if mantissa > octaveBound(nearest, scale) {
		return nearest
	}
	return nearest - 1
}

// lowerBound returns the largest float64 that is not above base^i, the exclusive
// lower bound of bucket i and inclusive upper bound of bucket i-1. Rounding down
// keeps comparisons exact: a float64 is above base^i if and only if it is above
// what lowerBound returns.
func lowerBound(i, scale int32) float64 {
	if scale <= 0 {
		return compose(int64(i)<<-scale, 1)
	}
	return compose(int64(i>>scale), octaveBound(i&(1<<scale-1), scale))
}

// compose returns the largest float64 not above 2^exponent × mantissa, for a
// mantissa in [1, 2).
func compose(exponent int64, mantissa float64) float64 {
	fraction := math.Float64bits(mantissa) & mantissaMask
	switch {
	case exponent > maxExponent:
		return math.MaxFloat64
	case exponent >= minExponent:
		return math.Float64frombits(uint64(exponent+exponentBias)<<mantissaBits | fraction)
	default:
		return math.Float64frombits((1<<mantissaBits | fraction) >> (minExponent - exponent))
	}
}

// octaveBound returns the largest float64 not above 2^(k / 2^scale), for k in
// [0, 2^scale]. The power is a product of roots of two, one for each bit of k:
//
//	scale 3, k = 5 = 0b101    2^(5/8) = 2^(1/2) × 2^(1/8)
func octaveBound(k, scale int32) float64 {
	bound := double{hi: 1}
	for j := scale; k > 0; j-- {
		if k&1 == 1 {
			bound = bound.times(roots[j])
		}
		k >>= 1
	}
	if bound.lo < 0 {
		return math.Nextafter(bound.hi, 0)
	}
	return bound.hi
}

// roots holds 2^(2^-j) at index j.
var roots = squareRoots()

func squareRoots() (r [MaxScale + 1]double) {
	r[0] = double{hi: 2}
	for j := 1; j < len(r); j++ {
		r[j] = r[j-1].sqrt()
	}
	return r
}

// double is the unevaluated sum hi + lo, with hi nearest to it: some 100
// significant bits. The closest of the 2^20 bounds at MaxScale can be expected
// within 2^-73 of a float64, where the 53 bits of hi alone could not tell which
// of the two is greater.
type double struct{ hi, lo float64 }

func (d double) times(o double) double {
	product := d.hi * o.hi
	rest := math.FMA(d.hi, o.hi, -product) + (d.hi*o.lo + d.lo*o.hi)
	return sum(product, rest)
}

// sqrt takes one Newton step from the float64 root.
func (d double) sqrt() double {
	root := math.Sqrt(d.hi)
	rest := math.FMA(-root, root, d.hi) + d.lo
	return sum(root, rest/(2*root))
}

// sum returns big + small, for |big| ≥ |small|.
func sum(big, small float64) double {
	hi := big + small
	return double{hi: hi, lo: small - (hi - big)}
}
