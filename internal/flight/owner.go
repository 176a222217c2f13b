package flight

import "strings"

// owner is whose runs are counted together.
type owner struct{ workflow, service, dimensions string }

// name returns the workflow, "" if nothing is known.
func (o *owner) name() string {
	if o == nil {
		return ""
	}
	return o.workflow
}

// maxNames bounds the shared copies of names and of owners. Past it they start anew: the
// copies in use stay alive by themselves.
const maxNames = 4096

// own returns the shared copy of an owner; a likely one is looked at first.
func (s *shard) own(likely *owner, o owner) *owner {
	if likely != nil && *likely == o {
		return likely
	}
	if own, ok := s.owners[o]; ok {
		return own
	}
	if len(s.owners) >= maxNames {
		clear(s.owners)
	}
	own := &owner{s.intern(o.workflow), s.intern(o.service), s.intern(o.dimensions)}
	s.owners[*own] = own
	return own
}

// complete returns the owner with what it lacks, and nil while nothing is known.
func (s *shard) complete(who *owner, workflow, service string) *owner {
	if who == nil {
		if workflow == "" && service == "" {
			return nil
		}
		return s.own(nil, owner{workflow: workflow, service: service})
	}
	if (who.workflow != "" || workflow == "") && (who.service != "" || service == "") {
		return who // as mostly
	}
	o := *who
	if o.workflow == "" {
		o.workflow = workflow
	}
	if o.service == "" {
		o.service = service
	}
	return s.own(who, o)
}

// keep returns the run with names that may be kept.
func (s *shard) keep(run *Run) Run {
	r := *run
	r.Workflow, r.Service, r.ErrorType = s.intern(r.Workflow), s.intern(r.Service), s.intern(r.ErrorType)
	r.Dimensions = s.intern(r.Dimensions)
	return r
}

func (s *shard) intern(name string) string {
	if name == "" {
		return ""
	}
	if own, ok := s.names[name]; ok {
		return own
	}
	if len(s.names) >= maxNames {
		clear(s.names)
	}
	own := strings.Clone(name)
	s.names[own] = own
	return own
}
