package tally

import (
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/series"
)

// Observation is one span as it is counted.
type Observation struct {
	Service    string   // service.name, "" if the resource has none
	Workflow   string   // whose workflow the span is
	Dimensions []string // values of the user's dimensions, in their order
	Step       string   // name of the step that the span is or lies in, "" if none
	Seconds    float64  // from start to end; 0 where the clock ran backwards
	Weight     uint64   // how many spans this one stands for; 1 without sampling
	Reading    *flow.Reading
	Verdict    flow.Verdict
}

// Observe adds a span to the rows of the batch. Nothing of the observation is
// kept.
func (b *Batch) Observe(o *Observation) {
	switch o.Verdict.Role {
	case flow.RoleRun:
		if o.Verdict.Run == flow.RunCounts {
			b.observeRun(o)
		}
	case flow.RoleStep:
		b.observeStep(o)
	case flow.RoleCall, flow.RoleAttempt, flow.RoleMarker, flow.RoleOther:
	}
	if o.Verdict.CountsCall {
		b.observeCall(o)
	}
	if o.Verdict.CountsUsage {
		b.observeUsage(o)
	}
	if o.Reading.Call.Savings.OK {
		b.observeSavings(o)
	}
}

func (b *Batch) observeRun(o *Observation) {
	b.identity(o)
	b.text(o.Reading.Outcome.String())
	shared := len(b.key)
	b.text(o.Reading.ErrorType)
	r := b.find(Runs, shared)
	r.add(o.Weight)
	b.observe(r, o.Seconds, o.Weight)
}

func (b *Batch) observeStep(o *Observation) {
	b.identity(o)
	b.text(o.Reading.Step)
	b.text(o.Reading.StepKind)
	b.text(o.Reading.Outcome.String())
	shared := len(b.key)
	b.text(o.Reading.ErrorType)
	r := b.find(Steps, shared)
	r.add(o.Weight)
	b.observe(r, o.Seconds, o.Weight)
	b.observeRecoveries(o)
	b.observeCache(o)
}

func (b *Batch) observeCall(o *Observation) {
	c := &o.Reading.Call
	b.identity(o)
	b.text(c.Operation)
	b.text(c.Provider)
	b.text(c.Model)
	b.text(c.Tool)
	b.text(o.Reading.Outcome.String())
	r := b.find(Calls, len(b.key))
	r.add(o.Weight)
	b.observe(r, o.Seconds, o.Weight)
}

func (b *Batch) observeRecoveries(o *Observation) {
	for i, name := range recoveries {
		if o.Reading.Recovery&(1<<i) != 0 {
			b.count(o, Recoveries, o.Reading.Step, name)
		}
	}
}

// recoveries are the values of workflow.recovery in the order of the bits of
// [flow.Recovery].
//
//nolint:gochecknoglobals // a table, never written to.
var recoveries = [...]string{"retry", "fallback", "timeout", "compensation", "circuit_open"}

func (b *Batch) observeCache(o *Observation) {
	switch o.Reading.Cache {
	case flow.CacheHit:
		b.count(o, CacheRequests, o.Reading.Step, "true")
	case flow.CacheMiss:
		b.count(o, CacheRequests, o.Reading.Step, "false")
	case flow.CacheNone:
	}
}

func (b *Batch) observeUsage(o *Observation) {
	c := &o.Reading.Call
	b.tokens(o, flow.UsageInput, "input", c.Usage.Input)
	b.tokens(o, flow.UsageOutput, "output", c.Usage.Output)
	b.tokens(o, flow.UsageCacheRead, "cache_read", c.Usage.CacheRead)
	b.tokens(o, flow.UsageCacheWrite, "cache_write", c.Usage.CacheWrite)
	b.tokens(o, flow.UsageReasoning, "reasoning", c.Usage.Reasoning)
	if c.Cost.OK {
		b.amount(o, Cost, c.Cost.USD, o.Step, c.Provider, c.Model, c.Kind.String())
	}
}

// observeSavings counts what was not spent. Savings belong to the span that states
// them, whichever span the usage belongs to.
func (b *Batch) observeSavings(o *Observation) {
	for m := range flow.MechanismCount {
		if usd := o.Reading.Call.Savings.By[m]; usd != 0 {
			b.amount(o, Savings, usd, m.String())
		}
	}
}

// tokens counts a kind of token that the span stated.
func (b *Batch) tokens(o *Observation, field flow.UsageMask, kind string, n int64) {
	if o.Reading.Call.Usage.Known&field == 0 || n <= 0 {
		return
	}
	b.identity(o)
	b.text(o.Reading.Call.Provider)
	b.text(o.Reading.Call.Model)
	b.text(kind)
	b.find(Tokens, len(b.key)).add(uint64(n) * o.Weight)
}

// count counts the span in the metric's series with these attributes.
func (b *Batch) count(o *Observation, m ID, attributes ...string) {
	b.identity(o)
	for _, a := range attributes {
		b.text(a)
	}
	b.find(m, len(b.key)).add(o.Weight)
}

// amount adds a value, as often as the span weighs, to the metric's series with
// these attributes.
func (b *Batch) amount(o *Observation, m ID, v float64, attributes ...string) {
	b.identity(o)
	for _, a := range attributes {
		b.text(a)
	}
	b.find(m, len(b.key)).amount += v * float64(o.Weight)
}

// identity starts the key: whose workflow, then the user's dimensions. The
// workflow comes first so that an overflow series can keep it.
func (b *Batch) identity(o *Observation) {
	b.key = series.AppendString(b.key[:0], o.Workflow)
	b.text(o.Service)
	for _, d := range o.Dimensions {
		b.text(d)
	}
}

func (b *Batch) text(s string) { b.key = series.AppendString(b.key, s) }
