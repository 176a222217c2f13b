package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// flushInterval is short, so that nobody waits for the figures.
const flushInterval = time.Second

// run is the demo from start to end. Once ctx ends it ends early: what was sent
// until then is shown all the same, and the error is rig.ErrInterrupted.
func run(ctx context.Context, s settings, out rig.Screen) error {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	err := rig.CheckPorts(ctx, target, s.ports.All(), func(offset int) []rig.Port { return rig.PresetPorts(offset).All() })
	if err != nil {
		return err
	}
	if err := build(ctx, &s, out); err != nil {
		return err
	}
	out.Say("starting the collector with preset:standalone")
	collector, err := rig.Collector{Binary: s.collector, Dir: s.dir, Ports: s.ports, Flush: flushInterval}.Start(ctx)
	if err != nil {
		return err
	}
	defer collector.Stop(syscall.SIGTERM)

	r, early := send(ctx, s, collector, out)
	if r == nil {
		return early
	}
	// There is no more to interrupt: from here on it takes seconds.
	if err := show(context.WithoutCancel(ctx), s, r, out); err != nil {
		return err
	}
	return early
}

// send runs the example to its end and returns what it sent. When it was ended
// early the error is [rig.ErrInterrupted]; on other errors there is no report.
func send(ctx context.Context, s settings, collector *rig.Child, out rig.Screen) (*report, error) {
	out.Say("sending %v runs per second of the workflow support for %v; metrics: %s", s.rate, s.duration, s.ports.Metrics.URL("/metrics"))
	example := rig.Example{Binary: s.agent, Dir: s.dir, To: s.ports.OTLPHTTP, Rate: s.rate, Duration: s.duration, Seed: s.seed}
	agent, err := example.Launch()
	if err != nil {
		return nil, err
	}
	defer agent.Stop(os.Interrupt)
	early := watch(ctx, s, collector, agent, out)
	if early != nil && !errors.Is(early, rig.ErrInterrupted) {
		return nil, early
	}
	agent.Stop(os.Interrupt)
	switch {
	case agent.Err() != nil && early != nil: // it had not even begun
		return nil, early
	case agent.Err() != nil:
		return nil, agent.Failure()
	}
	r, err := example.Report()
	if err != nil {
		return nil, err
	}
	return (*report)(r), early
}

// watch shows progress until the example has ended.
func watch(ctx context.Context, s settings, collector, agent *rig.Child, out rig.Screen) error {
	start := time.Now()
	tick := time.NewTicker(min(max((s.duration/6).Round(time.Second), time.Second), 5*time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return rig.ErrInterrupted
		case <-collector.Done():
			return collector.Failure()
		case <-agent.Done():
			return nil
		case <-tick.C:
			// A scrape that fails shows at the end, if it matters.
			if m, err := scrape(ctx, s.ports.Metrics.URL("/metrics")); err == nil {
				out.Say("  %4v  %s", time.Since(start).Round(time.Second), m.progress())
			}
		}
	}
}

// progress is one line on all workflows.
func (m metrics) progress() string {
	var all line
	var active float64
	for _, workflow := range m.workflows() {
		active += m.active(workflow)
		for _, l := range m.lines("workflow_runs_total", "workflow_run_duration_seconds", workflow) {
			all.count += l.count
			all.failed += l.failed
			for quantile, v := range l.told {
				all.tell(quantile, v)
			}
		}
	}
	return fmt.Sprintf("%s runs, %s in flight, %s errors, p99 %s",
		number(all.count), number(active), number(all.failed), seconds(all.quantile(0.99)))
}

// show waits for the last figures and prints all of them.
func show(ctx context.Context, s settings, r *report, out rig.Screen) error {
	if len(r.Runs) == 0 {
		out.Say("no run was started")
		return nil
	}
	m, v, err := settle(ctx, s.ports.Metrics.URL("/metrics"), r)
	if err != nil {
		return err
	}
	m.print(out, r)
	out.Say("")
	out.Say("counted %s", strings.Join(v.summary, ", "))
	if err := v.err(); err != nil {
		return err
	}
	precision, err := r.precision(m)
	if err != nil {
		return err
	}
	out.Say("%s", precision)
	out.Say("")
	hint(s.offset, out)
	return nil
}

// build builds what the settings do not name a binary of.
func build(ctx context.Context, s *settings, out rig.Screen) (err error) {
	if s.collector == "" {
		if s.collector, err = rig.BuildCollector(ctx, out, s.dir); err != nil {
			return err
		}
	}
	if s.agent == "" {
		s.agent, err = rig.BuildExample(ctx, out, s.dir)
	}
	return err
}

// hint says how to go on. Where the ports were moved those of the preset may be taken on
// localhost, so that the collector is better started on another address of this machine.
func hint(offset int, out rig.Screen) {
	host, start := "localhost", "make run"
	if offset != 0 {
		host = "127.0.0.2"
		start = "LISTEN_HOST=" + host + " " + start
	}
	out.Say("The collector has ended. To go on:")
	for _, step := range [][2]string{
		{start, "the collector again, until Ctrl-C; metrics at http://" + host + ":8889/metrics"},
		{"export OTEL_EXPORTER_OTLP_ENDPOINT=http://" + host + ":4318", "where programs send to: OTLP over HTTP; gRPC is at 4317"},
		{"cd examples && go run ./support-agent", "this example again, see examples/README.md"},
	} {
		out.Say("  %-58s # %s", step[0], step[1])
	}
}
