package cost

// Reported returns the quote of a call whose provider said what it cost, in US dollars, finite and not below 0.
// The parts keep their proportions and add up to that amount; without parts it is Other. The difference to the
// list price is the discount, where the call is priced in full. The entry stays, for the savings are of it.
func (q Quote) Reported(usd float64) Quote {
	said := q
	said.Status, said.Reason, said.Source = StatusPriced, ReasonNone, SourceReported
	total := q.Cost.Total()
	if q.Status == StatusPriced {
		said.Savings.Discount += total - usd
	} else {
		said.Savings = Savings{}
	}
	if total == 0 {
		said.Cost = Parts{Other: usd}
		return said
	}
	share := usd / total
	said.Cost = Parts{
		Input:      q.Cost.Input * share,
		Output:     q.Cost.Output * share,
		CacheRead:  q.Cost.CacheRead * share,
		CacheWrite: q.Cost.CacheWrite * share,
		Other:      q.Cost.Other * share,
		Reasoning:  q.Cost.Reasoning * share,
	}
	return said
}
