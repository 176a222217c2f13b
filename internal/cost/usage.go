package cost

// Usage is how much of each unit one call used, in the inclusive form: Usage[Input] holds the tokens of the
// cache, Usage[Output] those of reasoning. Counts may be fractional.
//
//	cost.Usage{cost.Input: 12000, cost.CacheRead: 5000, cost.Output: 1000}
//
// It is a plain value: concurrent reads are safe.
type Usage [UnitCount]float64

// Inclusion says whether a count holds the count of its part.
type Inclusion uint8

// The inclusions.
const (
	InclusionUnknown Inclusion = iota
	Inside                     // the whole holds the part
	Outside                    // the part comes on top
)

// Convention is what the counts of a usage hold. The zero value knows nothing.
// It is a plain value: concurrent reads are safe.
type Convention struct {
	Cache     Inclusion // cache read and cache write in the input
	Reasoning Inclusion // reasoning in the output
}

// Said is a usage in somebody else's words, before it is known what holds what.
// It is a plain value: concurrent reads are safe.
type Said struct {
	Usage      Usage
	Total      float64    // the stated total of all tokens, 0 if there is none
	Provider   string     // gen_ai.provider.name, "" if unknown
	Convention Convention // what is known of the counts, of a rule or of who wrote them
}

// Semantics says how a usage was read.
type Semantics uint8

// The semantics.
const (
	SemanticsInclusive Semantics = iota // it was known to be, or has no cache to tell
	SemanticsExclusive                  // it was known or seen to be, and was added up
	SemanticsAssumed                    // nothing said, so it was taken to be inclusive
)

var semanticsNames = [...]string{"inclusive", "exclusive", "assumed"}

// String returns the value of the attribute workflow.cost.usage_semantics.
func (s Semantics) String() string { return word(s, semanticsNames[:]) }

// Normal is a usage in the inclusive form and what became of it.
// It is a plain value: concurrent reads are safe.
type Normal struct {
	Usage     Usage
	Semantics Semantics
	Reason    Reason // ReasonBadUsage or ReasonInconsistentUsage if counts had to be mended
}
