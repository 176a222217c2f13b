package otelsetup_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup"
)

// stubborn is a processor whose end takes its time, whatever its context says.
type stubborn struct {
	counter
	end func()
}

func (s *stubborn) Shutdown(context.Context) error {
	s.end()
	return s.err
}

func TestShutdownDoesNotWaitForProcessors(t *testing.T) {
	t.Setenv("OTEL_TRACES_EXPORTER", "none")
	broken := errors.New("broken")
	for _, tc := range []struct {
		name        string
		first, then time.Duration // that the two processors take
		want        time.Duration
		late        int
	}{
		{"both in time", time.Second, 2 * time.Second, 2 * time.Second, 0},
		{"one too late", 8 * time.Second, 2 * time.Second, 3 * time.Second, 1},
		{"both too late", 8 * time.Second, 9 * time.Second, 3 * time.Second, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var opts []otelsetup.Option
				for _, takes := range []time.Duration{tc.first, tc.then} {
					opts = append(opts, otelsetup.Processor(&stubborn{counter{err: broken}, func() { time.Sleep(takes) }}))
				}
				shutdown := mustSetup(t, nil, opts...)
				start := time.Now()
				err := shutdown(context.Background())
				if took := time.Since(start); took != tc.want {
					t.Errorf("it took %v, want %v", took, tc.want)
				}
				time.Sleep(10 * time.Second) // the late ones have to end before the bubble does
				if got := strings.Count(err.Error(), "*otelsetup_test.stubborn did not end"); got != tc.late {
					t.Errorf("%d of the processors were late, want %d: %v", got, tc.late, err)
				}
				if errors.Is(err, broken) != (tc.late < 2) || errors.Is(err, context.DeadlineExceeded) != (tc.late > 0) {
					t.Errorf("shutdown returned %v", err)
				}
			})
		})
	}
}

// A processor that does not end costs no span, and hides none that is lost.
func TestSpansArriveBesideAStubbornProcessor(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	hang := otelsetup.Processor(&stubborn{end: func() { <-release }})
	for _, tc := range []struct {
		name  string
		start func(*testing.T) (*receiver, string)
		want  []string
	}{
		{"a receiver", overHTTP, supportSpans},
		{"none", overNothing, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			recv, url := tc.start(t)
			shutdown := mustSetup(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url}, hang)
			runSupport(t)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			err := shutdown(ctx)
			if err == nil || !strings.Contains(err.Error(), "did not end") {
				t.Errorf("shutdown returned %v", err)
			}
			if _, lost := errors.AsType[*otelsetup.LostError](err); lost != (tc.want == nil) {
				t.Errorf("shutdown returned %v", err)
			}
			if got := recv.names(); !slices.Equal(got, tc.want) {
				t.Errorf("spans %q, want %q", got, tc.want)
			}
		})
	}
}

func overNothing(t *testing.T) (*receiver, string) {
	t.Helper()
	return &receiver{}, refused(t)
}

func TestNilOptionsAreNoOptions(t *testing.T) {
	t.Setenv("OTEL_TRACES_EXPORTER", "none")
	shutdown, err := otelsetup.Setup(t.Context(), otelsetup.Logger(nil), otelsetup.Processor(nil))
	if err != nil {
		t.Fatal(err)
	}
	runSupport(t)
	otel.Handle(errors.New("an error for the default logger, on purpose"))
	if err := shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
