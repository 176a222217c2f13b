package workflow_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/carrier"
	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

var identity = []string{semconv.WorkflowRunID, semconv.WorkflowTenant, semconv.WorkflowCorrelationID}

func fixed(text string) func(context.Context) string {
	return func(context.Context) string { return text }
}

// within runs f inside of a run and returns what the run is called.
func within(ctx context.Context, t *testing.T, f func(context.Context), opts ...workflow.Option) workflow.Info {
	t.Helper()
	var info workflow.Info
	step := workflow.Func("step", func(ctx context.Context, _ int) (int, error) {
		info, _ = workflow.FromContext(ctx)
		f(ctx)
		return 0, nil
	})
	if _, err := workflow.New("w", step, opts...).Run(ctx, 0); err != nil {
		t.Fatal(err)
	}
	return info
}

// A run that is called knows who called it, by any carrier, if it may.
func TestIdentityTravels(t *testing.T) {
	for _, tc := range []struct {
		name string
		to   propagation.TextMapCarrier
	}{
		{"HTTP", propagation.HeaderCarrier(make(http.Header))},
		{"gRPC", make(carrier.Metadata)},
		{"environment", &carrier.Environ{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := workflow.NewPropagator(identity...)
			caller := within(t.Context(), t, func(ctx context.Context) { p.Inject(ctx, tc.to) },
				workflow.Tenant(fixed("Łódź, 1=2;")), workflow.CorrelationID(fixed("order 7")))
			callee := within(p.Extract(t.Context(), tc.to), t, func(context.Context) {})
			if callee.Tenant != "Łódź, 1=2;" || callee.CorrelationID != "order 7" || callee.CausationID != caller.RunID {
				t.Errorf("caller %+v\ncallee %+v", caller, callee)
			}
			own := within(p.Extract(t.Context(), tc.to), t, func(context.Context) {},
				workflow.Tenant(fixed("mine")), workflow.CorrelationID(fixed("also")), workflow.CausationID(fixed("message 3")))
			if own.Tenant != "mine" || own.CorrelationID != "also" || own.CausationID != "message 3" {
				t.Errorf("what the run says itself is overruled: %+v", own)
			}
		})
	}
}

// What a replay really calls is a replay on the other side too, if it may say so.
func TestReplayTravels(t *testing.T) {
	for _, tc := range []struct {
		out, in []string
		want    bool
	}{
		{[]string{semconv.WorkflowReplay}, []string{semconv.WorkflowReplay}, true},
		{nil, []string{semconv.WorkflowReplay}, false},
		{[]string{semconv.WorkflowReplay}, nil, false},
	} {
		headers := make(carrier.Metadata)
		call := workflow.Func("call", func(ctx context.Context, in int) (int, error) {
			workflow.NewPropagator(tc.out...).Inject(ctx, headers)
			return in, nil
		})
		var tape bytes.Buffer
		caller := workflow.New("caller", call, workflow.Record(&tape))
		if _, err := caller.Run(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if bag := headers.Get("baggage"); bag != "" {
			t.Errorf("a run that is none tells of replays: %s", bag)
		}
		runs, err := recording.Read(&tape)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := workflow.Replay(t.Context(), caller, runs[0], workflow.OnlyExternal()); err != nil {
			t.Fatal(err)
		}
		ctx := workflow.NewPropagator(tc.in...).Extract(t.Context(), headers)
		callee := within(ctx, t, func(ctx context.Context) {
			if workflow.Replaying(ctx) != tc.want {
				t.Errorf("%q lets out, %q lets in: replaying %t in the run", tc.out, tc.in, !tc.want)
			}
		})
		if callee.Replay != tc.want || workflow.Replaying(ctx) != tc.want {
			t.Errorf("%q lets out, %q lets in: replay %t, replaying %t", tc.out, tc.in, callee.Replay, workflow.Replaying(ctx))
		}
	}
}

// What is not on the list neither leaves nor enters.
func TestBaggageIsAllowedByKey(t *testing.T) {
	secret, err := baggage.NewMemberRaw("secret", "s")
	if err != nil {
		t.Fatal(err)
	}
	bag, err := baggage.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		allow []string
		want  string
	}{
		{nil, ""},
		{[]string{semconv.WorkflowTenant}, "workflow.tenant=acme"},
		{[]string{"secret"}, "secret=s"},
		{[]string{"absent"}, ""},
	} {
		headers := make(carrier.Metadata)
		within(baggage.ContextWithBaggage(t.Context(), bag), t, func(ctx context.Context) {
			workflow.NewPropagator(tc.allow...).Inject(ctx, headers)
		}, workflow.Tenant(fixed("acme")))
		if got := headers.Get("baggage"); got != tc.want {
			t.Errorf("%q lets %q out, want %q", tc.allow, got, tc.want)
		}
	}

	all := carrier.Metadata{"baggage": {"secret=s,workflow.tenant=evil,workflow.run.id=r"}}
	ctx := workflow.NewPropagator("secret").Extract(t.Context(), all)
	callee := within(ctx, t, func(ctx context.Context) {
		if got := baggage.FromContext(ctx).String(); got != "secret=s" {
			t.Errorf("%q came in", got)
		}
	})
	if callee.Tenant != "" || callee.CausationID != "" {
		t.Errorf("a stranger says who the run works for: %+v", callee)
	}
	// Baggage by way of OpenTelemetry's own propagator is not believed either.
	if callee := within(propagation.Baggage{}.Extract(t.Context(), all), t, func(context.Context) {}); callee.Tenant != "" {
		t.Errorf("tenant %q", callee.Tenant)
	}
}

