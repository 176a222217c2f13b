package main

import (
	"context"
	"path/filepath"
	"syscall"
	"time"
)

// stillBuilding is how often a build says that it goes on.
const stillBuilding = 10 * time.Second

// build builds what the settings do not name a binary of.
func build(ctx context.Context, s *settings, out screen) error {
	if s.collector == "" {
		s.collector = filepath.Join("build", "otelcol-workflow")
		out.say("building the collector (the first time this takes up to 10 minutes)")
		err := await(ctx, out, command{
			name: "building the collector",
			log:  filepath.Join(s.dir, "build-collector.log"),
			args: []string{"make", "--no-print-directory", "build"},
		})
		if err != nil {
			return err
		}
	}
	if s.agent == "" {
		s.agent = filepath.Join(s.dir, "support-agent")
		target, err := filepath.Abs(s.agent)
		if err != nil {
			return err
		}
		out.say("building the example")
		return await(ctx, out, command{
			name: "building the example",
			dir:  "examples",
			log:  filepath.Join(s.dir, "build-example.log"),
			args: []string{"go", "build", "-o", target, "./support-agent"},
		})
	}
	return nil
}

// await runs a command to its end.
func await(ctx context.Context, out screen, c command) error {
	p, err := launch(c)
	if err != nil {
		return err
	}
	defer p.stop(syscall.SIGTERM)
	start := time.Now()
	tick := time.NewTicker(stillBuilding)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return errInterrupted
		case <-p.done:
			if p.err != nil {
				return p.failure()
			}
			return nil
		case <-tick.C:
			out.say("  %s, since %v", c.name, time.Since(start).Round(time.Second))
		}
	}
}
