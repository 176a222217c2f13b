package otelsetup_test

import (
	"context"
	"errors"
	"net"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// everything is a workflow that needs each of its policies.
func everything(name string) *workflow.Workflow[int, []int] {
	var calls atomic.Int64
	flaky := workflow.Func("flaky", func(_ context.Context, in int) (int, error) {
		if calls.Add(1)%2 == 1 {
			return 0, errors.New("too many requests")
		}
		return in + 1, nil
	})
	refuse := workflow.Func("refuse", func(context.Context, int) (int, error) { return 0, errors.New("refused") })
	double := workflow.Func("double", func(_ context.Context, in int) (int, error) { return 2 * in, nil })
	undo := func(context.Context, int, int) error { return nil }
	return workflow.New(name, workflow.Then(
		workflow.Retry(flaky, workflow.Backoff(0, 0)),
		workflow.Parallel("all",
			workflow.Cache(double, strconv.Itoa, workflow.NewLRU[int](10, time.Hour)),
			workflow.Fallback(workflow.Saga("order", workflow.Then(workflow.Compensate(double, undo), refuse)), double),
			workflow.Timeout(double, time.Hour))))
}

// runMany runs the workflow often enough to fill the queue of a collector that
// takes nothing, several times over, and holds every result against the one it must be.
func runMany(t *testing.T, name string) {
	t.Helper()
	w := everything(name)
	for in := range 200 {
		want := []int{2 * (in + 1), 2 * (in + 1), 2 * (in + 1)}
		if out, err := w.Run(t.Context(), in); err != nil || !slices.Equal(out, want) {
			t.Fatalf("%s: run %d returned %v, %v", name, in, out, err)
		}
	}
}

// Whatever becomes of the collector, results stay the same, and the shutdown says
// how much was lost.
func TestResultsWithoutACollector(t *testing.T) {
	for name, url := range map[string]string{"refused": refused(t), "silent": silent(t)} {
		shutdown := mustSetup(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_TIMEOUT": "100"})
		runMany(t, name)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		err := shutdown(ctx)
		cancel()
		lost, ok := errors.AsType[*otelsetup.LostError](err)
		if !ok || lost.Lost == 0 || lost.Lost != lost.Ended {
			t.Errorf("%s: the shutdown says %v", name, err)
		}
	}
}

// A collector that dies and returns gets spans again, without a restart of the
// application.
func TestCollectorDiesAndReturns(t *testing.T) {
	r := &receiver{spans: make(map[string]map[string]string)}
	first := httptest.NewServer(r)
	address := first.Listener.Addr().String()
	shutdown := mustSetup(t, map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": first.URL,
		"OTEL_BSP_SCHEDULE_DELAY":     "10",
		"OTEL_BSP_EXPORT_TIMEOUT":     "200", // else a batch is sent again for 30 s
	})
	await := func(span string) {
		t.Helper()
		for !slices.Contains(r.names(), span) {
			if t.Context().Err() != nil {
				t.Fatalf("%s never came", span)
			}
			runMany(t, span[len("invoke_workflow "):])
			time.Sleep(10 * time.Millisecond)
		}
	}
	await("invoke_workflow before")
	first.Close()
	runMany(t, "meanwhile")

	again := httptest.NewUnstartedServer(r)
	_ = again.Listener.Close()
	again.Listener = listenOn(t, address)
	again.Start()
	t.Cleanup(again.Close)
	await("invoke_workflow after")
	_ = shutdown(t.Context()) // what was meant for the dead collector is lost
}

// listenOn listens where another server did.
func listenOn(t *testing.T, address string) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
