package flight

// maxOpenRuns bounds the runs of one trace that are told apart.
const maxOpenRuns = 8

// openRun is one of several runs in a trace.
type openRun struct {
	key      uint64
	workflow string
	service  string
	ended    bool
}

// begin notes that the run is in flight, unless it has ended before.
func (s *shard) begin(tr *trace, key uint64, workflow, service string) {
	r := tr.run(key)
	if r == nil {
		return
	}
	if r.workflow == "" && workflow != "" {
		r.workflow = s.intern(workflow)
	}
	if r.service == "" && service != "" {
		r.service = s.intern(service)
	}
}

// finish notes that the run is no longer in flight.
func (tr *trace) finish(run *Run) {
	if run.Key != 0 {
		if r := tr.run(run.Key); r != nil {
			r.ended = true
		}
		return
	}
	for i := range tr.open {
		tr.open[i].ended = true
	}
}

// run returns the run of that key, made anew where the trace has none, or nil where
// it has too many.
func (tr *trace) run(key uint64) *openRun {
	for i := range tr.open {
		if tr.open[i].key == key {
			return &tr.open[i]
		}
	}
	if len(tr.open) == maxOpenRuns {
		return nil
	}
	tr.open = append(tr.open, openRun{key: key})
	return &tr.open[len(tr.open)-1]
}

// inFlight calls count for each run of the trace with a name, with 1 if it is in
// flight and 0 if it has ended.
func (tr *trace) inFlight(count func(s stream, n int64)) {
	for i := range tr.open {
		if r := &tr.open[i]; r.workflow != "" {
			count(stream{r.workflow, r.service}, flying(!r.ended))
		}
	}
	if len(tr.open) == 0 && tr.workflow != "" {
		count(stream{tr.workflow, tr.service}, flying(!tr.hasEnded && len(tr.pending) == 0))
	}
}

func flying(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
