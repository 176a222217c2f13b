package costprocessor

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/internal/cost"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
)

// scratch is what one goroutine needs to price a batch. It keeps its memory, and of the spans
// nothing but phrases, from batch to batch.
type scratch struct {
	p       *costProcessor
	now     time.Time
	catalog *cost.Catalog
	reader  *otlp.Reader
	tree    flow.Tree
	outline outline
	seen    []sighting                // the spans that matter for prices
	claims  []claim                   // the spans among them that may have a price
	guesses []guess                   // of claims
	sums    []sums                    // of seen
	claimed []uint64                  // keys of what was priced
	spent   []spending                // what was added to accounts
	partial map[flow.TraceID]struct{} // traces of which spans are missing
	notes   []note                    // of the span being written
	said    cost.Said                 // of the span being priced: most of its units are never told
	request cost.Request
	census  census
}

// sighting is one span that matters for prices.
type sighting struct {
	span     ptrace.Span
	resource pcommon.Map
	reading  *flow.Reading
	claim    int32 // index in scratch.claims, or -1
}

// claim is a span that may have a price.
type claim struct {
	at       int32 // index in scratch.seen
	scope    string
	reading  *flow.Reading
	stated   flow.Stated
	detail   flow.Detail
	states   bool       // stated is not empty
	guessed  bool       // stated is an estimate
	foreign  bool       // it states a cost in a currency that has no rate
	explicit float64    // what the span says that a cache of answers saved
	cache    flow.Cache // what a cache of answers said
	status   status
	usd      float64 // what it adds to its run
}

func (p *costProcessor) newScratch() *scratch {
	return &scratch{
		p:       p,
		reader:  otlp.NewReader(p.lexicon, nil),
		tree:    flow.Tree{Roots: flow.RootsOfWorkflows},
		outline: newOutline(p.markers),
		partial: make(map[flow.TraceID]struct{}),
	}
}

func (s *scratch) reset() {
	clear(s.seen)
	clear(s.claims)
	clear(s.partial)
	clear(s.spent)
	s.seen, s.claims, s.sums, s.claimed, s.spent = s.seen[:0], s.claims[:0], s.sums[:0], s.claimed[:0], s.spent[:0]
	s.guesses = s.guesses[:0]
	s.outline.reset()
	s.tree.Reset()
	s.reader.Turn()
	s.catalog, s.census = nil, census{}
	s.said, s.request = cost.Said{}, cost.Request{}
}

// scan finds out what may have a price, and says whether there is a trace to look into: one
// that holds such a span, or of which earlier batches have left something.
func (s *scratch) scan(td ptrace.Traces) bool {
	s.outline.draw(td)
	for k := range s.outline.marked {
		if m := &s.outline.marked[k]; m.mark&markOurs != 0 {
			s.strip(m)
		}
	}
	s.p.memory.awaits(s.outline.passing, s.outline.traces)
	return len(s.outline.traces) > 0
}

// strip removes what only this processor writes.
func (s *scratch) strip(m *sketch) {
	if !s.p.cfg.DropIncoming {
		return
	}
	if m.mark&markPriceable != 0 {
		m.explicit = savedByCache(m.span.Attributes())
	}
	m.span.Attributes().RemoveIf(func(name string, _ pcommon.Value) bool { return ours(name) })
	s.census.stripped++
}

// view reads the spans that matter for prices: those that may have one and those around them.
// Where a span around calls states a usage itself, or earlier batches left something, all of
// the trace matters: any of its spans may be the parent of one that is still to come.
func (s *scratch) view(td ptrace.Traces) {
	s.catalog = s.p.store.Load()
	s.outline.connect(td)
	s.readMarked()
	s.estimate(td)
	i, next := -1, 0
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				i++
				claim := int32(-1)
				if next < len(s.claims) && s.outline.marked[s.claims[next].at].index == i {
					claim = int32(next)
					next++
				} else if !s.outline.matters(i, span) {
					continue
				}
				s.sight(span, rs.Resource().Attributes(), ss.Scope().Name(), claim)
			}
		}
	}
	s.tree.Resolve(s.p.memory)
}

// readMarked reads the spans that may have a price. Until they are sighted, a claim's place is
// that among the marked spans.
func (s *scratch) readMarked() {
	for k := range s.outline.marked {
		m := &s.outline.marked[k]
		if m.mark&markPriceable == 0 {
			continue
		}
		var span flow.Span
		s.reader.Span(m.span, m.scope, "", &span)
		reading := s.reader.Read(m.span, &span)
		if reading.Role == flow.RoleMarker || reading.Replay { // what a recording answers costs nothing
			continue
		}
		if reading.Role != flow.RoleCall {
			s.outline.traces[span.Trace] = whole
		}
		stated := s.reader.Stated()
		s.claims = append(s.claims, claim{
			at: int32(k), scope: m.scope, reading: reading, stated: stated, states: stated != flow.Stated{},
			detail: otlp.Detail(m.span.Attributes()), explicit: m.explicit,
			cache: s.p.cfg.Savings.ResponseCache.cache(m.span.Attributes()),
		})
		s.exchange(&s.claims[len(s.claims)-1], m.span.StartTimestamp())
		if s.p.cfg.Usage.EstimateMissing.Enabled {
			s.guess(len(s.claims)-1, m.span)
		}
	}
}

// sight adds a span to the tree.
func (s *scratch) sight(in ptrace.Span, resource pcommon.Map, scope string, claim int32) {
	var span flow.Span
	s.reader.Span(in, scope, "", &span)
	var reading *flow.Reading
	if claim >= 0 {
		c := &s.claims[claim]
		c.at, reading = int32(len(s.seen)), c.reading
	} else {
		reading = s.reader.Read(in, &span)
	}
	s.tree.Add(&span, reading)
	s.seen = append(s.seen, sighting{span: in, resource: resource, reading: reading, claim: claim})
}

// workflow returns the name of the workflow that a span is of, "" where the batch does not say.
func (s *scratch) workflow(v *flow.Verdict) string {
	if v.Workflow < 0 {
		return ""
	}
	return s.seen[v.Workflow].reading.Name()
}
