package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

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
	d := dice{seed: s.seed, faultRate: s.faultRate, trouble: s.trouble}
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
