package otelsetup

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// usual are the limits where the environment says nothing.
var usual = limits{queue: 2048, batch: 512, delay: 5 * time.Second, timeout: 30 * time.Second}

// sink is an exporter that keeps the names of what it is given, batch by batch,
// and takes its time.
type sink struct {
	takes  func(context.Context) error // for nothing if nil
	mu     sync.Mutex
	names  []string
	sizes  []int
	closed bool
}

func (s *sink) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	var err error
	if s.takes != nil {
		err = s.takes(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sizes = append(s.sizes, len(spans))
	for _, span := range spans {
		s.names = append(s.names, span.Name())
	}
	return err
}

func (s *sink) Shutdown(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// batches returns the sizes of what came.
func (s *sink) batches() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sizes)
}

// ended returns a span as it ends.
func ended(name string, flags trace.TraceFlags) sdktrace.ReadOnlySpan {
	return tracetest.SpanStub{Name: name, SpanContext: trace.NewSpanContext(trace.SpanContextConfig{TraceFlags: flags})}.Snapshot()
}

// endMany ends sampled spans named from..to-1.
func endMany(b *batcher, from, to int) {
	for i := from; i < to; i++ {
		b.OnEnd(ended(strconv.Itoa(i), trace.FlagsSampled))
	}
}

func shutdown(t *testing.T, b *batcher) {
	t.Helper()
	if err := b.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// The drawing of batcher, and what is on both sides of its edges. The time is that
// after which the spans are looked for.
func TestWhenSpansAreExported(t *testing.T) {
	for _, tc := range []struct {
		name  string
		spans int
		after time.Duration
		want  []int
	}{
		{"less than a batch waits", 511, 5*time.Second - 1, nil},
		{"until the delay is over", 511, 5 * time.Second, []int{511}},
		{"a batch is exported at once", 512, 0, []int{512}},
		{"and what is left later", 700, 0, []int{512}},
		{"later", 700, 5 * time.Second, []int{512, 188}},
		{"as many batches as there are", 1100, 0, []int{512, 512}},
		{"nothing is not exported", 0, time.Minute, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &sink{}
				b := newBatcher(newDelivery(s, ""), usual)
				for i := range tc.spans {
					endMany(b, i, i+1)
					b.OnEnd(ended("unsampled", 0))
				}
				time.Sleep(tc.after)
				synctest.Wait()
				if got := s.batches(); !slices.Equal(got, tc.want) {
					t.Errorf("batches of %v, want %v", got, tc.want)
				}
				shutdown(t, b)
				if len(s.names) != tc.spans || !s.closed {
					t.Errorf("%d of %d spans came; closed: %t", len(s.names), tc.spans, s.closed)
				}
				for i, name := range s.names {
					if name != strconv.Itoa(i) {
						t.Fatalf("span %d is %s", i, name)
					}
				}
			})
		})
	}
}

// Spans that come while none can be sent wait, as many as may; the rest is counted.
func TestWhatIsTooMuchIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sink{takes: slow(time.Second)}
		b := newBatcher(newDelivery(s, "there"), usual)
		endMany(b, 0, 512)
		synctest.Wait() // they are on their way
		endMany(b, 512, 512+2048+100)
		shutdown(t, b)
		if want := []int{512, 512, 512, 512, 512}; !slices.Equal(s.sizes, want) {
			t.Errorf("batches of %v, want %v", s.sizes, want)
		}
		lost, ok := errors.AsType[*LostError](b.delivery.lost())
		if !ok || lost.Lost != 100 || lost.Ended != 2660 || lost.Err != nil {
			t.Errorf("lost %+v", lost)
		}
	})
}

func TestForceFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		takes := func(context.Context) error { return nil }
		s := &sink{takes: func(ctx context.Context) error { return takes(ctx) }}
		b := newBatcher(newDelivery(s, ""), usual)
		endMany(b, 0, 3)
		if err := b.ForceFlush(t.Context()); err != nil || !slices.Equal(s.sizes, []int{3}) {
			t.Errorf("%v, batches of %v", err, s.sizes)
		}
		takes = func(context.Context) error { return broken }
		endMany(b, 3, 4)
		if err := b.ForceFlush(t.Context()); !errors.Is(err, broken) {
			t.Errorf("flush returned %v", err)
		}
		// What is under way has ended before the flush and counts as well.
		takes = slow(time.Second)
		endMany(b, 4, 4+512)
		synctest.Wait()
		begin := time.Now()
		if err := b.ForceFlush(t.Context()); err != nil || time.Since(begin) != time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		shutdown(t, b)
		if err := b.ForceFlush(t.Context()); err != nil {
			t.Errorf("after shutdown: %v", err)
		}
	})
}

// slow is an exporter that takes its time, whatever its context says.
func slow(d time.Duration) func(context.Context) error {
	return func(ctx context.Context) error {
		time.Sleep(d)
		return ctx.Err()
	}
}

// hang is an exporter that no receiver answers.
func hang(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

// Who flushes in vain gets back in time, and what was not tried is not lost.
func TestForceFlushGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sink{takes: hang}
		b := newBatcher(newDelivery(s, ""), usual)
		endMany(b, 0, 500)
		begin := time.Now()
		var wg sync.WaitGroup
		for _, takes := range []time.Duration{time.Second, time.Second / 2} { // one waits for the other
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), takes)
				defer cancel()
				if err := b.ForceFlush(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != takes {
					t.Errorf("flush returned %v after %v", err, time.Since(begin))
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		endMany(b, 500, 600)
		s.takes = nil
		shutdown(t, b)
		if want := []int{500, 100}; !slices.Equal(s.sizes, want) || time.Since(begin) != time.Second {
			t.Errorf("batches of %v, want %v, after %v", s.sizes, want, time.Since(begin))
		}
	})
}

