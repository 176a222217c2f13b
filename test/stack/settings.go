package main

import (
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// settings are the flags.
type settings struct {
	root     string // of the repository; "" for the folder that it runs in
	dir      string // for logs, data and reports
	binaries binaries
	duration time.Duration // 0 until it is interrupted
	rate     float64       // of all replicas together
	seed     uint64
	fault    fault
	ports    ports // of as many collectors as there are replicas
}

// binaries are the programs; "" for those that are to be built.
type binaries struct {
	collector, agent, prometheus, alertmanager string
}

// fault is what goes wrong in the example, when and how long.
type fault struct {
	kind         string
	after, lasts time.Duration
}

// faults are the kinds that the example knows.
var faults = []string{"errors", "latency", "cost", "stop", "none"}

func parse(args []string, stderr io.Writer) (settings, error) {
	var (
		s                                                   settings
		duration, rate, faultAfter, faultFor, count, offset string
	)
	flags := flag.NewFlagSet("stack", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.dir, "dir", filepath.Join("build", "stack"), "`folder` for logs, data and reports")
	flags.StringVar(&duration, "duration", "", "how `long` it runs, in seconds or with a unit; until Ctrl-C when not given")
	flags.StringVar(&rate, "rate", "5", "runs started per `second`")
	flags.Uint64Var(&s.seed, "seed", 1, "`number` that decides latencies and faults")
	flags.StringVar(&s.fault.kind, "fault", "none", "`what` goes wrong: "+strings.Join(faults, ", "))
	flags.StringVar(&faultAfter, "fault-after", "1m", "after how `long` it does")
	flags.StringVar(&faultFor, "fault-for", "3m", "how `long` it does")
	flags.StringVar(&count, "replicas", "1", "`number` of collectors, 1 to 5")
	flags.StringVar(&offset, "port-offset", "0", "`number` added to every port")
	err := flags.Parse(args)
	if err != nil {
		return s, err
	}
	if duration != "" {
		if s.duration, err = rig.ParseDuration("DURATION", duration); err != nil {
			return s, err
		}
	}
	if s.rate, err = rig.ParseRate(rate); err != nil {
		return s, err
	}
	if s.fault.after, err = rig.ParseDuration("FAULT_AFTER", faultAfter); err != nil {
		return s, err
	}
	if s.fault.lasts, err = rig.ParseDuration("FAULT_FOR", faultFor); err != nil {
		return s, err
	}
	if !slices.Contains(faults, s.fault.kind) {
		return s, fmt.Errorf("FAULT=%s: use %s", s.fault.kind, strings.Join(faults, ", "))
	}
	s.ports, err = parsePorts(count, offset)
	return s, err
}

func parsePorts(replicas, offset string) (ports, error) {
	n, err := strconv.Atoi(replicas)
	if err != nil || n < 1 || n > maxReplicas {
		return ports{}, fmt.Errorf("REPLICAS=%s: use 1 to %d, such as REPLICAS=3", replicas, maxReplicas)
	}
	o, err := rig.ParseOffset(offset)
	return portsAt(n, o), err
}
