package workflowtest_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	apitrace "go.opentelemetry.io/otel/trace"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

// said is work as what is said about a call.
func said(w work, in int) func(context.Context, *workflow.Call) (int, error) {
	return func(ctx context.Context, _ *workflow.Call) (int, error) { return w(ctx, in) }
}

// heard is work as a stream of two pieces: 0, and what it returns.
func heard(w work, in int) func(context.Context, *workflow.Call) iter.Seq2[int, error] {
	return func(ctx context.Context, _ *workflow.Call) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			if yield(0, nil) {
				yield(w(ctx, in))
			}
		}
	}
}

// calling makes a step of a call.
func calling(call func(ctx context.Context, in int) (int, error)) workflow.Step[int, int] {
	return workflow.Func("s", call)
}

// chatting calls a model around a leaf.
func chatting(leaf work) workflow.Step[int, int] {
	return calling(func(ctx context.Context, in int) (int, error) {
		return workflow.LLM(ctx, "openai", "gpt-4o", said(leaf, in))
	})
}

// handing hands a leaf from one agent to another.
func handing(leaf work) workflow.Step[int, int] {
	return calling(func(ctx context.Context, in int) (int, error) {
		return workflow.Agent(ctx, "triage", func(ctx context.Context) (int, error) {
			return workflow.HandOff(ctx, "billing", "refund", func(ctx context.Context) (int, error) {
				return workflow.LLM(ctx, "openai", "gpt-4o", said(leaf, in))
			})
		})
	})
}

// called are the calls and the agents.
var called = []primitive{
	{"llm", chatting},
	{"hand-off", handing},
	{"embed", func(leaf work) workflow.Step[int, int] {
		return calling(func(ctx context.Context, in int) (int, error) {
			return workflow.Embed(ctx, "openai", "small", said(leaf, in))
		})
	}},
	{"tool", func(leaf work) workflow.Step[int, int] {
		return calling(func(ctx context.Context, in int) (int, error) {
			return workflow.Tool(ctx, "search", said(leaf, in))
		})
	}},
	{"stream", func(leaf work) workflow.Step[int, int] {
		return calling(func(ctx context.Context, in int) (sum int, err error) {
			for piece, failure := range workflow.LLMStream(ctx, "openai", "gpt-4o", heard(leaf, in)) {
				if failure != nil {
					return 0, failure
				}
				sum += piece
			}
			return sum, nil
		})
	}},
	{"a-call-that-is-handled", func(leaf work) workflow.Step[int, int] {
		return workflow.Fallback(chatting(leaf), calling(func(ctx context.Context, in int) (int, error) {
			return workflow.LLM(ctx, "openai", "small", said(inc, in))
		}))
	}},
}