// What no time is left for goes on waiting.
func TestExportsEndWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &sink{takes: func(context.Context) error { cancel(); return nil }}
	b := &batcher{delivery: newDelivery(s, ""), limits: limits{queue: 10, batch: 2, timeout: time.Hour}, full: make(chan struct{}, 1)}
	endMany(b, 0, 5)
	if err := b.export(ctx, 1); !errors.Is(err, context.Canceled) || !slices.Equal(s.sizes, []int{2}) || b.count() != 3 {
		t.Errorf("%v, batches of %v, %d wait", err, s.sizes, b.count())
	}
}

// An export ends when its time is over, and says why.
func TestExportsTakeNoLongerThanTheyMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBatcher(newDelivery(&sink{takes: hang}, ""), usual)
		endMany(b, 0, 1)
		begin := time.Now()
		if err := b.ForceFlush(t.Context()); !errors.Is(err, errExportTimeout) || time.Since(begin) != usual.timeout {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		shutdown(t, b)
	})
}

// An exporter that does not care about its context holds up no shutdown, and is
// given nothing more after it.
func TestShutdownDoesNotWaitForStubbornExporters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &sink{takes: slow(time.Hour)}
		b := newBatcher(newDelivery(s, "there"), limits{queue: 10, batch: 1, delay: time.Minute, timeout: time.Minute})
		endMany(b, 0, 3)
		synctest.Wait() // the first is on its way
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		if err := b.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		if lost, ok := errors.AsType[*LostError](b.delivery.lost()); !ok || lost.Lost != 3 || !errors.Is(lost, context.DeadlineExceeded) {
			t.Errorf("lost %v", lost)
		}
		if err := b.Shutdown(ctx); err != nil {
			t.Errorf("again: %v", err)
		}
		if err := b.ForceFlush(t.Context()); err != nil || time.Since(begin) != time.Second {
			t.Errorf("flush: %v after %v", err, time.Since(begin))
		}
		<-b.stopped
		if len(s.names) != 1 {
			t.Errorf("%d spans were exported", len(s.names))
		}
	})
}

// A span that ends too late is not kept, and the shutdown says why it is lost.
func TestLateSpansAreToldFromTooMany(t *testing.T) {
	b := newBatcher(newDelivery(&sink{}, "there"), usual)
	endMany(b, 0, 1)
	shutdown(t, b)
	endMany(b, 1, 2)
	lost, ok := errors.AsType[*LostError](b.delivery.lost())
	if !ok || lost.Lost != 1 || !errors.Is(lost, errEndedLate) || b.count() != 0 {
		t.Errorf("lost %v, %d wait", lost, b.count())
	}
}

// Many goroutines end spans and some flush, at any time: each span comes once, and
// in the order in which its goroutine ended it.
func TestSpansComeOnceAndInOrder(t *testing.T) {
	const goroutines, each = 8, 2000
	s := &sink{takes: func(context.Context) error { time.Sleep(time.Duration(rand.IntN(200)) * time.Microsecond); return nil }}
	b := newBatcher(newDelivery(s, ""), limits{queue: goroutines * each, batch: 64, delay: time.Millisecond, timeout: time.Minute})
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			endMany(b, g*each, g*each+each)
			if err := b.ForceFlush(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	shutdown(t, b)
	next := make([]int, goroutines)
	for _, name := range s.names {
		i, err := strconv.Atoi(name)
		if err != nil || i%each != next[i/each] {
			t.Fatalf("%s came instead of %d", name, next[i/each])
		}
		next[i/each]++
	}
	if len(s.names) != goroutines*each || b.delivery.lost() != nil {
		t.Errorf("%d spans came: %v", len(s.names), b.delivery.lost())
	}
}

// Who gives no time for it is told that, not that the queue was full.
func TestShutdownWithoutTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBatcher(newDelivery(&sink{}, "there"), usual)
		endMany(b, 0, 3)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := b.Shutdown(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("shutdown returned %v", err)
		}
		if lost, ok := errors.AsType[*LostError](b.delivery.lost()); !ok || lost.Lost != 3 || !errors.Is(lost, context.Canceled) {
			t.Errorf("lost %v", lost)
		}
	})
}

func TestLimitsOfTheEnvironment(t *testing.T) {
	const most = "9223372036854775807"
	for _, tc := range []struct {
		env  map[string]string
		want limits
	}{
		{nil, usual},
		{
			map[string]string{envQueueSize: " 100 ", envBatchSize: "10", envDelay: "20", envTimeout: "30"},
			limits{100, 10, 20 * time.Millisecond, 30 * time.Millisecond},
		},
		{map[string]string{envQueueSize: "100"}, limits{100, 100, usual.delay, usual.timeout}},
		{map[string]string{envBatchSize: "1000"}, limits{2048, 1000, usual.delay, usual.timeout}},
		{
			map[string]string{envDelay: most, envTimeout: most},
			limits{2048, 512, 9223372036854 * time.Millisecond, 9223372036854 * time.Millisecond},
		},
	} {
		for _, name := range []string{envQueueSize, envBatchSize, envDelay, envTimeout} {
			t.Setenv(name, tc.env[name])
		}
		if got := limitsOfEnv(); got != tc.want {
			t.Errorf("%v: got %+v, want %+v", tc.env, got, tc.want)
		}
	}
}
