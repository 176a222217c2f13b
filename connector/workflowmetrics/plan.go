package workflowmetrics

import (
	"slices"
	"strings"

	"github.com/tta-dev/otelcol-workflow/internal/flow"
	"github.com/tta-dev/otelcol-workflow/internal/tally"
)

const (
	planCount  = 256 // a power of two
	maxSenders = 1024
)

// plans remembers, for traces that are decided like earlier ones, where their spans were
// counted:
//
//	form 7 of service 2     chat  row 4, spends     step  row 5     run  row 6, ends
//
// Not safe for concurrent use.
type plans struct {
	all     [planCount]plan
	senders map[string]uint32 // services by name
	named   uint32            // how many have been given a number
}

// plan is what is done with the spans of a trace of a form, in their order.
type plan struct {
	form, sender uint32 // 0 = none
	age          uint32 // of the rows
	deeds        []deed
}

// deed is what was done with a span.
type deed struct {
	row     tally.Row
	owner   int  // which span of the trace names the workflow
	spends  bool // the trace has cost something
	ends    bool // a run has ended
	certain bool // it is the same whatever is remembered of the trace
}

// sender returns the number of a service, which is not 0 and no other's ever.
func (p *plans) sender(service string) uint32 {
	if n, ok := p.senders[service]; ok {
		return n
	}
	if p.senders == nil || len(p.senders) == maxSenders {
		p.senders = make(map[string]uint32)
	}
	p.named++
	p.senders[strings.Clone(service)] = p.named
	return p.named
}

// countAll counts the spans of a trace that has a form. It reports false, and does nothing, if
// something is remembered of the trace.
func (s *scratch) countAll(trace int, form uint32, spans []int32) (whole bool) {
	p, n := s.plan(form, spans), &s.news[trace]
	if p != nil && len(p.deeds) > 0 && n.first {
		return s.repeat(n, p.deeds, spans)
	}
	if s.c.flights.Remembers(s.tree.Trace(int(spans[0]))) {
		return false
	}
	s.tell(n)
	for _, i := range spans {
		did := s.count(int(i))
		if p != nil && len(p.deeds) < len(spans) {
			did.owner = slices.Index(spans, s.tree.Verdict(int(i)).Workflow)
			p.note(did)
		}
	}
	return true
}

// note adds what was done with the next span.
func (p *plan) note(did deed) {
	if !did.certain {
		p.form = 0
	}
	p.deeds = append(p.deeds, did)
}

// plan returns the plan of a form, without deeds if it is still to be made; nil if what is done
// depends on more than the form and one service.
func (s *scratch) plan(form uint32, spans []int32) *plan {
	service := s.seen[spans[0]].service
	for _, i := range spans {
		if s.seen[i].service != service {
			return nil
		}
	}
	if len(s.c.dimensions) > 0 {
		return nil
	}
	sender := s.senders[service]
	p := &s.plans.all[(form+sender*0x9E3779B1)&(planCount-1)]
	if p.form != form || p.sender != sender || p.age != s.rows.Age() {
		*p = plan{form: form, sender: sender, age: s.rows.Age(), deeds: p.deeds[:0]}
	}
	return p
}

// repeat does with the spans of a trace what was done with others like them. It reports false,
// and does nothing, if something is remembered of the trace.
func (s *scratch) repeat(n *news, deeds []deed, spans []int32) (whole bool) {
	v := s.c.flights.Visit(n.trace, s.now)
	defer v.Leave()
	if v.Remembers() {
		return false
	}
	n.tell(&v)
	for at, i := range spans {
		did, span := &deeds[at], &s.seen[i]
		if did.spends {
			v.Spend(span.reading.Call.Cost.USD)
		}
		if did.ends {
			run := s.run(int(i), s.seen[spans[did.owner]].reading.Name())
			v.End(&run)
			s.finish(&run)
		}
		if did.row != tally.NoRow {
			s.rows.Repeat(did.row, span.reading, flow.Seconds(span.start, span.end), span.weight, s.origin(int(i)))
		}
	}
	return true
}