// span returns the recorded span of that name.
func span(t *testing.T, rec *workflowtest.Recorder, name string) tracetest.SpanStub {
	t.Helper()
	for _, s := range rec.Spans() {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("there is no span %q in\n%s", name, rec.Tree())
	return tracetest.SpanStub{}
}

// attributes checks some attributes of a span; nil stands for none.
func attributes(t *testing.T, s tracetest.SpanStub, want map[string]any) {
	t.Helper()
	for key, value := range want {
		v, ok := workflowtest.Attribute(s, key)
		if list, isList := value.([]string); isList {
			if !slices.Equal(v.AsStringSlice(), list) {
				t.Errorf("%s: %s=%v, want %v", s.Name, key, v.AsStringSlice(), list)
			}
			continue
		}
		if ok != (value != nil) || ok && v.AsInterface() != value {
			t.Errorf("%s: %s=%v, want %v", s.Name, key, v.AsInterface(), value)
		}
	}
}

// By these attributes the collector counts and prices a call.
func TestCallSaysWhatItUsed(t *testing.T) {
	rec := workflowtest.NewRecorder()
	ask := workflow.Func("ask", func(ctx context.Context, _ int) (int, error) {
		return workflow.LLM(ctx, "openai", "gpt-4o", func(_ context.Context, c *workflow.Call) (int, error) {
			c.Usage(workflow.Usage{Input: 100, Output: 20, CacheRead: 60, CacheWrite: 0, Reasoning: -1})
			c.Answered("gpt-4o-2024-08-06", "chatcmpl-1", "stop")
			c.SetAttributes(attribute.Float64("gen_ai.request.temperature", 0.5))
			c.Input(workflow.Message{Role: "user", Text: "secret"})
			c.Output(workflow.Message{Role: "assistant", Text: "secret"})
			c.Arguments("secret")
			c.Result("secret")
			return 0, errors.New("too late: the tokens are paid for")
		})
	})
	_, _ = workflow.New("w", ask, workflow.WithTracerProvider(rec.TracerProvider()), workflow.Tenant(func(context.Context) string { return "acme" })).Run(t.Context(), 1)
	chat := span(t, rec, "chat gpt-4o")
	attributes(t, chat, map[string]any{
		semconv.GenAIOperationName:              "chat",
		semconv.GenAIProviderName:               "openai",
		semconv.GenAIRequestModel:               "gpt-4o",
		semconv.GenAIResponseModel:              "gpt-4o-2024-08-06",
		semconv.GenAIResponseID:                 "chatcmpl-1",
		semconv.GenAIResponseFinishReasons:      []string{"stop"},
		semconv.GenAIUsageInputTokens:           int64(100),
		semconv.GenAIUsageOutputTokens:          int64(20),
		semconv.GenAIUsageCacheReadInputTokens:  int64(60),
		semconv.GenAIUsageCacheWriteInputTokens: nil,
		semconv.GenAIUsageReasoningOutputTokens: nil,
		semconv.GenAIResponseTimeToFirstChunk:   nil,
		"gen_ai.request.temperature":            0.5,
		semconv.WorkflowName:                    "w",
		semconv.WorkflowStepName:                "ask",
		semconv.WorkflowStepKind:                nil,
		semconv.WorkflowTenant:                  "acme",
	})
	if chat.SpanKind != apitrace.SpanKindClient {
		t.Errorf("kind %v", chat.SpanKind)
	}
	for _, s := range rec.Spans() {
		for _, kv := range s.Attributes {
			if strings.Contains(kv.Value.String(), "secret") {
				t.Errorf("%s leaked by %s", kv.Key, s.Name)
			}
		}
	}
}

// Content is written when asked for, redacted, and within the limit.
func TestContentIsCaptured(t *testing.T) {
	for _, tc := range []struct {
		limit            int
		in, out, arg, re any
	}{
		{0, nil, nil, nil, nil},
		{-1, nil, nil, nil, nil},
		{
			100, `[{"role":"system","parts":[{"type":"text","content":"be brief"}]},{"role":"user","parts":[{"type":"text","content":"where is ***"}]}]`,
			`[{"role":"assistant","parts":[{"type":"text","content":"here"}]}]`, "{***}", "found",
		},
		{
			10, `[{"role":"system","parts":[{"type":"text","content":"be brief"}]},{"role":"user","parts":[{"type":"text","content":"wh"}]}]`,
			`[{"role":"assistant","parts":[{"type":"text","content":"here"}]}]`, "{***}", "found",
		},
	} {
		rec := workflowtest.NewRecorder()
		step := workflow.Func("s", func(ctx context.Context, _ int) (int, error) {
			return workflow.Tool(ctx, "t", func(_ context.Context, c *workflow.Call) (int, error) {
				c.Input(workflow.Message{Role: "system", Text: "be brief"}, workflow.Message{Role: "user", Text: "where is 42"})
				c.Output(workflow.Message{Role: "assistant", Text: "here"})
				c.Arguments("{42}")
				c.Result("found")
				return 0, nil
			})
		})
		w := workflow.New("w", step, workflow.WithTracerProvider(rec.TracerProvider()), workflow.CaptureContent(tc.limit),
			workflow.Redact(func(s string) string { return strings.ReplaceAll(s, "42", "***") }))
		if _, err := w.Run(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		attributes(t, span(t, rec, "execute_tool t"), map[string]any{
			semconv.GenAIInputMessages: tc.in, semconv.GenAIOutputMessages: tc.out,
			semconv.GenAIToolCallArguments: tc.arg, semconv.GenAIToolCallResult: tc.re,
		})
	}
}

// The new agent says from whom it has its task; the first agent has it from nobody.
func TestHandOff(t *testing.T) {
	rec := workflowtest.NewRecorder()
	if _, err := workflow.New("w", handing(inc), workflow.WithTracerProvider(rec.TracerProvider())).Run(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	attributes(t, span(t, rec, "invoke_agent triage"), map[string]any{
		semconv.GenAIAgentName: "triage", semconv.GenAIOperationName: "invoke_agent", semconv.WorkflowStepName: "triage",
		semconv.WorkflowHandoffFrom: nil, semconv.WorkflowHandoffReason: nil,
	})
	attributes(t, span(t, rec, "invoke_agent billing"), map[string]any{
		semconv.GenAIAgentName: "billing", semconv.WorkflowHandoffFrom: "triage", semconv.WorkflowHandoffReason: "refund",
	})
	attributes(t, span(t, rec, "chat gpt-4o"), map[string]any{semconv.WorkflowStepName: "billing"})
}

// pieces come a second apart; the last one may be an error.
func pieces(n int, last error) func(context.Context, *workflow.Call) iter.Seq2[string, error] {
	return func(context.Context, *workflow.Call) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for range n {
				time.Sleep(time.Second)
				if !yield("x", nil) {
					return
				}
			}
			if last != nil {
				yield("", last)
			}
		}
	}
}

// A stream is one call from the first to the last turn of the loop around it.
func TestStream(t *testing.T) {
	broken := errors.New("broken off")
	for _, tc := range []struct {
		name    string
		stream  func(context.Context, *workflow.Call) iter.Seq2[string, error]
		take    int
		line    string
		first   any
		seconds int
	}{
		{"to the end", pieces(3, nil), 9, "outcome=success", 1.0, 3},
		{"not to the end", pieces(3, nil), 2, "outcome=success", 1.0, 2},
		{"empty", pieces(0, nil), 9, "outcome=success", nil, 0},
		{"broken off", pieces(2, broken), 9, "outcome=error error.type=_OTHER status=Error", 1.0, 2},
		{"refused", pieces(0, context.DeadlineExceeded), 9, "outcome=timeout error.type=timeout status=Error", nil, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rec := workflowtest.NewRecorder()
				step := workflow.Func("s", func(ctx context.Context, _ int) (n int, err error) {
					for _, failure := range workflow.LLMStream(ctx, "openai", "gpt-4o", tc.stream) {
						if err = errors.Join(err, failure); failure == nil {
							n++
						}
						if n == tc.take {
							break
						}
					}
					return n, nil
				})
				n, _ := workflow.New("w", step, workflow.WithTracerProvider(rec.TracerProvider())).Run(t.Context(), 1)
				if n != tc.seconds {
					t.Errorf("%d pieces came", n)
				}
				if want := "    chat gpt-4o " + tc.line + "\n"; !strings.Contains(rec.Tree(), want) {
					t.Errorf("got\n%s\nwant\n%s", rec.Tree(), want)
				}
				chat := span(t, rec, "chat gpt-4o")
				attributes(t, chat, map[string]any{semconv.GenAIResponseTimeToFirstChunk: tc.first})
				if took := chat.EndTime.Sub(chat.StartTime); took != time.Duration(tc.seconds)*time.Second {
					t.Errorf("the call took %v", took)
				}
			})
		})
	}
}

