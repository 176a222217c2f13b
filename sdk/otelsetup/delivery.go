package otelsetup

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// LostError says how many of the spans of a program never arrived.
type LostError struct {
	// Lost is the number of spans that no one confirmed to have received. A
	// batch that is refused in part counts as a whole.
	Lost int64
	// Ended is the number of sampled spans in all.
	Ended int64
	// Target is where they were sent to.
	Target string
	// Err is the last failure of an export, or why there was none at shutdown; nil
	// when spans came faster than they could be sent and the queue was full.
	Err error
}

// Error says what was lost, where and why.
func (e *LostError) Error() string {
	why := "the queue was full"
	if e.Err != nil {
		why = e.Err.Error()
	}
	return fmt.Sprintf("%d of %d spans did not reach %s: %s", e.Lost, e.Ended, e.Target, why)
}

// Unwrap returns the last failure.
func (e *LostError) Unwrap() error { return e.Err }

// delivery is an exporter that keeps count: ended as spans end, delivered as
// batches are taken.
//
//	ended 20 ─► queue ─► batch of 12 taken, batch of 8 refused
//	delivered 12, lost 20 - 12 = 8
//
// What is lost on the way, by a full queue, needs no count of its own. It is
// safe for concurrent use.
type delivery struct {
	sdktrace.SpanExporter

	target    string
	ended     atomic.Int64
	delivered atomic.Int64
	// closing ends exports that are under way when time runs out at shutdown.
	closing context.Context
	close   context.CancelFunc

	mu   sync.Mutex
	last error
}

func newDelivery(exporter sdktrace.SpanExporter, target string) *delivery {
	d := &delivery{SpanExporter: exporter, target: target}
	d.closing, d.close = context.WithCancel(context.Background())
	return d
}

// ExportSpans exports and counts.
func (d *delivery) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(d.closing, cancel)()
	err := d.SpanExporter.ExportSpans(ctx, spans)
	if err == nil {
		d.delivered.Add(int64(len(spans)))
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	// That we gave up at shutdown is not why the receiver did not answer before.
	if d.last == nil || d.closing.Err() == nil {
		d.last = err
	}
	return err
}

// gaveUp says why spans were not even tried to export; nil is no reason. What failed
// before says more.
func (d *delivery) gaveUp(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.last == nil {
		d.last = err
	}
}

// lost returns a *LostError if any span is.
func (d *delivery) lost() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	ended := d.ended.Load()
	lost := ended - d.delivered.Load()
	if lost <= 0 {
		return nil
	}
	return &LostError{Lost: lost, Ended: ended, Target: d.target, Err: d.last}
}
