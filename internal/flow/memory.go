package flow

// Memory is what earlier batches left of a trace. An implementation that several Trees use
// at once must be safe for concurrent use.
type Memory interface {
	// Recall appends what is remembered of the trace to the slices and returns them.
	Recall(TraceID, []Frontier, []Passage) ([]Frontier, []Passage)
	// Remember replaces what is remembered of the trace by at most MaxFrontiers and MaxPassages;
	// the slices are borrowed for the call. Empty slices forget.
	Remember(TraceID, []Frontier, []Passage)
}

// MaxFrontiers bounds the frontiers of a trace, which has as many as it has branches whose
// parents have not arrived: ten calls at once, each instrumented twice, have ten between the
// batch of the inner spans and that of the outer ones. Past it what lies below is forgotten,
// may count once more with its parent, and is told by [Tree.Dropped].
//
// With MaxPassages it bounds what a trace in flight holds: 64 of 24 bytes and 32 of 32 bytes
// are 2.5 KiB, which only those traces take that come in several batches and are as wide.
const MaxFrontiers = 64

// Frontier is an ancestor which has not arrived yet, and what lies below it. One ancestor
// may have several, one for each tool below. It is a plain value: concurrent reads are safe.
type Frontier struct {
	ID    SpanID
	Flags FrontierFlags
	Tool  uint64 // hash of the name of a tool below that may be the same call, else 0
}

// MaxPassages is how many spans that have arrived are remembered, the latest: a span that ends
// after its parent mostly does so soon. That the others are forgotten is no loss that is told,
// as every longer trace has them.
const MaxPassages = 32

// Passage is a span that has arrived, for children that come after it. It is a plain value:
// concurrent reads are safe.
//
//	batch 1:  wrapper W (parent A), usage 10   W counts; passage {W → A, W has counted}
//	batch 2:  chat C (parent W), usage 10      W has counted for it; C leads on to A
//	batch 3:  agent A (root), usage 10         covered
type Passage struct {
	ID    SpanID
	Up    SpanID   // the nearest ancestor that had not arrived, 0 if there was none
	Tool  uint64   // hash of the name of the span's tool, else 0
	Stood Standing // what has counted at or above the span
	Rank  Rank     // strongest run candidate at or above the span
}

// Standing is what has counted at or above a span, so that late children do not count it again.
type Standing uint8

// What may have counted. Near means without a tool between, as for FrontierFlags.
const (
	StoodNearLLM   Standing = 1 << iota // a call of a language model, near
	StoodNearEmbed                      // a call of an embedding model, near
	StoodNearUsage                      // the usage of a call, near
	StoodUsage                          // the usage of an agent, which covers all that lies in it
	StoodTool                           // nothing: a tool stands between
	stoodNear      = StoodNearLLM | StoodNearEmbed | StoodNearUsage
)

// FrontierFlags is what lies below a frontier.
type FrontierFlags uint16

// What may lie below a frontier. Near means without a tool between: what a tool runs is
// another call than the one that asked for the tool.
const (
	FrontierCall      FrontierFlags = 1 << iota // a call of a model
	FrontierUsage                               // usage or cost
	FrontierNearLLM                             // a call of a language model, near
	FrontierNearEmbed                           // a call of an embedding model, near
	FrontierNearUsage                           // usage or cost, near
	FrontierTool                                // a tool with neither agent nor model call between
	FrontierAgent                               // a run candidate of rank agent
	FrontierFlow                                // a run candidate of rank workflow
	FrontierRun                                 // a definite run
	FrontierOurs                                // any span of a workflow
	FrontierReplay                              // nothing: the trace is a replay, and counts nowhere
)

const frontierNear = FrontierNearLLM | FrontierNearEmbed | FrontierNearUsage

// rank returns the strongest run candidate among the flags.
func (f FrontierFlags) rank() Rank {
	switch {
	case f&FrontierRun != 0:
		return RankDefinite
	case f&FrontierFlow != 0:
		return RankWorkflow
	case f&FrontierAgent != 0:
		return RankAgent
	}
	return RankNone
}
