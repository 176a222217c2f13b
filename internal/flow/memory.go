package flow

// Memory is what earlier batches left of a trace. Implementations are used by one Tree at a
// time and need not be safe for concurrent use.
type Memory interface {
	// Frontiers returns what is pending in the trace, or nil. The slice is borrowed until the
	// next call of the Memory.
	Frontiers(TraceID) []Frontier
	// SetFrontiers replaces what is pending in the trace; the slice is borrowed for the call.
	// The implementor may keep only the first MaxFrontiers. An empty slice forgets the trace.
	SetFrontiers(TraceID, []Frontier)
}

// MaxFrontiers is how many frontiers a trace is expected to need: a trace has as many as it
// has branches whose parents have not arrived.
const MaxFrontiers = 4

// Frontier is an ancestor which has not arrived yet, and what lies below it. One ancestor
// may have several, one for each tool below. It is a plain value: concurrent reads are safe.
type Frontier struct {
	ID    SpanID
	Flags FrontierFlags
	Tool  uint64 // hash of the name of a tool below that may be the same call, else 0
}

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
