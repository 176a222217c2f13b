package tally

import (
	"hash/maphash"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// post is a series that a row goes to, and what of the row. It remembers the entry of the
// series, which is looked up again once it has expired.
type post struct {
	metric ID
	source source
	index  uint8 // which tokens or savings
	key    stretch
	entry  *series.Entry[*cell] // nil if it is not known
}

// source is what of a row a series counts.
type source uint8

const (
	ofSpans source = iota // how many there were
	ofValues
	ofTokens
	ofCost
	ofSavings
	ofExtra
)

// addressing writes the posts of a row.
type addressing struct {
	batch  *Batch
	shelf  *shelf
	stream Stream
}

func (a *addressing) parts(has parts, step string, r *flow.Reading) {
	outcome := r.Outcome.String()
	if has&partRun != 0 {
		a.post(RunDuration, ofValues, 0, outcome)
		a.post(Runs, ofSpans, 0, outcome, r.ErrorType)
	}
	if has&partRunCost != 0 {
		a.post(RunCost, ofValues, 0, outcome)
	}
	if has&partStep != 0 {
		a.step(r, outcome)
	}
	if c := &r.Call; has&partCall != 0 {
		a.post(CallDuration, ofValues, 0, c.Operation, c.Provider, c.Model, c.Tool, outcome)
		a.post(Calls, ofSpans, 0, c.Operation, c.Provider, c.Model, c.Tool, outcome)
		if c.Unpriced {
			a.post(CallsUnpriced, ofSpans, 0, c.Provider, c.Model)
		}
	}
	if has&partUsage != 0 {
		a.usage(&r.Call, step)
	}
	if has&partSavings != 0 {
		for m := range flow.MechanismCount {
			a.post(Savings, ofSavings, int(m), m.String())
			a.post(ExtraCost, ofExtra, int(m), m.String())
		}
	}
}

func (a *addressing) step(s *flow.Reading, outcome string) {
	a.post(StepDuration, ofValues, 0, s.Step, s.StepKind, outcome)
	a.post(Steps, ofSpans, 0, s.Step, s.StepKind, outcome, s.ErrorType)
	for i, name := range recoveries {
		if s.Recovery&(1<<i) != 0 {
			a.post(Recoveries, ofSpans, 0, s.Step, name)
		}
	}
	if s.Cache != flow.CacheNone {
		a.post(CacheRequests, ofSpans, 0, s.Step, s.Cache.String())
	}
}

// recoveries are the values of workflow.recovery in the order of the bits of
// [flow.Recovery].
//
//nolint:gochecknoglobals // a table, never written to.
var recoveries = [...]string{"retry", "fallback", "timeout", "compensation", "circuit_open"}

func (a *addressing) usage(c *flow.CallReading, step string) {
	for i, kind := range tokenKind {
		a.post(Tokens, ofTokens, i, c.Provider, c.Model, kind)
	}
	a.post(Cost, ofCost, 0, step, c.Provider, c.Model, c.Kind.String())
}

// post adds a series, whose key says whose it is, then its own attributes without those that
// are excluded. The workflow comes first so that an overflow series can keep it.
func (a *addressing) post(m ID, of source, index int, attributes ...string) {
	s, hidden := a.shelf, a.batch.ledger.hidden[m]
	from := len(s.keys)
	s.keys = append(s.keys, a.batch.stream(a.stream)...)
	for i, text := range attributes {
		if hidden>>i&1 != 0 {
			text = ""
		}
		s.keys = series.AppendString(s.keys, text)
	}
	hash := maphash.Bytes(a.batch.seed, s.keys[from:])
	s.posts = append(s.posts, post{
		metric: m, source: of, index: uint8(index), key: stretch{hash, uint32(from), uint32(len(s.keys))},
	})
}
