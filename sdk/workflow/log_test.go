package workflow_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/slogtest"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// ticking are the attributes that differ from run to run.
var ticking = []string{"time", "trace_id", "span_id", "run_id", "correlation_id", "duration_ms"}

// logTo returns a logger and what it wrote: a line each of level, message and attributes.
func logTo(level slog.Level) (*slog.Logger, func() string) {
	var b bytes.Buffer
	handler := slog.NewTextHandler(&b, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			switch {
			case slices.Contains(ticking, a.Key):
				return slog.Attr{}
			case a.Key == slog.LevelKey, a.Key == slog.MessageKey:
				return slog.Attr{Key: a.Key[:1], Value: a.Value}
			}
			return a
		},
	})
	return slog.New(handler), func() string { return strings.NewReplacer("l=", "", " m=", " ").Replace(b.String()) }
}

func fails(context.Context, int) (int, error) { return 0, errors.New("no luck") }

func panics(context.Context, int) (int, error) { panic("broken") }

func expires(context.Context, int) (int, error) { return 0, context.DeadlineExceeded }

func exits(context.Context, int) (int, error) {
	runtime.Goexit()
	return 0, nil
}

// Whatever becomes of a step, what started has ended in the log, at its level.
func TestLifeIsLogged(t *testing.T) {
	const begun = "INFO workflow_start workflow=w\nINFO step_start kind=task index=0 workflow=w step=s\n"
	for _, tc := range []struct {
		name string
		work func(context.Context, int) (int, error)
		want string
	}{
		{"success", double, `INFO step_complete kind=task index=0 outcome=success workflow=w step=s
INFO workflow_complete outcome=success workflow=w
`},
		{"error", fails, `WARN step_failed kind=task index=0 outcome=error error_type=_OTHER error="workflow w: step s: no luck" workflow=w step=s
ERROR workflow_failed outcome=error error_type=_OTHER error="workflow w: step s: no luck" workflow=w
`},
		{"timeout", expires, `WARN step_failed kind=task index=0 outcome=timeout error_type=timeout error="workflow w: step s: context deadline exceeded" workflow=w step=s
ERROR workflow_failed outcome=timeout error_type=timeout error="workflow w: step s: context deadline exceeded" workflow=w
`},
		{"panic", panics, `WARN step_failed kind=task index=0 outcome=error error_type=panic error="workflow w: step s: panic: broken" workflow=w step=s
ERROR workflow_failed outcome=error error_type=panic error="workflow w: step s: panic: broken" workflow=w
`},
		{"exit", exits, `WARN step_failed kind=task index=0 outcome=error error_type=panic error="panic: goroutine exited" workflow=w step=s
ERROR workflow_failed outcome=error error_type=panic error="panic: goroutine exited" workflow=w
`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l, logged := logTo(slog.LevelInfo)
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, _ = workflow.New("w", workflow.Func("s", tc.work), workflow.Logger(l)).Run(t.Context(), 1)
			}()
			<-done
			if got := logged(); got != begun+tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, begun+tc.want)
			}
		})
	}
}

// A cache tells what it keeps, finds, finds too old and lets go; never a key.
func TestCachesAreLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, logged := logTo(slog.LevelDebug)
		store := workflow.NewLRU[int](1, time.Hour)
		w := workflow.New("w", workflow.Cache(workflow.Func("s", double), strconv.Itoa, store), workflow.Logger(l))
		run := func(in int) {
			if _, err := w.Run(t.Context(), in); err != nil {
				t.Error(err)
			}
		}
		run(1) // a miss
		run(1) // a hit
		time.Sleep(90 * time.Minute)
		run(1) // expired
		run(2) // evicts
		clearing := workflow.Func("clear", func(ctx context.Context, in int) (int, error) {
			store.Clear(ctx)
			return in, nil
		})
		if _, err := workflow.New("w", clearing, workflow.Logger(l)).Run(t.Context(), 1); err != nil {
			t.Error(err)
		}
		store.Clear(t.Context()) // outside of any run: nobody to tell
		var got []string
		for line := range strings.Lines(logged()) {
			if _, event, _ := strings.Cut(line, " "); strings.HasPrefix(event, "cache_") {
				got = append(got, line)
			}
		}
		want := []string{
			"INFO cache_miss workflow.cache.hit=false workflow=w step=s\n",
			"DEBUG cache_store workflow=w step=s\n",
			"INFO cache_hit workflow.cache.hit=true workflow=w step=s\n",
			"DEBUG cache_expired age_seconds=5400 workflow=w step=s\n",
			"INFO cache_miss workflow.cache.hit=false workflow=w step=s\n",
			"DEBUG cache_store workflow=w step=s\n",
			"INFO cache_miss workflow.cache.hit=false workflow=w step=s\n",
			"INFO cache_eviction entries=1 workflow=w step=s\n",
			"DEBUG cache_store workflow=w step=s\n",
			"INFO cache_cleared entries=1 workflow=w step=clear\n",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, ""), strings.Join(want, ""))
		}
	})
}

