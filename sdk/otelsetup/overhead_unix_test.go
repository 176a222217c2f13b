//go:build unix

package otelsetup

import (
	"bufio"
	"context"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/trace"
	apitrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

const (
	// stepsARun is how many steps a run of the benchmark has.
	stepsARun = 4
	// turn is the work of a turn.
	turn = 100 * time.Millisecond
	// mostSampled is how many runs fit into the queue of spans, which is not to
	// overflow.
	mostSampled = 2048 / (stepsARun + 1)
)

// spin is work that the processor does, so much each time.
func spin(rounds int) uint64 {
	x := uint64(rounds) | 1
	for range rounds {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// roundsFor returns how much work takes about d on a quiet machine.
func roundsFor(d time.Duration) int {
	const sample = 100_000
	best := time.Hour
	for range 20 {
		begin := time.Now()
		runtime.KeepAlive(spin(sample))
		best = min(best, time.Since(begin))
	}
	return int(int64(d) * sample / int64(best))
}

// BenchmarkOverhead tells how many percent more time runs of four steps take than
// the same functions called one after the other, by how much work a step does and
// by what is installed: of the processor, and by the clock. Sampled spans are sent
// within their turn, over HTTP to a receiver in another process: all that it takes to
// make and send them counts, and as processors go what the receiver does beside it.
// The two take turns, and the median turn counts.
func BenchmarkOverhead(b *testing.B) {
	sampled, send := sendingProvider(b)
	nothing := func(context.Context) {}
	for _, tc := range []struct {
		name     string
		provider apitrace.TracerProvider
		send     func(context.Context)
		most     int // runs a turn
	}{
		{"no-SDK", noop.NewTracerProvider(), nothing, math.MaxInt},
		{"unsampled", trace.NewTracerProvider(trace.WithSampler(trace.NeverSample())), nothing, math.MaxInt},
		{"sampled", sampled, send, mostSampled},
	} {
		for _, work := range []time.Duration{
			10 * time.Microsecond, 20 * time.Microsecond, 100 * time.Microsecond, 250 * time.Microsecond, time.Millisecond, 10 * time.Millisecond,
		} {
			b.Run(tc.name+"/"+work.String(), func(b *testing.B) {
				rounds := roundsFor(work)
				do := func(_ context.Context, in uint64) (uint64, error) { return in + spin(rounds), nil }
				runs := min(tc.most, max(1, int(turn/(stepsARun*work))))
				plain, run := plainly(do), traced(do, tc.provider)
				compare(b,
					func() spent { return measure(b, runs, plain, nothing) },
					func() spent { return measure(b, runs, run, tc.send) })
			})
		}
	}
}

// compare lets two take turns and reports how much more the second one took.
func compare(b *testing.B, first, second func() spent) {
	b.Helper()
	var processor, clock []float64
	for b.Loop() {
		plain, traced := first(), second()
		processor = append(processor, more(plain.cpu, traced.cpu))
		clock = append(clock, more(plain.clock, traced.clock))
	}
	b.ReportMetric(median(processor), "cpu-%")
	b.ReportMetric(median(clock), "clock-%")
	b.ReportMetric(0, "ns/op") // of both: says nothing
}

// spent is the time that something took.
type spent struct{ cpu, clock time.Duration }

func measure(b *testing.B, runs int, run func(context.Context, uint64) (uint64, error), send func(context.Context)) spent {
	b.Helper()
	cpuBegin, begin := cpu(b), time.Now()
	for range runs {
		if _, err := run(b.Context(), 1); err != nil {
			b.Fatal(err)
		}
	}
	send(b.Context())
	return spent{cpu(b) - cpuBegin, time.Since(begin)}
}

// more returns by how many percent b is more than a.
func more(a, b time.Duration) float64 { return 100 * (float64(b)/float64(a) - 1) }

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// plainly calls the work as often as a run has steps.
func plainly(do func(context.Context, uint64) (uint64, error)) func(context.Context, uint64) (uint64, error) {
	return func(ctx context.Context, in uint64) (out uint64, err error) {
		for range stepsARun {
			if in, err = do(ctx, in); err != nil {
				return 0, err
			}
		}
		return in, nil
	}
}

// traced runs a workflow of as many steps.
func traced(do func(context.Context, uint64) (uint64, error), p apitrace.TracerProvider) func(context.Context, uint64) (uint64, error) {
	step := workflow.Func("step", do)
	return workflow.New("w", workflow.Then4(step, step, step, step), workflow.WithTracerProvider(p)).Run
}

// sendingProvider is what Setup installs, with a receiver in another process, and
// how to send what has ended.
func sendingProvider(b *testing.B) (p apitrace.TracerProvider, send func(context.Context)) {
	b.Helper()
	b.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", startReceiver(b))
	before := otel.GetTracerProvider()
	shutdown, err := Setup(b.Context(), ServiceName("overhead"))
	if err != nil {
		b.Fatal(err)
	}
	provider := otel.GetTracerProvider()
	b.Cleanup(func() {
		if err := shutdown(context.Background()); err != nil {
			b.Error(err)
		}
		otel.SetTracerProvider(before)
	})
	return provider, func(ctx context.Context) {
		if err := provider.(interface{ ForceFlush(context.Context) error }).ForceFlush(ctx); err != nil {
			b.Error(err)
		}
	}
}

// startReceiver starts this program as a receiver and returns its URL.
func startReceiver(b *testing.B) string {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "OTELSETUP_TEST_RECEIVER=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(url)
}
