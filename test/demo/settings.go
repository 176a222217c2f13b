package main

import (
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"time"
)

// settings are the flags.
type settings struct {
	dir       string // for logs, the report and the built example
	collector string // the binary; "" to build it
	agent     string // the binary; "" to build it
	duration  time.Duration
	rate      float64
	seed      uint64
	ports     ports
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
	if s.duration, err = parseDuration(duration); err != nil {
		return s, err
	}
	if s.rate, err = parseRate(rate); err != nil {
		return s, err
	}
	s.ports, err = parsePorts(offset)
	return s, err
}

// maxRate keeps the example, the collector and the demo within a laptop.
const maxRate = 500

func parseRate(text string) (float64, error) {
	rate, err := strconv.ParseFloat(text, 64)
	if err != nil || !(rate > 0 && rate <= maxRate) {
		return 0, fmt.Errorf("RATE=%s: use more than 0 and at most %d runs per second, such as RATE=20", text, maxRate)
	}
	return rate, nil
}

func parsePorts(offset string) (ports, error) {
	n, err := strconv.Atoi(offset)
	if err != nil || n < 0 || n > maxOffset {
		return ports{}, fmt.Errorf("PORT_OFFSET=%s: use 0 to %d, such as PORT_OFFSET=1000", offset, maxOffset)
	}
	return shifted(n), nil
}

const maxDuration = time.Hour

// parseDuration takes 10 for 10s.
func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if seconds, bare := strconv.ParseFloat(text, 64); bare == nil {
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil || d < time.Second || d > maxDuration {
		return 0, fmt.Errorf("DURATION=%s: use 1s to 1h, such as DURATION=30s or DURATION=30", text)
	}
	return d, nil
}
