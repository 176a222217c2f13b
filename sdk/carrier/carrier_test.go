package carrier_test

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/carrier"
)

const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

// gRPC refuses keys that are not lower case, and may have several values of one.
func TestMetadata(t *testing.T) {
	m := carrier.Metadata{"baggage": {"a=1", "b=2"}}
	m.Set("TraceParent", parent)
	m.Set("traceparent", parent)
	if got := m.Keys(); !slices.Equal(got, []string{"baggage", "traceparent"}) {
		t.Errorf("keys %q", got)
	}
	if m.Get("Traceparent") != parent || m.Get("absent") != "" || len(m["traceparent"]) != 1 {
		t.Errorf("got %v", m)
	}
	in := propagation.Baggage{}.Extract(t.Context(), m)
	out := make(carrier.Metadata)
	propagation.Baggage{}.Inject(in, out)
	if got := out.Get("baggage"); !strings.Contains(got, "a=1") || !strings.Contains(got, "b=2") {
		t.Errorf("of two headers %q is left", got)
	}
}

func TestEnviron(t *testing.T) {
	e := carrier.Environ{"TRACEPARENT=old", "PATH=/bin", "traceparent=lower", "TRACEPARENT=older", "odd"}
	if got := e.Get("traceparent"); got != "older" {
		t.Errorf("of two variables %q counts", got)
	}
	e.Set("traceparent", parent)
	e.Set("x-tenant.id", "a=b")
	e.Set("7th", "x")
	e.Set("broken", "a\x00b")
	want := carrier.Environ{"TRACEPARENT=old", "PATH=/bin", "traceparent=lower", "TRACEPARENT=" + parent, "odd", "X_TENANT_ID=a=b", "_7TH=x"}
	if !slices.Equal(e, want) {
		t.Errorf("got  %q\nwant %q", e, want)
	}
	if e.Get("x-tenant.id") != "a=b" || e.Get("odd") != "" || e.Get("broken") != "" {
		t.Errorf("got %q", e)
	}
	if got := e.Keys(); !slices.Contains(got, "X_TENANT_ID") || len(got) != len(e) {
		t.Errorf("keys %q", got)
	}
}

// The variables are what a child process really sees.
func TestEnvironOfAChild(t *testing.T) {
	var e carrier.Environ
	e = append(e, "TRACEPARENT=stale", "TRACEPARENT=staler")
	e.Set("traceparent", parent)
	command := exec.CommandContext(t.Context(), "/bin/sh", "-c", "printf %s \"$TRACEPARENT\"")
	command.Env = e
	got, err := command.Output()
	if err != nil || string(got) != parent {
		t.Errorf("the child saw %q, %v", got, err)
	}
}

// What strangers put into TRACEPARENT and TRACESTATE gives a trace that goes out
// as it came in, or none; and no variable but those two is touched.
func FuzzTraceparent(f *testing.F) {
	for _, seed := range []string{parent, "", "00-0-0-00", parent[:54], "ff" + parent[2:], parent + "-x", strings.ToUpper(parent), "00-" + strings.Repeat("0", 32) + "-b7ad6b7169203331-01"} {
		f.Add(seed, "a=1,b=2")
		f.Add(seed, "\xff==,")
	}
	f.Fuzz(func(t *testing.T, traceparent, state string) {
		in := carrier.Environ{"PATH=/bin"}
		in.Set("traceparent", traceparent)
		in.Set("tracestate", state)
		sc := trace.SpanContextFromContext(propagation.TraceContext{}.Extract(t.Context(), &in))
		out := carrier.Environ{"PATH=/bin"}
		propagation.TraceContext{}.Inject(trace.ContextWithSpanContext(t.Context(), sc), &out)
		again := trace.SpanContextFromContext(propagation.TraceContext{}.Extract(t.Context(), &out))
		if !again.Equal(sc) {
			t.Errorf("%q became %q", in, out)
		}
		if !sc.IsValid() && len(out) != 1 {
			t.Errorf("%q of no trace", out)
		}
	})
}

func ExampleEnviron() {
	sc := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}})
	ctx := trace.ContextWithSpanContext(context.Background(), sc)

	env := carrier.Environ{"PATH=/bin"}
	propagation.TraceContext{}.Inject(ctx, &env)
	fmt.Println(strings.Join(env, "\n"))
	// Output:
	// PATH=/bin
	// TRACEPARENT=00-01000000000000000000000000000000-0200000000000000-00
}

func ExampleMetadata() {
	incoming := map[string][]string{"traceparent": {parent}} // a metadata.MD of gRPC
	ctx := propagation.TraceContext{}.Extract(context.Background(), carrier.Metadata(incoming))

	outgoing := make(map[string][]string)
	propagation.TraceContext{}.Inject(ctx, carrier.Metadata(outgoing))
	fmt.Println(maps.Equal(map[string]string{"traceparent": outgoing["traceparent"][0]}, map[string]string{"traceparent": parent}))
	// Output: true
}
