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
// of the spans nothing but phrases, from batch to batch.
type scratch struct {
	reader     *otlp.Reader
	weigher    otlp.Weigher
	tree       flow.Tree
	rows       *tally.Batch
	span       flow.Span // the one being read
	seen       []sighting
	dimensions []string
	census     census
}

// sighting is one span of the batch.
type sighting struct {
	reading    *flow.Reading
	trace      flow.TraceID
	service    string
	start, end int64
	weight     uint64
	dims       int // where its dimensions begin in scratch.dimensions
}

func (c *workflowMetrics) newScratch() *scratch {
	return &scratch{
		reader: otlp.NewReader(c.lexicon, c.dimensions),
		rows:   tally.NewBatch(c.ledger),
	}
}

func (s *scratch) reset() {
	clear(s.seen)
	clear(s.dimensions)
	s.span = flow.Span{}
	s.seen, s.dimensions = s.seen[:0], s.dimensions[:0]
	s.tree.Reset()
	s.rows.Reset()
	s.reader.Turn()
	s.census = census{}
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
	span := &s.span
	s.reader.Span(in, scope, service, span)
	reading := s.reader.Read(in, span)
	if reading.Role == flow.RoleMarker {
		if run, ok := otlp.LinkedTrace(in); ok {
			span.Trace = run
		}
	}
	s.census.span(reading)
	s.tree.Add(span, reading)
	if n := len(s.seen); n == 0 || s.seen[n-1].trace != span.Trace || reading.Role == flow.RoleMarker {
		flights.Touch(span.Trace, now, reading.Workflow, service)
	}
	s.seen = append(s.seen, sighting{
		reading: reading, trace: span.Trace, service: service, start: span.Start, end: span.End,
		weight: s.weigher.Weight(in), dims: len(s.dimensions),
	})
	s.dimensions = s.reader.Dimensions(s.dimensions, in.Attributes(), resource.Attributes())
}

// decide counts what the spans mean, now that their nesting is known.
func (s *scratch) decide(c *workflowMetrics, now time.Time) {
	s.tree.Resolve(c.flights)
	for i := range s.seen {
		s.count(c, i, now)
	}
}

func (s *scratch) count(c *workflowMetrics, i int, now time.Time) {
	verdict := s.tree.Verdict(i)
	if verdict.Role == flow.RoleMarker || verdict.Role == flow.RoleOther && !verdict.CountsCall && !verdict.CountsUsage {
		return
	}
	at := &s.seen[i]
	workflow := s.workflow(c, i, verdict)
	if verdict.CountsUsage && at.reading.Call.Cost.OK {
		c.flights.Spend(at.trace, now, at.reading.Call.Cost.USD)
	}
	if verdict.Run != flow.NotRun {
		s.follow(c, at, workflow, verdict.Run, now)
	}
	s.rows.Observe(&tally.Observation{
		Stream:  s.rows.Stream(workflow, at.service, s.dimensions[at.dims:at.dims+len(c.dimensions)]),
		Step:    at.reading.Step,
		Seconds: seconds(at.start, at.end),
		Weight:  at.weight,
		Reading: at.reading,
		Verdict: verdict,
	})
}

// workflow returns whose workflow the span is.
func (s *scratch) workflow(c *workflowMetrics, i int, v flow.Verdict) string {
	if v.Workflow >= 0 {
		if name := s.seen[v.Workflow].reading.Name(); name != "" {
			return name
		}
	}
	if name := c.flights.Workflow(s.seen[i].trace); name != "" {
		return name
	}
	s.census.unattributed++
	return unknownWorkflow
}

// follow keeps the books of a span that is, or may be, a run.
func (s *scratch) follow(c *workflowMetrics, at *sighting, workflow string, verdict flow.RunVerdict, now time.Time) {
	run := flight.Run{
		Workflow: workflow, Service: at.service, Outcome: at.reading.Outcome, ErrorType: at.reading.ErrorType,
		Start: at.start, End: at.end, Weight: at.weight,
	}
	c.flights.Touch(at.trace, now, workflow, at.service)
	if verdict == flow.RunPending {
		c.flights.Hold(at.trace, now, &run)
		return
	}
	c.flights.End(at.trace, now, &run)
	if !c.throughput.Add(workflow, at.service, time.Unix(0, at.end), now, at.weight) {
		s.census.late += int64(at.weight)
	}
}

// seconds returns how long a span took; 0 where its clock ran backwards.
func seconds(start, end int64) float64 {
	return max(0, float64(end-start)/1e9)
}
