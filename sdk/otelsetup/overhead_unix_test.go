//go:build unix

package otelsetup_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/trace"
	apitrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// stepsARun is how many steps a run of the benchmark has.
const stepsARun = 4

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

// cpu returns the processor time that this process has taken: on a machine with
// other work to do, the time of the clock says little.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkOverhead tells how many percent more processor time runs of four steps
// take than the same functions called one after the other, by how much work a step
// does and by what is installed. Sampled spans are sent within their turn, to a
// server in the same process: what it takes to make, send and receive them all
// counts. The four take turns, and the median turn counts.
func BenchmarkOverhead(b *testing.B) {
	sampled, send := sendingProvider(b)
	never := trace.NewTracerProvider(trace.WithSampler(trace.NeverSample()))
	for _, work := range []time.Duration{
		10 * time.Microsecond, 20 * time.Microsecond, 100 * time.Microsecond, 250 * time.Microsecond, time.Millisecond, 10 * time.Millisecond,
	} {
		b.Run(work.String(), func(b *testing.B) {
			rounds := roundsFor(work)
			do := func(_ context.Context, in uint64) (uint64, error) { return in + spin(rounds), nil }
			runs := []func(context.Context, uint64) (uint64, error){
				plainly(do), traced(do, noop.NewTracerProvider()), traced(do, never), traced(do, sampled),
			}
			turn := max(1, int(20*time.Millisecond/(stepsARun*work)))
			slower := make([][]float64, len(runs))
			for b.Loop() {
				var plain time.Duration
				for i, run := range runs {
					begin := cpu(b)
					for range turn {
						if _, err := run(b.Context(), 1); err != nil {
							b.Fatal(err)
						}
					}
					send(b.Context())
					took := cpu(b) - begin
					if i == 0 {
						plain = took
					}
					slower[i] = append(slower[i], 100*(float64(took)/float64(plain)-1))
				}
			}
			for i, name := range []string{"", "no-SDK-%", "unsampled-%", "sampled-%"} {
				if i > 0 {
					slices.Sort(slower[i])
					b.ReportMetric(slower[i][len(slower[i])/2], name)
				}
			}
			b.ReportMetric(0, "ns/op") // of all four: says nothing
		})
	}
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

// sendingProvider is what Setup installs, with a server that reads and forgets, and
// how to send what has ended.
func sendingProvider(b *testing.B) (p apitrace.TracerProvider, send func(context.Context)) {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	b.Cleanup(server.Close)
	b.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	before := otel.GetTracerProvider()
	shutdown, err := otelsetup.Setup(b.Context(), otelsetup.ServiceName("overhead"))
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
