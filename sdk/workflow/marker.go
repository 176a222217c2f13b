package workflow

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
)

const (
	// firstMarker spares the many short runs the cost of announcing themselves.
	firstMarker = 2 * time.Second
	// nextMarker is how often a run repeats that it is still in flight.
	nextMarker = 30 * time.Second
)

// marker announces a run that takes long, by a timer that costs no goroutine
// while it waits:
//
//	run     |-------------------------------------------…-----| 65 s
//	marker    ^ 2 s                          ^ 32 s         ^ 62 s
//
// Each announcement is a trace of its own, linked to the run, so that sampling
// of the run's trace neither waits for it nor is swayed by it.
// It is safe for concurrent use.
type marker struct {
	run *run

	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
}

func startMarker(r *run) *marker {
	m := &marker{run: r}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.timer = time.AfterFunc(firstMarker, m.announce)
	return m
}

// announce holds the lock so that no marker follows the end of its run.
func (m *marker) announce() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopped {
		return
	}
	info := &m.run.info
	_, span := m.run.def.tracer.Start(context.Background(), semconv.SpanRunning+" "+info.Workflow,
		trace.WithNewRoot(),
		trace.WithLinks(trace.Link{SpanContext: m.run.span.SpanContext()}),
		trace.WithAttributes(
			attribute.String(semconv.WorkflowName, info.Workflow),
			attribute.String(semconv.WorkflowRunID, info.RunID),
			attribute.Bool(semconv.WorkflowRunning, true)))
	span.End()
	m.timer.Reset(nextMarker)
}

func (m *marker) stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopped = true
	m.timer.Stop()
}
