package workflowmetrics

import (
	"hash/maphash"

	"github.com/tta-dev/otelcol-workflow/internal/flight"
	"github.com/tta-dev/otelcol-workflow/internal/flow"
)

// news is what the spans of the batch say of whose a trace is. Mostly they say one thing: that
// is told with all else that happened in the trace. What more there is is told at once.
type news struct {
	trace flow.TraceID
	id    string // of the run that the last span belonged to
	run   uint64 // its key
	named bool   // a span of that run has said whose workflow it is

	first, told       bool   // there is something, and it has been told
	key               uint64 // the run
	workflow, service string
}

// touch notes news of the span's run, and returns its key. A trace without any span of a
// workflow is never known.
func (s *scratch) touch(trace int, r *flow.Reading) (run uint64) {
	if trace == len(s.news) {
		s.news = append(s.news, news{})
	}
	if r.Replay { // remembered, but not as one in flight
		s.c.flights.Touch(s.span.Trace, s.now, 0, "", "")
		return 0
	}
	if r.Role == flow.RoleOther {
		return 0
	}
	id, n := "", &s.news[trace]
	if r.Dialect.RunsBearID() {
		id = s.reader.RunID()
	}
	if n.first && n.id == id && (n.named || r.Workflow == "") && r.Role != flow.RoleMarker {
		return n.run
	}
	n.id, n.run, n.named = id, 0, r.Workflow != ""
	if id != "" {
		n.run = maphash.String(s.c.seed, id) | 1
	}
	if n.first {
		s.tell(n)
		s.c.flights.Touch(n.trace, s.now, n.run, r.Workflow, s.span.Service)
		return n.run
	}
	n.first, n.trace, n.key, n.workflow, n.service = true, s.span.Trace, n.run, r.Workflow, s.span.Service
	return n.run
}

// tell tells the news unless they have been told.
func (s *scratch) tell(n *news) {
	if n.first && !n.told {
		v := s.c.flights.Visit(n.trace, s.now)
		n.tell(&v)
		v.Leave()
	}
}

func (n *news) tell(v *flight.Visit) {
	n.told = true
	v.Touch(n.key, n.workflow, n.service)
}
