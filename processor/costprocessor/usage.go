package costprocessor

import (
	"strings"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// say puts the usage of a span into the words of package cost. Where the counts of tokens were
// cut since its provider counts the cache inside the input, it is priced by what is counted.
func (s *scratch) say(c *claim) {
	call := &c.reading.Call
	u, b, to := &c.stated.Usage, &c.stated.Breakdown, &s.said.Usage
	to[cost.Input], to[cost.InputAudio], to[cost.InputImage] = float64(u.Input), float64(b.InputAudio), float64(b.InputImage)
	to[cost.CacheRead], to[cost.CacheReadAudio] = float64(u.CacheRead), float64(b.CacheReadAudio)
	to[cost.CacheWrite], to[cost.CacheWrite1h] = float64(u.CacheWrite), float64(b.CacheWrite1h)
	to[cost.Output], to[cost.OutputReasoning] = float64(u.Output), float64(u.Reasoning)
	to[cost.OutputAudio], to[cost.OutputImage] = float64(b.OutputAudio), float64(b.OutputImage)
	s.said.Total, s.said.Provider = float64(c.stated.Total), call.Provider
	s.said.Convention = c.terms.convention
	if c.reading.Faults&flow.FaultUsageMismatch != 0 && s.said.Convention.Cache == cost.InclusionUnknown {
		s.said.Convention.Cache = cost.Inside
	}
	if thought := thoughts(&c.stated, call.Provider); thought > 0 {
		to[cost.OutputReasoning], s.said.Convention.Reasoning = thought, cost.Outside
	}
}

// thoughts are the tokens of thinking that only the total of a call of Google's tells: its API
// counts them beside those of the answer, and some instrumentation leaves them out.
//
//	prompt 5   candidates 845   total 2023   →   1173 thought, which are charged as output
func thoughts(s *flow.Stated, provider string) float64 {
	u := &s.Usage
	const both = flow.UsageInput | flow.UsageOutput
	if u.Known&both != both || u.Known&flow.UsageReasoning != 0 || !strings.HasPrefix(provider, "gcp.") {
		return 0
	}
	return float64(max(0, s.Total-u.Input-u.Output))
}

// convention is what is known of the counts of an instrumentation: by the first rule that
// matches, else by the configuration for all, else by what is known of the instrumentation.
func (c *UsageConfig) convention(scope, provider string) cost.Convention {
	known := cost.ConventionOfScope(scope, provider)
	if cache, ok := c.CacheSemantics.inclusion(); ok {
		known.Cache = cache
	}
	rule := c.rule(scope, provider)
	if rule == nil {
		return known
	}
	if cache, ok := rule.CacheSemantics.inclusion(); ok {
		known.Cache = cache
	}
	switch rule.Reasoning {
	case ReasoningInside:
		known.Reasoning = cost.Inside
	case ReasoningOutside:
		known.Reasoning = cost.Outside
	case ReasoningAuto:
	}
	return known
}

// rule returns the first rule that matches, or nil.
func (c *UsageConfig) rule(scope, provider string) *UsageRule {
	for i := range c.Rules {
		r := &c.Rules[i]
		if (r.Scope == "" || r.Scope == scope) && (r.Provider == "" || r.Provider == provider) {
			return r
		}
	}
	return nil
}

func (s CacheSemantics) inclusion() (i cost.Inclusion, said bool) {
	switch s {
	case CacheInclusive:
		return cost.Inside, true
	case CacheExclusive:
		return cost.Outside, true
	case CacheAuto:
	}
	return cost.InclusionUnknown, false
}

// semantics notes how the usage was read where that changes the price.
func (c *claim) semantics(s cost.Semantics) {
	u := &c.stated.Usage
	if u.Known&(flow.UsageCacheRead|flow.UsageCacheWrite) != 0 {
		c.status.semantics = s.String()
	}
}
