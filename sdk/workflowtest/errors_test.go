package workflowtest_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"

	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

// foreign is a step of another hand: it has no span, and its error no place.
type foreign struct{ work }

func (foreign) Name() string { return "foreign" }

func (f foreign) Run(ctx context.Context, in int) (int, error) { return f.work(ctx, in) }

// missing returns a nil pointer as an error, which is not nil: a common mistake.
func missing(context.Context, int) (int, error) {
	var err *fs.PathError
	return 0, err
}

// The methods of a nil pointer panic. The spans end, and the caller gets it.
func TestNilPointerAsError(t *testing.T) {
	for _, tc := range []struct {
		name string
		root workflow.Step[int, int]
		want string
	}{
		{"foreign step", foreign{missing}, `
invoke_workflow w outcome=error error.type=io/fs.PathError status=Error
`},
		{"chain", chain(missing), `
invoke_workflow w outcome=error error.type=io/fs.PathError status=Error
  run_step step1 index=0 path=step1 kind=task outcome=success
  run_step step2 index=1 path=step2 kind=task outcome=error error.type=io/fs.PathError status=Error
`},
		{"fan", fan(waits, missing, waits), `
invoke_workflow w outcome=error error.type=io/fs.PathError status=Error
  run_step validate index=0 path=validate kind=task outcome=success
  run_step gather index=1 path=gather kind=parallel outcome=error error.type=io/fs.PathError status=Error
    run_step a index=0 path=gather/a kind=task outcome=cancelled
    run_step b index=1 path=gather/b kind=task outcome=error error.type=io/fs.PathError status=Error
    run_step c index=2 path=gather/c kind=task outcome=cancelled
`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rec := workflowtest.NewRecorder()
			_, err := workflow.New("w", tc.root, workflow.WithTracerProvider(rec.TracerProvider())).Run(t.Context(), 1)
			if p, ok := errors.AsType[*fs.PathError](err); !ok || p != nil {
				t.Errorf("the caller got %v", err)
			}
			if got := rec.Tree(); got != strings.TrimPrefix(tc.want, "\n") {
				t.Errorf("got\n%s\nwant%s", got, tc.want)
			}
		})
	}
}

// garbled names its own type, in bytes that are no text.
type garbled struct{ text string }

func (g garbled) Error() string   { return g.text }
func (garbled) ErrorType() string { return "type\xff" }

// A text that is not UTF-8 makes an exporter lose the whole batch, a huge one
// makes the batch too large to be sent.
func TestTextsOnSpansAreValidAndShort(t *testing.T) {
	bad := func(text string) func(context.Context) string {
		return func(context.Context) string { return text + "\xff" }
	}
	cause := garbled{strings.Repeat("no luck \xff", 1<<20)}
	inner := workflow.Func("step\xff", func(ctx context.Context, in int) (int, error) {
		return workflow.Do(ctx, "do\xff", func(context.Context) (int, error) { return 0, cause })
	})
	rec := workflowtest.NewRecorder()
	w := workflow.New("name\xff", workflow.Parallel("all\xff", inner), workflow.WithTracerProvider(rec.TracerProvider()),
		workflow.Version("version\xff"), workflow.Tenant(bad("tenant")), workflow.CorrelationID(bad("id")))
	_, err := w.Run(t.Context(), 1)
	if got, ok := errors.AsType[garbled](err); !ok || got != cause {
		t.Error("the caller got another error than the step returned")
	}
	spans := rec.Spans()
	if len(spans) != 4 {
		t.Errorf("%d spans", len(spans))
	}
	for _, s := range spans {
		status := s.Status.Description
		if !strings.HasSuffix(s.Name, "\uFFFD") || !utf8.ValidString(status) || len(status) > 1024 || len(status) < 1000 {
			t.Errorf("%q has a status of %d bytes", s.Name, len(status))
		}
		for _, kv := range s.Attributes {
			if kv.Value.Type() == attribute.STRING && !utf8.ValidString(kv.Value.AsString()) {
				t.Errorf("%s: %s=%q", s.Name, kv.Key, kv.Value.AsString())
			}
		}
	}
}
