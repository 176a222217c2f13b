package workflowmetrics

import (
	"cmp"

	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

// follow keeps the books of a span that is, or may be, a run. The workflow may be "": what is
// not known is never remembered under a name.
func (s *scratch) follow(i int, workflow string, verdict *flow.Verdict) {
	run := s.run(i, workflow)
	if verdict.Run == flow.RunPending {
		s.hold(s.tree.Trace(i), s.seen[i].reading, &run, verdict)
		return
	}
	s.c.flights.End(s.tree.Trace(i), s.now, &run)
	s.finish(&run)
}

func (s *scratch) run(i int, workflow string) flight.Run {
	at := &s.seen[i]
	return flight.Run{
		Workflow: workflow, Service: s.services[at.service], Dimensions: s.pack(s.dimensionsOf(at)),
		Outcome: at.reading.Outcome, ErrorType: at.reading.ErrorType,
		Start: at.start, End: at.end, Weight: at.weight,
		Key: at.run, Detached: at.reading.Dialect == flow.Vercel,
	}
}

// finished is what runs that ended in the same second of the same workflow have in common.
type finished struct {
	workflow, service string
	second            int64
}

// crowd is runs that finished.
type crowd struct {
	finished
	runs uint64
}

// maxCrowds is how many are gathered: looking through more costs more than counting each run.
const maxCrowds = 16

// finish gathers a run for the throughput.
func (s *scratch) finish(run *flight.Run) {
	second, ok := tally.Second(run.End, s.now.UnixNano())
	if !ok {
		s.census.late += int64(run.Weight)
		return
	}
	f := finished{cmp.Or(run.Workflow, unknownWorkflow), run.Service, second}
	for i := range s.crowds {
		if s.crowds[i].finished == f {
			s.crowds[i].runs += run.Weight
			return
		}
	}
	if len(s.crowds) == maxCrowds {
		s.disperse()
	}
	s.crowds = append(s.crowds, crowd{f, run.Weight})
}

// disperse counts the runs that were gathered.
func (s *scratch) disperse() {
	for i := range s.crowds {
		c := &s.crowds[i]
		s.c.throughput.Add(c.workflow, c.service, c.second, c.runs)
	}
	clear(s.crowds)
	s.crowds = s.crowds[:0]
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
