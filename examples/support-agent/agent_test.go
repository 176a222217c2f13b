package main

import (
	"testing"
	"testing/synctest"

	"github.com/tta-dev/otelcol-workflow/sdk/semconv"
	"github.com/tta-dev/otelcol-workflow/sdk/workflow"
	"github.com/tta-dev/otelcol-workflow/sdk/workflowtest"
)

// doomed returns the first ticket that meets its fate at a place.
func doomed(t *testing.T, d dice, at place) int {
	t.Helper()
	for n := range 10000 {
		if d.fate(n) == at {
			return n
		}
	}
	t.Fatalf("no ticket fails at %d", at)
	return 0
}

// A branch that fails ends the others where they are; what comes later is not there at all.
func TestSpanTree(t *testing.T) {
	const validated = `
  run_step validate index=0 path=validate kind=task outcome=success`
	for _, tc := range []struct {
		name string
		at   place
		want string
	}{
		{"success", placeNone, `invoke_workflow support outcome=success` + validated + `
  run_step gather index=1 path=gather kind=parallel outcome=success
    run_step search index=0 path=gather/search kind=task outcome=success
      embeddings text-embedding-3-small outcome=success
      execute_tool search_docs outcome=success
    run_step history index=1 path=gather/history kind=task outcome=success
      execute_tool lookup_orders outcome=success
    run_step policy index=2 path=gather/policy kind=task outcome=success
      chat gpt-4o-mini outcome=success
  run_step answer index=2 path=answer kind=task outcome=success
    chat claude-sonnet-4-5 outcome=success
`},
		{"empty ticket", placeValidate, `invoke_workflow support outcome=error error.type=empty_ticket status=Error
  run_step validate index=0 path=validate kind=task outcome=error error.type=empty_ticket status=Error
`},
		{"search hangs", placeSearch, `invoke_workflow support outcome=timeout error.type=timeout status=Error` + validated + `
  run_step gather index=1 path=gather kind=parallel outcome=timeout error.type=timeout status=Error
    run_step search index=0 path=gather/search kind=task outcome=timeout error.type=timeout status=Error
      embeddings text-embedding-3-small outcome=success
      execute_tool search_docs outcome=timeout error.type=timeout status=Error
    run_step history index=1 path=gather/history kind=task outcome=success
      execute_tool lookup_orders outcome=success
    run_step policy index=2 path=gather/policy kind=task outcome=success
      chat gpt-4o-mini outcome=success
`},
		{"answer overloaded", placeAnswer, `invoke_workflow support outcome=error error.type=overloaded status=Error` + validated + `
  run_step gather index=1 path=gather kind=parallel outcome=success
    run_step search index=0 path=gather/search kind=task outcome=success
      embeddings text-embedding-3-small outcome=success
      execute_tool search_docs outcome=success
    run_step history index=1 path=gather/history kind=task outcome=success
      execute_tool lookup_orders outcome=success
    run_step policy index=2 path=gather/policy kind=task outcome=success
      chat gpt-4o-mini outcome=success
  run_step answer index=2 path=answer kind=task outcome=error error.type=overloaded status=Error
    chat claude-sonnet-4-5 outcome=error error.type=overloaded status=Error
`},
		{"policy refused", placePolicy, `invoke_workflow support outcome=error error.type=rate_limited status=Error` + validated + `
  run_step gather index=1 path=gather kind=parallel outcome=error error.type=rate_limited status=Error
    run_step search index=0 path=gather/search kind=task outcome=cancelled
      embeddings text-embedding-3-small outcome=cancelled
    run_step history index=1 path=gather/history kind=task outcome=cancelled
      execute_tool lookup_orders outcome=cancelled
    run_step policy index=2 path=gather/policy kind=task outcome=error error.type=rate_limited status=Error
      chat gpt-4o-mini outcome=error error.type=rate_limited status=Error
`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rec := workflowtest.NewRecorder()
				d := dice{seed: 1, faultRate: 0.5}
				support := newSupport(world{d}, workflow.WithTracerProvider(rec.TracerProvider()))
				_, err := support.Run(t.Context(), load{dice: d}.ticket(doomed(t, d, tc.at)))
				if (err == nil) != (tc.at == placeNone) {
					t.Errorf("the run returned %v", err)
				}
				if got := rec.Tree(); got != tc.want {
					t.Errorf("the spans are\n%s\nwant\n%s", got, tc.want)
				}
			})
		})
	}
}

// The collector knows calls by these attributes alone.
func TestCallsFollowTheConventions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := workflowtest.NewRecorder()
		support := newSupport(world{dice{seed: 1}}, workflow.WithTracerProvider(rec.TracerProvider()))
		reply, err := support.Run(t.Context(), Ticket{Number: 1, Question: "?"})
		if err != nil || reply != "what claude-sonnet-4-5 says" {
			t.Fatalf("%q, %v", reply, err)
		}
		for _, s := range rec.Spans() {
			if s.Name != "chat claude-sonnet-4-5" {
				continue
			}
			for key, want := range map[string]string{
				semconv.GenAIOperationName: "chat",
				semconv.GenAIProviderName:  "anthropic",
				semconv.GenAIRequestModel:  "claude-sonnet-4-5",
				semconv.GenAIResponseModel: "claude-sonnet-4-5",
			} {
				if v, _ := workflowtest.Attribute(s, key); v.AsString() != want {
					t.Errorf("%s is %q, want %q", key, v.AsString(), want)
				}
			}
			input, _ := workflowtest.Attribute(s, semconv.GenAIUsageInputTokens)
			output, _ := workflowtest.Attribute(s, semconv.GenAIUsageOutputTokens)
			if input.AsInt64() <= large.cached || output.AsInt64() <= 0 {
				t.Errorf("%d tokens in, %d out", input.AsInt64(), output.AsInt64())
			}
			return
		}
		t.Error("there is no such call")
	})
}
