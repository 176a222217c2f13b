package stream

// Number is the [Total] of a sum, in whatever unit its points have. The zero
// Number is 0. Not safe for concurrent use.
type Number float64

// NewNumber returns 0, for [NewCumulative].
func NewNumber() Total[*float64] { return new(Number) }

// Set keeps v.
func (n *Number) Set(v *float64) { *n = Number(*v) }

// Advance keeps v and makes it the difference to what was kept. It reports false
// when v is less.
func (n *Number) Advance(v *float64) bool {
	if *v < float64(*n) {
		return false
	}
	total := *v
	*v -= float64(*n)
	*n = Number(total)
	return true
}
