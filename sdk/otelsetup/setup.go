package otelsetup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup/stamp"
)

// shutdownLimit is the longest a shutdown takes.
const shutdownLimit = 3 * time.Second

// Setup reads the environment and sets the global tracer provider, propagator
// and error handler. Spans of other instrumentation are stamped with the run
// they belong to. The error joins an *EnvError for each variable that cannot be
// used; nothing global is changed then.
//
// The function it returns sends what is still queued and ends the exporter and
// the processors. It takes 3 s at most, less if its context ends before, and
// returns a *LostError if any span since Setup did not arrive, joined with what
// the processors returned and which of them did not end. Give it a context that is not yet
// cancelled, else nothing of what is queued is sent. Calling it again waits for the first
// call and returns the same; it is safe for concurrent use. With OTEL_SDK_DISABLED=true it
// does nothing.
func Setup(ctx context.Context, opts ...Option) (shutdown func(context.Context) error, err error) {
	if err := checkEnv(); err != nil {
		return nil, fmt.Errorf("telemetry is not set up: %w", err)
	}
	cfg := newConfig(opts)
	if strings.EqualFold(getenv(envDisabled), "true") {
		otel.SetTextMapPropagator(newPropagator(getenv(envPropagators)))
		return func(context.Context) error { return nil }, nil
	}
	p, err := newPipeline(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("telemetry is not set up: %w", err)
	}
	otel.SetErrorHandler(newHandler(cfg.logger))
	otel.SetTextMapPropagator(newPropagator(getenv(envPropagators)))
	otel.SetTracerProvider(p.provider)
	return p.shutdown, nil
}

// pipeline is a tracer provider and what happens to its spans.
type pipeline struct {
	provider *sdktrace.TracerProvider
	guests   []guest
	batcher  *batcher // nil without an exporter
	once     sync.Once
	err      error // of the shutdown
}

func newPipeline(ctx context.Context, cfg config) (*pipeline, error) {
	res, err := newResource(ctx, cfg.service)
	if err != nil {
		return nil, err
	}
	exporter, target, err := newExporter(ctx)
	if err != nil {
		return nil, err
	}
	opts := []sdktrace.TracerProviderOption{
		sdktrace.WithResource(res),
		sdktrace.WithSpanProcessor(stamp.Processor{}),
	}
	for _, g := range cfg.guests {
		opts = append(opts, sdktrace.WithSpanProcessor(g))
	}
	p := &pipeline{guests: cfg.guests}
	if exporter != nil {
		p.batcher = newBatcher(newDelivery(exporter, target), limitsOfEnv())
		opts = append(opts, sdktrace.WithSpanProcessor(p.batcher))
	}
	p.provider = sdktrace.NewTracerProvider(opts...)
	return p, nil
}

// newResource describes the program; what stands later in the list goes first.
func newResource(ctx context.Context, service string) (*resource.Resource, error) {
	opts := []resource.Option{resource.WithTelemetrySDK(), resource.WithService()}
	if service != "" {
		opts = append(opts, resource.WithAttributes(attribute.String("service.name", service)))
	}
	return resource.New(ctx, append(opts, resource.WithFromEnv())...)
}

func (p *pipeline) shutdown(ctx context.Context) error {
	p.once.Do(func() { p.err = p.stop(ctx) })
	return p.err
}

// stop ends the guests and the exporter at the same time, and waits for none of
// them longer than the limit.
func (p *pipeline) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, shutdownLimit)
	defer cancel()
	errs := make([]error, len(p.guests)+1)
	var wg sync.WaitGroup
	for i, g := range p.guests {
		wg.Go(func() { errs[i+1] = g.end(ctx) })
	}
	errs[0] = p.stopExporter(ctx)
	wg.Wait()
	return errors.Join(errs...)
}

// stopExporter gives exports 11/12 of the time there is and then ends them, so
// that they are over, and what was lost is counted, when time is up:
//
//	|------ exports may take ------|- end -|
//	0                            2.75 s   3 s
func (p *pipeline) stopExporter(ctx context.Context) error {
	if p.batcher == nil {
		return p.provider.Shutdown(ctx)
	}
	delivery := p.batcher.delivery
	deadline, _ := ctx.Deadline()
	left := time.Until(deadline)
	timer := time.AfterFunc(left-left/12, delivery.close)
	defer timer.Stop()
	// A provider that is given no time does not shut its processors down.
	err := errors.Join(p.provider.Shutdown(ctx), p.batcher.Shutdown(ctx))
	delivery.close()
	lost := delivery.lost()
	switch {
	case lost == nil:
		return err
	case err == nil, ctx.Err() != nil:
		return lost
	default:
		return errors.Join(lost, err)
	}
}
