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
	marks   []mark                    // of all spans of the batch, in order
	traces  map[flow.TraceID]struct{} // to look into
	passing []flow.TraceID            // that may hold nothing to price
	seen    []sighting                // the spans of the traces to look into
	claims  []claim                   // the spans among them that may have a price
	sums    []sums                    // of seen
	claimed []uint64                  // keys of what was priced
	partial map[flow.TraceID]struct{} // traces of which spans are missing
	notes   []note                    // of the span being written
	census  census
}

// sighting is one span of a trace that was looked into.
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
	stated   flow.Stated
	detail   flow.Detail
	states   bool       // stated is not empty
	explicit float64    // what the span says that a cache of answers saved
	cache    flow.Cache // what a cache of answers said
	status   status
	usd      float64 // what it adds to its run
}

func (p *costProcessor) newScratch() *scratch {
	return &scratch{
		p:      p,
		reader: otlp.NewReader(p.lexicon, nil),
		tree:   flow.Tree{Roots: flow.RootsOfWorkflows},
		traces: make(map[flow.TraceID]struct{}), partial: make(map[flow.TraceID]struct{}),
	}
}

func (s *scratch) reset() {
	clear(s.seen)
	clear(s.claims)
	clear(s.traces)
	clear(s.partial)
	s.marks, s.passing, s.seen, s.claims = s.marks[:0], s.passing[:0], s.seen[:0], s.claims[:0]
	s.sums, s.claimed = s.sums[:0], s.claimed[:0]
	s.tree.Reset()
	s.reader.Turn()
	s.catalog, s.census = nil, census{}
}

// scan looks at the names of all attributes, and says whether there is a trace to look into:
// one that holds something to price, or of which earlier batches have left something.
func (s *scratch) scan(td ptrace.Traces) bool {
	last := flow.TraceID{}
	for _, rs := range td.ResourceSpans().All() {
		common := s.marksOf(rs.Resource().Attributes()) & markPriceable
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				m := s.marksOf(span.Attributes()) | common
				s.marks = append(s.marks, m)
				trace := flow.TraceID(span.TraceID())
				switch {
				case m&markPriceable != 0:
					s.traces[trace] = struct{}{}
				case trace != last:
					s.passing = append(s.passing, trace)
				}
				last = trace
				if m == markOurs {
					s.strip(span.Attributes())
				}
			}
		}
	}
	s.p.memory.awaits(s.passing, s.traces)
	return len(s.traces) > 0
}

func (s *scratch) marksOf(attributes pcommon.Map) (m mark) {
	for name := range attributes.All() {
		if mayBeOurs(name) && ours(name) {
			m |= markOurs
		} else if m&markPriceable == 0 && s.p.markers.priceable(name) {
			m |= markPriceable
		}
	}
	return m
}

// strip removes what only this processor writes.
func (s *scratch) strip(attributes pcommon.Map) {
	if !s.p.cfg.DropIncoming {
		return
	}
	attributes.RemoveIf(func(name string, _ pcommon.Value) bool { return ours(name) })
	s.census.stripped++
}

// view reads the spans of the traces to look into.
func (s *scratch) view(td ptrace.Traces) {
	s.catalog = s.p.store.Load()
	i := -1
	last, wanted := flow.TraceID{}, false
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			scope := ss.Scope().Name()
			for _, span := range ss.Spans().All() {
				i++
				if trace := flow.TraceID(span.TraceID()); trace != last || len(s.seen) == 0 {
					last = trace
					_, wanted = s.traces[trace]
				}
				if wanted {
					s.sight(span, rs.Resource().Attributes(), scope, s.marks[i])
				}
			}
		}
	}
	s.tree.Resolve(s.p.memory)
}

func (s *scratch) sight(in ptrace.Span, resource pcommon.Map, scope string, m mark) {
	explicit := 0.0
	if m&markOurs != 0 && m&markPriceable != 0 {
		explicit = savedByCache(in.Attributes())
		s.strip(in.Attributes())
	}
	var span flow.Span
	s.reader.Span(in, scope, "", &span)
	reading := s.reader.Read(in, &span)
	s.tree.Add(&span, reading)
	at := int32(len(s.seen))
	s.seen = append(s.seen, sighting{span: in, resource: resource, reading: reading, claim: -1})
	if m&markPriceable == 0 || reading.Role == flow.RoleMarker {
		return
	}
	s.seen[at].claim = int32(len(s.claims))
	stated := s.reader.Stated()
	s.claims = append(s.claims, claim{
		at: at, scope: scope, stated: stated, states: stated != flow.Stated{}, detail: otlp.Detail(in.Attributes()),
		explicit: explicit, cache: s.p.cfg.Savings.ResponseCache.cache(in.Attributes()),
	})
}

// workflow returns the name of the workflow that a span is of, "" where the batch does not say.
func (s *scratch) workflow(v *flow.Verdict) string {
	if v.Workflow < 0 {
		return ""
	}
	return s.seen[v.Workflow].reading.Name()
}
