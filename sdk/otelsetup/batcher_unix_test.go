//go:build unix

package otelsetup

import (
	"syscall"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// BenchmarkOnEnd tells how much processor time a span takes from its end to its
// export in a program that ends one each 100 µs and works in between, compared with
// the batch processor of the OpenTelemetry SDK. On more than one processor that is
// mostly what waking one costs.
func BenchmarkOnEnd(b *testing.B) {
	span := ended("span", trace.FlagsSampled)
	for name, start := range map[string]func() sdktrace.SpanProcessor{
		"ours": func() sdktrace.SpanProcessor { return newBatcher(newDelivery(&sink{}, ""), usual) },
		"sdk":  func() sdktrace.SpanProcessor { return sdktrace.NewBatchSpanProcessor(&sink{}) },
	} {
		b.Run(name, func(b *testing.B) {
			p := start()
			var worked time.Duration
			begin := cpu(b)
			for b.Loop() {
				p.OnEnd(span)
				worked += work(100 * time.Microsecond)
			}
			if err := p.Shutdown(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(cpu(b)-begin-worked)/float64(b.N), "cpu-ns/span")
		})
	}
}

// work keeps a processor busy and returns for how long.
func work(d time.Duration) time.Duration {
	begin := time.Now()
	for time.Since(begin) < d {
	}
	return time.Since(begin)
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
