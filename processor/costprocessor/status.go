package costprocessor

import "github.com/tta-dev/otelcol-workflow/internal/cost"

// status is what became of a span that may have a price.
type status struct {
	word      word
	reason    reason
	semantics string // how its usage was read, "" where that does not matter
}

// word is a value of the attribute workflow.cost.status.
type word uint8

const (
	wordNone word = iota // nothing is written
	wordPriced
	wordPartial
	wordUnpriced
	wordAggregate
	wordDuplicate
	wordCount
)

var words = [wordCount]string{"", "priced", "partial", "unpriced", "aggregate_skipped", "duplicate"}

// reason is a value of the attribute workflow.cost.reason: those of package cost, then ours.
type reason uint8

const (
	reasonOutlier       = reason(cost.ReasonUnknownCurrency) + 1 + iota // more than limits.max_span_cost_usd
	reasonResponseCache                                                 // a cache of answers answered
	reasonCount
)

var reasons = func() (names [reasonCount]string) {
	for r := range reasonOutlier {
		names[r] = cost.Reason(r).String()
	}
	names[reasonOutlier], names[reasonResponseCache] = "outlier", "response_cache"
	return names
}()

var (
	statusAggregate = status{word: wordAggregate}
	statusDuplicate = status{word: wordDuplicate}
)

// amounts says whether the span bears a cost.
func (s *status) amounts() bool { return s.word == wordPriced || s.word == wordPartial }

func statusOf(q *cost.Quote) status {
	s := status{word: wordUnpriced, reason: reason(q.Reason)}
	switch q.Status {
	case cost.StatusPriced:
		s.word = wordPriced
	case cost.StatusPartial:
		s.word = wordPartial
	case cost.StatusUnpriced:
	}
	return s
}