func TestCancellationIsNoAlarm(t *testing.T) {
	l, logged := logTo(slog.LevelInfo)
	ctx, cancel := context.WithCancel(t.Context())
	stop := workflow.Func("stop", func(ctx context.Context, _ int) (int, error) {
		cancel()
		return 0, ctx.Err()
	})
	_, _ = workflow.New("w", workflow.Then(stop, workflow.Func("never", double)), workflow.Logger(l)).Run(ctx, 1)
	want := `INFO workflow_start workflow=w
INFO step_start kind=task index=0 workflow=w step=stop
INFO step_cancelled kind=task index=0 outcome=cancelled workflow=w step=stop
INFO workflow_cancelled outcome=cancelled workflow=w
`
	if got := logged(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Calls, agents and checkpoints are told where they are; a start is for debugging.
func TestCallsAreLogged(t *testing.T) {
	l, logged := logTo(slog.LevelDebug)
	ask := workflow.Func("ask", func(ctx context.Context, in int) (int, error) {
		return workflow.Agent(ctx, "triage", func(ctx context.Context) (int, error) {
			workflow.Checkpoint(ctx, "read")
			return workflow.HandOff(ctx, "billing", "refund", func(ctx context.Context) (int, error) {
				return workflow.Tool(ctx, "charge", func(context.Context, *workflow.Call) (int, error) { return fails(ctx, in) })
			})
		})
	})
	_, _ = workflow.New("w", ask, workflow.Logger(l)).Run(t.Context(), 1)
	const want = `INFO workflow_start workflow=w
INFO step_start kind=task index=0 workflow=w step=ask
INFO step_start kind=agent index=0 workflow=w step=ask/triage
INFO checkpoint checkpoint=read workflow=w step=ask/triage
INFO agent_handoff from=triage to=billing reason=refund workflow=w step=ask/triage
INFO step_start kind=agent index=0 workflow=w step=ask/triage/billing
DEBUG call_start operation=execute_tool name=charge workflow=w step=ask/triage/billing
WARN call_failed operation=execute_tool name=charge outcome=error error_type=_OTHER error="no luck" workflow=w step=ask/triage/billing
`
	if got := logged(); !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant first\n%s", got, want)
	}
}

// Errors repeat prompts and keys; inputs and outputs are never logged at all.
func TestNothingSecretIsLogged(t *testing.T) {
	l, logged := logTo(slog.LevelDebug)
	hide := func(text string) string { return strings.ReplaceAll(text, "key-123", "[key]") }
	leak := workflow.Func("leak", func(_ context.Context, in string) (string, error) {
		return "answer", errors.New("key-123 refused \xff" + strings.Repeat("x", 10_000))
	})
	_, err := workflow.New("w", leak, workflow.Logger(l), workflow.Redact(hide)).Run(t.Context(), "prompt")
	got := logged()
	if strings.Contains(got, "key-123") || strings.Contains(got, "prompt") || strings.Contains(got, "answer") || len(got) > 1500 {
		t.Errorf("%d bytes\n%s", len(got), got)
	}
	if !strings.Contains(got, "[key] refused") || !strings.Contains(err.Error(), "key-123") {
		t.Errorf("the log says\n%s\nthe caller got %.80v", got, err)
	}
	panicky := func(string) string { panic("redactor") }
	l, logged = logTo(slog.LevelDebug)
	_, _ = workflow.New("w", leak, workflow.Logger(l), workflow.Redact(panicky)).Run(t.Context(), "")
	if got := logged(); !strings.Contains(got, "error=redacted") || strings.Contains(got, "key-123") {
		t.Errorf("a broken redactor shows\n%s", got)
	}
}

// The handler keeps to the rules of slog, inside of a run and outside.
func TestLogHandlerIsAHandler(t *testing.T) {
	within(t.Context(), t, func(context.Context) {
		var b bytes.Buffer
		err := slogtest.TestHandler(workflow.LogHandler(slog.NewJSONHandler(&b, nil)), func() []map[string]any {
			var all []map[string]any
			for line := range strings.Lines(b.String()) {
				var m map[string]any
				if err := json.Unmarshal([]byte(line), &m); err != nil {
					t.Fatal(err)
				}
				all = append(all, m)
			}
			return all
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Identity stands at the top, whatever groups there are; once, however often the
// handler was wrapped.
func TestIdentityIsAtTheTop(t *testing.T) {
	var b bytes.Buffer
	l := slog.New(workflow.LogHandler(workflow.LogHandler(slog.NewJSONHandler(&b, nil))))
	sc := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}})
	ctx := trace.ContextWithSpanContext(t.Context(), sc)
	info := within(ctx, t, func(ctx context.Context) {
		l.With("a", 1).WithGroup("g").With("b", 2).WithGroup("").InfoContext(ctx, "m", "c", 3)
	}, workflow.Tenant(fixed("acme")))
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"trace_id": sc.TraceID().String(), "span_id": sc.SpanID().String(), "workflow": "w", "run_id": info.RunID,
		"step": "step", "correlation_id": sc.TraceID().String(), "tenant": "acme", "a": 1.0,
	}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s=%v, want %v", key, got[key], value)
		}
	}
	if g, _ := got["g"].(map[string]any); len(g) != 2 || g["b"] != 2.0 || g["c"] != 3.0 {
		t.Errorf("the group is %v", got["g"])
	}
	if n := strings.Count(b.String(), `"run_id"`); n != 1 {
		t.Errorf("%d run ids in %s", n, b.String())
	}
}

func ExampleLogHandler() {
	plain := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "time" || a.Key == "run_id" {
			return slog.Attr{}
		}
		return a
	}})
	log := slog.New(workflow.LogHandler(plain))

	search := workflow.Func("search", func(ctx context.Context, query string) (int, error) {
		log.InfoContext(ctx, "searching", "terms", len(strings.Fields(query)))
		return 0, nil
	})
	_, err := workflow.New("support", search).Run(context.Background(), "where is it")
	fmt.Println(err)
	// Output:
	// level=INFO msg=searching terms=3 workflow=support step=search
	// <nil>
}
