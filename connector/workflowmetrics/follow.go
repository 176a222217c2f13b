package workflowmetrics

import (
	"cmp"
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// follow keeps the books of a span that is, or may be, a run. The workflow may be "": what is
// not known is never remembered under a name.
func (s *scratch) follow(i int, workflow string, verdict *flow.Verdict) {
	at, trace := &s.seen[i], s.tree.Trace(i)
	run := flight.Run{
		Workflow: workflow, Service: s.services[at.service], Dimensions: s.pack(s.dimensionsOf(at)),
		Outcome: at.reading.Outcome, ErrorType: at.reading.ErrorType,
		Start: at.start, End: at.end, Weight: at.weight,
		Key: at.run, Detached: at.reading.Dialect == flow.Vercel,
	}
	if verdict.Run == flow.RunPending {
		s.hold(trace, at.reading, &run, verdict)
		return
	}
	s.c.flights.End(trace, s.now, &run)
	if !s.c.throughput.Add(cmp.Or(workflow, unknownWorkflow), run.Service, time.Unix(0, at.end), s.now, at.weight) {
		s.census.late += int64(at.weight)
	}
}

// hold keeps a span that may be a run until its trace tells.
func (s *scratch) hold(trace flow.TraceID, r *flow.Reading, run *flight.Run, verdict *flow.Verdict) {
	if name := r.Name(); name != "" {
		s.c.flights.Touch(trace, s.now, run.Key, run.Workflow, run.Service)
		run.Workflow = name
	}
	candidate := flight.Candidate{
		Run: *run, Top: verdict.Top, Rank: r.Rank, Step: r.Step, StepKind: r.StepKind,
	}
	if !s.c.flights.Hold(trace, s.now, &candidate) {
		verdict.Role, verdict.Run = flow.RoleStep, flow.NotRun
	}
}

// pack returns the dimensions as one string, mostly the same as the last time.
func (s *scratch) pack(dimensions []string) string {
	if len(dimensions) == 0 {
		return ""
	}
	s.packing = tally.AppendDimensions(s.packing[:0], dimensions)
	if s.packed != string(s.packing) {
		s.packed = string(s.packing)
	}
	return s.packed
}
