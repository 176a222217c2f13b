package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
)

type (
	Intent string
	Ticket struct {
		Text   string
		Intent Intent
	}
	Draft string
)

func classify(_ context.Context, t Ticket) (Ticket, error) {
	if strings.Contains(t.Text, "invoice") {
		t.Intent = "billing"
	}
	return t, nil
}

func intentOf(_ context.Context, t Ticket) (Intent, error) { return t.Intent, nil }

func billing(context.Context, Ticket) (Draft, error) { return "we will send it again", nil }

func generic(context.Context, Ticket) (Draft, error) { return "we will look into it", nil }

func polish(context.Context, Draft) (Draft, error) { return "", errors.New("the model is down") }

func asIs(_ context.Context, d Draft) (Draft, error) { return d, nil }

// A workflow of the guide, docs/sdk.md.
func Example() {
	support := workflow.New("support", workflow.Then3(
		workflow.Retry(workflow.Func("classify", classify), workflow.Attempts(3), workflow.AttemptTimeout(2*time.Second)),
		workflow.Switch("intent", intentOf, map[Intent]workflow.Step[Ticket, Draft]{
			"billing": workflow.Func("billing", billing),
		}, workflow.Func("generic", generic)),
		workflow.Fallback(workflow.Func("polish", polish), workflow.Func("as is", asIs))),
		workflow.Version("1.4.0"))

	fmt.Println(support.Run(context.Background(), Ticket{Text: "where is my invoice?"}))
	fmt.Println(support.Run(context.Background(), Ticket{Text: "hello?"}))
	// Output:
	// we will send it again <nil>
	// we will look into it <nil>
}
