package flow

import (
	"math"
	"strings"
)

const (
	costParts   = 1<<fieldCostIn | 1<<fieldCostOut | 1<<fieldCostCacheRead | 1<<fieldCostCacheWrite | 1<<fieldCostOther
	costFields  = costParts | 1<<fieldCost | 1<<fieldCostJSON
	savingParts = (1<<MechanismCount - 1) << fieldSavingsPart
	savings     = savingParts | 1<<fieldSavings
)

// MaxDollars is the largest cost or saving of one span that is believed. Counters add amounts
// up for as long as they live: one that is absurd would drown all that come after it.
const MaxDollars = 1_000_000

// dollars returns an amount, or false when it is absent, negative, not finite or absurd.
func (f *Facts) dollars(x field, r *Reading) (float64, bool) {
	if !f.has(x) {
		return 0, false
	}
	n := f.number[x]
	switch {
	case math.IsNaN(n) || math.IsInf(n, 0) || n < 0:
		r.Faults |= FaultBadNumber
	case n > MaxDollars:
		r.Faults |= FaultAbsurdCost
	default:
		return n, true
	}
	return 0, false
}

// balance returns an amount of either sign, or false when it is absent, not finite or absurd.
func (f *Facts) balance(x field, r *Reading) (float64, bool) {
	if !f.has(x) {
		return 0, false
	}
	n := f.number[x]
	switch {
	case math.IsNaN(n) || math.IsInf(n, 0):
		r.Faults |= FaultBadNumber
	case math.Abs(n) > MaxDollars:
		r.Faults |= FaultAbsurdCost
	default:
		return n, true
	}
	return 0, false
}

// cost reads what the call cost in dollars. Other currencies are left to who has a rate to
// convert them at: see Foreign.
func (f *Facts) cost(r *Reading) {
	if f.known&costFields != 0 && !f.abroad() {
		f.amount(r)
	}
}

// abroad says whether the cost is in another currency than dollars.
func (f *Facts) abroad() bool {
	c := f.get(fieldCurrency)
	return c != "" && !strings.EqualFold(c, "USD")
}

// Foreign returns what the call cost and the currency in the words of the span, if that is
// another one than US dollars. The reading is that of the span whose amounts were read last.
func (f *Facts) Foreign(r *Reading) (amount float64, currency string, ok bool) {
	if !f.has(fieldCurrency) || f.known&costFields == 0 || r.wrapper || !f.abroad() {
		return 0, "", false
	}
	var own Reading
	f.amount(&own)
	return own.Call.Cost.USD, f.text[fieldCurrency], own.Call.Cost.OK
}

// amount reads the total, else the sum of the parts, as if they were in dollars.
func (f *Facts) amount(r *Reading) {
	c := &r.Call.Cost
	if c.USD, c.OK = f.dollars(fieldCost, r); c.OK {
		return
	}
	f.costOfParts(r)
	if c.USD > MaxDollars {
		*c = Cost{}
		r.Faults |= FaultAbsurdCost
	}
}

func (f *Facts) costOfParts(r *Reading) {
	c := &r.Call.Cost
	for x := fieldCostIn; x <= fieldCostOther; x++ {
		if part, ok := f.dollars(x, r); ok {
			c.USD, c.OK = c.USD+part, true
		}
	}
	if !c.OK && f.has(fieldCostJSON) {
		f.costJSON(r)
	}
}

// saved reads the stated total and the parts; without a total, their sum is the total. A
// negative saving is what was dearer than without the mechanism.
func (f *Facts) saved(r *Reading) {
	if f.known&savings == 0 {
		return
	}
	s := &r.Call.Savings
	sum := 0.0
	for m := range MechanismCount {
		part, ok := f.balance(fieldSavingsPart+field(m), r)
		if ok {
			s.By[m], s.OK = part, true
			sum += part
		}
	}
	total, ok := f.balance(fieldSavings, r)
	if !ok {
		total = sum
	}
	s.Total, s.OK = total, s.OK || ok
	if math.Abs(s.Total) > MaxDollars {
		*s = Savings{}
		r.Faults |= FaultAbsurdCost
	}
}
