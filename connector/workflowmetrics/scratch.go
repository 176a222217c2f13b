package workflowmetrics

import (
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
// nothing else, from batch to batch.
type scratch struct {
	reader     *otlp.Reader
	weigher    otlp.Weigher
	tree       flow.Tree
	rows       *tally.Batch
	seen       []sighting
	dimensions []string
	census     census
}

// sighting is one span of the batch.
type sighting struct {
	span    flow.Span
	reading flow.Reading
	weight  uint64
	dims    int // where its dimensions begin in scratch.dimensions
}

func (c *workflowMetrics) newScratch() *scratch {
	return &scratch{
		reader: otlp.NewReader(c.lexicon, c.dimensions),
		tree:   flow.Tree{Roots: c.cfg.roots()},
		rows:   tally.NewBatch(c.ledger),
		census: newCensus(),
	}
}

func (s *scratch) reset() {
	clear(s.seen)
	clear(s.dimensions)
	s.seen, s.dimensions = s.seen[:0], s.dimensions[:0]
	s.tree.Reset()
	s.rows.Reset()
	s.census.reset()
}

// view reads every span of the batch.
func (s *scratch) view(td ptrace.Traces, flights *flight.Table, now time.Time) {
	for _, rs := range td.ResourceSpans().All() {
		service := otlp.Service(rs.Resource())
		for _, ss := range rs.ScopeSpans().All() {
			scope := ss.Scope().Name()
			for _, span := range ss.Spans().All() {
				s.sight(span, rs.Resource(), scope, service, flights, now)
			}
		}
	}
}

func (s *scratch) sight(
	in ptrace.Span, resource pcommon.Resource, scope, service string, flights *flight.Table, now time.Time,
) {
	s.seen = append(s.seen, sighting{dims: len(s.dimensions), weight: s.weigher.Weight(in)})
	at := &s.seen[len(s.seen)-1]
	s.reader.Span(in, scope, service, &at.span)
	s.reader.Read(in, &at.span, &at.reading)
	s.dimensions = s.reader.Dimensions(s.dimensions, in.Attributes(), resource.Attributes())
	s.census.span(&at.reading)
	if at.reading.Role == flow.RoleMarker {
		if run, ok := otlp.LinkedTrace(in); ok {
			at.span.Trace = run
		}
	}
	s.tree.Add(&at.span, &at.reading)
	if len(s.seen) == 1 || s.seen[len(s.seen)-2].span.Trace != at.span.Trace || at.reading.Role == flow.RoleMarker {
		s.touch(at, flights, now)
	}
}

// touch notes news of the span's trace, unless the span has nothing to do with a
// workflow and its trace is not known.
func (s *scratch) touch(at *sighting, flights *flight.Table, now time.Time) {
	flights.Touch(at.span.Trace, now, at.reading.Workflow, at.span.Service)
}

// decide counts what the spans mean, now that their nesting is known.
func (s *scratch) decide(c *workflowMetrics, now time.Time) {
	s.tree.Resolve(c.flights)
	for i := range s.seen {
		s.count(c, i, now)
	}
}

func (s *scratch) count(c *workflowMetrics, i int, now time.Time) {
	at := &s.seen[i]
	verdict := s.tree.Verdict(i)
	if verdict.Role == flow.RoleOther && !verdict.CountsCall && !verdict.CountsUsage {
		return
	}
	o := tally.Observation{
		Service:    at.span.Service,
		Workflow:   s.workflow(c, i, verdict),
		Dimensions: s.dimensions[at.dims : at.dims+len(c.dimensions)],
		Step:       at.reading.Step,
		Seconds:    seconds(at.span.Start, at.span.End),
		Weight:     at.weight,
		Reading:    &at.reading,
		Verdict:    verdict,
	}
	if verdict.Role == flow.RoleMarker {
		return
	}
	s.follow(c, at, &o, now)
	s.rows.Observe(&o)
}

// workflow returns whose workflow the span is.
func (s *scratch) workflow(c *workflowMetrics, i int, v flow.Verdict) string {
	if v.Workflow >= 0 {
		if name := s.seen[v.Workflow].reading.Name(); name != "" {
			return name
		}
		return s.seen[v.Workflow].span.Name
	}
	if name := c.flights.Workflow(s.seen[i].span.Trace); name != "" {
		return name
	}
	s.census.unattributed++
	return unknownWorkflow
}

// follow keeps the books of the span's run.
func (s *scratch) follow(c *workflowMetrics, at *sighting, o *tally.Observation, now time.Time) {
	if o.Verdict.CountsUsage && at.reading.Call.Cost.OK {
		c.flights.Spend(at.span.Trace, now, at.reading.Call.Cost.USD)
	}
	run := flight.Run{
		Workflow: o.Workflow, Service: o.Service, Outcome: at.reading.Outcome, ErrorType: at.reading.ErrorType,
		Start: at.span.Start, End: at.span.End, Weight: at.weight,
	}
	switch o.Verdict.Run {
	case flow.RunCounts:
		c.flights.Touch(at.span.Trace, now, o.Workflow, o.Service)
		c.flights.End(at.span.Trace, now, &run)
		if !c.throughput.Add(o.Workflow, o.Service, time.Unix(0, at.span.End), now, at.weight) {
			s.census.late += int64(at.weight)
		}
	case flow.RunPending:
		c.flights.Touch(at.span.Trace, now, o.Workflow, o.Service)
		c.flights.Hold(at.span.Trace, now, &run)
	case flow.NotRun:
	}
}

// seconds returns how long a span took; 0 where its clock ran backwards.
func seconds(start, end int64) float64 {
	return max(0, float64(end-start)/1e9)
}
