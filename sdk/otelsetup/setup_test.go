package otelsetup_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/otelsetup"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

var quiet = otelsetup.Logger(slog.New(slog.DiscardHandler))

// setup sets up with the variables of env and no others.
func setup(t *testing.T, env map[string]string, opts ...otelsetup.Option) (func(context.Context) error, error) {
	t.Helper()
	for k, v := range env {
		t.Setenv(k, v)
	}
	return otelsetup.Setup(t.Context(), append([]otelsetup.Option{quiet}, opts...)...)
}

func mustSetup(t *testing.T, env map[string]string, opts ...otelsetup.Option) func(context.Context) error {
	t.Helper()
	shutdown, err := setup(t, env, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return shutdown
}

// runSupport runs a workflow of one step, in which a foreign library makes a span.
func runSupport(t *testing.T) {
	t.Helper()
	ask := workflow.Func("ask", func(ctx context.Context, in int) (int, error) {
		_, span := otel.Tracer("foreign").Start(ctx, "chat")
		span.End()
		return in, nil
	})
	if _, err := workflow.New("support", ask).Run(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
}

var supportSpans = []string{"chat", "invoke_workflow support", "run_step ask"}

func TestSpansArrive(t *testing.T) {
	for _, tc := range []struct {
		name  string
		start func(*testing.T) (*receiver, string)
		env   func(url string) map[string]string
		path  string
	}{
		{"http by default", overHTTP, func(url string) map[string]string {
			return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url}
		}, "/v1/traces"},
		{"http, traces only, as it is", overHTTP, func(url string) map[string]string {
			return map[string]string{
				"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": url + "/here",
				"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
			}
		}, "/here"},
		{"http, compressed", overHTTP, func(url string) map[string]string {
			return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"}
		}, "/v1/traces"},
		{"grpc", overGRPC, func(url string) map[string]string {
			return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
		}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			recv, url := tc.start(t)
			env := tc.env(url)
			env["OTEL_EXPORTER_OTLP_HEADERS"] = "x-token=a%20b"
			env["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=test"
			shutdown := mustSetup(t, env, otelsetup.ServiceName("desk"))
			runSupport(t)
			if err := shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := recv.names(); !slices.Equal(got, supportSpans) {
				t.Errorf("spans %q, want %q", got, supportSpans)
			}
			if got := recv.spans["chat"]["workflow.name"]; got != "support" {
				t.Errorf("the foreign span belongs to %q", got)
			}
			if recv.resource["service.name"] != "desk" || recv.resource["deployment.environment.name"] != "test" {
				t.Errorf("resource %v", recv.resource)
			}
			if recv.tokens[0] != "a b" || recv.paths[0] != tc.path {
				t.Errorf("token %q to path %q, want %q", recv.tokens[0], recv.paths[0], tc.path)
			}
		})
	}
}

// One text that is not UTF-8 made the exporter lose the batch, and one error of
// 5 MB made the batch more than a receiver takes over gRPC.
func TestBadTextsLoseNothing(t *testing.T) {
	for protocol, start := range map[string]func(*testing.T) (*receiver, string){"http/protobuf": overHTTP, "grpc": overGRPC} {
		t.Run(protocol, func(t *testing.T) {
			recv, url := start(t)
			shutdown := mustSetup(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_PROTOCOL": protocol},
				otelsetup.ServiceName("desk \xff"))
			runSupport(t)
			_, span := otel.Tracer("foreign \xff").Start(t.Context(), "foreign \xff")
			span.RecordError(errors.New("bad reply: \xff"))
			span.End()
			huge := workflow.Func("read", func(context.Context, int) (int, error) {
				return 0, errors.New("bad reply: \xff" + strings.Repeat("x", 5<<20))
			})
			if _, err := workflow.New("reader", huge).Run(t.Context(), 1); err == nil {
				t.Error("the run succeeded")
			}
			if err := shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := []string{"chat", "foreign \uFFFD", "invoke_workflow reader", "invoke_workflow support", "run_step ask", "run_step read"}
			if got := recv.names(); !slices.Equal(got, want) {
				t.Errorf("spans %q, want %q", got, want)
			}
			if got := recv.resource["service.name"]; got != "desk \uFFFD" {
				t.Errorf("service.name %q", got)
			}
		})
	}
}

func TestServiceNameOfTheEnvironmentGoesFirst(t *testing.T) {
	for _, tc := range []struct{ variable, value, option, want string }{
		{"OTEL_SERVICE_NAME", "env", "code", "env"},
		{"OTEL_RESOURCE_ATTRIBUTES", "service.name=env", "code", "env"},
		{"OTEL_RESOURCE_ATTRIBUTES", "a=b", "code", "code"},
		{"OTEL_RESOURCE_ATTRIBUTES", "a=b", "", "unknown_service:" + filepath.Base(os.Args[0])},
	} {
		t.Run(tc.want, func(t *testing.T) {
			recv, url := overHTTP(t)
			shutdown := mustSetup(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url, tc.variable: tc.value}, otelsetup.ServiceName(tc.option))
			runSupport(t)
			if err := shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := recv.resource["service.name"]; got != tc.want {
				t.Errorf("service.name %q, want %q", got, tc.want)
			}
		})
	}
}

// counter counts the spans that a processor of the user's sees.
type counter struct {
	sdktrace.SpanProcessor
	ended int
	err   error
}

