package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"go.opentelemetry.io/otel"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

const (
	serviceName = "primitives"
	// inFlight is how many runs there are at a time.
	inFlight = 8
	// perRound is how many runs are made before their spans are sent on, so that
	// no queue overflows.
	perRound = 40
	depth    = 3
	pause    = 200 * time.Microsecond
	// inputs is how many different ones a workflow gets: few enough for caches to hit.
	inputs = 97
)

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
	runs      int
	workflows int
	held      int
	hold      time.Duration
	seed      uint64
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet(serviceName, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&s.runs, "runs", 1000, "`number` of runs")
	flags.IntVar(&s.workflows, "workflows", 10, "`number` of workflows that are grown; they and one with a circuit breaker share the runs")
	flags.IntVar(&s.held, "held", 0, "`number` of further runs that are kept open before the others start")
	flags.DurationVar(&s.hold, "hold", 10*time.Second, "how `long` they are")
	flags.Uint64Var(&s.seed, "seed", 1, "the same `number` grows the same workflows")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q: all settings are flags, see -help", flags.Arg(0))
	case s.runs < 0 || s.held < 0 || s.held > 1000:
		return s, fmt.Errorf("-runs %d -held %d: use 0 or more, and at most 1000 that are held", s.runs, s.held)
	case s.workflows < 1:
		return s, fmt.Errorf("-workflows %d: use at least 1", s.workflows)
	case s.hold < 0:
		return s, fmt.Errorf("-hold %s: use 0s or more", s.hold)
	}
	return s, nil
}

// run makes the runs and writes the books.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	shutdown, err := otelsetup.Setup(ctx, otelsetup.ServiceName(serviceName))
	if err != nil {
		return err
	}
	kept := newBooks()
	err = program{settings: s, books: kept}.run(ctx)
	err = errors.Join(err, shutdown(context.WithoutCancel(ctx)))
	return errors.Join(err, kept.write(stdout))
}

// program makes runs and keeps books of them.
type program struct {
	settings

	books *books
}

// run first holds runs open, then makes the others round by round.
func (p program) run(ctx context.Context) error {
	var held sync.WaitGroup
	defer held.Wait()
	wait := workflow.New("held", p.waiting())
	for range p.held {
		held.Go(func() { p.once(ctx, wait, 0) })
	}
	shared := append(p.grow(), workflow.New("guarded", newBuilder(p.books, pause).guarded()))
	for from := 0; from < p.runs && ctx.Err() == nil; from += perRound {
		p.round(ctx, shared, from, min(from+perRound, p.runs))
		if err := flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (p program) grow() []*workflow.Workflow[int, int] {
	g := rand.New(rand.NewPCG(p.seed, 0))
	grown := make([]*workflow.Workflow[int, int], p.workflows)
	for i := range grown {
		garden := garden{chance: g}
		grown[i] = workflow.New(fmt.Sprintf("mixed-%d", i), newBuilder(p.books, pause).build(garden.grow(depth)))
	}
	return grown
}

func (p program) waiting() step {
	do := workflow.Func("wait", func(ctx context.Context, in int) (int, error) {
		select {
		case <-time.After(p.hold):
			return in, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	})
	return metered(newBuilder(p.books, pause), plan{kind: semconv.StepKindTask}, do)
}

// round makes the runs from up to to, some at a time.
func (p program) round(ctx context.Context, shared []*workflow.Workflow[int, int], from, to int) {
	var round sync.WaitGroup
	slots := make(chan struct{}, inFlight)
	for n := from; n < to; n++ {
		slots <- struct{}{}
		round.Go(func() {
			defer func() { <-slots }()
			p.once(ctx, shared[n%len(shared)], n/len(shared)%inputs)
		})
	}
	round.Wait()
}

func (p program) once(ctx context.Context, w *workflow.Workflow[int, int], in int) {
	_, err := w.Run(ctx, in)
	p.books.add("workflow_runs_total", 1, judge(ctx, err).labels(), labels{"workflow_name": w.Name()})
}

// flush sends what has ended, if there is where to. What is interrupted is sent too.
func flush(ctx context.Context) error {
	if provider, ok := otel.GetTracerProvider().(interface{ ForceFlush(context.Context) error }); ok {
		return provider.ForceFlush(context.WithoutCancel(ctx))
	}
	return nil
}
