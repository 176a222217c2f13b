package main

import (
	"flag"
	"fmt"
	"io"
	"strconv"
	"time"
)

// settings are the flags.
type settings struct {
	rate      float64
	duration  time.Duration
	faultRate float64
	trouble   trouble
	seed      uint64
	report    string
	replay    bool
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var (
		s                            settings
		duration, fault, after, last string
	)
	flags := flag.NewFlagSet(serviceName, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Float64Var(&s.rate, "rate", 20, "runs started per `second`")
	flags.StringVar(&duration, "duration", "30s", "how `long` runs are started, in seconds or with a unit; 0 until Ctrl-C")
	flags.Float64Var(&s.faultRate, "fault-rate", 0.05, "`share` of the runs that meet a fault, 0 to 1")
	flags.StringVar(&fault, "fault", string(kindNone), "`what` goes wrong beyond that: errors, latency, cost, stop, none")
	flags.StringVar(&after, "fault-after", "0s", "after how `long` it does")
	flags.StringVar(&last, "fault-for", "0s", "how `long` it does; 0 until the end")
	flags.Uint64Var(&s.seed, "seed", 1, "the same `number` gives the same latencies and faults")
	flags.StringVar(&s.report, "report", "", "`file` to write what was sent to, as JSON; - for stdout")
	flags.BoolVar(&s.replay, "replay", false, "record the runs that fail, and replay them at the end: they count nowhere")
	err := flags.Parse(args)
	switch {
	case err != nil:
		return s, err
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q: all settings are flags, see -help", flags.Arg(0))
	case !(s.rate > 0 && s.rate <= 10000):
		return s, fmt.Errorf("-rate %v: use more than 0 and at most 10000 runs per second", s.rate)
	case !(s.faultRate >= 0 && s.faultRate <= 1):
		return s, fmt.Errorf("-fault-rate %v: use a share from 0 to 1, such as 0.05", s.faultRate)
	}
	if s.duration, err = parseDuration("-duration", duration); err != nil {
		return s, err
	}
	s.trouble, err = parseTrouble(fault, after, last, s.rate)
	return s, err
}

func parseTrouble(fault, after, last string, rate float64) (trouble, error) {
	k, err := parseKind(fault)
	if err != nil {
		return trouble{}, err
	}
	from, err := parseDuration("-fault-after", after)
	if err != nil {
		return trouble{}, err
	}
	lasts, err := parseDuration("-fault-for", last)
	if err != nil {
		return trouble{}, err
	}
	return newTrouble(k, rate, from, lasts), nil
}

// parseDuration takes 30 for 30s.
func parseDuration(name, text string) (time.Duration, error) {
	with := text
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		with = strconv.FormatFloat(seconds, 'f', -1, 64) + "s"
	}
	d, err := time.ParseDuration(with)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%s %s: use 0 or more, such as 30s or 30", name, text)
	}
	return d, nil
}