func (*counter) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (c *counter) OnEnd(sdktrace.ReadOnlySpan)                   { c.ended++ }
func (c *counter) Shutdown(context.Context) error                { return c.err }

func TestExporterNone(t *testing.T) {
	broken := errors.New("broken")
	c := &counter{err: broken}
	shutdown := mustSetup(t, map[string]string{"OTEL_TRACES_EXPORTER": "none"}, otelsetup.Processor(c))
	runSupport(t)
	if c.ended != len(supportSpans) {
		t.Errorf("the processor saw %d spans", c.ended)
	}
	if err := shutdown(t.Context()); !errors.Is(err, broken) {
		t.Errorf("shutdown returned %v", err)
	}
}

func TestExporterConsole(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	stdout := os.Stdout
	os.Stdout = file
	shutdown, err := setup(t, map[string]string{"OTEL_TRACES_EXPORTER": "console"})
	os.Stdout = stdout
	if err != nil {
		t.Fatal(err)
	}
	runSupport(t)
	if err := shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if info, err := file.Stat(); err != nil || info.Size() == 0 {
		t.Errorf("nothing was written: %v", err)
	}
}

func TestDisabled(t *testing.T) {
	recv, url := overHTTP(t)
	before := otel.GetTracerProvider()
	shutdown := mustSetup(t, map[string]string{"OTEL_SDK_DISABLED": "TRUE", "OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_PROPAGATORS": "baggage"})
	if otel.GetTracerProvider() != before {
		t.Error("the tracer provider was set")
	}
	if got := otel.GetTextMapPropagator().Fields(); !slices.Equal(got, []string{"baggage"}) {
		t.Errorf("the propagator has the fields %q", got)
	}
	if err := shutdown(t.Context()); err != nil || len(recv.names()) > 0 {
		t.Errorf("%v, spans %q", err, recv.names())
	}
}

func TestPropagators(t *testing.T) {
	for value, want := range map[string][]string{
		"":                      {"baggage", "traceparent", "tracestate"},
		"tracecontext":          {"traceparent", "tracestate"},
		"Baggage, tracecontext": {"baggage", "traceparent", "tracestate"},
		"none":                  nil,
	} {
		shutdown := mustSetup(t, map[string]string{"OTEL_TRACES_EXPORTER": "none", "OTEL_PROPAGATORS": value})
		got := otel.GetTextMapPropagator().Fields()
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q has the fields %q, want %q", value, got, want)
		}
		if err := shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// A dead collector must neither hang the program nor go unnoticed.
func TestShutdownSaysWhatWasLost(t *testing.T) {
	for _, tc := range []struct {
		name     string
		url      func(*testing.T) string
		protocol string
	}{
		{"http refused", refused, "http/protobuf"},
		{"http silent", silent, "http/protobuf"},
		{"grpc refused", refused, "grpc"},
		{"grpc silent", silent, "grpc"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			url := tc.url(t)
			shutdown := mustSetup(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_PROTOCOL": tc.protocol})
			runSupport(t)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			err := shutdown(ctx)
			lost, ok := errors.AsType[*otelsetup.LostError](err)
			if !ok {
				t.Fatalf("shutdown returned %v", err)
			}
			if lost.Lost != 3 || lost.Ended != 3 || lost.Target != url || lost.Err == nil {
				t.Errorf("lost %+v", lost)
			}
		})
	}
}

// The exporter alone would go on for 10 s.
func TestShutdownIsBoundedWithoutADeadline(t *testing.T) {
	shutdown := mustSetup(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": silent(t)})
	runSupport(t)
	start := time.Now()
	if _, ok := errors.AsType[*otelsetup.LostError](shutdown(context.Background())); !ok {
		t.Error("nothing was lost")
	}
	if took := time.Since(start); took > 9*time.Second {
		t.Errorf("it took %v", took)
	}
}

// Who passes a context that is over loses what waits, and no goroutine: TestMain looks
// for those.
func TestShutdownWithAContextThatIsOver(t *testing.T) {
	_, url := overHTTP(t)
	shutdown := mustSetup(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url})
	runSupport(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	lost, ok := errors.AsType[*otelsetup.LostError](shutdown(ctx))
	if !ok || lost.Lost != 3 || !errors.Is(lost, context.Canceled) {
		t.Errorf("lost %v", lost)
	}
}

func TestShutdownAgainDoesNothing(t *testing.T) {
	recv, url := overHTTP(t)
	shutdown := mustSetup(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": url})
	runSupport(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := recv.names(); !slices.Equal(got, supportSpans) {
		t.Errorf("spans %q", got)
	}
}

func TestRefusedBatchIsLost(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "who are you")
	}))
	defer srv.Close()
	shutdown := mustSetup(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": srv.URL})
	runSupport(t)
	lost, ok := errors.AsType[*otelsetup.LostError](shutdown(t.Context()))
	if !ok || lost.Lost != 3 || errors.Unwrap(lost) == nil {
		t.Errorf("lost %v", lost)
	}
}

// What is not sampled is not lost.
func TestUnsampledSpansAreNotMissed(t *testing.T) {
	shutdown := mustSetup(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": refused(t), "OTEL_TRACES_SAMPLER": "always_off"})
	runSupport(t)
	if err := shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
