package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// run is the stack from start to end. Without a duration the user ends it; before its
// time that is [rig.ErrInterrupted].
func run(ctx context.Context, s settings, out rig.Screen) error {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	n := len(s.ports.collectors)
	err := rig.CheckPorts(ctx, target, s.ports.all(), func(offset int) []rig.Port { return portsAt(n, offset).all() })
	if err != nil {
		return err
	}
	if err := s.binaries.build(ctx, s.dir, out); err != nil {
		return err
	}
	out.Say("starting Alertmanager, the collector and Prometheus")
	st, err := start(ctx, s)
	if err != nil {
		return err
	}
	defer st.stop()
	s.announce(out)

	limited, cancel := ctx, context.CancelFunc(func() {})
	if s.duration > 0 {
		limited, cancel = context.WithTimeout(ctx, s.duration)
	}
	defer cancel()
	turns := s.fault.turns()
	err = st.watch(limited, func(news []event) {
		for ; len(turns) > 0 && time.Since(st.started) >= turns[0].after; turns = turns[1:] {
			out.Say("%6s  %s", turns[0].after, turns[0].what)
		}
		for _, e := range news {
			out.Say("%s", st.line(e))
		}
	})
	if !errors.Is(err, errOver) {
		return err
	}
	early := s.duration > 0 && ctx.Err() != nil
	reports, err := st.quiet()
	if early && err != nil { // the examples had not even begun
		return rig.ErrInterrupted
	}
	if err != nil {
		return err
	}
	// There is no more to interrupt: from here on it takes seconds.
	if err := st.conclude(context.WithoutCancel(ctx), reports, out); err != nil {
		return err
	}
	if early {
		return rig.ErrInterrupted
	}
	return nil
}

// build builds what is not named.
func (b *binaries) build(ctx context.Context, dir string, out rig.Screen) (err error) {
	for _, part := range []struct {
		binary *string
		build  func() (string, error)
	}{
		{&b.collector, func() (string, error) { return rig.BuildCollector(ctx, out, dir) }},
		{&b.agent, func() (string, error) { return rig.BuildExample(ctx, out, dir) }},
		{&b.prometheus, func() (string, error) { return rig.BuildTool(ctx, out, dir, "prometheus") }},
		{&b.alertmanager, func() (string, error) { return rig.BuildTool(ctx, out, dir, "alertmanager") }},
	} {
		if *part.binary != "" {
			continue
		}
		if *part.binary, err = part.build(); err != nil {
			return err
		}
	}
	return nil
}

// announce says where things are and what is to come.
func (s settings) announce(out rig.Screen) {
	out.Say("")
	out.Say("Prometheus    %s", s.ports.prometheus.URL("/alerts"))
	out.Say("Alertmanager  %s", s.ports.alertmanager.URL("/#/alerts"))
	for _, c := range s.ports.collectors {
		out.Say("collector     %s", c.Metrics.URL("/metrics"))
	}
	out.Say("")
	out.Say("%v runs a second of the workflow support; %s", s.rate, s.fault)
	out.Say("%s", s.end())
}

// end says how long the stack runs, and whether that is too short for its fault.
func (s settings) end() string {
	switch over := s.fault.after + s.fault.lasts; {
	case s.duration == 0:
		return "Ctrl-C ends it"
	case s.fault.kind != "none" && s.duration <= over:
		return fmt.Sprintf("it ends after %s, before anything can resolve: the fault is over after %s", s.duration, over)
	default:
		return fmt.Sprintf("it ends after %s", s.duration)
	}
}

// turn is something that happens to the runs at a time of the stack.
type turn struct {
	after time.Duration
	what  string
}

// turns are when it begins and when it is over.
func (f fault) turns() []turn {
	if f.kind == "none" {
		return nil
	}
	return []turn{{f.after, "the fault begins"}, {f.after + f.lasts, "the fault is over"}}
}

// String says what goes wrong and when.
func (f fault) String() string {
	what := map[string]string{
		"errors":  "all of them fail",
		"latency": "models take 30 times as long",
		"cost":    "models use 200 times the tokens",
		"stop":    "nobody starts any",
	}[f.kind]
	if what == "" {
		return "nothing goes wrong (FAULT=errors, latency, cost or stop)"
	}
	return what + " after " + f.after.String() + ", for " + f.lasts.String()
}

// since is the time of the stack: since its first run.
func (st *stack) since(at time.Time) string {
	return at.Sub(st.started).Round(time.Second).String()
}
