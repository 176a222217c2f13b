package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

const serviceName = "support-agent"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, serviceName+":", err)
		os.Exit(1)
	}
}

// settings are the flags.
type settings struct {
	rate      float64
	duration  time.Duration
	faultRate float64
	seed      uint64
	report    string
	replay    bool
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var (
		s        settings
		duration string
	)
	flags := flag.NewFlagSet(serviceName, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Float64Var(&s.rate, "rate", 20, "runs started per `second`")
	flags.StringVar(&duration, "duration", "30s", "how `long` runs are started, in seconds or with a unit; 0 until Ctrl-C")
	flags.Float64Var(&s.faultRate, "fault-rate", 0.05, "`share` of the runs that meet a fault, 0 to 1")
	flags.Uint64Var(&s.seed, "seed", 1, "the same `number` gives the same latencies and faults")
	flags.StringVar(&s.report, "report", "", "`file` to write what was sent to, as JSON; - for stdout")
	flags.BoolVar(&s.replay, "replay", false, "record the runs that fail, and replay them at the end: they count nowhere")
	err := flags.Parse(args)
	if err != nil {
		return s, err
	}
	s.duration, err = parseDuration(duration)
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q: all settings are flags, see -help", flags.Arg(0))
	case !(s.rate > 0 && s.rate <= 10000):
		return s, fmt.Errorf("-rate %v: use more than 0 and at most 10000 runs per second", s.rate)
	case err != nil || s.duration < 0:
		return s, fmt.Errorf("-duration %s: use 0 or more, such as 30s or 30", duration)
	case !(s.faultRate >= 0 && s.faultRate <= 1):
		return s, fmt.Errorf("-fault-rate %v: use a share from 0 to 1, such as 0.05", s.faultRate)
	}
	return s, nil
}

// parseDuration takes 30 for 30s.
func parseDuration(text string) (time.Duration, error) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		text = strconv.FormatFloat(seconds, 'f', -1, 64) + "s"
	}
	return time.ParseDuration(text)
}

// run starts runs until the time is up or ctx ends; then it waits for those in
// flight, sends what is left and writes the report. The report is opened first: that
// it cannot be is known before the runs, not after.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	out, err := openReport(s.report, stdout)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	sent := newLedger()
	shutdown, err := otelsetup.Setup(ctx, otelsetup.ServiceName(serviceName), otelsetup.Processor(sent))
	if err != nil {
		return err
	}
	d := dice{seed: s.seed, faultRate: s.faultRate}
	var box blackBox
	var options []workflow.Option
	if s.replay {
		options = box.options()
	}
	support := newSupport(world{d}, options...)
	load{workflow: support, dice: d, rate: s.rate, duration: s.duration}.run(ctx)
	again, replayErr := box.replay(context.WithoutCancel(ctx), support)
	err = errors.Join(replayErr, shutdown(context.WithoutCancel(ctx)))

	r := sent.report()
	r.Workflow, r.Service, r.Seed = support.Name(), serviceName, s.seed
	_, _ = fmt.Fprintf(stderr, "%s: %d runs: %v\n", serviceName, r.total(), r.Runs)
	if s.replay {
		_, _ = fmt.Fprintf(stderr, "%s: %d of them replayed\n", serviceName, again)
	}
	return errors.Join(err, r.write(out))
}
