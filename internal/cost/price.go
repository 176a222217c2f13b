package cost

// price is what one unit costs: a base, and steps that replace it when the input is large.
type price struct {
	unit  Unit
	base  float64
	steps []step // ascending
}

// step is a price for the whole of a request whose input passes a bound.
type step struct {
	bound     float64 // tokens of input
	inclusive bool    // whether an input of exactly the bound has passed it
	price     float64
}

// at returns the price for a request with so much input.
//
//	base 3, above 200000: 6      200000 → 3    200001 → 6
//	base 1, from  200000: 2      199999 → 1    200000 → 2
func (p *price) at(input float64) float64 {
	now := p.base
	for i := range p.steps {
		s := &p.steps[i]
		if input < s.bound || input == s.bound && !s.inclusive {
			break
		}
		now = s.price
	}
	return now
}

// prices are those of one model at one time and tier, each unit once.
type prices []price

// over lays p over lower: what p has no price for keeps that of lower.
func (p prices) over(lower prices) prices {
	out := append(prices(nil), p...)
	for _, l := range lower {
		if !p.has(l.unit) {
			out = append(out, l)
		}
	}
	return out
}

func (p prices) has(u Unit) bool { return p.of(u) != nil }

func (p prices) of(u Unit) *price {
	for i := range p {
		if p[i].unit == u {
			return &p[i]
		}
	}
	return nil
}
