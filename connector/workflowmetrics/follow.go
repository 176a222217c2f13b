package workflowmetrics

import (
	"time"

	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// follow keeps the books of a span that is, or may be, a run.
func (s *scratch) follow(at *sighting, workflow string, verdict *flow.Verdict) {
	run := flight.Run{
		Workflow: workflow, Service: at.service, Dimensions: s.pack(s.dimensionsOf(at)),
		Outcome: at.reading.Outcome, ErrorType: at.reading.ErrorType,
		Start: at.start, End: at.end, Weight: at.weight,
		Key: at.run, Detached: at.reading.Dialect == flow.Vercel,
	}
	if verdict.Run == flow.RunPending {
		s.hold(at, &run, verdict)
		return
	}
	s.c.flights.Touch(at.trace, s.now, run.Key, workflow, at.service)
	s.c.flights.End(at.trace, s.now, &run)
	if !s.c.throughput.Add(workflow, at.service, time.Unix(0, at.end), s.now, at.weight) {
		s.census.late += int64(at.weight)
	}
}

// hold keeps a span that may be a run until its trace tells.
func (s *scratch) hold(at *sighting, run *flight.Run, verdict *flow.Verdict) {
	if name := at.reading.Name(); name != "" {
		s.c.flights.Touch(at.trace, s.now, run.Key, run.Workflow, at.service)
		run.Workflow = name
	}
	candidate := flight.Candidate{
		Run: *run, Top: verdict.Top, Rank: at.reading.Rank, Step: at.reading.Step, StepKind: at.reading.StepKind,
	}
	if !s.c.flights.Hold(at.trace, s.now, &candidate) {
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