// Baggage that was there stays, if nothing newer comes in.
func TestExtractKeepsBaggage(t *testing.T) {
	p := workflow.NewPropagator("a", "b")
	ctx := p.Extract(t.Context(), carrier.Metadata{"baggage": {"a=1,b=1"}})
	ctx = p.Extract(ctx, carrier.Metadata{"baggage": {"a=2"}})
	bag := baggage.FromContext(p.Extract(ctx, carrier.Metadata{}))
	if bag.Member("a").Value() != "2" || bag.Member("b").Value() != "1" {
		t.Errorf("left is %q", bag)
	}
}

// With no SDK a run hands the trace on as it came: sampled or not, tracestate
// and all.
func TestTracePassesThrough(t *testing.T) {
	p := workflow.NewPropagator()
	for _, flags := range []string{"00", "01"} {
		in := carrier.Metadata{
			"traceparent": {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-" + flags},
			"tracestate":  {"ot=th:8,vendor=x"},
		}
		out := make(carrier.Metadata)
		info := within(p.Extract(t.Context(), in), t, func(ctx context.Context) { p.Inject(ctx, out) })
		if out.Get("traceparent") != in.Get("traceparent") || out.Get("tracestate") != in.Get("tracestate") {
			t.Errorf("in %v, out %v", in, out)
		}
		if info.CorrelationID != "0af7651916cd43dd8448eb211c80319c" {
			t.Errorf("correlation id %q", info.CorrelationID)
		}
	}
}

func TestFields(t *testing.T) {
	if got := strings.Join(workflow.NewPropagator().Fields(), " "); got != "traceparent tracestate baggage" {
		t.Errorf("got %q", got)
	}
}

// Whatever comes in, who the run works for is short and valid text.
func FuzzExtract(f *testing.F) {
	f.Add("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "workflow.tenant=acme,workflow.run.id=7")
	f.Add("", "workflow.tenant=%ff%00;p=1,,=")
	f.Add("00-x", "workflow.correlation_id="+strings.Repeat("x", 4000))
	f.Fuzz(func(t *testing.T, traceparent, bag string) {
		p := workflow.NewPropagator(identity...)
		ctx := p.Extract(t.Context(), carrier.Metadata{"traceparent": {traceparent}, "baggage": {bag}})
		info := within(ctx, t, func(ctx context.Context) { p.Inject(ctx, make(carrier.Metadata)) })
		for _, text := range []string{info.Tenant, info.CorrelationID, info.CausationID} {
			if len(text) > 256 || !utf8.ValidString(text) {
				t.Errorf("%q came in", text)
			}
		}
	})
}

func ExamplePropagator() {
	p := workflow.NewPropagator(semconv.WorkflowTenant)

	// The process that calls.
	request, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://localhost/", http.NoBody)
	call := workflow.Func("call", func(ctx context.Context, _ string) (string, error) {
		p.Inject(ctx, propagation.HeaderCarrier(request.Header))
		return "", nil
	})
	sc := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled})
	ctx := trace.ContextWithSpanContext(context.Background(), sc)
	_, _ = workflow.New("caller", call, workflow.Tenant(fixed("acme"))).Run(ctx, "")
	fmt.Println(request.Header.Get("traceparent"))
	fmt.Println(request.Header.Get("baggage"))

	// The process that is called.
	answer := workflow.Func("answer", func(ctx context.Context, _ string) (string, error) {
		info, _ := workflow.FromContext(ctx)
		return info.Tenant, nil
	})
	ctx = p.Extract(context.Background(), propagation.HeaderCarrier(request.Header))
	fmt.Println(workflow.New("callee", answer).Run(ctx, ""))
	// Output:
	// 00-01000000000000000000000000000000-0200000000000000-01
	// workflow.tenant=acme
	// acme <nil>
}
