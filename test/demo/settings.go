package main

import (
	"flag"
	"io"
	"path/filepath"
	"time"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// settings are the flags.
type settings struct {
	dir       string // for logs, the report and the built example
	collector string // the binary; "" to build it
	agent     string // the binary; "" to build it
	duration  time.Duration
	rate      float64
	seed      uint64
	offset    int // of the ports
	ports     rig.CollectorPorts
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var (
		s                      settings
		duration, rate, offset string
	)
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.dir, "dir", filepath.Join("build", "demo"), "`folder` for logs and the report")
	flags.StringVar(&s.collector, "collector", "", "collector `binary`; built when not given")
	flags.StringVar(&s.agent, "agent", "", "example `binary`; built when not given")
	flags.StringVar(&duration, "duration", "30s", "how long runs are started, in seconds or with a unit")
	flags.StringVar(&rate, "rate", "20", "runs started per `second`")
	flags.Uint64Var(&s.seed, "seed", 1, "`number` that decides latencies and faults")
	flags.StringVar(&offset, "port-offset", "0", "`number` added to every port")
	err := flags.Parse(args)
	if err != nil {
		return s, err
	}
	if s.duration, err = rig.ParseDuration("DURATION", duration); err != nil {
		return s, err
	}
	if s.rate, err = rig.ParseRate(rate); err != nil {
		return s, err
	}
	s.offset, err = rig.ParseOffset(offset)
	s.ports = rig.PresetPorts(s.offset)
	return s, err
}
