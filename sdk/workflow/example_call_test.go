package workflow_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"strconv"
	"strings"

	"github.com/tta-dev/otelcol-workflow/sdk/recording"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

// reply stands for what the client of a provider returns.
type reply struct {
	Model, ID, Text string
	In, Out         int64
}

func complete(ctx context.Context, prompt string) (reply, error) {
	return reply{"gpt-4o-2024-08-06", "chatcmpl-1", "an answer to " + prompt, 120, 30}, ctx.Err()
}

func ExampleLLM() {
	answer := workflow.Func("answer", func(ctx context.Context, question string) (string, error) {
		return workflow.LLM(ctx, "openai", "gpt-4o", func(ctx context.Context, c *workflow.Call) (string, error) {
			r, err := complete(ctx, question)
			if err != nil {
				return "", err
			}
			c.Answered(r.Model, r.ID, "stop")
			c.Usage(workflow.Usage{Input: r.In, Output: r.Out})
			return r.Text, nil
		})
	})
	fmt.Println(workflow.New("support", answer).Run(context.Background(), "a question"))
	// Output: an answer to a question <nil>
}

func ExampleEmbed() {
	vector, err := workflow.Embed(context.Background(), "openai", "text-embedding-3-small",
		func(_ context.Context, c *workflow.Call) ([]float32, error) {
			c.Usage(workflow.Usage{Input: 4})
			return []float32{0.1, 0.2}, nil
		})
	fmt.Println(vector, err)
	// Output: [0.1 0.2] <nil>
}

func ExampleLLMStream() {
	// What the client of a provider would yield.
	stream := func(_ context.Context, c *workflow.Call) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for _, piece := range []string{"on ", "its ", "way"} {
				if !yield(piece, nil) {
					return
				}
			}
			c.Usage(workflow.Usage{Input: 120, Output: 3})
		}
	}
	answer := workflow.Func("answer", func(ctx context.Context, _ string) (string, error) {
		var text strings.Builder
		for piece, err := range workflow.LLMStream(ctx, "openai", "gpt-4o", stream) {
			if err != nil {
				return "", err
			}
			text.WriteString(piece)
		}
		return text.String(), nil
	})
	fmt.Println(workflow.New("support", answer).Run(context.Background(), "where is my order"))
	// Output: on its way <nil>
}

func ExampleTool() {
	look := workflow.Func("look up", func(ctx context.Context, order int) (string, error) {
		return workflow.Tool(ctx, "lookup_order", func(_ context.Context, c *workflow.Call) (string, error) {
			c.Arguments(strconv.Itoa(order)) // on the span with CaptureContent only
			return "shipped", nil
		})
	})
	fmt.Println(workflow.New("orders", look).Run(context.Background(), 7))
	// Output: shipped <nil>
}

func ExampleHandOff() {
	desk := workflow.Func("desk", func(ctx context.Context, request string) (string, error) {
		return workflow.Agent(ctx, "triage", func(ctx context.Context) (string, error) {
			if !strings.Contains(request, "refund") {
				return "read the manual", nil
			}
			return workflow.HandOff(ctx, "billing", "refund", func(ctx context.Context) (string, error) {
				info, _ := workflow.FromContext(ctx)
				return "refunded by " + info.StepPath, nil
			})
		})
	})
	fmt.Println(workflow.New("support", desk).Run(context.Background(), "a refund please"))
	// Output: refunded by desk/triage/billing <nil>
}

func ExampleLogger() {
	handler := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "time" || a.Key == "run_id" || a.Key == "duration_ms" {
			return slog.Attr{}
		}
		return a
	}})
	refuse := workflow.Func("refuse", func(context.Context, string) (string, error) {
		return "", errors.New("key sk-1234 is not valid")
	})
	w := workflow.New("support", refuse,
		workflow.Logger(slog.New(handler)),
		workflow.Redact(func(text string) string { return strings.ReplaceAll(text, "sk-1234", "[key]") }))
	_, _ = w.Run(context.Background(), "")
	// Output:
	// level=INFO msg=workflow_start workflow=support
	// level=INFO msg=step_start kind=task index=0 workflow=support step=refuse
	// level=WARN msg=step_failed kind=task index=0 outcome=error error_type=_OTHER error="workflow support: step refuse: key [key] is not valid" workflow=support step=refuse
	// level=ERROR msg=workflow_failed outcome=error error_type=_OTHER error="workflow support: step refuse: key [key] is not valid" workflow=support
}

func ExampleRecord() {
	var file bytes.Buffer
	halve := workflow.Func("halve", func(_ context.Context, n int) (int, error) {
		if n%2 != 0 {
			return 0, errors.New("odd")
		}
		return n / 2, nil
	})
	failed := func(_ workflow.Info, err error) bool { return err != nil }
	w := workflow.New("halves", halve, workflow.Record(&file, workflow.KeepIf(failed)))
	for _, n := range []int{8, 7} {
		_, _ = w.Run(context.Background(), n)
	}

	runs, err := recording.Read(&file)
	fmt.Println(len(runs), err)
	for _, s := range runs[0].Steps {
		fmt.Printf("%s of %s: %s\n", s.Path, s.In, s.Err.Text)
	}
	// Output:
	// 1 <nil>
	// halve of 7: odd
}

func ExampleExternal() {
	charge := workflow.External(workflow.Func("charge", func(_ context.Context, cents int) (string, error) {
		fmt.Println("charged", cents)
		return "receipt 1", nil
	}))
	show := workflow.Func("print", func(_ context.Context, receipt string) (string, error) {
		fmt.Println("printed", receipt)
		return receipt, nil
	})
	var file bytes.Buffer
	_, _ = workflow.New("shop", workflow.Then(charge, show), workflow.Record(&file)).Run(context.Background(), 100)

	runs, _ := recording.Read(&file)
	_, err := workflow.Replay(context.Background(), workflow.New("shop", workflow.Then(charge, show)), runs[0], workflow.OnlyExternal())
	fmt.Println("replayed", err)
	// Output:
	// charged 100
	// printed receipt 1
	// printed receipt 1
	// replayed <nil>
}
