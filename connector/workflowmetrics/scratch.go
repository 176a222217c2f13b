package workflowmetrics

import (
	"cmp"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/otlp"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// unknownWorkflow names the workflow of spans that do not say whose they are.
const unknownWorkflow = "unknown_workflow"

// scratch is what one goroutine needs to fold a batch. It keeps its memory, and
// of the spans nothing but phrases, forms, plans and rows, from batch to batch.
type scratch struct {
	c          *workflowMetrics
	now        time.Time
	reader     *otlp.Reader
	weigher    otlp.Weigher
	tree       flow.Tree
	rows       *tally.Batch
	span       flow.Span // the one being read
	seen       []sighting
	services   []string // of the resources
	senders    []uint32 // numbers of the services
	dimensions []string
	resolved   []flight.Resolved
	census     census

	observation tally.Observation // of the span being counted
	source      tally.Origin      // of its value
	plans       plans
	crowds      []crowd

	news    []news // of the traces of the batch
	packed  string // the dimensions of a run, as packed last
	packing []byte
}

// sighting is one span of the batch.
type sighting struct {
	reading    *flow.Reading
	start, end int64
	weight     uint64
	run        uint64 // tells the runs of a trace apart, 0 if the span does not say
	service    int32  // index in scratch.services
	dims       int32  // where its dimensions begin in scratch.dimensions
}

func (c *workflowMetrics) newScratch() *scratch {
	return &scratch{
		c:      c,
		reader: otlp.NewReader(c.lexicon, c.dimensions),
		tree:   flow.Tree{Roots: c.cfg.roots()},
		rows:   tally.NewBatch(c.ledger),
	}
}

func (s *scratch) reset() {
	clear(s.dimensions)
	clear(s.services)
	s.services, s.senders = s.services[:0], s.senders[:0]
	s.seen, s.dimensions = s.seen[:0], s.dimensions[:0] // sightings point to the reader's memory alone
	s.tree.Reset()
	s.rows.Reset()
	s.reader.Turn()
	clear(s.news)
	s.news = s.news[:0]
	s.span, s.observation, s.census = flow.Span{}, tally.Observation{}, census{}
}

// view reads every span of the batch.
func (s *scratch) view(td ptrace.Traces) {
	for _, rs := range td.ResourceSpans().All() {
		service, faults := otlp.Service(rs.Resource())
		s.census.fault(faults)
		if s.c.faceless {
			service = ""
		}
		s.services, s.senders = append(s.services, service), append(s.senders, s.plans.sender(service))
		for _, ss := range rs.ScopeSpans().All() {
			scope := ss.Scope().Name()
			for _, span := range ss.Spans().All() {
				s.sight(span, rs.Resource(), scope, service)
			}
		}
	}
}

func (s *scratch) sight(in ptrace.Span, resource pcommon.Resource, scope, service string) {
	span := &s.span
	s.reader.Span(in, scope, service, span)
	reading := s.reader.Read(in, span)
	if reading.Role == flow.RoleMarker {
		if run, ok := otlp.LinkedTrace(in); ok {
			span.Trace = run
		}
	}
	s.census.span(reading)
	trace := s.tree.Add(span, reading)
	s.seen = slices.Grow(s.seen, 1)[:len(s.seen)+1]
	at := &s.seen[len(s.seen)-1] // filled one by one: a literal would be copied
	at.reading, at.start, at.end = reading, span.Start, span.End
	at.weight, at.run = s.weigher.Weight(in), s.touch(trace, reading)
	at.service, at.dims = int32(len(s.services)-1), int32(len(s.dimensions))
	if len(s.c.dimensions) > 0 {
		var faults flow.Faults
		s.dimensions, faults = s.reader.Dimensions(s.dimensions, in.Attributes(), resource.Attributes())
		s.census.fault(faults)
	}
}

// decide counts what the spans mean, now that their nesting is known.
func (s *scratch) decide() {
	s.tree.Recognise()
	s.tree.Formed(s.countAll)
	for k := range s.news {
		s.tell(&s.news[k])
	}
	s.tree.Resolve(s.c.flights)
	s.census.dropped += int64(s.tree.Dropped())
	s.tree.Awaited(s.review)
	for _, i := range s.tree.Open() {
		s.count(int(i))
	}
	s.disperse()
	s.c.flights.Evicted(func(st flight.Settled) {
		s.census.evicted++
		s.c.close(s.rows, &st, s.now)
	})
}

// review counts the candidates of earlier batches about which the trace has decided.
// A step is of the workflow that it turned out to lie in.
func (s *scratch) review(id flow.TraceID) {
	s.resolved = s.c.flights.Review(id, s.tree.Fate, s.resolved[:0])
	for i := range s.resolved {
		r := &s.resolved[i]
		if owner := s.tree.Owner(id, r.Top); owner >= 0 && !r.Counts {
			r.Workflow = s.seen[owner].reading.Name()
		}
		s.c.resolve(s.rows, r, s.now)
	}
	clear(s.resolved)
}

// count counts a span, and returns what was done.
func (s *scratch) count(i int) (did deed) {
	verdict := s.tree.Verdict(i)
	did = deed{row: tally.NoRow, certain: true}
	if verdict.Replay {
		s.census.replayed++
		return did
	}
	s.census.fault(verdict.Faults)
	if verdict.Role == flow.RoleMarker || verdict.Role == flow.RoleOther && !verdict.CountsCall && !verdict.CountsUsage {
		return did
	}
	at := &s.seen[i]
	workflow, said := s.workflow(i, verdict)
	did.certain = said && verdict.Run != flow.RunPending
	step := ""
	if verdict.CountsUsage && at.reading.Call.Cost.OK {
		did.spends = true
		s.c.flights.Spend(s.tree.Trace(i), s.now, at.reading.Call.Cost.USD)
		step = s.step(i)
	}
	if verdict.Run != flow.NotRun {
		did.ends = true
		s.follow(i, workflow, &verdict)
	}
	o := &s.observation // of 120 bytes, most of which stay as they are
	o.Stream = s.rows.Stream(cmp.Or(workflow, unknownWorkflow), s.services[at.service], s.dimensionsOf(at))
	o.Step, o.Seconds, o.Weight = step, flow.Seconds(at.start, at.end), at.weight
	o.Reading, o.Verdict, o.Origin = at.reading, verdict, tally.Origin{}
	if origin := s.origin(i); origin != nil {
		o.Origin = *origin
	}
	did.row = s.rows.Observe(o)
	return did
}

// origin returns where the value of a span comes from, good until the next call; nil if there
// are to be no exemplars.
func (s *scratch) origin(i int) *tally.Origin {
	if !s.c.cfg.Exemplars.Enabled {
		return nil
	}
	s.source = tally.Origin{Trace: s.tree.Trace(i), Span: s.tree.Span(i), End: s.seen[i].end}
	return &s.source
}

func (s *scratch) dimensionsOf(at *sighting) []string {
	return s.dimensions[at.dims : int(at.dims)+len(s.c.dimensions)]
}

// step returns the name of the step that the span says it lies in, else of the nearest one
// around it in the batch.
func (s *scratch) step(i int) string {
	if name := s.seen[i].reading.Within; name != "" {
		return name
	}
	if at := s.tree.StepAt(i); at >= 0 {
		return s.seen[at].reading.Step
	}
	return ""
}

// workflow returns whose workflow the span is, "" where that is not known, and whether the batch
// says so.
func (s *scratch) workflow(i int, v flow.Verdict) (name string, said bool) {
	if v.Workflow >= 0 {
		if name = s.seen[v.Workflow].reading.Name(); name != "" {
			return name, true
		}
	}
	name = s.c.flights.Workflow(s.tree.Trace(i))
	if name == "" {
		s.census.unattributed++
	}
	return name, false
}
