package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// run is the demo from start to end. Once ctx ends it ends early: what was sent
// until then is shown all the same, and the error is errInterrupted.
func run(ctx context.Context, s settings, out screen) error {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	if err := s.ports.check(ctx); err != nil {
		return err
	}
	if err := build(ctx, &s, out); err != nil {
		return err
	}
	out.say("starting the collector with preset:standalone")
	collector, err := startCollector(ctx, s)
	if err != nil {
		return err
	}
	defer collector.stop(syscall.SIGTERM)

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
// early the error is errInterrupted; on other errors there is no report.
func send(ctx context.Context, s settings, collector *child, out screen) (*report, error) {
	path := filepath.Join(s.dir, "report.json")
	_ = os.Remove(path)
	out.say("sending %v runs per second of the workflow support for %v; metrics: %s", s.rate, s.duration, url(s.ports.metrics, "/metrics"))
	agent, err := launch(command{
		name: "the example",
		log:  filepath.Join(s.dir, "support-agent.log"),
		env:  []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + url(s.ports.otlpHTTP, ""), "OTEL_BSP_SCHEDULE_DELAY=500"},
		args: []string{
			s.agent, "-duration", s.duration.String(), "-rate", strconv.FormatFloat(s.rate, 'f', -1, 64),
			"-seed", strconv.FormatUint(s.seed, 10), "-report", path,
		},
	})
	if err != nil {
		return nil, err
	}
	defer agent.stop(os.Interrupt)
	early := watch(ctx, s, collector, agent, out)
	if early != nil && !errors.Is(early, errInterrupted) {
		return nil, early
	}
	agent.stop(os.Interrupt)
	switch {
	case agent.err != nil && early != nil: // it had not even begun
		return nil, early
	case agent.err != nil:
		return nil, agent.failure()
	}
	r, err := readReport(path)
	if err != nil {
		return nil, err
	}
	return r, early
}

// watch shows progress until the example has ended.
func watch(ctx context.Context, s settings, collector, agent *child, out screen) error {
	start := time.Now()
	tick := time.NewTicker(min(max((s.duration/6).Round(time.Second), time.Second), 5*time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return errInterrupted
		case <-collector.done:
			return collector.failure()
		case <-agent.done:
			return nil
		case <-tick.C:
			// A scrape that fails shows at the end, if it matters.
			if m, err := scrape(ctx, url(s.ports.metrics, "/metrics")); err == nil {
				out.say("  %4v  %s", time.Since(start).Round(time.Second), m.progress())
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
func show(ctx context.Context, s settings, r *report, out screen) error {
	if len(r.Runs) == 0 {
		out.say("no run was started")
		return nil
	}
	m, v, err := settle(ctx, url(s.ports.metrics, "/metrics"), r)
	if err != nil {
		return err
	}
	m.print(out, r)
	out.say("")
	out.say("counted %s", strings.Join(v.summary, ", "))
	if err := v.err(); err != nil {
		return err
	}
	precision, err := r.precision(m)
	if err != nil {
		return err
	}
	out.say("%s", precision)
	out.say("")
	hint(s.ports, out)
	return nil
}

// hint says how to go on. Where the ports were moved those of the preset may be taken on
// localhost, so that the collector is better started on another address of this machine.
func hint(p ports, out screen) {
	host, start := "localhost", "make run"
	if p.offset != 0 {
		host = "127.0.0.2"
		start = "LISTEN_HOST=" + host + " " + start
	}
	out.say("The collector has ended. To go on:")
	for _, step := range [][2]string{
		{start, "the collector again, until Ctrl-C; metrics at http://" + host + ":8889/metrics"},
		{"export OTEL_EXPORTER_OTLP_ENDPOINT=http://" + host + ":4318", "where programs send to: OTLP over HTTP; gRPC is at 4317"},
		{"cd examples && go run ./support-agent", "this example again, see examples/README.md"},
	} {
		out.say("  %-58s # %s", step[0], step[1])
	}
}