// A panic of the loop's body is the loop's own: it goes on, and the span ends.
func TestPanicInALoopOverAStream(t *testing.T) {
	rec := workflowtest.NewRecorder()
	step := workflow.Func("s", func(ctx context.Context, _ int) (int, error) {
		for range workflow.LLMStream(ctx, "openai", "gpt-4o", func(context.Context, *workflow.Call) iter.Seq2[string, error] {
			return func(yield func(string, error) bool) { yield("x", nil) }
		}) {
			panic("mine")
		}
		return 0, nil
	})
	_, err := workflow.New("w", step, workflow.WithTracerProvider(rec.TracerProvider())).Run(t.Context(), 1)
	if p, ok := errors.AsType[*workflow.PanicError](err); !ok || p.Value != "mine" {
		t.Errorf("got %v", err)
	}
	if want := "    chat gpt-4o outcome=error error.type=panic status=Error\n"; !strings.HasSuffix(rec.Tree(), want) {
		t.Errorf("got\n%s", rec.Tree())
	}
}

// A trace that is not sampled stays so below calls, and its work is done.
func TestCallsOfAnUnsampledTrace(t *testing.T) {
	rec := workflowtest.NewRecorder(trace.WithSampler(trace.NeverSample()))
	var below apitrace.SpanContext
	w := workflow.New("w", handing(func(ctx context.Context, in int) (int, error) {
		below = apitrace.SpanContextFromContext(ctx)
		return in + 1, nil
	}), workflow.WithTracerProvider(rec.TracerProvider()), workflow.CaptureContent(10))
	out, err := w.Run(t.Context(), 1)
	if out != 2 || err != nil || len(rec.Spans()) != 0 || !below.IsValid() || below.IsSampled() {
		t.Errorf("got %d, %v, %d spans, below %v", out, err, len(rec.Spans()), below)
	}
}

// Outside of a run a call is priced all the same.
func TestCallOutsideOfARun(t *testing.T) {
	rec := workflowtest.NewRecorder()
	before := otel.GetTracerProvider()
	otel.SetTracerProvider(rec.TracerProvider())
	defer otel.SetTracerProvider(before)
	out, err := workflow.LLM(t.Context(), "openai", "gpt-4o", func(_ context.Context, c *workflow.Call) (int, error) {
		c.Usage(workflow.Usage{Input: 3})
		return 7, nil
	})
	if out != 7 || err != nil {
		t.Errorf("got %d, %v", out, err)
	}
	attributes(t, span(t, rec, "chat gpt-4o"), map[string]any{semconv.GenAIUsageInputTokens: int64(3), semconv.WorkflowName: nil})
	if _, err := workflow.Tool(t.Context(), "t", said(panics, 1)); err == nil || rec.Spans()[1].Status.Description != "panic: broken" {
		t.Errorf("got %v", err)
	}
}
