package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// promises are objectives for a demonstration: a run that takes 30 s, as the preset
// allows, is long to look at.
const promises = `yaml:
processors:
  slo:
    slos:
      - name: run-success
        objective: 99%
        group_by: [workflow.name]
        sli:
          events:
            metric: workflow.runs
            good: {workflow.outcome: success}
            total: {workflow.outcome: "!cancelled"}
      - name: run-latency
        objective: 95%
        group_by: [workflow.name]
        sli:
          latency:
            metric: workflow.run.duration
            threshold: 2s
            filter: {workflow.outcome: success}
`

// stack is all that runs. It is not safe for concurrent use, but for its sink.
type stack struct {
	settings settings
	sink     *sink
	servers  []*rig.Child
	examples []rig.Example
	agents   []*rig.Child // the examples that run
	failed   chan *rig.Child
	started  time.Time // when the first run was
}

// start starts all, each once the one that it needs is ready. On errors nothing is
// left of it.
func start(ctx context.Context, s settings) (_ *stack, err error) {
	if ctx.Err() != nil {
		return nil, rig.ErrInterrupted
	}
	st := &stack{settings: s, failed: make(chan *rig.Child, 2*len(s.ports.collectors)+2)}
	if st.sink, err = startSink(ctx, s.ports.sink); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			st.stop()
		}
	}()
	servers := []func(context.Context) (*rig.Child, error){s.startAlertmanager}
	for i := range s.ports.collectors {
		c, err := s.collector(i)
		if err != nil {
			return nil, err
		}
		servers = append(servers, c.Start)
	}
	for _, serve := range append(servers, s.startPrometheus) {
		c, err := serve(ctx)
		if err != nil {
			return nil, err
		}
		st.servers = append(st.servers, st.guarded(c))
	}
	return st, st.send()
}

// collector is the one of a replica.
func (s settings) collector(i int) (rig.Collector, error) {
	c := rig.Collector{
		Binary: s.binaries.collector,
		Dir:    filepath.Join(s.dir, fmt.Sprintf("replica-%d", i+1)),
		Ports:  s.ports.collectors[i],
		Flush:  flushInterval,
		Config: []string{promises},
	}
	return c, os.MkdirAll(c.Dir, 0o755)
}

// send starts an example for each collector, which together have the rate. Each run
// goes to one collector with all its spans.
func (st *stack) send() error {
	s := st.settings
	n := len(s.ports.collectors)
	for i, p := range s.ports.collectors {
		e := rig.Example{
			Binary: s.binaries.agent,
			Dir:    filepath.Join(s.dir, fmt.Sprintf("replica-%d", i+1)),
			To:     p.OTLPHTTP,
			Rate:   s.rate / float64(n),
			Seed:   s.seed + uint64(i),
			Flags: []string{
				"-fault-rate", "0.001", "-fault", s.fault.kind,
				"-fault-after", s.fault.after.String(), "-fault-for", s.fault.lasts.String(),
			},
		}
		agent, err := e.Launch()
		if err != nil {
			return err
		}
		st.examples = append(st.examples, e)
		st.agents = append(st.agents, st.guarded(agent))
	}
	st.started = time.Now()
	return nil
}

// guarded has failed tell when the child has ended.
func (st *stack) guarded(c *rig.Child) *rig.Child {
	go func() {
		<-c.Done()
		st.failed <- c
	}()
	return c
}

// quiet ends the examples and returns what they sent.
func (st *stack) quiet() (all []*rig.Report, err error) {
	for i, agent := range st.agents {
		agent.Stop(os.Interrupt)
		if agent.Err() != nil {
			return nil, agent.Failure()
		}
		r, err := st.examples[i].Report()
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// stop ends all, the last one started first.
func (st *stack) stop() {
	for _, agent := range st.agents {
		agent.Stop(os.Interrupt)
	}
	for _, server := range slices.Backward(st.servers) {
		server.Stop(syscall.SIGTERM)
	}
	st.sink.stop()
}

// errOver says that the time is up.
var errOver = errors.New("over")

// watch calls saw again and again, with what the sink was told since, until ctx ends, which
// is [errOver], or a program does.
func (st *stack) watch(ctx context.Context, saw func([]event)) error {
	tick := time.NewTicker(rig.Poll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return errOver
		case c := <-st.failed:
			return c.Failure()
		case <-tick.C:
			saw(st.sink.news())
		}
	}
}
