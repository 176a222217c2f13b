package otelsetup

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

var (
	errExportTimeout = errors.New("the export took longer than OTEL_BSP_EXPORT_TIMEOUT")
	errEndedLate     = errors.New("spans ended after the shutdown had begun")
)

// defaultQueueSize is how many spans may wait, by the specification.
const defaultQueueSize = 2048

// limits are those of a batch span processor, by the specification of OTEL_BSP_*.
type limits struct {
	queue   int           // spans that may wait; more are lost
	batch   int           // spans of one export at most
	delay   time.Duration // after which also a smaller batch is exported
	timeout time.Duration // of one export
}

// limitsOfEnv returns what a checked environment says.
func limitsOfEnv() limits {
	l := limits{
		queue:   envInt(envQueueSize, defaultQueueSize),
		delay:   envMilliseconds(envDelay, 5000),
		timeout: envMilliseconds(envTimeout, 30_000),
	}
	l.batch = min(envInt(envBatchSize, 512), l.queue)
	return l
}

// batcher is a batch span processor that an ended span costs little: it wakes its
// goroutine for a whole batch, where that of the OpenTelemetry SDK does it for
// each span, and waking a processor that sleeps costs tens of microseconds.
//
//	spans ended                1 2 3 ... 511 512 ... 700       5 s later
//	goroutine of the SDK's     ^ ^ ^      ^   ^       ^
//	goroutine of this one                     ^ 512 exported   ^ 188 exported
//
// It is safe for concurrent use. One goroutine exports, one batch at a time.
type batcher struct {
	delivery *delivery
	limits   limits
	full     chan struct{}        // holds one: a batch waits
	flushes  chan flush           // to be exported right now
	stop     chan context.Context // holds one: the last export may take as long
	stopped  chan struct{}        // closed at the end of the goroutine
	once     sync.Once            // of the shutdown

	mu      sync.Mutex
	over    bool // spans come too late
	waiting queue

	batch []sdktrace.ReadOnlySpan // of the goroutine
}

// flush is a wish to have exported what waits.
type flush struct {
	ctx  context.Context
	done chan<- error // holds one
}

// newBatcher starts a batcher, which ends by Shutdown.
func newBatcher(d *delivery, l limits) *batcher {
	b := &batcher{
		delivery: d,
		limits:   l,
		full:     make(chan struct{}, 1),
		flushes:  make(chan flush),
		stop:     make(chan context.Context, 1),
		stopped:  make(chan struct{}),
	}
	go b.work()
	return b
}

// OnStart does nothing.
func (*batcher) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

// OnEnd keeps the span for the next batch if it is sampled and there is room.
func (b *batcher) OnEnd(span sdktrace.ReadOnlySpan) {
	if !span.SpanContext().IsSampled() {
		return
	}
	b.delivery.ended.Add(1)
	if b.keep(span) < b.limits.batch {
		return
	}
	select {
	case b.full <- struct{}{}:
	default: // it is told already
	}
}

// keep returns how many spans wait.
func (b *batcher) keep(span sdktrace.ReadOnlySpan) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.over:
		b.delivery.gaveUp(errEndedLate)
	case b.waiting.len() < b.limits.queue:
		b.waiting.push(span)
	}
	return b.waiting.len()
}

// ForceFlush exports all spans that have ended, until ctx is done, and returns
// what the exports did. After Shutdown it does nothing.
func (b *batcher) ForceFlush(ctx context.Context) error {
	done := make(chan error, 1)
	select {
	case b.flushes <- flush{ctx, done}:
	case <-b.stopped:
		return nil
	case <-b.delivery.closing.Done():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Shutdown exports all spans that have ended, until ctx is done, and shuts the
// exporter down, whose connections that ends, even if it is still at work then. Spans
// that end later are lost. Again it does nothing.
func (b *batcher) Shutdown(ctx context.Context) (err error) {
	b.once.Do(func() {
		b.refuse()
		b.stop <- ctx
		select {
		case <-b.stopped:
		case <-ctx.Done():
			err = ctx.Err()
			b.delivery.gaveUp(err)
			b.delivery.close()
		}
		err = errors.Join(err, b.delivery.Shutdown(ctx))
	})
	return err
}

func (b *batcher) refuse() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = true
}

func (b *batcher) work() {
	defer close(b.stopped)
	tick := time.NewTicker(b.limits.delay)
	defer tick.Stop()
	for {
		select {
		case <-b.full:
			handle(b.export(context.Background(), b.limits.batch))
		case <-tick.C:
			handle(b.export(context.Background(), 1))
		case f := <-b.flushes:
			f.done <- b.export(f.ctx, 1)
		case ctx := <-b.stop:
			err := b.export(ctx, 1)
			handle(err)
			b.delivery.gaveUp(err)
			return
		}
	}
}

func handle(err error) {
	if err != nil {
		otel.Handle(err)
	}
}

// export exports the spans that wait now, batch by batch, while there are least or
// more. Those that it has not begun with when ctx is done, or all is over, go on
// waiting.
func (b *batcher) export(ctx context.Context, least int) error {
	var errs []error
	for left := b.count(); left >= least; left -= len(b.batch) {
		if err := cmp.Or(ctx.Err(), b.delivery.closing.Err()); err != nil {
			errs = append(errs, err)
			break
		}
		b.take()
		errs = append(errs, b.exportBatch(ctx))
	}
	return errors.Join(errs...)
}

func (b *batcher) exportBatch(ctx context.Context) error {
	defer clear(b.batch)
	ctx, cancel := context.WithTimeoutCause(ctx, b.limits.timeout, errExportTimeout)
	defer cancel()
	return b.delivery.ExportSpans(ctx, b.batch)
}

func (b *batcher) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.waiting.len()
}

// take makes those that have waited longest the batch.
func (b *batcher) take() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.batch = b.waiting.pop(b.batch[:0], b.limits.batch)
}
