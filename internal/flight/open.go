package flight

// maxOpenRuns bounds the runs of one trace that are told apart.
const maxOpenRuns = 8

// openRun is one of the runs in a trace that have a key.
type openRun struct {
	key   uint64 // 0 = none
	who   *owner // nil if that is not known
	ended bool
}

// finish notes that the run is no longer in flight.
func (tr *trace) finish(run *Run) {
	if run.Key != 0 {
		if r := tr.run(run.Key); r != nil {
			r.ended = true
		}
		return
	}
	tr.runs(func(r *openRun) { r.ended = true })
}

// run returns the run of that key, made anew where the trace has none, or nil where
// it has too many.
func (tr *trace) run(key uint64) *openRun {
	if tr.first.key == key || tr.first.key == 0 {
		tr.first.key = key
		return &tr.first
	}
	m := tr.extend()
	for i := range m.open {
		if m.open[i].key == key {
			return &m.open[i]
		}
	}
	if 1+len(m.open) == maxOpenRuns {
		return m.reuse(key)
	}
	m.open = append(m.open, openRun{key: key})
	return &m.open[len(m.open)-1]
}

// reuse gives the place of a run that has ended to another, if there is one.
func (m *more) reuse(key uint64) *openRun {
	for i := range m.open {
		if m.open[i].ended {
			m.open[i] = openRun{key: key}
			return &m.open[i]
		}
	}
	return nil
}

// runs visits the runs of the trace that have a key.
func (tr *trace) runs(visit func(*openRun)) {
	if tr.first.key != 0 {
		visit(&tr.first)
	}
	if tr.more == nil {
		return
	}
	for i := range tr.more.open {
		visit(&tr.more.open[i])
	}
}

// inFlight calls count for each run of the trace with a name, with 1 if it is in
// flight and 0 if it has ended.
func (tr *trace) inFlight(count func(s stream, n int64)) {
	tr.runs(func(r *openRun) { r.who.tell(count, !r.ended) })
	if tr.first.key == 0 {
		tr.who.tell(count, !tr.ended.ok && len(tr.pending()) == 0)
	}
}

// tell calls count unless the workflow is not known.
func (o *owner) tell(count func(s stream, n int64), flying bool) {
	if o == nil || o.workflow == "" {
		return
	}
	n := int64(0)
	if flying {
		n = 1
	}
	count(stream{o.workflow, o.service}, n)
}
