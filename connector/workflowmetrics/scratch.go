package workflowmetrics

import (
	"hash/maphash"
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
	resolved   []flight.Resolved

	seed    maphash.Seed
	touched bool         // whether trace and run below are of this batch
	trace   flow.TraceID // the last one touched
	run     string
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
		seed:   c.seed,
	}
}

func (s *scratch) reset() {
	clear(s.seen)
	clear(s.dimensions)
	s.seen, s.dimensions = s.seen[:0], s.dimensions[:0]
	s.tree.Reset()
	s.rows.Reset()
	s.census.reset()
	clear(s.resolved)
	s.resolved = s.resolved[:0]
	s.touched, s.run = false, ""
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
	s.touch(at, flights, now)
}

// touch notes news of the span's run, once for each stretch of spans of it. A trace
// without any span of a workflow is never known.
func (s *scratch) touch(at *sighting, flights *flight.Table, now time.Time) {
	if at.reading.Role == flow.RoleOther {
		return
	}
	run := runID(&at.reading)
	if s.touched && s.trace == at.span.Trace && s.run == run && at.reading.Role != flow.RoleMarker {
		return
	}
	s.touched, s.trace, s.run = true, at.span.Trace, run
	flights.Touch(at.span.Trace, now, s.key(run), at.reading.Workflow, at.span.Service)
}

// runID is the id of the run, from those whose run spans bear it too: only they say
// when the run of that id has ended.
func runID(r *flow.Reading) string {
	switch r.Dialect {
	case flow.Ours, flow.Temporal, flow.DurableTask, flow.Airflow, flow.CICD:
		return r.RunID
	}
	return ""
}

// key tells runs of a trace apart; 0 for a run without id.
func (s *scratch) key(id string) uint64 {
	if id == "" {
		return 0
	}
	return maphash.String(s.seed, id) | 1
}

// decide counts what the spans mean, now that their nesting is known.
func (s *scratch) decide(c *workflowMetrics, now time.Time) {
	s.tree.Resolve(c.flights)
	s.tree.Awaited(func(id flow.TraceID) {
		s.resolved = c.flights.Review(id, s.tree.Fate, s.resolved)
	})
	for i := range s.resolved {
		s.census.late += c.resolve(s.rows, &s.resolved[i], now)
	}
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
	if o.Verdict.Run == flow.NotRun {
		return
	}
	run := flight.Run{
		Workflow: o.Workflow, Service: o.Service, Outcome: at.reading.Outcome, ErrorType: at.reading.ErrorType,
		Start: at.span.Start, End: at.span.End, Weight: at.weight,
		Key: s.key(runID(&at.reading)), Detached: at.reading.Dialect == flow.Vercel,
	}
	if o.Verdict.Run == flow.RunPending {
		s.hold(c, at, o, &run, now)
		return
	}
	c.flights.Touch(at.span.Trace, now, run.Key, o.Workflow, o.Service)
	c.flights.End(at.span.Trace, now, &run)
	if !c.throughput.Add(o.Workflow, o.Service, time.Unix(0, at.span.End), now, at.weight) {
		s.census.late += int64(at.weight)
	}
}

// hold keeps a span that may be a run until its trace tells.
func (s *scratch) hold(c *workflowMetrics, at *sighting, o *tally.Observation, run *flight.Run, now time.Time) {
	name := at.reading.Name()
	if name != "" {
		run.Workflow = name
		c.flights.Touch(at.span.Trace, now, run.Key, o.Workflow, o.Service)
	}
	candidate := flight.Candidate{
		Run: *run, Top: o.Verdict.Top, Rank: at.reading.Rank, Step: at.reading.Step, StepKind: at.reading.StepKind,
	}
	if !c.flights.Hold(at.span.Trace, now, &candidate) {
		o.Verdict.Role, o.Verdict.Run = flow.RoleStep, flow.NotRun
	}
}

// seconds returns how long a span took; 0 where its clock ran backwards.
func seconds(start, end int64) float64 {
	return max(0, float64(end-start)/1e9)
}
