package costprocessor

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
)

// guess is the usage of a call that states none, as its texts suggest.
type guess struct {
	claim int
	usage flow.Usage
	void  bool // a span around the call or in it states its usage
}

// maxDepth is how far up the spans around a call are looked for one that states its usage.
const maxDepth = 256

// guess notes how many tokens a call may have used that ended well and says nothing about it.
func (s *scratch) guess(i int, span ptrace.Span) {
	c := &s.claims[i]
	r := c.reading
	silent := !c.states && !r.Call.Cost.OK && !c.foreign && c.cache != flow.CacheHit
	if !silent || r.Role != flow.RoleCall || !ofModel(r) || r.Call.Model == "" || r.Outcome != flow.OutcomeSuccess {
		return
	}
	text := otlp.Content(span)
	each := s.p.cfg.Usage.EstimateMissing.CharsPerToken
	u := flow.Usage{Input: tokensOf(text.Input, each), Output: tokensOf(text.Output, each)}
	if u.Input > 0 {
		u.Known |= flow.UsageInput
	}
	if u.Output > 0 {
		u.Known |= flow.UsageOutput
	}
	if u.Known != 0 {
		s.guesses = append(s.guesses, guess{claim: i, usage: u})
	}
}

// tokensOf is how many tokens characters make; what is begun is one.
func tokensOf(characters int, each float64) int64 {
	return int64(min(math.Ceil(float64(characters)/each), flow.MaxTokens))
}

func ofModel(r *flow.Reading) bool {
	return r.Call.Kind == flow.CostLLM || r.Call.Kind == flow.CostEmbedding
}

// place is where a span is.
type place struct {
	trace pcommon.TraceID
	id    pcommon.SpanID
}

// estimate gives the calls their guesses, except where a span of the batch around one or in it
// states a usage: that is no guess, and would be charged besides.
//
//	agent  in 700              counts: it knows
//	├─ chat  "Hello …"         unpriced
//	chat  "Hello …"            in 3, estimated
func (s *scratch) estimate(td ptrace.Traces) {
	if len(s.guesses) == 0 {
		return
	}
	parents := parentsOf(td)
	guesses := make(map[place]*guess, len(s.guesses))
	for i := range s.guesses {
		guesses[s.placeOf(s.guesses[i].claim)] = &s.guesses[i]
	}
	stating := make(map[place]bool)
	for i := range s.claims {
		c := &s.claims[i]
		if !c.states && !c.reading.Call.Cost.OK && !c.foreign {
			continue
		}
		at := s.placeOf(i)
		stating[at] = true
		if !ofModel(c.reading) { // what a tool costs is not in the usage of who asked for it
			continue
		}
		climb(parents, at, func(above place) bool {
			if g := guesses[above]; g != nil {
				g.void = true
			}
			return true
		})
	}
	for at, g := range guesses {
		climb(parents, at, func(above place) bool {
			g.void = g.void || stating[above]
			return !g.void
		})
		if !g.void {
			s.claims[g.claim].take(&g.usage)
		}
	}
}

// take makes a guess the usage of a call.
func (c *claim) take(u *flow.Usage) {
	own := *c.reading
	own.Call.Usage, own.Shape = *u, 0
	c.reading = &own
	c.stated = flow.Stated{Usage: *u}
	c.states, c.guessed = true, true
}

// placeOf is where a claim is that has not been sighted.
func (s *scratch) placeOf(i int) place {
	span := s.outline.marked[s.claims[i].at].span
	return place{span.TraceID(), span.SpanID()}
}

func parentsOf(td ptrace.Traces) map[place]pcommon.SpanID {
	parents := make(map[place]pcommon.SpanID, td.SpanCount())
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				parents[place{span.TraceID(), span.SpanID()}] = span.ParentSpanID()
			}
		}
	}
	return parents
}

// climb visits the spans around one, the nearest first, until visit says that it is enough.
func climb(parents map[place]pcommon.SpanID, at place, visit func(place) bool) {
	for range maxDepth {
		at.id = parents[at]
		if at.id.IsEmpty() || !visit(at) {
			return
		}
	}
}
